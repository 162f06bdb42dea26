"""印のある町: residents of whose every item one knows who may see it, by a text found nowhere else.

Nine persons, each alone in a household: what a table of purposes says of them is held against what
comes out. Which items a class has is read from the table; who is withheld, and what is left of
them, is said here again, so that the program is not its own witness.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

import town
from daicho.access import clock
from daicho.access.permits import permit
from daicho.law.safety import item_classes
from daicho.register import importing
from daicho.terms import numbers
from daicho.terms.dates import RegisterDate, certain, display, to_cell, wareki
from daicho.terms.records import CODES, ITEMS, Item, Kind, Record, item_of
from people import Cast

OPEN, MID_TERM, SPECIAL, REFUGE, STAYING, CLOSED, PROTECTED, SUPPRESSED, FAR = range(1, 10)
"""The persons: Japanese, of the four classes of 30条の45, a 除票, under 支援措置, suppressed, and
of another ward."""
_FOREIGN = {
    MID_TERM: "mid_to_long_term",
    SPECIAL: "special_permanent",
    REFUGE: "temporary_refuge",
    STAYING: "provisional_stay",
}
ANOTHER_WARD, CITY_OF_WARDS = "141046", "141003"
DAY = date(2026, 11, 22)
KANA = "ヴヂヴヂ"
"""With it begins the family name of everybody, as it sounds."""

# What is left of a person who is withheld; where a change or a paper is of the whole household,
# also which one it is.
_OF_WITHHELD = {"address_number", "family_name", "given_name", "roman_name", "kanji_name"}
_OF_HOUSEHOLDER = {"householder_name", "householder_name_kana", "position"}
_OF_HOUSEHOLD = {"household_number", "ward", "position"}
_BESIDE = ("history_remark", "note", "remark")
_NO_ITEM = ("individual_number", "protection")


@dataclass(frozen=True)
class Marker:
    """印: a text that stands for one item of one person, in each form in which it is shown."""

    owner: int
    column: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Leave:
    """見てよい範囲: what the row of a purpose or job lets one see."""

    sees: frozenset[str] = frozenset()
    of_one_ward: bool = False
    withholds_protected: bool = False
    of_households: bool = False

    def covers(self, owner: int, column: str) -> bool:
        """May this item of that person be shown?"""
        if owner == FAR and self.of_one_ward:
            return False
        if column in _BESIDE and self.withholds_protected:
            return False
        if owner == SUPPRESSED and "suppressed" not in self.sees:
            return column in self._of_withheld and "resident" in self.sees
        if owner == PROTECTED and self.withholds_protected:
            return column in self._of_withheld and "resident" in self.sees
        if column in _OF_HOUSEHOLDER and self.withholds_protected:
            return False
        return _class_of(column) in self.sees

    @property
    def _of_withheld(self) -> set[str]:
        return _OF_WITHHELD | (_OF_HOUSEHOLD if self.of_households else set())

    def and_the_suppressed(self) -> "Leave":
        """The same, where nothing is withheld for a suppression."""
        return replace(self, sees=self.sees | {"suppressed"})


@cache
def _class_of(column: str) -> str:
    if column in _NO_ITEM:
        return column
    return "resident" if column in _BESIDE else item_classes.classes(DAY)[column]


@dataclass(frozen=True)
class Town:
    """印のある町: who is who, and every marker."""

    record_ids: Mapping[int, UUID]
    markers: tuple[Marker, ...]

    @property
    def owners(self) -> Mapping[UUID, int]:
        return {record_id: owner for owner, record_id in self.record_ids.items()}

    def marker(self, owner: int, column: str) -> str:
        """The first form of one marker."""
        (found,) = [it for it in self.markers if (it.owner, it.column) == (owner, column)]
        return found.forms[0]

    def leaks(self, text: str, leave: Leave) -> list[tuple[int, str]]:
        """Whose which item stands in a text and may not."""
        return [
            (one.owner, one.column)
            for one in self.markers
            if not leave.covers(one.owner, one.column) and any(it in text for it in one.forms)
        ]

    def leaks_of(self, value: object, leave: Leave) -> list[tuple[int, str]]:
        """The same of an answer of the program, whatever it is made of.

        Items that have no text of their own, such as codes, are found in the records themselves.
        """
        parts = list(_parts(value))
        records = [one for one in parts if isinstance(one, Record)]
        held = [(self.owners[one.record_id], column) for one in records for column in _filled(one)]
        unfit = [it for it in held if not leave.covers(*it) and it[1] not in _ALWAYS]
        return unfit + self.leaks("\n".join(_texts(parts)), leave)


# Of a withheld record these stand beside the name: they tell nothing of the person's life.
_ALWAYS = {"record_id", "resident_class", "state"}


def _filled(record: Record) -> Iterator[str]:
    for one in fields(Record):
        if getattr(record, one.name) not in ("", None, False):
            yield one.name


def _parts(value: object) -> Iterator[object]:
    """The value and everything that it holds."""
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        held: Iterable[object] = [getattr(value, one.name) for one in fields(value)]
    elif isinstance(value, Mapping):
        held = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        held = value
    else:
        return
    for one in held:
        yield from _parts(one)


def _texts(parts: Iterable[object]) -> Iterator[str]:
    for one in parts:
        if isinstance(one, str):
            yield one
        elif isinstance(one, bytes):
            yield one.decode("utf-8", "replace")
        elif isinstance(one, (date, datetime)):
            yield one.isoformat()
        elif isinstance(one, RegisterDate):
            yield to_cell(one)


def settle(cast: Cast, folder: Path) -> Town:
    """Bring the town into the register, through the import."""
    lines = {owner: _line(owner) for owner in range(1, 10)}
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    outcome = importing.run(
        moving,
        town.write(folder, lines.values()),
        ward=town.WARD,
        trial=False,
        keep_refusals=lambda _: None,
    )
    assert outcome.accepted == len(lines), (outcome.refused, outcome.alerts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address_number, record_id FROM register_current")
        by_number = dict(cursor.fetchall())
        far = lines[FAR]["address_number"]
        cursor.execute(
            "UPDATE register_current SET ward = %s WHERE address_number = %s", [ANOTHER_WARD, far]
        )
    return Town(
        {owner: by_number[line["address_number"]] for owner, line in lines.items()},
        tuple(marker for owner, line in lines.items() for marker in _markers(owner, line)),
    )


_FIGURES = "甲乙丙丁戊己庚辛壬癸"
_SOUNDS = "アイウエオカキクケコ"
_LETTERS = "ABCDEFGHJK"


def _figures(owner: int, column: str, figures: str) -> str:
    number = f"{owner}{[item.column for item in ITEMS].index(column):03}"
    return "".join(figures[int(one)] for one in number)


def _line(owner: int) -> town.Line:
    """A line in which every item that the person can have says whose and which it is."""
    is_foreign = owner in _FOREIGN
    cells = {
        item.column: _cell(owner, item)
        for item in ITEMS
        if item.is_held_by(foreign=is_foreign, foreign_class=_FOREIGN.get(owner, ""))
        and (owner == CLOSED or not item.closed_only)
        and item.column != "record_id"
    }
    if is_foreign:
        name, kana = cells["roman_name"], cells["foreign_name_kana"]
    else:
        name = f"{cells['family_name']}　{cells['given_name']}"
        kana = f"{cells['family_name_kana']}　{cells['given_name_kana']}"
    cells |= {"householder_name": name, "householder_name_kana": kana}
    cells |= _fixed(owner)
    return town.line(**{name: text for name, text in cells.items() if text})


def _fixed(owner: int) -> dict[str, str]:
    """What the law or the layout wants just so."""
    settled = "2020-04-01"
    said = {
        "history_no": "1",
        "residence_no": "1",
        "reason": "国内転入",
        "occurred_on": settled,
        "received_on": "2020-04-06",
        "basis": "届出",
        "ward": town.WARD,
        "resident_class": "foreign" if owner in _FOREIGN else "japanese",
        "foreign_class": _FOREIGN.get(owner, ""),
        "state": "living",
        "sex": "2",
        "relationship": "世帯主",
        "position": "1",
        "born_on": f"19{60 + owner}-02-0{owner}",
        "resident_since_on": "" if owner in _FOREIGN else settled,
        "foreign_resident_since_on": settled if owner in _FOREIGN else "",
        "address_since_on": settled,
        "notified_on": "2020-04-06",
        "processed_on": "2020-04-06",
        "individual_number": _individual_number(owner),
        "individual_number_state": "held",
        "history_remark": f"標履歴{_FIGURES[owner]}",
        "note": f"標留意{_FIGURES[owner]}",
        "remark": f"標備考{_FIGURES[owner]}",
        "remade_on": "",
        **{f"{of}_prefecture": "福島県" for of in ("address", "previous_address")},
        **{f"{of}_municipality": "郡山市" for of in ("address", "previous_address")},
        **{f"{of}_free_text": "" for of in ("address", "previous_address")},
    }
    if owner in (PROTECTED, OPEN):
        said |= {"protected_from_on": f"2026-0{owner}-17"}
    if owner == OPEN:  # whose protection has ended: it is no more told
        said |= {"protected_until_on": "2026-05-16"}
    if owner == SUPPRESSED:
        said |= {"suppressions": "look:error:2024-04-01:"}
    return said | (_closed() if owner == CLOSED else {})


def _closed() -> dict[str, str]:
    out = "2022-03-31"
    destinations = ("planned_destination", "confirmed_destination")
    return {
        "reason": "国内転出",
        "occurred_on": out,
        "state": "moved_out",
        "closing_reason": "moved_out",
        "closing_event_on": out,
        "closing_notified_on": "2022-03-20",
        "moved_in_notice_on": "2022-04-05",
        "moved_out_on": out,
        "closed_on": out,
        **{f"{of}_prefecture": "栃木県" for of in destinations},
        **{f"{of}_municipality": "宇都宮市" for of in destinations},
        **{f"{of}_free_text": "" for of in destinations},
    }


def _cell(owner: int, item: Item) -> str:
    """A cell that says whose and which it is, where the kind of the item can."""
    return _CELLS[item.kind](owner, item) if item.kind in _CELLS else ""


def _kana(owner: int, item: Item) -> str:
    first = KANA if item.column in ("family_name_kana", "foreign_name_kana") else "ヴヅ"
    return first + _figures(owner, item.column, _SOUNDS)


def _roman(owner: int, item: Item) -> str:
    return f"QZX{_figures(owner, item.column, _LETTERS)} QZ"


def _text(owner: int, item: Item) -> str:
    return f"標{_figures(owner, item.column, _FIGURES)}"


def _code(_owner: int, item: Item) -> str:
    return "" if item.column in _UNCODED else next(iter(CODES[item.codes]))


def _day(owner: int, item: Item) -> str:
    return _DATES.get(item.column, "2020-04-01").format(owner=owner)


_UNCODED = {"closing_reason", "state", "resident_class", "foreign_class"}
_DATES = {
    "old_registration_on": "1988-0{owner}-2{owner}",
    "period_of_stay_expires_on": "203{owner}-07-1{owner}",
    "common_name_deleted_on": "2021-0{owner}-2{owner}",
}


def _number(owner: int, item: Item) -> str:
    """A number of that column that passes its check digit and is nobody else's."""
    column = item.column
    serial = f"{owner}{[item.column for item in ITEMS].index(column):03}"
    if column == "address_number":
        return f"00000000{serial}{owner}00"
    if column == "household_number":
        return f"00000000{serial}{owner}50"
    if column == "resident_record_code":
        body = f"73{serial}4816"
        return body + numbers.resident_record_code_check_digit(body)
    if column.endswith(("card_number", "certificate_number")):
        return f"QZ{serial}4816XZ"
    if column.endswith("municipality_code"):
        return town.WARD
    length = {"nationality_code": 3, "basic_pension_number": 10}.get(column, 11)
    if column.endswith("postal_code"):
        length = 7
    return f"7{serial}816394"[:length] if length > 3 else f"Q{owner}Z"


_CELLS: Mapping[Kind, Callable[[int, Item], str]] = {
    Kind.KANA: _kana,
    Kind.ROMAN: _roman,
    **dict.fromkeys((Kind.TEXT, Kind.NAME, Kind.ADDRESS), _text),
    Kind.NUMBER: _number,
    Kind.CODE: _code,
    **dict.fromkeys((Kind.DATE, Kind.REGISTER_DATE), _day),
    Kind.FLAG: lambda _owner, _item: "1",
    Kind.MONTH: lambda _owner, _item: "2024-05",
    Kind.COUNT: lambda _owner, _item: "1",
}


def _individual_number(owner: int) -> str:
    body = f"7{owner}083746{owner}52"
    return body + numbers.individual_number_check_digit(body)


def _markers(owner: int, line: town.Line) -> Iterator[Marker]:
    """Those cells that stand nowhere else in the town, nor on a page by themselves."""
    for column in (*_BESIDE, "individual_number"):
        yield Marker(owner, column, (line[column],))
    if owner == PROTECTED:
        yield _marker_of_day(owner, "protection", line["protected_from_on"])
    for item in ITEMS:
        text = line.get(item.column, "")
        may_be_chance = text.isascii() and len(text) < _CHARS_LEAST
        if may_be_chance or item.column in _NOT_MARKED:
            continue
        if item.column == "born_on" or item.column in _DATES:
            yield _marker_of_day(owner, item.column, text)
        elif item.kind not in _WITHOUT_TEXT and not item.column.endswith(_OF_EVERYBODY):
            yield Marker(owner, item.column, (text,))


_CHARS_LEAST = 6
"""A shorter one of letters and figures may stand on a page by chance: in a token, in a number."""
_WITHOUT_TEXT = (Kind.CODE, Kind.FLAG, Kind.MONTH, Kind.COUNT, Kind.DATE, Kind.REGISTER_DATE)
_OF_EVERYBODY = ("_prefecture", "address_municipality", "destination_municipality", "_code_of")
# the householder is the person, whose name says so already; a ward is that of many
_NOT_MARKED = {
    "ward",
    "relationship",
    "householder_name",
    "householder_name_kana",
    "common_name_entered_municipality_code",
    "common_name_deleted_municipality_code",
}


def _marker_of_day(owner: int, column: str, cell: str) -> Marker:
    day = date.fromisoformat(cell)
    forms: list[Any] = [cell, wareki(day), f"{day.year}年{day.month}月{day.day}日"]
    if column in {item.column for item in ITEMS}:
        foreign = owner in _FOREIGN
        forms.append(display(certain(day), item_of(column).column, foreign=foreign))
    return Marker(owner, column, tuple(dict.fromkeys(forms)))
