"""Births, deaths, 失踪 and who heads a household, through the write door."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from daicho import recording
from daicho.access.permits import Permit
from daicho.register import rebuilding
from daicho.terms.changes import (
    Born,
    Cancelled,
    Change,
    DeclaredMissing,
    Died,
    HouseholderChanged,
    MovedWithin,
)
from daicho.terms.changes.recorded import Recorded
from register.counter import (
    ANOTHER,
    HOUSEHOLD,
    NEWBORNS_CODE,
    TODAY,
    Clerk,
    Family,
    child,
    in_stock,
    place,
    rows,
    sent,
)

pytestmark = pytest.mark.django_db


def _died(*dead: UUID) -> Died:
    return Died(record_ids=dead)


def _missing(*missing: UUID) -> DeclaredMissing:
    return DeclaredMissing(record_ids=missing)


def _heads(family: Family, head: UUID) -> HouseholderChanged:
    words = {
        family.hanako: "母",
        family.taro: "弟",
        family.jiro: "弟",
    }
    return HouseholderChanged(household_number=HOUSEHOLD, relationships={**words, head: "世帯主"})


def _moves(number: str, words: dict[UUID, str]) -> MovedWithin:
    address = place("address", prefecture="福島県", municipality="郡山市", lot="３番３号")
    return MovedWithin(joins=False, household_number=number, address=address, relationships=words)


def _moves_away(*movers: UUID) -> MovedWithin:
    return _moves(ANOTHER, dict.fromkeys(movers, "世帯主"))


def _born(**more: Any) -> Born:
    in_stock(NEWBORNS_CODE)
    return Born(household_number=HOUSEHOLD, children=(child(**more),))


def test_a_new_householder_stands_in_the_record_of_every_member(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    recorded = clerk.record(_heads(family, family.taro))
    assert {one.effect.record_id for one in recorded.touched} == set(vars(family).values())
    for one in vars(family).values():
        seen = clerk.see(one)
        assert (seen.record.householder_name, seen.history_no) == ("架空　太郎", 2)
    assert clerk.see(family.hanako).record.relationship == "母"
    assert sent(recorded) == []
    assert rebuilding.check(allowed).equal


def test_nobody_as_householder_is_refused(clerk: Clerk, family: Family) -> None:
    words = {family.hanako: "母", family.taro: "子", family.jiro: "子"}
    nobody = HouseholderChanged(household_number=HOUSEHOLD, relationships=words)
    assert clerk.codes(nobody) == ("refused", {"brra25.no_householder"})


def test_a_householder_from_outside_is_refused(clerk: Clerk, family: Family) -> None:
    clerk.record(_moves_away(family.taro))
    how, codes = clerk.codes(_heads(family, family.taro))
    assert how == "refused"
    assert "std4-1-4-1.not_a_member" in codes


def test_a_member_left_out_is_refused(clerk: Clerk, family: Family) -> None:
    words = {family.hanako: "母", family.taro: "世帯主"}
    change = HouseholderChanged(household_number=HOUSEHOLD, relationships=words)
    how, codes = clerk.codes(change)
    assert how == "refused"
    assert "std1-2-1.member_left_out" in codes


def test_a_late_change_of_householder_asks(clerk: Clerk, family: Family) -> None:
    how, codes = clerk.codes(_heads(family, family.taro), occurred_on="2026-10-01")
    assert how == "asked"
    assert "brra25.late" in codes


def test_a_death_closes_and_leaves_two_without_householder(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    recorded = clerk.record(_died(family.hanako), basis="ex_officio")
    dead = clerk.see(family.hanako).record
    assert (dead.state, dead.closing_reason) == ("died", "died")
    assert (dead.closed_on, str(dead.closing_event_on and dead.closing_event_on.sort_on)) == (
        TODAY,
        TODAY.isoformat(),
    )
    assert clerk.see(family.taro).record.relationship == ""
    assert rows("SELECT householder_id, member_count FROM register_household") == [(None, 2)]
    assert sent(recorded) == [
        ("identification_information", "closes"),
        ("supplement_notice", "closes"),
    ]
    assert rebuilding.check(allowed).equal


def test_a_household_that_would_stand_without_householder_asks(
    clerk: Clerk, family: Family
) -> None:
    how, codes = clerk.codes(_died(family.hanako), basis="ex_officio")
    assert how == "asked"
    assert "std1-1-10.no_householder" in codes


@pytest.mark.parametrize(
    ("dead", "stays", "word", "because"),
    [
        (("hanako", "jiro"), "taro", "世帯主", "4.0.4: one stays alone and is of age"),
        (("hanako", "taro"), "jiro", "", "a small child left alone is made 世帯主 by nobody"),
    ],
)
def test_who_stays_alone(
    clerk: Clerk, family: Family, dead: tuple[str, ...], stays: str, word: str, because: str
) -> None:
    clerk.record(_died(*(getattr(family, one) for one in dead)), basis="ex_officio")
    assert clerk.see(getattr(family, stays)).record.relationship == word, because


def test_the_day_of_a_death_may_be_uncertain(clerk: Clerk, family: Family) -> None:
    clerk.record(_died(family.taro), occurred_on="about_day:2026-11-01", basis="ex_officio")
    event_on = clerk.see(family.taro).record.closing_event_on
    assert event_on is not None
    assert (event_on.certain, event_on.in_wareki()) == (False, "令和8年11月1日頃")


def test_who_has_died_does_not_die_again(clerk: Clerk, family: Family) -> None:
    clerk.record(_died(family.taro), basis="ex_officio")
    again = clerk.codes(_died(family.taro), basis="ex_officio")
    assert again == ("refused", {"std11-1.not_there"})


def test_a_death_before_the_birth_is_refused(clerk: Clerk, family: Family) -> None:
    how, codes = clerk.codes(_died(family.taro), occurred_on="2001-01-01", basis="ex_officio")
    assert (how, codes) == ("refused", {"dates.before_birth", "entry.before_birth"})


def test_who_was_declared_missing_is_closed_ex_officio_from_the_day_of_the_notice(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    recorded = clerk.record(_missing(family.hanako), occurred_on="2024-03-31", basis="notice")
    seen = clerk.see(family.hanako).record
    assert (seen.state, seen.closing_reason, seen.closed_on) == ("closed", "ex_officio", TODAY)
    assert str(seen.closing_event_on and seen.closing_event_on.sort_on) == "2024-03-31"
    assert recorded.touched[0].effect.reason == "declared_missing"
    assert clerk.see(family.taro).record.relationship == "", "nobody heads those who are left"
    assert sent(recorded) == [
        ("identification_information", "closes"),
        ("supplement_notice", "closes"),
    ]
    assert rebuilding.check(allowed).equal


def test_a_declaration_that_leaves_no_householder_asks(clerk: Clerk, family: Family) -> None:
    how, codes = clerk.codes(_missing(family.hanako), basis="notice")
    assert how == "asked"
    assert "std1-1-10.no_householder" in codes


@pytest.mark.parametrize(
    ("occurred_on", "code"),
    [("2001-01-01", "dates.before_birth"), ("2026-11-21", "std4-0-3.in_future")],
)
def test_a_day_on_which_nobody_can_be_deemed_dead_is_refused(
    clerk: Clerk, family: Family, occurred_on: str, code: str
) -> None:
    how, codes = clerk.codes(_missing(family.taro), occurred_on=occurred_on, basis="notice")
    assert how == "refused"
    assert code in codes


def test_the_day_of_a_declaration_may_be_uncertain(clerk: Clerk, family: Family) -> None:
    clerk.record(_missing(family.taro), occurred_on="about_day:2024-03-31", basis="notice")
    event_on = clerk.see(family.taro).record.closing_event_on
    assert event_on is not None
    assert event_on.in_wareki() == "令和6年3月31日頃"


def test_who_was_declared_missing_and_lives_returns_to_those_who_have_not_moved_on(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    done = clerk.record(_missing(family.taro), basis="notice")
    back = Cancelled(cancels=done.change_id, record_ids=(family.taro,))
    clerk.record(back, basis="ex_officio")
    seen = clerk.see(family.taro).record
    assert (seen.state, seen.household_number) == ("living", HOUSEHOLD)
    again = clerk.record(_missing(family.taro), basis="notice")
    clerk.record(_moves(HOUSEHOLD, {family.hanako: "世帯主", family.jiro: "子"}))
    back = Cancelled(cancels=again.change_id, record_ids=(family.taro,))
    how, codes = clerk.codes(back, basis="ex_officio")
    assert how == "refused"
    assert "std4-6-0-1.new_household" in codes
    clerk.record(replace(back, household_number=ANOTHER), basis="ex_officio")
    assert clerk.see(family.taro).record.household_number == ANOTHER
    assert rebuilding.check(allowed).equal


def test_a_newborn_lives_where_its_household_lives(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    recorded = clerk.record(_born(), occurred_on="2026-11-11", basis="ex_officio")
    (one,) = recorded.touched
    baby = clerk.see(one.effect.record_id).record
    mother = clerk.see(family.hanako).record
    assert baby.address == mother.address
    assert baby.householder_name == "架空　花子"
    assert baby.previous_address.is_blank
    assert baby.individual_number_state == "pending"
    assert baby.born_on == baby.resident_since_on == baby.address_since_on
    assert str(baby.born_on and baby.born_on.sort_on) == "2026-11-11"
    assert sent(recorded) == [
        ("identification_information", "opens"),
        ("individual_number_request", "opens"),
        ("supplement_notice", "opens"),
    ]
    assert rebuilding.check(allowed).equal


def test_the_day_of_a_birth_may_be_uncertain(clerk: Clerk, family: Family) -> None:
    recorded = clerk.record(_born(), occurred_on="about_day:2026-11-01", basis="ex_officio")
    baby = recorded.touched[0].after
    assert baby.born_on is not None
    assert baby.resident_since_on == baby.born_on
    assert not baby.born_on.certain


def test_a_newborn_comes_from_nowhere(clerk: Clerk, family: Family) -> None:
    from_somewhere = _born(previous_address_free_text="不明")
    assert clerk.codes(from_somewhere, basis="ex_officio") == (
        "refused",
        {"brra7.newborn_previous_address"},
    )


def test_nobody_is_born_to_a_household_that_is_gone(clerk: Clerk, family: Family) -> None:
    clerk.record(_died(*vars(family).values()), basis="ex_officio")
    assert clerk.codes(_born(), basis="ex_officio") == ("refused", {"std11-1.not_there"})


@pytest.mark.parametrize("kind", ["householder_changed", "died", "declared_missing", "born"])
def test_a_repeat_gives_the_first_result(clerk: Clerk, family: Family, kind: str) -> None:
    changes: dict[str, Change] = {
        "householder_changed": _heads(family, family.taro),
        "died": _died(family.hanako),
        "declared_missing": _missing(family.hanako),
        "born": _born(),
    }
    statement = clerk.state(changes[kind], basis="ex_officio")
    first: Recorded = clerk.record(changes[kind], basis="ex_officio")
    again = recording.record(clerk.permit, statement)
    assert again == first
    assert rows("SELECT count(*) FROM register_recordedchange WHERE kind = %s", kind) == [(1,)]
