"""開示請求を決定する: by somebody who has not handled it, with the grounds."""

from dataclasses import dataclass

from daicho.access.disclosure_requests.asking import written
from daicho.access.disclosure_requests.disclosed import UseLog, use_log
from daicho.access.disclosure_requests.standing import decision_of, standing_of, state_of
from daicho.access.disclosure_requests.steps import step, take, trail, who
from daicho.access.models import DisclosureRequest, DisclosureStep, Trail
from daicho.access.people.registering import refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.disclosure_requests import deciding, kinds
from daicho.law.disclosure_requests.grounds import SHOWS
from daicho.law.rule import Finding

_OF_DISCLOSING = "disclosure."
"""開示請求の事務: the purposes of those who handle a request; that they looked hides nothing."""


@dataclass(frozen=True)
class Decision:
    """決定: what was chosen; `left_out` are keys of rows of the sheet.

    `is_marked`: the person is under a protective measure or suppression, and `is_confirmed` that
    the decider says to have asked about it. `held_back`: is anything of the record not shown?
    """

    outcome: str
    grounds: tuple[str, ...] = ()
    reason: str = ""
    left_out: tuple[str, ...] = ()
    is_marked: bool = False
    is_confirmed: bool = False
    held_back: bool = False


def decide(permit: Permit, disclosure_id: int, decision: Decision) -> None:
    """決定する: once, by another person, and again where it cannot be given. Raises Refused.

    What is held back of the use log is looked for here; of anything else the caller says it, and
    names no row that the sheet has not.
    """
    demand_work(permit, "disclosure_decision")
    with step(permit, "decided", disclosure_id) as (row, is_done):
        if is_done:
            return
        log = use_log(permit, disclosure_id) if row.since_on is not None else None
        left_out = _left_out(log, decision)
        lacks = decision.held_back or (log is not None and log.lacks)
        standing = standing_of(
            row,
            permit.on,
            held_back=lacks or bool(left_out),
            is_upset=_upset(permit, row, log, decision) is not None,
            hides_own=log is not None and _hides_own(permit, log, left_out, decision.outcome),
        )
        chosen = (decision.outcome, decision.grounds)
        refuse(deciding.may_decide(standing, who(permit).operator_id, *chosen, on=permit.on))
        is_asked = decision.outcome in SHOWS and _is_asked(permit, row, decision.is_marked)
        refuse([deciding.confirmed(is_asked, decision.is_confirmed, on=permit.on)])
        refuse(written(permit, decision.reason))
        by_rule = [str(one.look.id) for one in log.held_back] if log else []
        take(
            permit,
            row,
            "decided",
            outcome=decision.outcome,
            grounds=list(decision.grounds),
            left_out=[*left_out, *by_rule],
            confirmed=is_asked,
            reason=decision.reason,
        )
        said = {"outcome": decision.outcome, "kind": row.kind}
        trail(permit, row, "disclosure_decided", **said)


def _left_out(log: UseLog | None, decision: Decision) -> list[str]:
    """開示しない行: those that were chosen, of what would be shown."""
    if log is None:
        return list(decision.left_out)
    there = {str(one.id) for one in log.shown}
    return [one for one in decision.left_out if one in there]


def _hides_own(permit: Permit, log: UseLog, left_out: list[str], outcome: str) -> bool:
    """Would the decider choose that a use of their own is not shown?"""
    hidden = [int(one) for one in left_out] if outcome in SHOWS else [one.id for one in log.shown]
    own = Trail.objects.filter(pk__in=hidden, operator_id=who(permit).operator_id)
    return own.exclude(purpose__startswith=_OF_DISCLOSING).exists()


def _upset(
    permit: Permit, row: DisclosureRequest, log: UseLog | None, now: Decision
) -> Finding | None:
    """What keeps the decision that stands from being given; None where there is none yet."""
    before = decision_of(row)
    if before is None:
        return None
    held_back = log.as_of(before.at).lacks if log else now.held_back
    return _changed_since(permit, row, before, held_back=held_back, is_marked=now.is_marked)


def _changed_since(
    permit: Permit,
    row: DisclosureRequest,
    decision: DisclosureStep,
    *,
    held_back: bool,
    is_marked: bool,
) -> Finding | None:
    is_asked = _is_asked(permit, row, is_marked)
    return deciding.changed_since(
        decision.outcome, held_back, is_asked, decision.confirmed, on=permit.on
    )


def _is_asked(permit: Permit, row: DisclosureRequest, is_marked: bool) -> bool:
    return kinds.endangers(row.capacity, is_marked, on=permit.on) is not None


def give(
    permit: Permit,
    disclosure_id: int,
    decision_id: int,
    pages: int,
    *,
    held_back: bool,
    is_marked: bool,
) -> None:
    """通知し、開示する: what was printed is recorded before it leaves, each time that it leaves.

    `decision_id`: the step that was printed. Raises Refused, with nothing given.
    """
    demand_work(permit, "disclosure_request")
    with step(permit, "given", disclosure_id) as (row, is_done):
        refuse([deciding.may_give(state_of(row), on=permit.on)])
        decision = decision_of(row)
        assert decision is not None, "the law has just said so"
        refuse([deciding.one_step(decision.pk == decision_id, on=permit.on)])
        changed = _changed_since(permit, row, decision, held_back=held_back, is_marked=is_marked)
        refuse([changed])
        times = sum(one.what == "given" for one in row.steps.all())
        if not is_done:
            take(permit, row, "given", pages=pages)
        trail(
            permit,
            row,
            "disclosure_given",
            form="disclosure_notice",
            pages=pages,
            seal=0,
            issue_number=f"{row.pk}-{times + (not is_done)}",
        )
