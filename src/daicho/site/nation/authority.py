"""国の認証局: the private authority of the nation on one machine, and the keys of its parties.

Elsewhere a party makes its keys itself, and the authority sees the requests alone (`./daicho pki`);
here both are folders of one user, so that keys and certificates are made at once.
"""

import ipaddress
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from daicho.access import clock
from daicho.network.keys import folders
from daicho.network.keys.certificates import Use, issue, key_id, make_authority
from daicho.network.keys.folders import AUTHORITY, AUTHORITY_KEY
from daicho.network.protocol.parties import Party
from daicho.site.commands.pki import AUTHORITY_DAYS, DIRECTORY, PARTY_DAYS, WARNED_DAYS
from daicho.site.trouble import Trouble

NAME = "実演の住基ネットワーク認証局(架空・試験用)"
HOST = "127.0.0.1"


def ensure(folder: Path) -> None:
    """認証局を作る: where there is none; one that was cut off between key and certificate is
    completed."""
    (folder / DIRECTORY).mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if (folder / AUTHORITY).exists():
        return
    if not (folder / AUTHORITY_KEY).exists():
        folders.write_key(folder / AUTHORITY_KEY, _key())
    certificate = make_authority(
        folders.read_key(folder / AUTHORITY_KEY), NAME, clock.now(), AUTHORITY_DAYS
    )
    folders.write_certificate(folder / AUTHORITY, certificate)


def ensure_party(folder: Path, of: Party, keys: Path) -> None:
    """団体の鍵を作る: of each use one whose certificate holds for some time to come."""
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        authority = folders.read_certificate(folder / AUTHORITY)
        soon = clock.now() + timedelta(days=WARNED_DAYS)
        lasting = {
            one.known.use
            for one in folders.OwnFolder(keys, authority).all()
            if one.known.until_at > soon
        }
        for use in Use:
            if use not in lasting:
                _give(folder, of, use, keys)
    except folders.Damaged as damaged:
        raise Trouble(str(damaged)) from None


def _give(folder: Path, of: Party, use: Use, keys: Path) -> None:
    number = 1 + max((one for is_for, one in folders.numbers(keys) if is_for is use), default=0)
    key = _key()
    certificate = issue(
        of,
        use,
        key.public_key(),
        folders.read_certificate(folder / AUTHORITY),
        folders.read_key(folder / AUTHORITY_KEY),
        clock.now(),
        PARTY_DAYS,
        [x509.IPAddress(ipaddress.ip_address(HOST))] if use is Use.SPEAK else [],
    )
    # the certificate last: a key without one is passed over, and the next has the next number
    folders.write_key(keys / f"{use.value}-{number}.key", key)
    name = f"{of}-{use.value}-{key_id(certificate)}.pem"
    folders.write_certificate(folder / DIRECTORY / name, certificate)
    folders.write_certificate(keys / f"{use.value}-{number}.pem", certificate)


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())
