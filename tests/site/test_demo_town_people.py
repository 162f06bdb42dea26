"""The made-up town's people: ages as in the country, and every rarity among them."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from daicho.site.demo.materials.days import UNCERTAIN
from daicho.terms import dates, names
from daicho.terms.ages import age_by_internal_day
from daicho.terms.records import CODES
from made_up_town import ON, RESIDENTS, Town, share, town_of_three_thousand


@pytest.fixture(scope="module")
def town() -> Town:
    return town_of_three_thousand()


@pytest.mark.parametrize(
    ("low", "high", "least", "most"),
    [(0, 15, 0.09, 0.14), (15, 65, 0.55, 0.63), (65, 75, 0.10, 0.14), (75, 120, 0.14, 0.19)],
)
def test_ages_are_those_of_the_country(
    town: Town, low: int, high: int, least: float, most: float
) -> None:
    born = [dates.from_cell(row["born_on"]) for row in town.living]
    within = [one for one in born if low <= age_by_internal_day(one, on=ON) < high]
    assert least < share(within, born) < most


def test_sexes_foreigners_and_closed_records_are_in_proportion(town: Town) -> None:
    men = [row for row in town.living if row["sex"] == "1"]
    foreign = [row for row in town.living if row["resident_class"] == "foreign"]
    assert 0.47 < share(men, town.living) < 0.50
    assert 0.024 < share(foreign, town.living) < 0.034
    assert 0.13 < (len(town.persons) - RESIDENTS) / RESIDENTS < 0.18


def test_qualifications_fit_the_age(town: Town) -> None:
    for row in town.living:
        age = age_by_internal_day(dates.from_cell(row["born_on"]), on=ON)
        if row["born_on"][0].isdigit():
            assert age >= 75 or not row["elderly_medical_care"]
            assert age >= 64 or not row["long_term_care_insurance"]
            assert age >= 18 or not row["electoral_roll"]
            assert 19 <= age < 66 or not row["national_pension"]
        assert not (row["elderly_medical_care"] and row["national_health_insurance"])
        assert not (row["electoral_roll"] and row["resident_class"] == "foreign")


@pytest.mark.parametrize("foreign_class", CODES["foreign_class"])
def test_every_class_of_foreign_residents_lives_there(town: Town, foreign_class: str) -> None:
    assert [row for row in town.living if row["foreign_class"] == foreign_class]


@pytest.mark.parametrize("pattern", UNCERTAIN)
def test_every_way_of_an_uncertain_birth_is_there(town: Town, pattern: str) -> None:
    assert [row for row in town.living if row["born_on"].startswith(pattern)]


@pytest.mark.parametrize(
    ("part", "because"),
    [
        ("\U00020bb7", "a character of two units in UTF-16"),
        ("\u9ad9", "髙"),
        ("\ufa11", "﨑"),
        ("\u9089\U000e010f", "邉 in a form chosen by a selector"),
        ("\u845b\U000e0103", "葛 in a form chosen by a selector"),
        ("\ufa19", "神 in the form that normalising would replace"),
        ("\ufa10", "塚 likewise"),
        ("\ufa1e", "羽 likewise"),
        ("勅使河原架空院", "a very long name"),
    ],
)
def test_names_hold_what_is_hard_to_print(town: Town, part: str, because: str) -> None:
    assert [row for row in town.living if part in row["family_name"]], because


def test_selectors_are_of_the_collection_the_font_has(town: Town) -> None:
    allowed = {
        "\u9089": range(0xE010F, 0xE0120),
        "\u908a": range(0xE0108, 0xE0113),
        "\u845b": range(0xE0102, 0xE0104),
        "\u6589": range(0xE0102, 0xE0104),
        "\u8fbb": range(0xE0102, 0xE0104),
    }
    cells = {cell for row in town.rows for cell in row.values()}
    for before, after in (pair for cell in cells for pair in pairwise(cell)):
        if names.is_variation_selector(after):
            assert ord(after) in allowed[before]


@pytest.mark.parametrize(
    ("column", "value", "because"),
    [
        ("registered_domicile", "なし", "no 本籍"),
        ("registered_domicile", "不明", "本籍 not known"),
        ("individual_number_state", "pending", "個人番号 not yet given"),
        ("individual_number_state", "none", "no 個人番号"),
        ("residence_no", "2", "came back"),
        ("householder_name", "", "nobody heads it"),
        ("provisionally_protected", "1", "仮支援措置"),
        ("note", "未届転入", "the move before was not told"),
        ("name_preference", "common_name", "通称 first"),
        ("national_pension_kind", "voluntary", "任意加入"),
        ("adult_ward", "1", "成年被後見人"),
    ],
)
def test_rare_residents_are_there(town: Town, column: str, value: str, because: str) -> None:
    latest = [lines[-1] for lines in town.persons]
    found = town.rows if column == "note" else latest
    assert [row for row in found if row[column] == value], because


@pytest.mark.parametrize(
    "reason",
    [
        "国内転入",
        "国外転入等",
        "出生",
        "職権記載",
        "職権記載（国籍喪失）",
        "転居",
        "世帯主変更",
        "職権修正",
        "軽微な修正",
        "誤記修正",
        "旧氏の記載",
        "個人番号の指定",
        "転入通知の受理",
        "国内転出",
        "国外転出",
        "死亡",
        "失踪",
        "職権消除",
    ],
)
def test_every_usual_reason_of_a_change_is_there(town: Town, reason: str) -> None:
    assert [row for row in town.rows if row["reason"] == reason]


def test_some_grew_up_here_and_have_a_home_of_their_own(town: Town) -> None:
    own = [
        lines
        for lines in town.persons
        if lines[0]["reason"] == "出生" and lines[-1]["relationship"] == "世帯主"
    ]
    left = [lines for lines in own if lines[0]["household_number"] != lines[-1]["household_number"]]
    assert len(left) > 10
    assert all(lines[0]["relationship"] == "子" for lines in left)


def test_some_moved_three_times_and_some_never(town: Town) -> None:
    moves = Counter(sum(row["reason"] == "転居" for row in lines) for lines in town.persons)
    assert all(moves[count] > 30 for count in range(4))


def test_some_plan_to_leave_and_are_residents_until_then(town: Town) -> None:
    planned = [row for row in town.living if row["closing_reason"] == "moved_out"]
    assert planned
    assert all(row["closing_event_on"] > ON.isoformat() for row in planned)


def test_protection_is_in_force_over_and_soon_over(town: Town) -> None:
    ends = {row["protected_until_on"] for row in town.living if row["protected_from_on"]}
    days = {date.fromisoformat(end) for end in ends if end}
    assert min(days) < ON < max(days)
    assert any(0 < (day - ON).days < 31 for day in days)


def test_suppressions_are_of_each_kind_and_level(town: Town) -> None:
    held = [row["suppressions"].split(";") for row in town.living if row["suppressions"]]
    said = [one.split(":") for several in held for one in several]
    assert {one[0] for one in said} == {"change", "certificate", "look"}
    assert {one[1] for one in said} == {"error", "alert"}
    assert any(one[3] == "" for one in said)
    assert any(len(several) > 1 for several in held)


def test_readings_of_the_family_register_are_there_for_part(town: Town) -> None:
    japanese = [row for row in town.living if row["resident_class"] == "japanese"]
    with_reading = [row for row in japanese if row["family_name_reading"]]
    assert all(row["family_name_kana"] for row in japanese)
    assert 0.1 < share(with_reading, japanese) < 0.5
    early = [row for row in town.rows if row["processed_on"] < "2025-05-26"]
    assert not [row for row in early if row["family_name_reading"]]
