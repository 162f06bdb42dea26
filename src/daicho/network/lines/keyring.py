"""鍵束: the keys of this process for the network, as the settings name their places."""

from functools import cache
from pathlib import Path

from django.conf import settings
from joserfc.jws import extract_compact

from daicho.network.keys.signing import REGISTRY, Checker, Signer
from daicho.network.lines import own
from daicho.network.protocol.parties import Party
from daicho.network.wire.identity import Identity


@cache
def _identity(party: Party, keys: Path, authority: Path, directory: Path) -> Identity:
    return Identity(party, keys, authority, directory)


def identity() -> Identity:
    """通信の身元: who this party is; files that come are seen while the program runs."""
    places = (settings.NETWORK_KEYS, settings.NETWORK_AUTHORITY, settings.NETWORK_DIRECTORY)
    return _identity(own.this(), *map(Path, places))


def signer() -> Signer:
    """署名する者: with the newest key to sign that holds now; raises NoKey and Damaged."""
    return identity().signer()


def checker() -> Checker:
    """署名を確かめる者: by the certificates of the directory as it is when it is asked."""
    return identity().checker


def text_of(signed: str) -> bytes:
    """The text of what was found right when it came; its key may have ended since."""
    return extract_compact(signed.encode(), registry=REGISTRY).payload
