"""廃棄の照会: lists of records, their lines and what was certified, behind a Permit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from daicho.access.backup_keys.standing import Standing
from daicho.access.disposing import deciding, lists, proofs
from daicho.access.disposing.lists import WAY, Line, Listed
from daicho.access.disposing.proofs import Backups
from daicho.access.people import queries as people
from daicho.access.people.registering import refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.retention import disposing

BY_MACHINE = "台帳（月次の提案）"
"""作った者: where the machine proposed it by itself."""


@dataclass(frozen=True)
class Shown:
    """廃棄の一覧: one as a page shows it; names are of staff. `row_count` are the rows that its
    lines stand for."""

    listed: Listed
    proposer: str
    decider: str
    backups: Backups
    row_count: int


@dataclass(frozen=True)
class Whole:
    """一覧とその行: `digest` is that of what is shown, by which one decides. `is_altered`: it says
    something else than the trail."""

    shown: Shown
    lines: tuple[Line, ...]
    digest: bytes
    is_altered: bool


def all_of(permit: Permit) -> tuple[Shown, ...]:
    """廃棄の一覧: all of them, the newest first; counts alone, so no trail row."""
    demand_work(permit, "retention")
    found = lists.lists()
    names = _names(permit, found)
    its = lists.lines_of([one.list_id for one in found])
    now = proofs.standing_now()
    return tuple(_shown(one, its.get(one.list_id, ()), names, now) for one in found)


def whole(permit: Permit, list_id: int) -> Whole | None:
    """一つの一覧: with its lines, each the count of a month; trailed. None where there is none."""
    demand_work(permit, "retention")
    with transaction.atomic():
        listed = lists.listed(list_id)
        if listed is None:
            return None
        its = lists.lines(list_id)
        digest = lists.digest(list_id)
        WAY.trail(permit, "retention_shown", detail={"list": list_id, "rows": len(its)})
    altered = proofs.is_altered(listed, its, digest)
    shown = _shown(listed, its, _names(permit, [listed]), proofs.standing_now())
    return Whole(shown, its, digest, altered)


def may_decide(permit: Permit, listed: Listed) -> bool:
    """Would the law let this person decide on it now?"""
    demand_work(permit, "retention_approve")
    return deciding.hindered(permit, listed) is None


def may_stop(permit: Permit, listed: Listed) -> bool:
    """Would the law let this person stop what is approved and not carried out yet?"""
    demand_work(permit, "retention_approve")
    return listed.left_count > 0 and deciding.unstoppable(permit, listed) is None


def certified(permit: Permit, whole: Whole, municipality: str) -> Mapping[str, Any]:
    """廃棄証明: only of what is done, and only where the trail bears it out; raises Refused."""
    demand_work(permit, "retention")
    shown = whole.shown
    refuse([disposing.may_certify(shown.listed.facts, whole.is_altered, on=permit.on)])
    names = {"proposed_by_name": shown.proposer, "decided_by_name": shown.decider}
    return {**proofs.certificate(shown.listed, whole.lines, municipality), **names}


def _shown(listed: Listed, its: Sequence[Line], names: Mapping[int, str], now: Standing) -> Shown:
    proposer = BY_MACHINE if listed.proposed_by is None else names.get(listed.proposed_by, "")
    return Shown(
        listed,
        proposer,
        names.get(listed.decided_by or 0, ""),
        proofs.backups(listed, its, now),
        sum(one.row_count for one in its if not one.taken_off),
    )


def _names(permit: Permit, found: Sequence[Listed]) -> Mapping[int, str]:
    keys = {key for one in found for key in (one.proposed_by, one.decided_by) if key}
    return people.names_of(permit, keys)
