"""鍵の装置: the vault's keys in a token of hardware (PKCS#11), where they are made and stay.

Two keys a version, `daicho-vault-encrypt-<version>` (AES-256) and `daicho-vault-index-<version>`
(HMAC), private, sensitive and not extractable: the token encrypts, decrypts and authenticates, and
no key ever comes out. One session a process, used by one thread at a time; it is opened again, with
a new sign-in, after a fork and after it was lost. A wrong PIN is shown once and never again, since
a token locks itself.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pkcs11
from cryptography.exceptions import InvalidTag
from pkcs11 import Attribute, KeyType, MechanismFlag, ObjectClass
from pkcs11.mechanisms import GCMParams, Mechanism

from daicho.vault import fingerprints, pins
from daicho.vault.keys import KeyTrouble

if TYPE_CHECKING:
    from pkcs11._pkcs11 import lib

KEY_BITS = 256
TAG_BITS = 128
_ENCRYPT, _INDEX = "daicho-vault-encrypt-", "daicho-vault-index-"
_UNFIT = (pkcs11.EncryptedDataInvalid, pkcs11.EncryptedDataLenRange)
# What some tokens say of a ciphertext that does not fit, and of their own troubles alike.
_EITHER = (pkcs11.GeneralError, pkcs11.FunctionFailed)
_PIN = (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange)
Answer = TypeVar("Answer")

_lock = threading.RLock()
_sessions: dict[tuple[str, str], tuple[str, pkcs11.Session]] = {}  # with the PIN it was opened by
_refused: dict[tuple[str, str, str], str] = {}  # a PIN that was refused: never shown again
_is_child = False


_OPENED_ANEW_MOST = 3
"""開き直す回数: of the module, until a key that has just been made is seen in its token."""


class _Gone(KeyTrouble):
    """A key that was there a moment ago is there no longer."""


def _after_fork() -> None:
    # a child must initialise the module itself, and owns no session of its parent
    global _lock, _is_child
    _lock, _is_child = threading.RLock(), True
    _sessions.clear()


os.register_at_fork(after_in_child=_after_fork)


class Token:
    """装置の鍵: a keeper of keys (`custody.Keeper`) over one token, named by its label."""

    kind = "token"

    def __init__(self, module: str, label: str, pin: str | Path) -> None:
        self._where, self._pin = (module, label), pins.read(pin)
        self._found: tuple[pkcs11.Session, dict[str, pkcs11.SecretKey]] | None = None
        self._numbers = self._work(lambda session: sorted(self._whole(session)))

    def versions(self) -> Mapping[int, str]:
        found = {}
        for one in self._numbers:
            with suppress(_Gone):  # another process destroyed it since they were listed
                found[one] = fingerprints.of(self, one)
        return found

    def encrypt(self, version: int, nonce: bytes, text: bytes, bound_to: bytes) -> bytes:
        return self._work(
            lambda session: bytes(
                self._key(session, f"{_ENCRYPT}{version}").encrypt(
                    text,
                    mechanism=Mechanism.AES_GCM,
                    mechanism_param=GCMParams(nonce, bound_to, TAG_BITS),
                )
            )
        )

    def decrypt(self, version: int, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        def decrypted(session: pkcs11.Session) -> bytes:
            return bytes(
                self._key(session, f"{_ENCRYPT}{version}").decrypt(
                    sealed,
                    mechanism=Mechanism.AES_GCM,
                    mechanism_param=GCMParams(nonce, bound_to, TAG_BITS),
                )
            )

        with _lock:
            try:
                return self._work(decrypted, told=False)
            except _UNFIT:
                raise InvalidTag from None
            except _EITHER as trouble:
                self.mac(version, b"")  # a token that works tells that it was the ciphertext
                raise InvalidTag from trouble
            except pkcs11.PKCS11Error as trouble:
                raise _told(trouble) from None

    def mac(self, version: int, text: bytes) -> bytes:
        return self._work(
            lambda session: bytes(
                self._key(session, f"{_INDEX}{version}").sign(text, mechanism=Mechanism.SHA256_HMAC)
            )
        )

    def make(self, version: int) -> None:
        self._work(lambda session: self._make(session, version), writes=True)
        self._numbers = self._work(lambda session: sorted(self._whole(session)))
        for _ in range(_OPENED_ANEW_MOST):
            if version in self.versions():
                return
            # beside other processes a module may see a new object only when opened anew
            with _lock:
                _close(self._where)
                _initialise(self._where[0], anew=True)
            self._numbers = self._work(lambda session: sorted(self._whole(session)))

    def destroy(self, version: int) -> bool:
        labels = (f"{_ENCRYPT}{version}", f"{_INDEX}{version}")

        def destroyed(session: pkcs11.Session) -> int:
            found = [key for label in labels for key in _keys(session, label)]
            for key in found:
                key.destroy()
            return len(found)

        was_here = bool(self._work(destroyed, writes=True))
        self._numbers = self._work(lambda session: sorted(self._whole(session)))
        return was_here

    def _whole(self, session: pkcs11.Session) -> Iterator[int]:
        """The versions of which both keys are there."""
        labels = {str(key.label) for key in _keys(session)}
        for label in labels:
            number = label.removeprefix(_ENCRYPT)
            if label != number and number.isdecimal() and f"{_INDEX}{number}" in labels:
                yield int(number)

    def _key(self, session: pkcs11.Session, label: str) -> Any:
        """The key of that label, looked up once a session; raises KeyTrouble.

        What it can do is added to its class when it is found, by its attributes.
        """
        if self._found is None or self._found[0] is not session:
            self._found = (session, {})
        known = self._found[1]
        if label not in known:
            found = _keys(session, label)
            if len(found) != 1:
                how = "二つ以上あります" if found else "ありません"
                trouble = KeyTrouble if found else _Gone
                raise trouble(f"装置に鍵 {label} が{how}。装置の管理者に確かめてください。")
            _must_stay(found[0], label)
            known[label] = found[0]
        return known[label]

    def _make(self, session: pkcs11.Session, version: int) -> None:
        """Make what is missing: an attempt may have been cut off between the two keys."""
        for label, kind, uses in (
            (f"{_ENCRYPT}{version}", KeyType.AES, MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT),
            (f"{_INDEX}{version}", KeyType.GENERIC_SECRET, MechanismFlag.SIGN),
        ):
            found = _keys(session, label)
            for key in found:
                _must_stay(key, label)
            if not found:
                session.generate_key(
                    kind,
                    KEY_BITS,
                    label=label,
                    store=True,
                    capabilities=uses,
                    template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
                )

    def _work(
        self,
        work: Callable[[pkcs11.Session], Answer],
        *,
        writes: bool = False,
        told: bool = True,
    ) -> Answer:
        """Work in the session, once again in a new one where it was lost; raises KeyTrouble, or
        without `told` what the token said."""
        with _lock:
            try:
                try:
                    return self._in_session(work, writes)
                except pkcs11.PKCS11Error as lost:
                    if isinstance(lost, (*_PIN, pkcs11.PinLocked, *_UNFIT)):
                        raise
                    _close(self._where)
                    _initialise(self._where[0], anew=True)
                    return self._in_session(work, writes)
            except pkcs11.PKCS11Error as trouble:
                if not told:
                    raise
                raise _told(trouble) from None

    def _in_session(self, work: Callable[[pkcs11.Session], Answer], writes: bool) -> Answer:
        if not writes:
            return work(self._session())
        _close(self._where)  # whoever signs in a second time is refused
        with self._open(writes=True) as session:
            return work(session)

    def _session(self) -> pkcs11.Session:
        pin, session = _sessions.get(self._where, ("", None))
        if session is None or pin != self._pin:
            _close(self._where)
            session = self._open(writes=False)
            _sessions[self._where] = (self._pin, session)
        return session

    def _open(self, *, writes: bool) -> pkcs11.Session:
        module, label = self._where
        if (module, label, self._pin) in _refused:
            raise KeyTrouble(_refused[module, label, self._pin])
        token = _initialise(module).get_token(token_label=label)
        try:
            return token.open(rw=writes, user_pin=self._pin)
        except (*_PIN, pkcs11.PinLocked) as wrong:
            _refused[module, label, self._pin] = str(_told(wrong))
            raise


def _initialise(module: str, *, anew: bool = False) -> "lib":
    """The module, initialised in this process; `anew` also where it seems to be."""
    global _is_child  # noqa: PLW0603  a forked process begins anew
    try:
        library = pkcs11.lib(module)
    except pkcs11.PKCS11Error:
        raise KeyTrouble(
            "鍵の装置のモジュール(PKCS#11)を読み込めません。"
            "DAICHO_VAULT_PKCS11 の場所と、モジュールの設定を確かめてください。"
        ) from None
    if anew or _is_child:
        _sessions.clear()
        with suppress(pkcs11.PKCS11Error):
            library.finalize()
        library.initialize()
        _is_child = False
    return library


def _close(where: tuple[str, str]) -> None:
    _, session = _sessions.pop(where, ("", None))
    if session is not None:
        with suppress(pkcs11.PKCS11Error):  # it may be lost already
            session.close()


def _keys(session: pkcs11.Session, label: str = "") -> list[pkcs11.SecretKey]:
    asked: dict[Attribute, Any] = {Attribute.CLASS: ObjectClass.SECRET_KEY}
    if label:
        asked[Attribute.LABEL] = label
    return [one for one in session.get_objects(asked) if isinstance(one, pkcs11.SecretKey)]


def _must_stay(key: pkcs11.SecretKey, label: str) -> None:
    """A key that could ever be outside the token, or is of another kind, is none of the vault's."""
    kind = KeyType.AES if label.startswith(_ENCRYPT) else KeyType.GENERIC_SECRET
    if key[Attribute.KEY_TYPE] != kind or key[Attribute.VALUE_LEN] * 8 != KEY_BITS:
        raise KeyTrouble(
            f"装置の鍵 {label} の種類か長さが違います({kind.name}、{KEY_BITS}ビットが必要です)。"
            "使いません。装置の管理者に確かめてください。"
        )
    if key[Attribute.EXTRACTABLE] or not key[Attribute.SENSITIVE]:
        raise KeyTrouble(f"装置の鍵 {label} は取り出せる設定です。使いません。")
    if not (key[Attribute.NEVER_EXTRACTABLE] and key[Attribute.ALWAYS_SENSITIVE]):
        raise KeyTrouble(
            f"装置の鍵 {label} は、装置の外から入れたか、取り出せる設定だったものです。使いません。"
        )


def _told(trouble: pkcs11.PKCS11Error) -> KeyTrouble:
    """What the token said, in a sentence; its own words stand in no message."""
    if isinstance(trouble, _PIN):
        said = (
            "鍵の装置のPINが違います。繰り返すと装置が使えなくなるため、もう試していません。"
            "DAICHO_VAULT_PIN か DAICHO_VAULT_PIN_FILE を直して、起動し直してください。"
        )
    elif isinstance(trouble, pkcs11.PinLocked):
        said = "鍵の装置のPINが止められています。装置の管理者に解除を依頼してください。"
    elif isinstance(trouble, pkcs11.NoSuchToken | pkcs11.TokenNotPresent):
        said = (
            "鍵の装置(トークン)が見つかりません。"
            "装置がつながっているか、DAICHO_VAULT_TOKEN のラベルを確かめてください。"
        )
    else:
        said = (
            f"鍵の装置が応じません({type(trouble).__name__})。"
            "装置がつながっているか、動いているか確かめてください。"
        )
    return KeyTrouble(said)
