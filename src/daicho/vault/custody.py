"""鍵の保管: who keeps the vault's keys, and the ring of those that open this database.

A keeper is a key file (`keys.KeyFile`) or a token of hardware (`hardware.Token`); both may be there
at once while the keys move from one to the other. Which versions are in use, which of them is for
new rows, and by which fingerprints they are known, stands in the database (`versions`): a key that
is not the one the database was written with opens nothing and is never written with.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from daicho.vault import fingerprints, versions
from daicho.vault.keys import KeyFile, KeyTrouble
from daicho.vault.versions import Version

KINDS: Mapping[str, str] = {"file": "鍵ファイル", "token": "装置(PKCS#11)"}
"""鍵を持つものの種類: Japanese name by code."""


class Keeper(fingerprints.Working, Protocol):
    """鍵を持つもの: keeps the keys of some versions and works with them; a key never leaves it by
    this. Raises KeyTrouble where it cannot work, InvalidTag where a ciphertext does not fit."""

    kind: str

    def versions(self) -> Mapping[int, str]:
        """The versions it keeps whole, each with its fingerprint."""

    def decrypt(self, version: int, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """What was encrypted under this version; `bound_to` is the associated data."""

    def make(self, version: int) -> None:
        """Make the keys of a version; nothing happens where they are there."""

    def destroy(self, version: int) -> bool:
        """Destroy the keys of a version for ever, with what is left of them beside it; whether
        anything was there."""


@dataclass(frozen=True, repr=False)
class Ring:
    """鍵束: the keys of every version in use, by the version; `current` is for new rows."""

    current: int
    held: Mapping[int, Keeper]
    fingerprints: Mapping[int, str]

    def keeper(self, version: int) -> Keeper:
        """Who keeps a version; raises KeyTrouble where nobody does."""
        if version not in self.held:
            raise _lost(version)
        return self.held[version]

    def in_order(self) -> Sequence[int]:
        """The versions in use: the current one first, then the newest."""
        return sorted(self.held, key=lambda one: (one != self.current, -one))

    def written(self) -> str:
        """版と指紋: the versions in use with their fingerprints, as one text."""
        return fingerprints.written(self.fingerprints)


_lock = threading.RLock()
_rings: dict[tuple[object, ...], Ring] = {}


def _after_fork() -> None:
    # a thread of the parent may have held it; the token must be opened anew in a child
    global _lock  # noqa: PLW0603  one lock for each process
    _lock = threading.RLock()
    _rings.clear()


os.register_at_fork(after_in_child=_after_fork)


def ring() -> Ring:
    """The keys of this process, read once; raises KeyTrouble where they are not this database's."""
    where = (settings.VAULT_KEY_FILE, settings.VAULT_PKCS11, settings.VAULT_TOKEN)
    with _lock:
        if where not in _rings:
            _rings[where] = fitting(keepers(), versions.registered())
        return _rings[where]


def reread() -> Ring:
    """The keys read anew: somebody has made, changed or retired a version."""
    forget()
    return ring()


def forget() -> None:
    """Let the keys be read again when they are next asked for."""
    with _lock:
        _rings.clear()


def keepers() -> list[Keeper]:
    """Who keeps keys here, by the settings; raises KeyTrouble where one of them cannot be used.

    A missing key file is no trouble where hardware is set: there is none any more, after a move.
    """
    found: list[Keeper] = []
    if settings.VAULT_PKCS11:
        from daicho.vault.hardware import Token  # needs no module of hardware where none is set

        found.append(Token(settings.VAULT_PKCS11, settings.VAULT_TOKEN, settings.VAULT_PIN))
    file = Path(settings.VAULT_KEY_FILE)
    if not settings.VAULT_PKCS11 or (settings.VAULT_KEY_FILE and file.exists()):
        found.append(KeyFile(file))
    return found


def fitting(keepers: Sequence[Keeper], registered: Sequence[Version]) -> Ring:
    """The ring of what the keepers keep and the database knows; raises KeyTrouble.

    A database that knows no version yet takes the newest key there is: the first number that is put
    into the vault registers it.
    """
    offered = [
        (version, fingerprint, one)
        for one in keepers
        for version, fingerprint in one.versions().items()
    ]
    if not registered:
        if not offered:
            raise KeyTrouble(
                "個人番号の鍵がまだありません。./daicho manage keys で作ってください。"
            )
        newest = max(offered, key=lambda one: one[0])
        return Ring(newest[0], {newest[0]: newest[2]}, {newest[0]: newest[1]})
    held, known = {}, {}
    for row in registered:
        if row.state not in versions.IN_USE:
            continue
        alike = [one for one in offered if one[0] == row.number]
        fits = [one for one in alike if row.fingerprint in ("", one[1])]
        if not fits:
            raise _another(row, alike[0][1]) if alike else _lost(row.number, row.fingerprint)
        held[row.number], known[row.number] = fits[0][2], fits[0][1]
    current = next(one.number for one in registered if one.state == "current")
    return Ring(current, held, known)


def _lost(version: int, fingerprint: str = "") -> KeyTrouble:
    known = f"(指紋 {fingerprint})" if fingerprint else ""
    return KeyTrouble(
        f"個人番号の鍵の版 {version}{known}がありません。別に保管してある鍵ファイルを戻すか、"
        "鍵の装置を確かめてください。新しい鍵は作っていません。"
    )


def _another(row: Version, found: str) -> KeyTrouble:
    return KeyTrouble(
        f"個人番号の鍵の版 {row.number} は、この台帳のものではありません(指紋 {found})。"
        f"指紋が {row.fingerprint} の鍵を置いてください。何も書き換えていません。"
    )
