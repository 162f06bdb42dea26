"""入力確認: a preview says what recording will do, and nothing of it stays but a look."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted
from daicho.recording import Asked, Preview, Statement
from daicho.register import rebuilding, record_codes
from daicho.terms.changes import (
    Born,
    Change,
    Corrected,
    Died,
    HouseholderChanged,
    MovedOut,
    MovedWithin,
)
from people import Cast
from receptions import standing
from register.counter import (
    ANOTHER,
    HOUSEHOLD,
    Clerk,
    Family,
    child,
    family_here,
    in_stock,
    next_form,
    place,
    rows,
)
from register.entering import code, from_abroad, moves_in, number, umeko

pytestmark = pytest.mark.django_db

TABLES = (
    "register_recordedchange",
    "register_recordversion",
    "register_current",
    "register_household",
    "register_searchkey",
    "network_outbox",
)


@pytest.fixture
def family(three_live_here: None) -> Family:
    return family_here()


@pytest.fixture
def clerk(cast: Cast) -> Clerk:
    return Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


@pytest.fixture
def mover(cast: Cast) -> Clerk:
    return Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))


def _counts() -> list[int]:
    return [rows(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]  # noqa: S608  our own names


def _previewed(clerk: Clerk, statement: Statement) -> Preview:
    before = _counts()
    preview = recording.preview(clerk.permit, statement)
    assert _counts() == before, "a preview has written something"
    return preview


def _out(family: Family) -> Change:
    destination = place("planned_destination")
    return MovedOut(abroad=False, destination=destination, record_ids=(family.taro,))


def _apart(family: Family) -> Change:
    address = place("address", prefecture="福島県", municipality="郡山市", lot="９番")
    words = {family.hanako: "世帯主"}
    return MovedWithin(joins=False, household_number=ANOTHER, address=address, relationships=words)


def _headed(family: Family) -> Change:
    words = {family.hanako: "母", family.taro: "世帯主", family.jiro: "弟"}
    return HouseholderChanged(household_number=HOUSEHOLD, relationships=words)


CHANGES: Mapping[str, Callable[[Family], Change]] = {
    "moved_in": lambda _: moves_in(umeko(resident_record_code=code(3_000_000_000))),
    "moved_within": _apart,
    "moved_out": _out,
    "householder_changed": _headed,
    "died": lambda family: Died(record_ids=(family.hanako,)),
    "corrected": lambda family: Corrected(
        is_error=True, items={family.taro: {"given_name": "次太郎"}}, note=""
    ),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_preview_shows_what_is_then_recorded(clerk: Clerk, family: Family, kind: str) -> None:
    statement = clerk.state(CHANGES[kind](family), basis="ex_officio")
    preview = _previewed(clerk, statement)
    codes = frozenset(one.code for one in preview.findings)
    recorded = recording.record(clerk.permit, replace(statement, accepted=codes))
    assert preview.recorded is not None
    assert preview.recorded.touched == recorded.touched
    sent = [kind for (kind,) in rows("SELECT DISTINCT kind FROM network_outbox ORDER BY 1")]
    assert list(preview.messages) == sent


def test_a_preview_leaves_a_look_that_names_everybody_shown(clerk: Clerk, family: Family) -> None:
    statement = clerk.state(Died(record_ids=(family.hanako,)), basis="ex_officio")
    preview = _previewed(clerk, statement)
    assert preview.recorded is not None
    ((subjects,),) = rows(
        "SELECT s.record_ids FROM access_trail t JOIN access_trailsubjects s ON s.trail_id = t.id"
        " WHERE t.event = 'look' AND t.door = 'recording.preview'"
    )
    assert set(subjects) == {one.effect.record_id for one in preview.recorded.touched}
    assert family.taro in subjects, "who is left without 世帯主 is touched too"


def test_a_preview_says_what_recording_asks(mover: Clerk) -> None:
    statement = mover.state(moves_in(umeko()), occurred_on="2026-01-05")
    with pytest.raises(Asked) as asked:
        recording.record(mover.permit, statement)
    assert _previewed(mover, statement).findings == asked.value.findings
    codes = frozenset(one.code for one in asked.value.findings)
    confirmed = _previewed(mover, replace(statement, accepted=codes))
    assert confirmed.findings == asked.value.findings, "what is confirmed stays on the sheet"


def test_a_refused_preview_gives_every_refusal_and_the_effects(mover: Clerk) -> None:
    change = moves_in(umeko(), evidence="")
    preview = _previewed(mover, mover.state(change, occurred_on="2999-01-01"))
    codes = {one.code for one in preview.findings}
    assert codes >= {"brra22.no_certificate", "std4-0-3.in_future"}
    assert all(one.refuses for one in preview.findings)
    assert preview.recorded is not None
    assert preview.recorded.touched[0].after.householder_name == "架空　梅子"
    assert preview.messages == ()


def test_a_preview_of_nobody_shows_no_effects(clerk: Clerk, family: Family) -> None:
    clerk.record(Died(record_ids=(family.taro,)), basis="ex_officio")
    clerk.permit = next_form(clerk.permit)
    out = MovedOut(
        abroad=False, destination=place("planned_destination"), record_ids=(family.taro,)
    )
    preview = _previewed(clerk, clerk.state(out))
    assert [one.code for one in preview.findings] == ["std11-1.not_there"]
    assert preview.recorded is None


def test_a_preview_of_a_recorded_request_says_that_it_is_used(clerk: Clerk, family: Family) -> None:
    death = Died(record_ids=(family.taro,))
    clerk.record(death, basis="ex_officio")
    preview = _previewed(clerk, clerk.state(death, basis="ex_officio"))
    assert [one.code for one in preview.findings] == ["access.request_used"]


def test_a_code_is_drawn_only_when_it_is_recorded(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    in_stock(*(code(7_000_000_000 + n) for n in range(3)))
    born = Born(household_number=HOUSEHOLD, children=(child(resident_record_code=""),))
    preview = _previewed(clerk, clerk.state(born, basis="ex_officio", expected={}))
    assert preview.gives_code == set(born.record_ids)
    assert preview.recorded is not None
    (one,) = preview.recorded.touched
    assert one.after.resident_record_code == one.effect.cells["resident_record_code"] == ""
    assert record_codes.stock(allowed).left == 3


def test_a_number_is_kept_only_when_it_is_recorded(mover: Clerk) -> None:
    change = moves_in(umeko())
    typed = {change.record_ids[0]: number(55_555_555_551)}
    preview = _previewed(mover, mover.state(change, numbers=typed))
    assert preview.recorded is not None
    assert preview.recorded.touched[0].after.individual_number_state == "held"
    mover.permit = next_form(mover.permit)
    assert mover.record(change, numbers=typed), "the same number is still free"


def test_a_purpose_for_other_work_previews_nothing(cast: Cast) -> None:
    looking = Clerk(permit(cast.clerk.acting(), "inquiry.certificate", clock.today()))
    with pytest.raises(NotPermitted):
        recording.preview(looking.permit, looking.state(moves_in(umeko())))


def test_a_reception_stands_in_the_ledger_and_its_numbers_do_not(
    mover: Clerk, allowed: Permit
) -> None:
    in_stock(code(7_000_000_000))
    reception_id = standing("moved_in", "notification")
    change = from_abroad(umeko(resident_record_code=""))
    mover.record(
        change,
        reception_id=reception_id,
        numbers={change.record_ids[0]: number(55_555_555_551)},
    )
    assert rows("SELECT reception_id FROM register_recordedchange") == [(reception_id,)]
    assert number(55_555_555_551) not in repr(
        mover.state(change, numbers={change.record_ids[0]: "1"})
    )
    assert rebuilding.check(allowed).equal
