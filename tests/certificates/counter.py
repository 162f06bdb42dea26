"""A counter that issues certificates: a signing key, a certifier, residents, and what was read."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdfium2
from django.conf import settings
from django.db import connection

import scenes
import town
from certificates import samples
from daicho.access import clock
from daicho.access.permits import permit
from daicho.certificates import certifiers, reading
from daicho.certificates.issuing import Issued, Order, issue
from daicho.register import importing
from daicho.register.receiving.receptions import reception
from people import Cast, Player
from receptions import permit_under, received

HANAKO, TARO, MEGUMI, UNSURE, AWAY, MARY = (
    f"000000000000{n}" for n in ("108", "116", "124", "132", "140", "159")
)
NUMBERS = {HANAKO: "123456789018", TARO: "983205673214"}


@contextmanager
def signing(folder: Path) -> Iterator[None]:
    """This process signs with a made-up town's key."""
    own = samples.town(folder, town.WARD, "郡山市(架空)")
    key_file, chain_file = folder / "key.pem", own.published
    before = settings.SIGNING_KEY_FILE, settings.SIGNING_CHAIN_FILE
    settings.SIGNING_KEY_FILE, settings.SIGNING_CHAIN_FILE = str(key_file), str(chain_file)
    try:
        yield
    finally:
        settings.SIGNING_KEY_FILE, settings.SIGNING_CHAIN_FILE = before


def open_counter(cast: Cast, folder: Path, *, is_certified: bool = True) -> None:
    """A few residents, and a mayor who certifies."""
    if is_certified:
        certifiers.ensure_made_up("郡山市", "福島県")
    if not scenes.is_set("few_live_here"):
        take_over(cast, town.write(folder, town.few()))


def take_over(cast: Cast, file: Path) -> None:
    """Import a town's file, as the system operator does."""
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)


def who(address_number: str) -> UUID:
    """Whom the register holds under a 宛名番号."""
    ((found,),) = rows(
        "SELECT record_id FROM register_current WHERE address_number = %s", address_number
    )
    assert isinstance(found, UUID)
    return found


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database holds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def asked_for(player: Player, **said: object) -> UUID:
    """Somebody asks for a certificate: a 受付."""
    more: dict[str, object] = {"basis": "request", **said}
    return received(player, "certificate", **more).reception_id


def order(reception_id: UUID, *numbers: str, **more: Any) -> Order:
    """A 世帯連記式 of these, unless it is said otherwise."""
    wanted: Mapping[str, Any] = {"form": "household_copy", **more}
    return Order(reception_id=reception_id, record_ids=tuple(map(who, numbers)), **wanted)


def issued(player: Player, wanted: Order, request_id: UUID | None = None) -> Issued:
    """The certificate that the player makes under that 受付."""
    found = reception(player.acting(), wanted.reception_id)
    assert found is not None
    return issue(permit_under(player, found, request_id), wanted)


def text(pdf: bytes) -> str:
    """What the pages say."""
    return reading.page_text(pdf)


def page_count(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return len(document)


def picture(pdf: bytes, dpi: int = 300) -> Any:
    """The last page as it is printed."""
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return document[len(document) - 1].render(scale=dpi / 72).to_pil()
