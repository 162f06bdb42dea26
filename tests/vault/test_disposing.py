"""Numbers that nobody needs are destroyed: by a list that another person approved, whole."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from daicho.access import clock
from daicho.access.models import Holding, Trail, TrailSubjects
from daicho.access.permits import Permit, look, permit
from daicho.access.refusals import NotPermitted, Refused
from daicho.register.models import Current
from daicho.vault import numbers
from daicho.vault.disposing import carrying_out, deciding, proofs, proposing, queries, rows
from people import Cast
from vault.disposals import (
    approved,
    done,
    listed,
    responsible,
    worker,
    worker_who_decides,
)
from vault.made_up import of_the_import, put

pytestmark = pytest.mark.django_db


def codes(step: Callable[[], object]) -> list[str]:
    """What refuses a step, also as the trail has it."""
    with pytest.raises(Refused) as refused:
        step()
    found = [one.code for one in refused.value.findings]
    row = Trail.objects.filter(event="disposal_refused").latest("id")
    assert row.finding == found[0]
    return found


def is_held(record_id: UUID) -> bool:
    return numbers.get(of_the_import(), record_id) is not None


# -- Proposing -------------------------------------------------------------------------------------


def test_only_what_nobody_needs_is_listed(cast: Cast, three_live_here: None) -> None:
    held = put(2)
    list_id = proposing.propose(worker(cast))
    assert listed(list_id) == set(held), "of residents nothing is due"
    assert {one.kind for one in rows.lines(list_id)} == {"number_without_record"}
    row = Trail.objects.get(event="disposal_proposed")
    assert set(TrailSubjects.objects.get(trail=row).record_ids) == set(held)
    assert not row.number_seen


def test_where_nothing_is_due_no_list_is_made(cast: Cast, three_live_here: None) -> None:
    assert codes(lambda: proposing.propose(worker(cast))) == ["mna20.nothing_due"]
    assert rows.lists() == ()


def test_one_list_is_finished_before_the_next(cast: Cast) -> None:
    put(1)
    proposing.propose(worker(cast))
    assert codes(lambda: proposing.propose(worker(cast))) == ["mna20.disposal_open"]


def test_the_same_request_makes_one_list(cast: Cast) -> None:
    put(1)
    asked = worker(cast)
    assert proposing.propose(asked) == proposing.propose(asked)
    assert len(rows.lists()) == 1


@pytest.mark.parametrize("player", ["clerk", "administrator", "auditor", "contractor"])
def test_nobody_else_proposes(cast: Cast, player: str) -> None:
    with pytest.raises(NotPermitted):
        permit(getattr(cast, player).acting(), "disposal.work", clock.today())


# -- Deciding --------------------------------------------------------------------------------------


def test_who_proposed_does_not_decide(cast: Cast) -> None:
    put(1)
    list_id, own = proposing.propose(worker(cast)), worker_who_decides(cast)
    shown = rows.digest(list_id)
    assert codes(lambda: deciding.decide(own, list_id, shown, is_approved=True)) == [
        "mna20.disposal_own"
    ]
    (record_id,) = listed(list_id)
    assert codes(lambda: deciding.take_off(own, list_id, [record_id], "needed")) == [
        "mna20.disposal_own"
    ]


def test_what_was_taken_off_stays(cast: Cast) -> None:
    kept, *others = put(3)
    list_id = proposing.propose(worker(cast))
    deciding.take_off(responsible(cast), list_id, [kept, uuid4()], "disputed")
    shown = rows.digest(list_id)
    deciding.decide(responsible(cast), list_id, shown, is_approved=True)
    found = carrying_out.carry_out(worker(cast), list_id)
    assert found == carrying_out.CarriedOut(2, 0)
    assert is_held(kept)
    assert not any(map(is_held, others))


def test_a_list_is_decided_as_it_was_shown_and_once(cast: Cast) -> None:
    record_id, _ = put(2)
    list_id = proposing.propose(worker(cast))
    shown = rows.digest(list_id)
    deciding.take_off(responsible(cast), list_id, [record_id], "wrong")
    asked = responsible(cast)
    assert codes(lambda: deciding.decide(asked, list_id, shown, is_approved=True)) == [
        "mna20.disposal_changed"
    ]
    shown = rows.digest(list_id)
    deciding.decide(responsible(cast), list_id, shown, is_approved=False)
    again = responsible(cast)
    assert codes(lambda: deciding.decide(again, list_id, shown, is_approved=True)) == [
        "mna20.disposal_decided"
    ]
    assert codes(lambda: carrying_out.carry_out(worker(cast), list_id)) == [
        "mna20.disposal_not_approved"
    ]
    assert is_held(record_id)


def test_a_list_without_lines_is_not_approved(cast: Cast) -> None:
    (record_id,) = put(1)
    list_id = proposing.propose(worker(cast))
    deciding.take_off(responsible(cast), list_id, [record_id], "needed")
    shown, asked = rows.digest(list_id), responsible(cast)
    assert codes(lambda: deciding.decide(asked, list_id, shown, is_approved=True)) == [
        "mna20.disposal_empty"
    ]


def test_whose_role_has_ended_decides_and_stops_no_more(cast: Cast) -> None:
    put(1)
    list_id = approved(cast)
    given, yesterday = responsible(cast), clock.today() - timedelta(days=1)
    Holding.objects.filter(operator=cast.security_manager.operator).update(until=yesterday)
    assert codes(lambda: deciding.stop(given, list_id)) == ["mna20.disposal_not_responsible"]
    shown = rows.digest(list_id)
    assert codes(lambda: deciding.decide(given, list_id, shown, is_approved=True)) == [
        "mna20.disposal_not_responsible"
    ]


# -- Carrying out ----------------------------------------------------------------------------------


def test_whoever_is_needed_again_keeps_the_number(cast: Cast) -> None:
    here, gone = put(2)
    list_id = approved(cast)
    assert listed(list_id) == {gone, here}
    Current.objects.create(record_id=here, history_no=1, residence_no=1, state="living")
    assert carrying_out.carry_out(worker(cast), list_id) == carrying_out.CarriedOut(1, 1)
    assert is_held(here)
    assert not is_held(gone)
    assert {one.record_id: one.outcome for one in rows.lines(list_id)} == {
        gone: "destroyed",
        here: "kept",
    }


def test_where_nothing_was_destroyed_nothing_is_said_of_keys_and_backups(cast: Cast) -> None:
    (here,) = put(1)
    list_id = approved(cast)
    Current.objects.create(record_id=here, history_no=1, residence_no=1, state="living")
    carrying_out.carry_out(worker(cast), list_id)
    whole = queries.whole(worker(cast), list_id)
    assert whole is not None
    assert not whole.shown.backups.are_closed
    content = proofs.certificate(whole.shown.listed, whole.lines, "072036")
    assert (content["destroyed_count"], content["backups"]) == (0, None)


def test_what_is_approved_can_be_stopped_and_keeps_its_number(cast: Cast) -> None:
    (record_id,) = put(1)
    list_id = approved(cast)
    deciding.stop(responsible(cast), list_id)
    assert carrying_out.carry_out(worker(cast), list_id) == carrying_out.CarriedOut(0, 0)
    assert is_held(record_id)
    assert [one.outcome for one in rows.lines(list_id)] == ["stopped"]
    assert codes(lambda: deciding.stop(responsible(cast), list_id)) == [
        "mna20.disposal_not_stoppable"
    ]


def test_what_was_taken_off_before_is_told_when_it_is_listed_again(cast: Cast) -> None:
    disputed, _ = put(2)
    list_id = proposing.propose(worker(cast))
    deciding.take_off(responsible(cast), list_id, [disputed], "disputed")
    deciding.decide(responsible(cast), list_id, rows.digest(list_id), is_approved=False)
    again = proposing.propose(worker(cast))
    told = {one.record_id: one.off_before for one in rows.lines(again) if one.off_before}
    assert told == {disputed: "disputed"}


def test_every_step_is_trailed_with_whom_it_concerns(cast: Cast) -> None:
    (record_id,) = put(1)
    list_id = done(cast)
    events = Trail.objects.filter(event__startswith="disposal_").order_by("id")
    assert [one.event.removeprefix("disposal_") for one in events] == [
        "sought",
        "proposed",
        "decided",
        "batch",
        "done",
        "batch",
        "finished",
    ]
    row = events.get(event="disposal_done")
    assert TrailSubjects.objects.get(trail=row).record_ids == [record_id]
    assert row.operator_id == cast.system_operator.operator.pk
    assert events.get(event="disposal_decided").operator_id == cast.security_manager.operator.pk
    found = rows.listed(list_id)
    assert found is not None
    assert (found.state, found.left_count) == ("done", 0)


# -- What the database itself refuses --------------------------------------------------------------


def state_of(step: Callable[[], object]) -> str:
    """The SQLSTATE by which the database refuses."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        step()
    return str(getattr(refused.value.__cause__, "sqlstate", ""))


def asked(given: Permit, event: str, call: str, *values: int | bytes, **detail: int | str) -> None:
    """Call a function of the vault with a trail row of this transaction, as our code would."""
    trail_id = look(given, event, "test", record_ids=[], detail=detail)
    with connection.cursor() as cursor:
        cursor.execute(call, [trail_id, *values])


DESTROY = "SELECT vault.destroy(%s, %s)"
DECIDE = "SELECT vault.decide_disposal(%s, %s, %s, true)"


def run(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def test_app_deletes_no_number_but_by_an_approved_list(cast: Cast) -> None:
    (record_id,) = put(1)
    denied = "42501"
    assert state_of(lambda: run("DELETE FROM vault.number")) == denied
    assert state_of(lambda: run("UPDATE vault.disposal_list SET state = 'approved'")) == denied
    assert state_of(lambda: run("DELETE FROM vault.disposal_line")) == denied
    list_id = proposing.propose(worker(cast))
    assert state_of(lambda: run(DESTROY, 0, list_id)) == denied
    assert state_of(lambda: asked(worker(cast), "disposal_batch", DESTROY, list_id)) == denied
    wrong = responsible(cast)
    assert state_of(lambda: asked(wrong, "disposal_done", DESTROY, list_id)) == denied
    assert state_of(lambda: asked(worker(cast), "disposal_done", DESTROY, list_id)) == "VD001"
    assert is_held(record_id)


def test_the_database_lets_nobody_approve_his_own_or_another_list(cast: Cast) -> None:
    put(1)
    list_id = proposing.propose(worker(cast))
    own, digest = worker_who_decides(cast), rows.digest(list_id)
    assert state_of(lambda: asked(own, "disposal_decided", DECIDE, list_id, digest)) == "VD003"
    other = responsible(cast)
    assert state_of(lambda: asked(other, "disposal_decided", DECIDE, list_id, b"x")) == "VD002"
    assert state_of(lambda: asked(other, "disposal_decided", DECIDE, 999, digest)) == "VD001"


def test_an_approval_that_the_trail_does_not_tell_of_approves_nothing(cast: Cast) -> None:
    (record_id,) = put(1)
    list_id = proposing.propose(worker(cast))
    digest = rows.digest(list_id)
    other = responsible(cast)
    asked(other, "disposal_decided", DECIDE, list_id, digest, list=list_id, what="refused")
    assert codes(lambda: carrying_out.carry_out(worker(cast), list_id)) == [
        "mna20.disposal_altered"
    ]
    assert is_held(record_id)


def test_a_batch_destroys_what_the_list_names_and_nothing_else(cast: Cast) -> None:
    put(1)
    list_id = approved(cast)
    (other,) = put(1)
    given = worker(cast)

    def of_another() -> None:
        trail_id = look(given, "disposal_done", "test", record_ids=[other])
        rows.destroy(trail_id, list_id)

    assert state_of(of_another) == "42501"
    assert is_held(other)


KEEP = "SELECT vault.keep(%s, %s)"
STOP = "SELECT vault.stop_disposal(%s, %s)"
FINISH = "SELECT vault.finish_disposal(%s, %s)"
PROPOSE = "SELECT vault.propose_disposal(%s, %s::text[], %s::text[], %s::date[])"


def test_a_trail_row_of_before_or_of_another_step_or_person_opens_nothing(cast: Cast) -> None:
    (record_id,) = put(1)
    list_id = approved(cast)
    earlier = Trail.objects.get(event="disposal_proposed").pk
    work, other = worker(cast), responsible(cast)
    wrong = [
        lambda: asked(other, "disposal_done", DESTROY, list_id),
        lambda: asked(other, "disposal_kept", KEEP, list_id),
        lambda: asked(other, "disposal_finished", FINISH, list_id),
        lambda: asked(work, "disposal_stopped", STOP, list_id),
        lambda: asked(other, "disposal_decided", STOP, list_id),
        lambda: run(DESTROY, earlier, list_id),
        lambda: asked(of_the_import(), "disposal_done", DESTROY, list_id),
    ]
    assert [state_of(one) for one in wrong] == ["42501"] * len(wrong)
    cast.system_operator.operator.is_active = False
    cast.system_operator.operator.save()
    assert state_of(lambda: asked(work, "disposal_done", DESTROY, list_id)) == "42501"
    assert is_held(record_id)


@pytest.mark.parametrize(
    ("kinds", "articles", "because"),
    [
        (["number|of"], ["MNA 20"], "a kind could hide a line of the digest"),
        (["k\n1|2"], ["MNA 20"], "a kind could add a line to the digest"),
        (["123456789012"], ["MNA 20"], "a number could stand in a kind"),
        (["kind"], ["MNA 20|x"], "an article could hide a line of the digest"),
        ([None], ["MNA 20"], "a line says of what kind it is"),
        ([], [], "a line says of what kind it is"),
    ],
)
def test_a_line_holds_codes_alone(
    cast: Cast, kinds: list[str | None], articles: list[str], because: str
) -> None:
    (record_id,) = put(1)
    trail_id = look(worker(cast), "disposal_proposed", "test", record_ids=[record_id])
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(PROPOSE, [trail_id, kinds, articles, [clock.today()]])
    assert rows.lists() == (), because


def test_a_list_that_is_done_is_not_done_again(cast: Cast) -> None:
    put(1)
    list_id = done(cast)
    assert codes(lambda: carrying_out.carry_out(worker(cast), list_id)) == [
        "mna20.disposal_not_approved"
    ]
    assert state_of(lambda: asked(worker(cast), "disposal_done", DESTROY, list_id)) == "VD001"


# -- The proof -------------------------------------------------------------------------------------


def test_the_certificate_says_what_and_names_nobody(cast: Cast) -> None:
    held = put(3)
    list_id = proposing.propose(worker(cast))
    off = sorted(held)[0]
    deciding.take_off(responsible(cast), list_id, [off], "needed")
    deciding.decide(responsible(cast), list_id, rows.digest(list_id), is_approved=True)
    carrying_out.carry_out(worker(cast), list_id)
    whole = queries.whole(worker(cast), list_id)
    assert whole is not None
    content = queries.certified(worker(cast), whole, "072036")
    assert content["decided_by_name"] == whole.shown.decider != ""
    text = proofs.written(content).decode()
    assert content["destroyed_count"] == 2
    assert content["reasons"] == [{"kind": "記録のない個人番号", "article": "MNA 20", "count": 2}]
    assert content["not_destroyed"] == {"ほかの事務でまだ必要": 1}
    for record_id, number in held.items():
        assert not {str(record_id), record_id.hex, number} & set(text.split('"'))
        assert number not in text
    assert len(set(content["marks"])) == 2
    said = Trail.objects.get(event="disposal_finished").detail
    assert said["digest"] == content["outcomes_sha256"]
    decided = Trail.objects.get(event="disposal_decided").detail
    assert decided["digest"] == content["approved_sha256"]
