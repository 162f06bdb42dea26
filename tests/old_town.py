"""除票 of every time, for the tests: a town that an older system has kept since long ago."""

from datetime import date
from pathlib import Path
from uuid import UUID

import town
from daicho.access import clock
from daicho.access.permits import permit
from daicho.register import importing
from daicho.register.models import Current
from people import Cast

KIND = "closed_five_years"
MARKER = "廃棄確認"
OLD, LATER, LAST, FIRST = (
    date(1990, 3, 31),
    date(2013, 5, 7),
    date(2014, 6, 19),
    date(2014, 6, 20),
)
NUMBERS = {
    "old": "000000000000132",
    "later": "000000000000140",
    "last": "000000000000159",
    "first": "000000000000167",
    "recent": "000000000000175",
    "undated": "000000000000183",
    "back": "000000000000191",
    "twice": "000000000000248",
}


def closed(name: str, on: date | None, **cells: str) -> town.Line:
    """A 除票 of somebody who lived alone and moved away; None: nobody knows when."""
    day = (on or date(1985, 4, 1)).isoformat()
    return town.hanako(
        **{
            "address_number": NUMBERS[name],
            "household_number": NUMBERS[name],
            "reason": "国内転出",
            "occurred_on": day,
            "received_on": day,
            "processed_on": day,
            "notified_on": "1980-04-01",
            "family_name": MARKER,
            "given_name": "一郎",
            "born_on": "1950-05-05",
            "householder_name": f"{MARKER}　一郎",
            "family_register_head": f"{MARKER}　一郎",
            "remark": f"架空。{MARKER}の備考",
            "resident_since_on": "1980-04-01",
            "address_since_on": "1980-04-01",
            "individual_number": "",
            "individual_number_state": "none",
            "resident_record_code": "",
            "state": "moved_out",
            "closing_reason": "moved_out",
            "closing_event_on": on.isoformat() if on else "",
            "closed_on": on.isoformat() if on else "",
            "planned_destination_prefecture": "栃木県",
            "planned_destination_municipality": "宇都宮市",
            "planned_destination_town": "架空一丁目",
            **cells,
        }
    )


def came_back() -> list[town.Line]:
    """Who left in 1990, under another name, and lives here again since 2022."""
    again = town.hanako(
        address_number=NUMBERS["back"],
        history_no="2",
        residence_no="2",
        occurred_on="2022-04-01",
        received_on="2022-04-01",
        processed_on="2022-04-01",
        notified_on="2022-04-01",
        resident_since_on="2022-04-01",
        address_since_on="2022-04-01",
        household_number=NUMBERS["back"],
        given_name="戻",
        given_name_kana="モドル",
        householder_name="架空　戻",
        householder_name_kana="カクウ　モドル",
        born_on="1950-05-05",
        individual_number="",
        individual_number_state="pending",
        resident_record_code="24727059608",
        remark="架空",
    )
    return [closed("back", OLD), again]


def twice() -> list[town.Line]:
    """Who left in 1990 and, come back, again in 2013."""
    return [
        closed("twice", OLD),
        closed("twice", LATER, history_no="2", residence_no="2"),
    ]


def taken_over(cast: Cast, folder: Path, *lines: town.Line) -> dict[str, UUID]:
    """A town with these lines and with 花子 and 太郎; gives the records by name."""
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(folder, [town.hanako(), town.taro(born_on="2005-10-10"), *lines])
    said = importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    assert said.accepted == said.lines, said.refused
    found = dict(Current.objects.values_list("address_number", "record_id"))
    return {name: found[number] for name, number in NUMBERS.items() if number in found}


def old_town(cast: Cast, folder: Path) -> dict[str, UUID]:
    """The 除票 of that town, of every time, and one who came back."""
    return taken_over(
        cast,
        folder,
        closed("old", OLD),
        closed("later", LATER),
        closed("last", LAST),
        closed("first", FIRST),
        closed("recent", date(2020, 2, 10)),
        closed("undated", None),
        *came_back(),
    )
