"""By what the register needs a number: of residents, of 除票, of what was entered by mistake."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from daicho.access import clock
from daicho.access.permits import permit
from daicho.law.retention.of_numbers import Kept
from daicho.law.safety.acquiring import IMPORTED
from daicho.register.models import Current
from daicho.register.retaining import of_numbers
from daicho.terms.changes import Cancelled
from daicho.vault import numbers
from daicho.vault.disposing import carrying_out, rows
from people import Cast
from register.counter import TODAY, Clerk, Family, in_stock
from register.entering import code, from_abroad, left, maria, moves_in, number, umeko
from vault.disposals import approved, done, listed, worker
from vault.made_up import of_the_import

pytestmark = pytest.mark.django_db
CLOSED = "number_of_closed_record"


def kept(*record_ids: UUID) -> list[Kept]:
    found = of_numbers.kept(record_ids, TODAY)
    return [found[one] for one in record_ids]


def entered_by_mistake(clerk: Clerk) -> UUID:
    """Somebody is entered, gets a number, and the entry is cancelled."""
    in_stock("98765432170")
    entered = clerk.record(from_abroad(maria(resident_record_code="")), basis="ex_officio")
    (one,) = entered.touched
    record_id = one.effect.record_id
    numbers.put(of_the_import(), {record_id: number(35_000_000_000)}, IMPORTED)
    clerk.record(Cancelled(cancels=entered.change_id, record_ids=(record_id,)), basis="ex_officio")
    return record_id


def disposed(cast: Cast) -> list[UUID]:
    """What is due is listed, approved and destroyed; gives the records."""
    list_id = done(cast)
    return [one.record_id for one in rows.lines(list_id)]


def test_a_resident_needs_the_number_and_a_stranger_does_not(clerk: Clerk, family: Family) -> None:
    nobody = uuid4()
    assert kept(family.hanako, nobody) == [
        Kept("number_of_resident", None),
        Kept("number_without_record", TODAY),
    ]


def test_a_closed_record_keeps_its_number_for_its_period(clerk: Clerk, family: Family) -> None:
    left(clerk, family.taro)
    (found,) = kept(family.taro)
    assert found == Kept(CLOSED, date(TODAY.year + 150, TODAY.month, TODAY.day + 1))


def test_a_cancelled_entry_keeps_none(clerk: Clerk, family: Family) -> None:
    record_id = entered_by_mistake(clerk)
    assert kept(record_id) == [Kept("number_of_cancelled_record", TODAY)]


def test_its_number_is_destroyed_and_who_lives_here_keeps_theirs(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    record_id = entered_by_mistake(clerk)
    assert disposed(cast) == [record_id]
    assert numbers.get(of_the_import(), record_id) is None
    assert numbers.get(of_the_import(), family.hanako) is not None
    assert clerk.see(record_id).record.closing_reason == "cancelled", "the record itself stays"


@pytest.mark.parametrize("typed", ["", number(55_555_555_568)], ids=["none", "another"])
def test_who_comes_back_after_the_disposal_has_no_number_but_the_one_brought(
    cast: Cast, clerk: Clerk, family: Family, typed: str
) -> None:
    moving = Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))
    her = umeko(resident_record_code=code(5_555_555_550))
    record_id = UUID(str(her["record_id"]))
    entered = moving.record(moves_in(her), numbers={record_id: number(55_555_555_551)})
    clerk.record(Cancelled(cancels=entered.change_id, record_ids=(record_id,)), basis="ex_officio")
    assert clerk.see(record_id).record.individual_number_state == "held"
    disposed(cast)
    moving.record(moves_in(her), numbers={record_id: typed} if typed else {})
    state = "held" if typed else "pending"
    assert clerk.see(record_id).record.individual_number_state == state
    assert numbers.get(of_the_import(), record_id) == (typed or None)


def test_a_cancelled_return_leaves_the_number_of_the_closed_record(
    clerk: Clerk, family: Family
) -> None:
    left(clerk, family.jiro)  # whose number is pending
    left(clerk, family.taro)
    numbers.put(of_the_import(), {family.jiro: number(35_000_000_007)}, IMPORTED)
    assert [one.kind for one in kept(family.jiro, family.taro)] == ["number_not_entered", CLOSED]


def test_a_projection_that_is_lost_or_wrong_makes_nobodys_number_due(
    clerk: Clerk, family: Family
) -> None:
    Current.objects.filter(pk=family.hanako).delete()
    Current.objects.filter(pk=family.taro).update(state="closed")
    resident = Kept("number_of_resident", None)
    assert kept(family.hanako, family.taro) == [resident, resident]


def test_a_record_whose_versions_are_lost_keeps_its_number(clerk: Clerk, family: Family) -> None:
    left(clerk, family.taro)
    here = uuid4()
    Current.objects.filter(pk=family.taro).update(record_id=here)  # no version is of this one
    assert kept(here) == [Kept(CLOSED, None)]


def test_who_comes_back_on_the_day_of_the_disposal_keeps_the_number(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    moving = Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))
    her, own = umeko(resident_record_code=code(5_555_555_550)), number(55_555_555_551)
    record_id = UUID(str(her["record_id"]))
    entered = moving.record(moves_in(her), numbers={record_id: own})
    clerk.record(Cancelled(cancels=entered.change_id, record_ids=(record_id,)), basis="ex_officio")
    list_id = approved(cast)
    assert listed(list_id) == {record_id}
    moving.record(moves_in(her))
    assert carrying_out.carry_out(worker(cast), list_id) == carrying_out.CarriedOut(0, 1)
    assert numbers.get(of_the_import(), record_id) == own
