"""緊急の利用: how it stands as time goes by, and what its reason must not hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law import purposes
from daicho.law.receptions.codes_in_text import holds_code
from daicho.law.safety import emergencies
from daicho.law.safety.emergencies import STATES, Use

ON = date(2026, 11, 22)
ASKED_AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
PERIOD = emergencies.period("emergency.life", ON)
WAITING = Use(operator=1, office="001", waits_until_at=ASKED_AT + PERIOD.waits)
MINUTES = st.integers(0, 300).map(lambda minutes: ASKED_AT + timedelta(minutes=minutes))


def granted_at(at: datetime) -> Use:
    return Use(1, "001", WAITING.waits_until_at, False, 2, True, at + PERIOD.holds)


@given(at=MINUTES)
def test_a_request_waits_and_then_lapses(at: datetime) -> None:
    assert emergencies.state(WAITING, at) == (
        "waiting" if at < WAITING.waits_until_at else "lapsed"
    )


@given(decided_at=MINUTES, at=MINUTES)
def test_a_grant_holds_from_its_moment_and_is_then_over(decided_at: datetime, at: datetime) -> None:
    said = emergencies.state(granted_at(decided_at), at)
    assert said == ("granted" if at < decided_at + PERIOD.holds else "ended")


@given(at=MINUTES, decider=st.integers(1, 3), post=st.sampled_from(["supervisor", "clerk"]))
def test_nobody_grants_what_he_asked_for_and_nobody_grants_twice(
    at: datetime, decider: int, post: str
) -> None:
    again = emergencies.may_decide(granted_at(ASKED_AT), decider, "001", [post], at, on=ON)
    assert again is not None
    own = emergencies.may_decide(WAITING, WAITING.operator, "001", [post], at, on=ON)
    assert own is not None
    assert own.code == "access.emergency_own"


@given(at=MINUTES, reviewer=st.integers(1, 3))
def test_only_a_third_person_reviews_and_only_afterwards(at: datetime, reviewer: int) -> None:
    one = granted_at(ASKED_AT)
    found = emergencies.may_review(one, reviewer, at, on=ON)
    assert (found is None) is (reviewer == 3 and at >= ASKED_AT + PERIOD.holds)


def test_an_emergency_sees_who_lives_where_and_no_number() -> None:
    rows = [one for one in purposes.PURPOSES if one.needs_grant]
    assert {one.code for one in rows} == {"emergency.life", "emergency.disaster"}
    for one in rows:
        assert one.sees == {"resident", "suppressed"}
        assert set(one.functions) == {"search", "record", "household"}


def test_asking_granting_and_reviewing_show_no_resident() -> None:
    for code in ("emergency.ask", "emergency.decide", "emergency.review"):
        assert not purposes.purpose(code, ON).sees


def test_nobody_has_an_emergency_that_was_not_granted() -> None:
    def own(granted: tuple[str, ...]) -> set[str]:
        found = purposes.purposes_for("resident_counter", ["clerk"], ON, granted)
        return {one.code for one in found if one.needs_grant}

    assert own(()) == set()
    assert own(("emergency.life",)) == {"emergency.life"}


def test_who_is_offered_what() -> None:
    offered = emergencies.grantable("other_division", ["clerk"], ON)
    assert [one.code for one in offered] == ["emergency.life", "emergency.disaster"]
    assert emergencies.grantable("audit", ["auditor"], ON) == ()


def test_of_a_day_without_a_row_the_newest_period_holds() -> None:
    before = date(2000, 1, 1)  # as after the end of the last row
    assert emergencies.period("emergency.life", before) == PERIOD
    assert emergencies.review_overdue("emergency.life", before, ON) is not None


def test_every_state_has_its_name() -> None:
    assert len(set(STATES.values())) == len(STATES)


@pytest.mark.parametrize(
    ("text", "is_code", "because"),
    [
        ("一人暮らしの高齢者が電話に出ない", False, "words alone"),
        ("番号は123456789018", True, "a 個人番号 by its check digit"),
        ("１２３４－５６７８－９０１８の人", True, "in full width and in fours"),
        ("24727059608の住民", True, "a 住民票コード by its check digit"),
        ("2472-7059-608", True, "as it is printed"),
        ("2472 7059 608", True, "with blanks"),
        ("24727059607", False, "eleven figures with another check digit"),
        ("通報は090-1234-5678から", False, "a telephone"),
        ("11月22日3時5分に119番通報", False, "a day and an hour"),
    ],
)
def test_a_reason_holds_no_number_of_a_resident(text: str, is_code: bool, because: str) -> None:
    assert holds_code(text) is is_code, because
