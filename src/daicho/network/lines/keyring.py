"""鍵束: the keys of this process for the network, as the settings name their places."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc.jws import extract_compact

from daicho.network.keys import signing
from daicho.network.keys.signing import REGISTRY, Checker, Signer
from daicho.network.lines import own
from daicho.network.messages.body import Said
from daicho.network.protocol.message import Body, Message
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


def sealed(said: Mapping[str, Any], to: Party) -> str:
    """封をする: what `to` alone opens; raises NoKey and Damaged."""
    return signing.seal(said, identity().seals_to(to))


def unsealed(text: str) -> dict[str, Any]:
    """封を開ける: of what was sealed to this party; raises CannotOpen."""
    return signing.unseal(text, identity().opens_by)


def body_of(said: Said, to: Party) -> Body:
    """本文: as it travels: sealed, where no router may read it; raises NoKey and Damaged."""
    return sealed(said.written(), to) if said.SEALED else said.written()


def opened(message: Message) -> Message:
    """開けた電文: with its body as it says it; raises CannotOpen."""
    if not isinstance(message.body, str):
        return message
    return replace(message, body=unsealed(message.body))


def text_of(signed: str) -> bytes:
    """The text of what was found right when it came; its key may have ended since."""
    return extract_compact(signed.encode(), registry=REGISTRY).payload
