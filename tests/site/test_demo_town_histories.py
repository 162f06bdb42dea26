"""The made-up town's histories and households: in order, whole, and as the standard has them."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from daicho.law.periods import COVERED_YEARS, is_closed
from daicho.terms.changes import reasons
from daicho.terms.households import ranked
from made_up_town import ON, RESIDENTS, Town, town_of_three_thousand


@pytest.fixture(scope="module")
def town() -> Town:
    return town_of_three_thousand()


def test_lines_of_one_person_stand_together_and_count_from_one(town: Town) -> None:
    starts = [row for row in town.rows if row["history_no"] == "1"]
    assert len(starts) == len(town.persons)
    for before, after in pairwise(town.rows):
        together = before["address_number"] == after["address_number"]
        assert int(after["history_no"]) == (int(before["history_no"]) + 1 if together else 1)


def test_days_come_in_order_and_never_after_the_day_of_the_register(town: Town) -> None:
    for lines in town.persons:
        processed = [row["processed_on"] for row in lines]
        assert processed == sorted(processed)
        assert processed[-1] <= ON.isoformat()
        certain = [row["occurred_on"] for row in lines if row["occurred_on"][0].isdigit()]
        assert certain == sorted(certain)
        assert all(row["received_on"] <= row["processed_on"] for row in lines)


def test_days_of_processing_are_open_days(town: Town) -> None:
    days = {date.fromisoformat(row["processed_on"]) for row in town.rows}
    assert not [day for day in days if day.year in COVERED_YEARS and is_closed(day, on=day)]
    assert all(day.weekday() < 5 for day in days)


def test_a_person_opens_first_and_closes_last(town: Town) -> None:
    for lines in town.persons:
        effects = [reasons.REASONS[reasons.parse_reason(row["reason"])].effect for row in lines]
        assert effects[0] == "opens"
        residences = [int(row["residence_no"]) for row in lines]
        for place in range(1, len(lines)):
            again = residences[place] - residences[place - 1]
            assert (effects[place] == "opens") == (again == 1), "opened again only on a return"
            assert again == 0 or lines[place - 1]["state"] == "moved_out"


def test_the_day_of_taking_the_address_moves_only_with_the_address(town: Town) -> None:
    for lines in town.persons:
        for row in lines:
            since = row["resident_since_on"] or row["foreign_resident_since_on"]
            moved = any(
                one["reason"] == "転居" and one["residence_no"] == row["residence_no"]
                for one in lines[: int(row["history_no"])]
            )
            assert moved or row["address_since_on"] == since
            assert row["address_since_on"] >= since


def test_a_birth_has_no_address_before_it(town: Town) -> None:
    born = [row for row in town.rows if row["reason"] == "出生"]
    assert born
    for row in born:
        assert not row["previous_address_town"]
        assert not row["previous_address_free_text"]
        since = row["resident_since_on"] or row["foreign_resident_since_on"]
        assert row["born_on"] == since == row["occurred_on"]


def test_a_move_out_keeps_the_plan_beside_the_notice(town: Town) -> None:
    noticed = [row for row in town.rows if row["reason"] == "転入通知の受理"]
    assert len(noticed) > 50
    for row in noticed:
        assert row["planned_destination_municipality"]
        assert row["confirmed_destination_municipality"]
        assert row["closing_event_on"] <= row["moved_out_on"] <= row["moved_in_notice_on"]


def test_members_name_their_householder(town: Town) -> None:
    for members in town.households:
        heads = [one for one in members if one.relationship == "世帯主"]
        assert len(heads) <= 1
        name = heads[0].name.joined if heads else ""
        kana = heads[0].name_kana.joined if heads else ""
        assert {one.householder_name for one in members} == {name}
        assert {one.householder_name_kana for one in members} == {kana}


def test_members_stand_in_the_order_of_the_standard(town: Town) -> None:
    """5.2: ranked when they came, joiners at the end; so those who came together are in order."""
    joined = {row["address_number"] for row in town.rows if row["reason"] in _JOINING}
    compared = 0
    for members in town.households:
        places = [one.position for one in members]
        assert len(set(places)) == len(members)
        assert None not in places
        if len(members) > 2 and not joined & {one.address_number for one in members}:
            stored = sorted(members, key=lambda one: one.position or 0)
            order = ranked(one.member for one in members)
            assert [one.address_number for one in stored] == [one.address_number for one in order]
            compared += 1
    assert compared > 50


_JOINING = ("出生", "世帯主変更", "誤記修正", "職権記載", "職権記載（国籍喪失）")


def test_households_are_of_the_usual_sizes(town: Town) -> None:
    sizes = Counter(len(members) for members in town.households)
    count = sizes.total()
    assert 2.0 < RESIDENTS / count < 2.6
    assert 0.25 < sizes[1] / count < 0.45
    assert max(sizes) <= 10
