"""利用許可: the read door's key.

Every read of a person's data takes a `Permit`: who looks, for which 事務, under which article, on
which day. Only this module makes one, after asking the law tables; a refusal is trailed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn
from uuid import UUID

from django.conf import settings
from django.db import transaction

from daicho.access import policy, trail
from daicho.access.acting import Actor
from daicho.access.refusals import NotPermitted
from daicho.access.trailing import ceiling
from daicho.law import purposes
from daicho.law.packs import TRIAL
from daicho.law.rule import Finding
from daicho.law.safety import permitting
from daicho.law.safety.permitting import Asked
from daicho.law.safety.responsibles import TREES
from daicho.law.safety.watching import ceilings


@dataclass(frozen=True)
class Permit:
    """利用許可: leave to look for one purpose on one day; for a machine, `actor` is None.

    `sees` are classes of items (`law.purposes.SEES`); `functions` the work it is for: screens,
    operations, kinds of change; or the job. `ward` is the only ward whose records it reaches,
    blank where it reaches the municipality. `withholds_protected`: a person under 支援措置 is
    shown by name and number alone. `line` names the row of the tables that gave it.
    """

    actor: Actor | None
    purpose: str
    job: str
    article: str
    on: date
    request_id: UUID
    sees: frozenset[str]
    functions: frozenset[str]
    ward: str = ""
    withholds_protected: bool = False
    line: str = ""


def permit(actor: Actor, purpose: str, on: date, *, counts_only: bool = False) -> Permit:
    """Leave for `actor` to look for `purpose`; raises NotPermitted, trailed, where there is none.

    The purpose comes from the work at hand (受付 and function), never from a question. Work with
    the numbers needs a designation too, and shows them only where the terminal's zone and the
    factors shown at sign-in let it. Who saw more in a short time than anybody does by hand is
    stopped here, once for each work, not for each row of a list. None of these is asked in a
    made-up town, where a bench and a test are quicker than a person. `counts_only`: for how many
    wait on the first screen, which shows nobody and stays open to who was stopped.
    """
    asked = asked_by(actor, purpose)
    if counts_only:  # what shows nobody is not for those alone whom a responsible has charged
        asked = replace(asked, trees=frozenset(TREES))
    found = permitting.permitted(asked, on=on)
    if found.finding is not None:
        refuse(actor, purpose, found.finding, found.line)
    if found.reach == "ward" and not actor.ward:  # blank would mean every ward
        refuse(actor, purpose, purposes.not_seen(purpose, on), found.line)
    row = purposes.purpose(purpose, on=on)
    if row.sees and not (asked.is_trial or counts_only):
        stopped = ceiling.reached(actor.operator_id, row.needs_grant, on)
        if stopped is not None:
            refuse(actor, purpose, stopped, ceilings.line_of(stopped, on))
    return Permit(
        actor=actor,
        purpose=purpose,
        job="",
        article=row.article,
        on=on,
        request_id=actor.request_id,
        sees=found.sees,
        functions=frozenset(row.functions),
        ward=_ward(actor, found.reach),
        withholds_protected=found.protected == "withheld",
        line=found.line,
    )


def asked_by(actor: Actor, purpose: str) -> Asked:
    """許可の申出: of this actor for a purpose, as the law judges it."""
    return Asked(
        purpose=purpose,
        office_kind=actor.office_kind,
        posts=actor.posts,
        trees=actor.trees,
        zone=actor.zone,
        factors=actor.factors,
        masks=actor.masks,
        granted=actor.granted,
        at_terminal=bool(actor.terminal),
        is_trial=policy.pack().code == TRIAL,
    )


def _ward(actor: Actor, reach: str) -> str:
    # an office of the whole city has the city's own code for its ward
    return actor.ward if reach == "ward" and actor.ward != settings.MUNICIPALITY else ""


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
        line=row.line,
    )


def demand_work(permit: Permit, *functions: str) -> None:
    """Refuse, trailed, where the permit is for other work than any of these.

    A permit says what it is for; a door that did not ask would open for every purpose.
    """
    if not permit.functions.isdisjoint(functions):
        return
    assert permit.actor is not None, f"the job {permit.job} does not do {functions}"
    finding = purposes.not_seen(permit.purpose, permit.on)
    refuse(permit.actor, permit.purpose, finding, permit.line)


def demand(permit: Permit, seen: str) -> None:
    """Refuse, trailed, where the permit does not show a class of items: purpose, person, place."""
    if seen in permit.sees:
        return
    actor = permit.actor
    assert actor is not None, f"the job {permit.job} does not see {seen}"
    finding = permitting.not_seen(asked_by(actor, permit.purpose), seen, on=permit.on)
    refuse(actor, permit.purpose, finding, permit.line)


def refuse(actor: Actor, purpose: str, finding: Finding, line: str = "") -> NoReturn:
    """Trail a refusal, with the line that made it, in a transaction of its own; then raise it."""
    with transaction.atomic(durable=True):
        trail.write(
            "not_permitted",
            request_id=actor.request_id,
            actor=actor,
            purpose=purpose,
            finding=finding.code,
            detail={"line": line} if line else None,
        )
    raise NotPermitted(finding, line)


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
