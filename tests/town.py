"""A town small enough to read: lines of the import's layout, with what a test wants different."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from daicho.register import layout

WARD = "072036"
HEADER = [column.japanese for column in layout.COLUMNS]
_JAPANESE = {column.name: column.japanese for column in layout.COLUMNS}

Line = dict[str, str]


def line(**cells: str) -> Line:
    """A line by the program's names; what is left out is blank."""
    assert set(cells) <= set(_JAPANESE), set(cells) - set(_JAPANESE)
    return {name: cells.get(name, "") for name in _JAPANESE}


def hanako(**cells: str) -> Line:
    """花子, 世帯主: moved in from another town on the first of April 2020."""
    return line(
        **{
            "address_number": "000000000000108",
            "history_no": "1",
            "residence_no": "1",
            "reason": "国内転入",
            "occurred_on": "2020-04-01",
            "received_on": "2020-04-06",
            "basis": "届出",
            "remark": "架空",
            "ward": WARD,
            "household_number": "000000000000205",
            "resident_class": "japanese",
            "state": "living",
            "family_name": "架空",
            "given_name": "花子",
            "family_name_kana": "カクウ",
            "given_name_kana": "ハナコ",
            "born_on": "1985-05-05",
            "sex": "2",
            "householder_name": "架空　花子",
            "householder_name_kana": "カクウ　ハナコ",
            "relationship": "世帯主",
            "position": "1",
            "registered_domicile": "福島県郡山市架空町一丁目１番地",
            "family_register_head": "架空　花子",
            "resident_since_on": "2020-04-01",
            "address_since_on": "2020-04-01",
            "address_prefecture": "福島県",
            "address_municipality": "郡山市",
            "address_town": "架空町一丁目",
            "address_lot": "１番１号",
            "notified_on": "2020-04-06",
            "previous_address_prefecture": "栃木県",
            "previous_address_municipality": "宇都宮市",
            "previous_address_town": "架空一丁目",
            "individual_number_state": "held",
            "individual_number": "123456789018",
            "resident_record_code": "12345678903",
            "processed_on": "2020-04-06",
            **cells,
        }
    )


def taro(**cells: str) -> Line:
    """太郎, her 子, who came with her."""
    return hanako(
        **{
            "address_number": "000000000000116",
            "given_name": "太郎",
            "given_name_kana": "タロウ",
            "born_on": "2010-10-10",
            "sex": "1",
            "relationship": "子",
            "position": "2",
            "individual_number": "983205673214",
            "resident_record_code": "98765432103",
            **cells,
        }
    )


def hanako_moved(**cells: str) -> Line:
    """花子 after moving within the city in May 2023."""
    return hanako(
        **{
            "history_no": "2",
            "reason": "転居",
            "occurred_on": "2023-05-01",
            "received_on": "2023-05-08",
            "address_lot": "２番２号",
            "address_since_on": "2023-05-01",
            "processed_on": "2023-05-08",
            **cells,
        }
    )


def write(folder: Path, lines: Iterable[Mapping[str, str]], name: str = "town.csv") -> Path:
    """The lines as a file of the layout."""
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows([[one[column.name] for column in layout.COLUMNS] for one in lines])
    return file
