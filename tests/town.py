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


def jiro(**cells: str) -> Line:
    """次郎, her small 子, who came with her and has no 個人番号 yet."""
    return taro(
        **{
            "address_number": "000000000000124",
            "given_name": "次郎",
            "given_name_kana": "ジロウ",
            "born_on": "2019-10-10",
            "position": "3",
            "individual_number": "",
            "individual_number_state": "pending",
            "resident_record_code": "24727059608",
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


def family() -> list[Line]:
    """花子, her grown 太郎 and the small 次郎."""
    return [hanako(), taro(born_on="2005-10-10"), jiro()]


def few() -> list[Line]:
    """A few residents, each with something to be found by: all of them made up."""
    alone = {"relationship": "世帯主", "position": "1", "individual_number_state": "none"}
    nobodys = {"individual_number": "", "resident_record_code": "", "occurred_on": "2021-06-01"}
    here = {"resident_since_on": "2021-06-01", "address_since_on": "2021-06-01"}
    other = {**alone, **nobodys, **here}
    nabe = hanako(
        **other,
        address_number="000000000000124",
        household_number="000000000000213",
        family_name="渡邉",
        given_name="恵",
        family_name_kana="ワタナベ",
        given_name_kana="メグミ",
        former_family_name="旧姓",
        former_family_name_reading="キュウセイ",
        born_on="1972-02-29",
        householder_name="渡邉　恵",
        householder_name_kana="ワタナベ　メグミ",
        address_lot="３番地",
        suppressions="certificate:error:2024-04-01:",
        protected_from_on="2024-04-01",
    )
    unsure = hanako(
        **other,
        address_number="000000000000132",
        household_number="000000000000221",
        given_name="不詳",
        given_name_kana="フショウ",
        born_on="year_only:S25",
        householder_name="架空　不詳",
        householder_name_kana="カクウ　フショウ",
        address_lot="４番地",
    )
    away = hanako(
        **other,
        address_number="000000000000140",
        household_number="000000000000230",
        given_name="去",
        given_name_kana="サル",
        born_on="1990-09-09",
        householder_name="架空　去",
        householder_name_kana="カクウ　サル",
        address_lot="５番地",
        reason="国内転出",
        state="moved_out",
        closing_reason="moved_out",
        closing_event_on="2022-03-31",
        closed_on="2022-03-31",
        planned_destination_prefecture="栃木県",
        planned_destination_municipality="宇都宮市",
        planned_destination_town="架空一丁目",
    )
    before = hanako(family_name="前姓", family_name_kana="ゼンセイ")
    return [before, hanako_moved(), taro_moved(), nabe, unsure, away, mary()]


def taro_moved() -> Line:
    """太郎, after moving with her (his one row)."""
    moved = hanako_moved()
    same = ("occurred_on", "received_on", "address_lot", "address_since_on", "processed_on")
    return taro(history_no="1", reason="国内転入", **{name: moved[name] for name in same})


def mary(**cells: str) -> Line:
    """MARY, a foreign resident with a 通称, whose 照会 is suppressed."""
    blank = ("family_name", "given_name", "family_name_kana", "given_name_kana")
    nothing = ("registered_domicile", "family_register_head", "resident_since_on")
    numbers = ("individual_number", "resident_record_code")
    return hanako(
        **{
            **dict.fromkeys((*blank, *nothing, *numbers), ""),
            "address_number": "000000000000159",
            "household_number": "000000000000248",
            "resident_class": "foreign",
            "foreign_class": "mid_to_long_term",
            "roman_name": "MARY MADEUP",
            "foreign_name_kana": "メアリー　メイドアップ",
            "common_name": "通称　愛",
            "common_name_kana": "ツウショウ　アイ",
            "common_name_entered_on": "2020-04-06",
            "common_name_entered_municipality": "福島県郡山市",
            "born_on": "1993-03-03",
            "householder_name": "MARY MADEUP",
            "householder_name_kana": "メアリー　メイドアップ",
            "nationality": "フィリピン",
            "foreign_resident_since_on": "2020-04-01",
            "residence_status": "permanent_resident",
            "period_of_stay": "無期限",
            "residence_card_number": "AB12345678CD",
            "address_lot": "６番地",
            "address_building": "カクウ荘１０２号",
            "individual_number_state": "none",
            "suppressions": "look:error:2024-04-01:",
            **cells,
        }
    )
