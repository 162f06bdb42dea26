"""廃棄の決定: another person, a responsible, takes lines off and approves or refuses the list."""

from collections.abc import Collection
from uuid import UUID

from daicho.access.acting import roles_of
from daicho.access.people.registering import refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.retention import disposing
from daicho.law.rule import Finding
from daicho.vault.disposing import rows
from daicho.vault.disposing.rows import Listed
from daicho.vault.disposing.steps import step, there, trail, who


def hindered(permit: Permit, listed: Listed) -> Finding | None:
    """What keeps this person from deciding on a list now."""
    decider = who(permit).operator_id
    borne = roles_of(decider, permit.on)
    return disposing.may_decide(listed.facts, decider, borne, on=permit.on)


def take_off(permit: Permit, list_id: int, record_ids: Collection[UUID], reason: str) -> None:
    """除外: these lines are not destroyed; `reason` is a code of REASONS. Raises Refused."""
    demand_work(permit, "disposal_approve")
    assert reason in disposing.REASONS, "the form offers nothing else"
    with step(permit, "take_off", list_id, done_as="disposal_taken_off") as done:
        if done:
            return
        refuse([hindered(permit, there(list_id))])
        on_list = {one.record_id for one in rows.lines(list_id) if not one.taken_off}
        named = sorted(on_list.intersection(record_ids))
        if not named:
            return
        detail: dict[str, int | str] = {"list": list_id, "reason": reason, "rows": len(named)}
        rows.take_off(trail(permit, "disposal_taken_off", named, detail), list_id, reason)


def decide(permit: Permit, list_id: int, shown: bytes, *, is_approved: bool) -> None:
    """承認・不承認: of the list as it was shown, by its digest, once. Raises Refused."""
    demand_work(permit, "disposal_approve")
    what = "approved" if is_approved else "refused"
    with step(permit, "decide", list_id, done_as="disposal_decided", what=what) as done:
        if done:
            return
        listed = there(list_id)
        wrong = [hindered(permit, listed)]
        if is_approved:
            wrong.append(disposing.may_approve(listed.facts, on=permit.on))
        refuse(wrong)
        detail: dict[str, int | str] = {
            "list": list_id,
            "what": what,
            "rows": listed.facts.lines_left,
            "digest": shown.hex(),
        }
        trail_id = trail(permit, "disposal_decided", detail=detail)
        rows.decide(trail_id, list_id, shown, is_approved=is_approved)


def unstoppable(permit: Permit, listed: Listed) -> Finding | None:
    """What keeps this person from stopping a list now."""
    borne = roles_of(who(permit).operator_id, permit.on)
    return disposing.may_stop(listed.facts, borne, on=permit.on)


def stop(permit: Permit, list_id: int) -> None:
    """中止: what is approved and not carried out yet keeps its number. Raises Refused."""
    demand_work(permit, "disposal_approve")
    with step(permit, "stop", list_id, done_as="disposal_stopped") as done:
        if done:
            return
        refuse([unstoppable(permit, there(list_id))])
        rows.stop(trail(permit, "disposal_stopped", detail={"list": list_id}), list_id)
