"""廃棄の照会: lists, their lines and what was certified, behind a Permit; never a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from daicho.access.people import queries as people
from daicho.access.people.registering import refuse
from daicho.access.permits import Permit, demand_work, look
from daicho.law.retention import disposing
from daicho.vault.disposing import deciding, proofs, rows
from daicho.vault.disposing.proofs import Backups, Standing
from daicho.vault.disposing.rows import Line, Listed


@dataclass(frozen=True)
class Shown:
    """廃棄の一覧: one as a page shows it; names are of staff."""

    listed: Listed
    proposer: str
    decider: str
    backups: Backups


@dataclass(frozen=True)
class Whole:
    """一覧とその行: `digest` is that of what is shown, by which one decides. `is_altered`: it says
    something else than the trail."""

    shown: Shown
    lines: tuple[Line, ...]
    digest: bytes
    is_altered: bool


def lists(permit: Permit) -> tuple[Shown, ...]:
    """廃棄の一覧: all of them, the newest first; counts alone, so no trail row."""
    demand_work(permit, "disposals")
    found = rows.lists()
    names = _names(permit, found)
    now = proofs.standing_now()
    return tuple(_shown(one, names, now) for one in found)


def whole(permit: Permit, list_id: int) -> Whole | None:
    """一つの一覧: with its lines, which name records; trailed. None where there is none."""
    demand_work(permit, "disposals")
    with transaction.atomic():
        listed = rows.listed(list_id)
        if listed is None:
            return None
        lines = rows.lines(list_id)
        digest = rows.digest(list_id)
        detail = {"list": list_id, "rows": len(lines)}
        named = [one.record_id for one in lines]
        look(permit, "disposal_shown", "disposals.one", record_ids=named, detail=detail)
    altered = proofs.is_altered(listed, lines, digest)
    shown = _shown(listed, _names(permit, [listed]), proofs.standing_now())
    return Whole(shown, lines, digest, altered)


def may_decide(permit: Permit, listed: Listed) -> bool:
    """Would the law let this person decide on it now?"""
    demand_work(permit, "disposal_approve")
    return deciding.hindered(permit, listed) is None


def may_stop(permit: Permit, listed: Listed) -> bool:
    """Would the law let this person stop what is approved and not carried out yet?"""
    demand_work(permit, "disposal_approve")
    return listed.left_count > 0 and deciding.unstoppable(permit, listed) is None


def certified(permit: Permit, whole: Whole, municipality: str) -> dict[str, Any]:
    """廃棄証明: only of what is done, and only where the trail bears it out; raises Refused."""
    demand_work(permit, "disposals")
    shown = whole.shown
    refuse([disposing.may_certify(shown.listed.facts, whole.is_altered, on=permit.on)])
    names = {"proposed_by_name": shown.proposer, "decided_by_name": shown.decider}
    return proofs.certificate(shown.listed, whole.lines, municipality) | names


def _shown(listed: Listed, names: Mapping[int, str], now: Standing) -> Shown:
    return Shown(
        listed,
        names.get(listed.proposed_by, ""),
        names.get(listed.decided_by or 0, ""),
        proofs.backups(listed, now),
    )


def _names(permit: Permit, found: Sequence[Listed]) -> Mapping[int, str]:
    keys = {key for one in found for key in (one.proposed_by, one.decided_by) if key}
    return people.names_of(permit, keys)
