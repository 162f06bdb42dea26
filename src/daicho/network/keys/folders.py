"""鍵の置き場: the files of an authority, of a party's own keys, and of the certificates of all.

Names are `use-number.key` and `use-number.pem`; a new key has the next number, the older ones stay
for what was sealed to them. A directory is read again when a file has come, so that keys change
without a stop.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from daicho.access.sealed_files import onto_disk
from daicho.network.keys.certificates import Known, NotOurs, Use, key_id, known
from daicho.network.keys.signing import OwnKey
from daicho.network.protocol.parties import Party

AUTHORITY_KEY, AUTHORITY = "authority.key", "authority.pem"
_NAME = re.compile(rf"({'|'.join(use.value for use in Use)})-([1-9]\d*)\.(?:key|pem)")


class NoKey(Exception):
    """鍵がない: a party has no key for a use with a certificate that holds now."""


class Damaged(Exception):
    """読めない鍵: a file is no key or certificate, or others may read it; names the file alone."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} を鍵又は証明書として読めないか、ほかの利用者が読めます。")


@dataclass(frozen=True, slots=True, repr=False)
class Own:
    """自らの鍵と証明書: one that a party has, for a use."""

    key: OwnKey
    known: Known
    key_file: Path
    certificate_file: Path


class OwnFolder:
    """自らの鍵の置き場: keys of one party; the newest whose certificate holds is used."""

    def __init__(self, folder: Path, authority: x509.Certificate) -> None:
        self._folder = folder
        self._authority = authority

    def all(self) -> Iterator[Own]:
        """Every key that has a certificate of the authority, the newest of a use last."""
        for number, use in sorted((number, use.value) for use, number in numbers(self._folder)):
            key_file = self._folder / f"{use}-{number}.key"
            certificate_file = key_file.with_suffix(".pem")
            if key_file.exists() and certificate_file.exists():
                yield self._own(key_file, certificate_file)

    def _own(self, key_file: Path, certificate_file: Path) -> Own:
        certificate = read_certificate(certificate_file)
        private = read_key(key_file)
        if private.public_key() != certificate.public_key():
            raise Damaged(certificate_file)
        own = OwnKey(key_id(certificate), private)
        return Own(own, known(certificate, self._authority), key_file, certificate_file)

    def newest(self, use: Use, now: datetime) -> Own:
        """The key that is used now; raises NoKey."""
        held = [
            one
            for one in self.all()
            if one.known.use is use and one.known.from_at <= now <= one.known.until_at
        ]
        if not held:
            raise NoKey(use.value)
        return held[-1]

    def find(self, name: str) -> OwnKey | None:
        """One's own key by the name that others know it by, or None."""
        return next((one.key for one in self.all() if one.key.key_id == name), None)


class Directory:
    """証明書の名簿: of all parties; what another authority gave is passed over."""

    def __init__(self, folder: Path, authority: x509.Certificate) -> None:
        self._folder = folder
        self._authority = authority
        self._seen: frozenset[tuple[str, int]] = frozenset()
        self._known: Mapping[str, Known] = {}

    def find(self, name: str) -> Known | None:
        """The certificate of that name; where it is not known, the folder is looked at again."""
        if name not in self._known:
            self._read()
        return self._known.get(name)

    def newest(self, party: Party, use: Use, now: datetime) -> Known:
        """The certificate of a party that was given last and holds now; raises NoKey."""
        self._read()
        held = [
            one
            for one in self._known.values()
            if one.party == party and one.use is use and one.from_at <= now <= one.until_at
        ]
        if not held:
            raise NoKey(use.value)
        return max(held, key=lambda one: one.from_at)

    def all(self) -> tuple[Known, ...]:
        """Every certificate, by party and use, the newest last."""
        self._read()
        return tuple(
            sorted(self._known.values(), key=lambda one: (one.party, one.use.value, one.from_at))
        )

    def _read(self) -> None:
        found = frozenset(
            (entry.name, entry.stat().st_mtime_ns)
            for entry in os.scandir(self._folder)
            if entry.name.endswith(".pem")
        )
        if found == self._seen:
            return
        read: dict[str, Known] = {}
        for name, _ in found:
            with suppress(NotOurs):
                certificate = read_certificate(self._folder / name)
                read[key_id(certificate)] = known(certificate, self._authority)
        self._known, self._seen = read, found


def numbers(folder: Path) -> Iterator[tuple[Use, int]]:
    """The uses and numbers of the keys of a folder, each once."""
    names = (_NAME.fullmatch(one.name) for one in folder.iterdir()) if folder.exists() else ()
    yield from {(Use(name[1]), int(name[2])) for name in names if name}


def read_key(file: Path) -> ec.EllipticCurvePrivateKey:
    """A private key (P-256, PEM) that nobody else may read; raises Damaged."""
    try:
        if file.stat().st_mode & 0o077:
            raise Damaged(file)
        key = load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError):
        raise Damaged(file) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Damaged(file)
    return key


def read_certificate(file: Path) -> x509.Certificate:
    """A certificate (PEM); raises Damaged."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except ValueError:
        raise Damaged(file) from None


def write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """A private key into a new file that nobody else may read; one that is there is never lost."""
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    onto_disk.new(file, content)


def write_certificate(file: Path, certificate: x509.Certificate) -> None:
    """A certificate into a new file; anybody may read it."""
    onto_disk.new(file, certificate.public_bytes(Encoding.PEM), 0o644)
