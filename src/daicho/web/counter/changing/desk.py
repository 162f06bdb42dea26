"""窓口の机: what lies before the clerk while a change is typed: 受付, person, household.

Opening it is one look, under the purpose of the 受付.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404

from daicho.access.acting import Actor
from daicho.access.permits import Permit
from daicho.register import queries
from daicho.register.queries import HouseholdView, Member, Person
from daicho.register.receiving.leases import Holder
from daicho.register.receiving.receptions import Reception
from daicho.web.counter.inquiry.work import Work, work_for


@dataclass(frozen=True)
class Desk:
    """机の上: `person` is whose page the form was opened from; None for a blank form.

    `holder` has one of the residents open for another change, so that nothing goes on meanwhile.
    """

    work: Work
    reception: Reception
    person: Person | None
    household: HouseholdView | None
    holder: Holder | None = None

    @property
    def permit(self) -> Permit:
        """利用許可: that of the 受付."""
        return self.work.permit

    @property
    def reception_id(self) -> UUID:
        """受付: under which everything here is done."""
        return self.reception.reception_id

    @property
    def members(self) -> tuple[Member, ...]:
        """世帯員: in their order; nobody on a blank form."""
        return self.household.members if self.household else ()

    @property
    def on(self) -> date:
        """処理日: the business day."""
        return self.permit.on

    @property
    def received_on(self) -> date | None:
        """届出日・申出日・通知日: that of the 受付; none for what is done ex officio."""
        return None if self.reception.basis == "ex_officio" else self.reception.received_on

    @property
    def domiciles(self) -> list[str]:
        """本籍の候補 (4.0.6): of the household, and where it lives."""
        records = [one.record for one in self.members]
        found = [one.registered_domicile for one in records] + [
            one.address.written for one in records
        ]
        return [text for text in dict.fromkeys(found) if text]

    @property
    def register_heads(self) -> list[str]:
        """筆頭者の候補 (4.0.6): of the household."""
        found = [one.record.family_register_head for one in self.members]
        return [text for text in dict.fromkeys(found) if text]

    @property
    def seen(self) -> dict[UUID, int]:
        """見た履歴番号: of everybody on the desk, for the check that nobody changed them since."""
        found = {one.record.record_id: one.history_no for one in self.members}
        if self.person:
            found[self.person.record.record_id] = self.person.history_no
        return found


def desk_at(actor: Actor, reception_id: UUID, record_id: UUID | None) -> Desk:
    """The desk of that 受付; 404 where there is no such person."""
    work = work_for(actor, str(reception_id), "form")
    assert work.reception is not None, "a reception's uuid leads to its reception"
    person = queries.person(work.permit, record_id) if record_id else None
    if record_id and person is None:
        raise Http404
    household = queries.household(work.permit, record_id) if record_id else None
    return Desk(work, work.reception, person, household)
