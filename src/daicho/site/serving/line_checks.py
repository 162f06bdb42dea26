"""通信の設定の点検: what is wrong with how this party reaches its neighbours, with a hint.

| id | what |
|---|---|
| daicho.E024 | DAICHO_PARTY is no party, or another one than this process is |
| daicho.E025 | the network is set in part only, or its keys and certificates cannot be used |
| daicho.E026 | DAICHO_NEIGHBOURS names no party, no neighbour, or an address that is not https |
| daicho.E027 | DAICHO_NETWORK_LISTEN is no host and port |

Where nothing of the network is set, nothing is sent and nothing is checked.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from daicho.access import clock
from daicho.network.duties import tier
from daicho.network.keys import folders
from daicho.network.keys.certificates import NotOurs, Use
from daicho.network.protocol.parties import NotAParty, Party, above, is_municipality, party
from daicho.site.checks import SETTING
from daicho.site.serving.apart import PORT_MAX
from daicho.terms import numbers
from daicho.terms.malformed import Malformed

PREFECTURES = 47
_TIERS = {"test": "municipality"}  # the suite's role runs the municipality's work


def _error(number: int, what: str, hint: str) -> list[CheckMessage]:
    return [Error(what, hint=hint, id=f"daicho.E{number:03}")]


def _party(code: str) -> Party | None:
    """The party of a code that can be one: with its check digit, of one of the prefectures."""
    try:
        found = party(code)
        if is_municipality(found):
            numbers.parse_local_government_code(code)
    except (NotAParty, Malformed):
        return None
    return found if int(found[:2]) <= PREFECTURES else None


@register(SETTING)
def own_party(**_: Any) -> list[CheckMessage]:
    if not settings.NETWORK_IS_SET:
        return []
    hint = "DAICHO_PARTY に、市区町村は6桁、都道府県は2桁、機構は 00 の番号を設定してください。"
    found = _party(settings.PARTY)
    if found is None:
        return _error(24, "DAICHO_PARTY が団体の番号ではありません。", hint)
    role = settings.ROLE.name
    if tier(found) != _TIERS.get(role, role):
        return _error(24, "DAICHO_PARTY が、DAICHO_ROLE の役割の団体ではありません。", hint)
    if settings.MUNICIPALITY and not settings.MUNICIPALITY.startswith(found) and role != "centre":
        return _error(24, "DAICHO_PARTY と DAICHO_MUNICIPALITY が、違う団体です。", hint)
    return []


@register(SETTING)
def network_keys(**_: Any) -> list[CheckMessage]:
    if not settings.NETWORK_IS_SET:
        return []
    said = {
        "DAICHO_NETWORK_KEYS": settings.NETWORK_KEYS,
        "DAICHO_NETWORK_AUTHORITY": settings.NETWORK_AUTHORITY,
        "DAICHO_NETWORK_DIRECTORY": settings.NETWORK_DIRECTORY,
        "DAICHO_NETWORK_LISTEN": settings.NETWORK_LISTEN,
        "DAICHO_NEIGHBOURS": settings.NEIGHBOURS,
    }
    hint = "docs/operating/network.md のとおりに、通信の設定をそろえてください。"
    if missing := [name for name, value in said.items() if not value]:
        return _error(25, f"通信の設定が足りません({'、'.join(missing)})。", hint)
    try:
        return [one for what in _wrong_keys() for one in _error(25, what, hint)]
    except folders.Damaged as damaged:
        return _error(25, str(damaged), hint)
    except OSError as refusal:
        where = refusal.filename or settings.NETWORK_KEYS
        return _error(25, f"通信の鍵又は証明書 {where} を読めません。", hint)


def _wrong_keys() -> Iterator[str]:
    authority = folders.read_certificate(Path(settings.NETWORK_AUTHORITY))
    own = folders.OwnFolder(Path(settings.NETWORK_KEYS), authority)
    now = clock.now()
    for use in Use:
        try:
            found = own.newest(use, now)
        except folders.NoKey:
            yield f"使える通信の鍵({use.value})がありません。証明書が切れたか、まだありません。"
            return
        except NotOurs:
            yield "通信の鍵の証明書が、DAICHO_NETWORK_AUTHORITY の認証局のものではありません。"
            return
        if found.known.party != settings.PARTY:
            yield f"通信の鍵({use.value})の証明書が、別の団体のものです。"
    if not Path(settings.NETWORK_DIRECTORY).is_dir():
        yield "DAICHO_NETWORK_DIRECTORY の証明書の名簿(フォルダー)がありません。"


@register(SETTING)
def neighbours(**_: Any) -> list[CheckMessage]:
    if not settings.NETWORK_IS_SET or _party(settings.PARTY) is None:
        return []
    hint = (
        "DAICHO_NEIGHBOURS に 団体=https://宛先:番号 をコンマで区切って設定します。"
        "市区町村の隣は自らの都道府県だけ、都道府県の隣はその市区町村と機構(00)です。"
    )
    return [one for what in _wrong_neighbours() for one in _error(26, what, hint)]


def _wrong_neighbours() -> Iterator[str]:
    here = Party(settings.PARTY)
    if len(settings.NEIGHBOURS) != len(settings.NEIGHBOURS_GIVEN):
        yield "DAICHO_NEIGHBOURS に、同じ団体が二度あります。"
    for code, address in settings.NEIGHBOURS.items():
        found = _party(code)
        if found is None:
            yield f"DAICHO_NEIGHBOURS の「{code[:6]}」は、団体の番号ではありません。"
        elif here != above(found) and above(here) != found:
            yield f"DAICHO_NEIGHBOURS の {code} は、{here} の隣の団体ではありません。"
        if not _is_https(address):
            yield f"DAICHO_NEIGHBOURS の {code[:6]} の宛先が、https://宛先:番号 ではありません。"
    if settings.NEIGHBOURS and (up := above(here)) and up not in settings.NEIGHBOURS:
        yield f"DAICHO_NEIGHBOURS に、上の団体 {up} の宛先がありません。"


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    bare = not (parts.username or parts.password or parts.query or parts.fragment)
    return bool(parts.scheme == "https" and parts.hostname and port) and bare and not parts.path


@register(SETTING)
def listening(**_: Any) -> list[CheckMessage]:
    if not settings.NETWORK_LISTEN:
        return []
    host, _colon, port = settings.NETWORK_LISTEN.rpartition(":")
    if host and port.isascii() and port.isdecimal() and 0 < int(port) <= PORT_MAX:
        return []
    hint = "DAICHO_NETWORK_LISTEN に、待ち受けるアドレスと番号を 192.0.2.1:8443 の形で設定します。"
    return _error(27, "DAICHO_NETWORK_LISTEN が、アドレスと番号の形ではありません。", hint)
