"""利用許可: the read door's key.

Every read of a person's data takes a `Permit`: who looks, for which 事務, under which article, on
which day. Only this module makes one, after asking the law tables; a refusal is trailed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn
from uuid import UUID

from django.db import transaction

from daicho.access import policy, trail
from daicho.access.acting import Actor
from daicho.access.refusals import NotPermitted
from daicho.law import purposes
from daicho.law.packs import TRIAL
from daicho.law.rule import Finding
from daicho.law.safety import designating, zones


@dataclass(frozen=True)
class Permit:
    """利用許可: leave to look for one purpose on one day; for a machine, `actor` is None."""

    actor: Actor | None
    purpose: str
    job: str
    article: str
    on: date
    request_id: UUID
    sees: frozenset[str]  # classes of items, see law.purposes.SEES
    functions: frozenset[
        str
    ]  # the work it is for: screens, operations, kinds of change; or the job


def permit(actor: Actor, purpose: str, on: date) -> Permit:
    """Leave for `actor` to look for `purpose`; raises NotPermitted, trailed, where there is none.

    The purpose comes from the work at hand (受付 and function), never from a question. Work with
    the numbers needs a designation too, and shows them only where the terminal's zone and the
    factors shown at sign-in let it; neither is asked in a made-up town.
    """
    finding = purposes.may_use(purpose, actor.office_kind, actor.posts, on=on)
    if finding is not None:
        refuse(actor, purpose, finding)
    row = purposes.purpose(purpose, on=on)
    is_trial = policy.pack().code == TRIAL
    if row.tree and not is_trial:
        finding = designating.designated(purpose, actor.trees, on=on)
        if finding is not None:
            refuse(actor, purpose, finding)
    return Permit(
        actor=actor,
        purpose=purpose,
        job="",
        article=row.article,
        on=on,
        request_id=actor.request_id,
        sees=_sees_there(actor, row.sees, on, is_trial=is_trial),
        functions=frozenset(row.functions),
    )


def _sees_there(actor: Actor, sees: frozenset[str], on: date, *, is_trial: bool) -> frozenset[str]:
    # A command runs at the server itself, where the keys lie: no zone of a terminal is asked.
    if not actor.terminal:
        return sees
    return zones.sees_in(actor.zone, actor.factors, sees, on=on, is_trial=is_trial)


def system_permit(job: str, on: date, request_id: UUID) -> Permit:
    """Leave for a machine's job, from the closed table `law/tables/system_jobs.toml`."""
    row = purposes.system_job(job, on=on)
    return Permit(
        actor=None,
        purpose="",
        job=job,
        article=row.article,
        on=on,
        request_id=request_id,
        sees=row.sees,
        functions=frozenset((job,)),
    )


def demand_work(permit: Permit, *functions: str) -> None:
    """Refuse, trailed, where the permit is for other work than any of these.

    A permit says what it is for; a door that did not ask would open for every purpose.
    """
    if not permit.functions.isdisjoint(functions):
        return
    assert permit.actor is not None, f"the job {permit.job} does not do {functions}"
    refuse(permit.actor, permit.purpose, purposes.not_seen(permit.purpose, permit.on))


def demand(permit: Permit, seen: str) -> None:
    """Refuse, trailed, where the permit's purpose does not see a class of items at all."""
    if seen in permit.sees:
        return
    actor = permit.actor
    assert actor is not None, f"the job {permit.job} does not see {seen}"
    finding = purposes.not_seen(permit.purpose, permit.on)
    if (
        seen in purposes.purpose(permit.purpose, on=permit.on).sees
    ):  # it is the place or the factors
        finding = zones.number_may_be_seen(actor.zone, actor.factors, on=permit.on) or finding
    refuse(actor, permit.purpose, finding)


def refuse(actor: Actor, purpose: str, finding: Finding) -> NoReturn:
    """Trail a refusal in a transaction of its own, then raise it."""
    with transaction.atomic(durable=True):
        trail.write(
            "not_permitted",
            request_id=actor.request_id,
            actor=actor,
            purpose=purpose,
            finding=finding.code,
        )
    raise NotPermitted(finding)


def trail_refusal(
    permit: Permit,
    findings: Sequence[Finding],
    *,
    event: str,
    door: str,
    record_ids: Sequence[UUID] = (),
    **said: str,
) -> None:
    """入力の拒否の記録: trail what refuses, in a transaction of its own; the caller then raises.

    All codes stand in the detail, beside what is `said`; the row itself names the first.
    """
    codes = [one.code for one in findings if one.refuses]
    with transaction.atomic():
        trail.write(
            event,
            request_id=permit.request_id,
            actor=permit.actor,
            door=door,
            purpose=permit.purpose,
            job=permit.job,
            article=permit.article,
            finding=next(iter(codes), ""),
            record_ids=record_ids,
            detail={**said, "findings": ",".join(codes)},
        )


def look(
    permit: Permit,
    event: str,
    door: str,
    *,
    record_ids: Sequence[UUID] = (),
    number_seen: bool = False,
    detail: Mapping[str, int | str] | None = None,
) -> int:
    """Trail one use of a permit, in the transaction of the look; gives the trail row's id."""
    return trail.write(
        event,
        request_id=permit.request_id,
        actor=permit.actor,
        door=door,
        purpose=permit.purpose,
        job=permit.job,
        article=permit.article,
        record_ids=record_ids,
        number_seen=number_seen,
        detail=detail,
    )
