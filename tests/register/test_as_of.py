"""What was so on a day, and what was believed of it at a moment: two questions, never one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

import town
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted
from daicho.register import queries
from people import Cast
from register.conftest import Import

pytestmark = pytest.mark.django_db

LATER = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def clerk(cast: Cast) -> Permit:
    return permit(cast.clerk.acting(), "inquiry.change", clock.today())


def _record_id(address_number: str) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM register_current WHERE address_number = %s", [address_number]
        )
        found = cursor.fetchone()[0]
    assert isinstance(found, UUID)
    return found


@pytest.fixture
def hanako(take_over: Import, tmp_path: Path) -> UUID:
    moved_too = town.taro(
        history_no="2",
        reason="転居",
        occurred_on="2023-05-01",
        address_lot="２番２号",
        address_since_on="2023-05-01",
        processed_on="2023-05-08",
    )
    lines = [town.hanako(), town.hanako_moved(), town.taro(), moved_too]
    outcome, faults = take_over(town.write(tmp_path, lines))
    assert faults == set(), outcome
    return _record_id("000000000000108")


@pytest.mark.parametrize(
    ("day", "lot", "because"),
    [
        (date(2020, 3, 31), None, "the day before she came"),
        (date(2020, 4, 1), "１番１号", "the day she came"),
        (date(2023, 4, 30), "１番１号", "the day before she moved"),
        (date(2023, 5, 1), "２番２号", "the day she moved, though it was processed a week later"),
        (date(2999, 1, 1), "２番２号", "what is so holds on"),
    ],
)
def test_a_day_has_its_address(
    clerk: Permit, hanako: UUID, day: date, lot: str | None, because: str
) -> None:
    found = queries.person_as_of(clerk, hanako, day, LATER)
    assert found.known_here, because
    assert (found.version.record.address_lot if found.version else None) == lot, because


def test_before_the_import_nothing_was_known_here(clerk: Permit, hanako: UUID) -> None:
    before = clock.now() - timedelta(days=1)
    found = queries.person_as_of(clerk, hanako, date(2023, 5, 1), before)
    assert (found.known_here, found.version) == (False, None)


def test_the_household_of_a_day_stands_in_its_order(clerk: Permit, hanako: UUID) -> None:
    found = queries.household_as_of(clerk, "000000000000205", date(2021, 1, 1), LATER)
    names = [one.version.record.given_name for one in found if one.version]
    assert names == ["花子", "太郎"]


def test_history_shows_one_residence_the_oldest_first(clerk: Permit, hanako: UUID) -> None:
    found = queries.history(clerk, hanako, 1)
    assert [(one.history_no, one.reason) for one in found.rows] == [
        (1, "moved_in"),
        (2, "moved_within"),
    ]
    assert queries.history(clerk, hanako, 2).rows == ()


def test_two_residences_are_never_joined(clerk: Permit, take_over: Import, tmp_path: Path) -> None:
    away = town.hanako(
        history_no="2",
        reason="国内転出",
        occurred_on="2021-03-31",
        state="moved_out",
        closing_reason="moved_out",
        closing_event_on="2021-03-31",
        closed_on="2021-03-31",
        processed_on="2021-03-31",
    )
    back = town.hanako(
        history_no="3",
        residence_no="2",
        occurred_on="2022-07-01",
        resident_since_on="2022-07-01",
        address_since_on="2022-07-01",
        notified_on="2022-07-04",
        processed_on="2022-07-04",
    )
    _, faults = take_over(town.write(tmp_path, [town.hanako(), away, back]))
    assert faults == set()
    record_id = _record_id("000000000000108")
    assert [one.history_no for one in queries.history(clerk, record_id, 1).rows] == [1, 2]
    assert [one.history_no for one in queries.history(clerk, record_id, 2).rows] == [3]
    between = queries.person_as_of(clerk, record_id, date(2021, 9, 9), LATER)
    assert between.version is not None
    assert (between.version.residence_no, between.version.record.is_living) == (1, False)
    assert queries.household_as_of(clerk, "000000000000205", date(2021, 9, 9), LATER) == ()


def test_every_look_leaves_its_row_with_its_subjects(clerk: Permit, hanako: UUID) -> None:
    queries.person(clerk, hanako)
    queries.household_as_of(clerk, "000000000000205", date(2021, 1, 1), LATER)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.door, t.purpose, t.article, cardinality(s.record_ids) FROM access_trail t"
            " JOIN access_trailsubjects s ON s.trail_id = t.id WHERE t.event = 'look' ORDER BY t.id"
        )
        rows = cursor.fetchall()
    assert rows == [
        ("register.person", "inquiry.change", "BRRA 3(1)", 1),
        ("register.household_as_of", "inquiry.change", "BRRA 3(1)", 2),
    ]


def test_a_purpose_sees_only_its_items(cast: Cast, hanako: UUID) -> None:
    looking = permit(cast.clerk.acting(), "inquiry.certificate", clock.today())
    found = queries.person(looking, hanako)
    assert found is not None
    assert found.record.registered_domicile
    assert found.record.resident_record_code == ""


def test_of_a_withheld_person_no_history_and_no_remark_is_shown(
    clerk: Permit, take_over: Import, tmp_path: Path
) -> None:
    remarks = {"history_remark": "前住所　架空町二丁目", "note": "架空の留意事項"}
    _, faults = take_over(town.write(tmp_path, [town.hanako(**remarks)]))
    assert faults == set()
    hanako, day = _record_id("000000000000108"), date(2023, 5, 1)
    before = queries.person_as_of(clerk, hanako, day, LATER).version
    assert before is not None
    assert (before.history_remark, before.note) == tuple(remarks.values())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_suppression (record_id, process, level, from_on)"
            " VALUES (%s, 'look', 'error', '2020-01-01')",
            [hanako],
        )
    now = queries.person_as_of(clerk, hanako, day, LATER).version
    assert now is not None
    assert (now.history_remark, now.note) == ("", "")
    history = queries.history(clerk, hanako)
    assert history.rows == ()
    assert history.person is not None
    assert history.person.marks.withheld


def test_who_may_see_no_resident_sees_none_and_is_trailed(cast: Cast, hanako: UUID) -> None:
    auditing = permit(cast.auditor.acting(), "audit.trail", clock.today())
    with pytest.raises(NotPermitted):
        queries.person(auditing, hanako)
    with connection.cursor() as cursor:
        cursor.execute("SELECT finding FROM access_trail WHERE event = 'not_permitted'")
        assert cursor.fetchall() == [("access.purpose_not_yours",)]


@pytest.mark.parametrize(
    ("rows", "day", "lot", "because"),
    [
        (
            ["2020-04-01", "2019-01-01"],
            date(2020, 4, 2),
            "２番",
            "a row recorded later with an earlier day does not sink below an older snapshot",
        ),
        (
            ["2020-04-01", "unknown@1950-01-01"],
            date(2024, 1, 1),
            "２番",
            "an unknown day takes effect when it was processed, not in 1950",
        ),
        (
            ["2020-04-01", "2999-01-01"],
            date(2024, 1, 1),
            "２番",
            "a plan is held from the day it was entered",
        ),
    ],
)
def test_the_present_is_what_was_recorded_last(
    clerk: Permit,
    take_over: Import,
    tmp_path: Path,
    rows: list[str],
    day: date,
    lot: str,
    because: str,
) -> None:
    first = town.hanako(occurred_on=rows[0])
    later = town.hanako_moved(occurred_on=rows[1], address_lot="２番")
    _, faults = take_over(town.write(tmp_path, [first, later]))
    assert faults == set(), because
    found = queries.person_as_of(clerk, _record_id("000000000000108"), day, LATER)
    assert found.version is not None, because
    assert found.version.record.address_lot == lot, because


def test_a_history_shows_an_unknown_day_as_it_was_entered(
    clerk: Permit, take_over: Import, tmp_path: Path
) -> None:
    line = town.hanako(occurred_on="year_only:1960")
    _, faults = take_over(town.write(tmp_path, [line]))
    assert faults == set()
    (row,) = queries.history(clerk, _record_id("000000000000108"), 1).rows
    assert row.occurred_on is not None
    assert row.occurred_on.uncertain
    assert row.occurred_on.in_wareki() == "昭和35年 月日不詳"
