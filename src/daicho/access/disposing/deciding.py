"""廃棄の決定: another person, a responsible, takes lines off and approves or refuses the list."""

from collections.abc import Collection

from daicho.access.acting import roles_of
from daicho.access.disposing import lists
from daicho.access.disposing.lists import WAY, Listed, there
from daicho.access.disposing.steps import Unfit, step, who
from daicho.access.models import DisposalOutcome, DisposalStep, DisposalTakenOff
from daicho.access.people.registering import alone, refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.retention import disposing
from daicho.law.rule import Finding


def hindered(permit: Permit, listed: Listed) -> Finding | None:
    """What keeps this person from deciding on a list now."""
    decider = who(permit).operator_id
    borne = roles_of(decider, permit.on)
    return disposing.may_decide(listed.facts, decider, borne, on=permit.on)


def unstoppable(permit: Permit, listed: Listed) -> Finding | None:
    """What keeps this person from stopping a list now."""
    borne = roles_of(who(permit).operator_id, permit.on)
    return disposing.may_stop(listed.facts, borne, on=permit.on)


def take_off(permit: Permit, list_id: int, line_ids: Collection[int], reason: str) -> None:
    """除外: what these lines stand for stays; `reason` is a code of REASONS. Raises Refused."""
    demand_work(permit, "retention_approve")
    assert reason in disposing.REASONS, "the form offers nothing else"
    with step(WAY, permit, "take_off", list_id, done_as="retention_taken_off") as done:
        if done:
            return
        alone(key(list_id))
        refuse([hindered(permit, there(list_id))])
        named = [one for one in lists.lines(list_id) if one.waits and one.line_id in line_ids]
        if not named:
            return
        detail: dict[str, int | str] = {"list": list_id, "reason": reason, "rows": len(named)}
        WAY.trail(permit, "retention_taken_off", detail=detail)
        DisposalTakenOff.objects.bulk_create(
            DisposalTakenOff(line_id=one.line_id, reason=reason, by_id=who(permit).operator_id)
            for one in named
        )


def decide(permit: Permit, list_id: int, shown: bytes, *, is_approved: bool) -> None:
    """承認・不承認: of the list as it was shown, by its digest, once. Raises Refused."""
    demand_work(permit, "retention_approve")
    what = "approved" if is_approved else "refused"
    with step(WAY, permit, "decide", list_id, done_as="retention_decided", what=what) as done:
        if done:
            return
        alone(key(list_id))
        listed = there(list_id)
        wrong = [hindered(permit, listed)]
        if is_approved:
            wrong.append(disposing.may_approve(listed.facts, on=permit.on))
        refuse(wrong)
        if lists.digest(list_id) != shown:
            raise Unfit("altered")
        detail: dict[str, int | str] = {
            "list": list_id,
            "what": what,
            "rows": listed.facts.lines_left,
            "digest": shown.hex(),
        }
        DisposalStep.objects.create(
            list_id=list_id,
            is_end=False,
            is_approved=is_approved,
            by_id=who(permit).operator_id,
            trail_id=WAY.trail(permit, "retention_decided", detail=detail),
            digest=shown,
        )


def stop(permit: Permit, list_id: int) -> None:
    """中止: what is approved and not carried out yet stays. Raises Refused."""
    demand_work(permit, "retention_approve")
    with step(WAY, permit, "stop", list_id, done_as="retention_stopped") as done:
        if done:
            return
        alone(key(list_id))
        refuse([unstoppable(permit, there(list_id))])
        WAY.trail(permit, "retention_stopped", detail={"list": list_id})
        DisposalOutcome.objects.bulk_create(
            DisposalOutcome(line_id=one.line_id, outcome="stopped", row_count=0)
            for one in lists.lines(list_id)
            if one.waits
        )


def key(list_id: int) -> str:
    """By which those who work on one list wait for each other."""
    return f"disposal list of records {list_id}"
