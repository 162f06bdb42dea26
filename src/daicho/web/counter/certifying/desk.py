"""証明の机: what lies before the clerk while a certificate is ordered: 受付 and household."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.permits import Permit
from daicho.certificates.issuing import under
from daicho.law import purposes
from daicho.law.disclosure.requests import Under
from daicho.register import queries
from daicho.register.queries import HouseholdView, Member
from daicho.register.receiving.movers import movers
from daicho.register.receiving.receptions import Reception, reception
from daicho.web.counter.inquiry.work import Work, cited, work_for

WORKS = ("certificate", "moved_out")
"""証明ができる受付: a request for one, and a 転出届, on which the 転出証明書 follows."""


@dataclass(frozen=True)
class Desk:
    """机の上: `person` is whose page it was opened from, `persons` who may be on one paper.

    Under a 転出届 these are those alone who move out by it.
    """

    work: Work
    reception: Reception
    person: Member
    persons: tuple[Member, ...]
    under: Under

    @property
    def permit(self) -> Permit:
        """利用許可: that of the 受付."""
        return self.work.permit

    @property
    def record_id(self) -> UUID:
        """記録ID: of the person whose page it was opened from."""
        return self.person.record.record_id


def work_at(actor: Actor, reception_id: UUID) -> tuple[Work, Reception]:
    """The work of that 受付; 404 where no certificate is made under it."""
    work = work_for(actor, str(reception_id), "moved_out_certificate")
    if work.reception is None or work.reception.work not in WORKS:
        raise Http404
    return work, work.reception


def desk_at(actor: Actor, reception_id: UUID, record_id: UUID) -> Desk:
    """The desk of that 受付 and person: one look at the household; 404 for nobody."""
    work, reception = work_at(actor, reception_id)
    household = queries.household(work.permit, record_id)
    if household is None:
        raise Http404
    everybody = (*household.members, *household.left)
    person = next(one for one in everybody if one.record.record_id == record_id)
    persons = _together(household, person)
    if reception.work == "moved_out":
        moving = movers(work.permit, reception_id)
        persons = tuple(one for one in persons if one.record.record_id in moving)
    of = under(work.permit, reception, [one.record.record_id for one in persons])
    return Desk(work, reception, person, persons, of)


def work_on_issued(actor: Actor, reception_id: UUID) -> tuple[Work, Reception]:
    """Leave to say of the papers of a 受付 what became of them, also when its day is over.

    It opens no record. 404 where no certificate is made under it.
    """
    found = reception(actor, reception_id)
    if found is None or found.work not in WORKS:
        raise Http404
    permit = permits.permit(actor.under(reception_id), found.purpose, clock.today())
    permits.demand_work(permit, "moved_out_certificate")
    row = purposes.purpose(found.purpose, permit.on)
    return Work(str(reception_id), row.name, cited(row.cites), row.functions, permit, found), found


def _together(household: HouseholdView, person: Member) -> tuple[Member, ...]:
    """Who lives with the person; of one who has left, who left by the same change on that day."""
    if not person.left_by:
        return household.members
    return tuple(
        one
        for one in household.left
        if (one.left_by, one.left_on) == (person.left_by, person.left_on)
    )
