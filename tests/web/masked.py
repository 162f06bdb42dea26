"""A clerk to whom some items are not shown, and the words by which a page would give them away."""

from datetime import date

import town
from daicho.access import clock
from daicho.access.models import Mask
from daicho.terms.numbers import resident_record_code_check_digit
from people import LONG_AGO, Player

CLASSES = ("family_register", "individual_number", "record_code", "residence_status")
MARYS_CODE = "3692581470" + resident_record_code_check_digit("3692581470")
DOMICILE = "福島県会津若松市隠町七丁目７番地"
REMARK = "帰化前の在留資格 隠の在留"  # as an older system may have written it
MARKERS = {
    "family_register": ("隠町", "筆頭　太夫"),
    "individual_number": ("123456789018", "983205673214"),
    "record_code": ("12345678903", "98765432103", MARYS_CODE),
    "residence_status": (
        "隠の在留",
        "AB12345678CD",
        "フィリピン",
        "2026年10月3日",
        "令和8年10月3日",
    ),
}
"""表示しない項目の中身: what `with_markers` has of each class, in the words of a page."""


def with_markers() -> list[town.Line]:
    """花子 and her grown 太郎, and MARY, whose stay has just ended; each with every class."""
    of_register = {"registered_domicile": DOMICILE, "family_register_head": "筆頭　太夫"}
    return [
        town.hanako(**of_register, history_remark=REMARK),
        town.taro(**of_register, born_on="2005-10-10"),
        town.mary(
            suppressions="",
            residence_status="spouse_of_japanese",
            period_of_stay="５年",
            period_of_stay_expires_on="2026-10-03",
            resident_record_code=MARYS_CODE,
        ),
    ]


def mask(player: Player, *items: str, since: date = LONG_AGO, until: date | None = None) -> None:
    """These classes of items are not shown to the player."""
    for item in items:
        Mask.objects.create(
            operator=player.operator, item=item, since=since, until=until, given_at=clock.now()
        )


def given_away(page: str, *items: str) -> list[str]:
    """What stands on a page of items that are not shown."""
    return [word for item in items for word in MARKERS[item] if word in page]
