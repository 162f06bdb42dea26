"""編集中: a household is open for one clerk at a time, until a time."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from daicho.access import clock
from daicho.access.permits import permit
from daicho.access.refusals import NotPermitted
from daicho.register.receiving import leases
from daicho.register.receiving.leases import LASTS, Lease
from people import Cast, Player
from receptions import permit_under, received
from register.counter import TODAY, rows

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HANAKO, TARO, JIRO = sorted(uuid4() for _ in range(3))


def take(player: Player, *record_ids: UUID, at: datetime = AT) -> Lease:
    with clock.fixed(at):
        found = received(player)
        return leases.take(permit_under(player, found), found, record_ids)


def test_a_household_is_taken_until_a_time(cast: Cast) -> None:
    lease = take(cast.clerk, HANAKO, TARO)
    assert lease.holder is None
    assert lease.record_ids == {HANAKO, TARO}
    assert lease.until_at == AT + LASTS


def test_who_comes_second_is_told_who_holds_it_and_until_when(cast: Cast) -> None:
    take(cast.clerk, HANAKO)
    holder = take(cast.supervisor, HANAKO).holder
    assert holder is not None
    assert (holder.operator, holder.terminal, holder.until_at) == ("窓口 花", "C001", AT + LASTS)


def test_a_household_is_taken_whole_or_not_at_all(cast: Cast) -> None:
    take(cast.clerk, TARO)
    assert take(cast.supervisor, HANAKO, TARO, JIRO).holder is not None
    assert rows("SELECT record_id FROM register_editlease") == [(TARO,)]


def test_a_lease_of_another_office_holds_too(cast: Cast) -> None:
    take(cast.clerk_of_another_office, HANAKO)
    holder = take(cast.clerk, HANAKO).holder
    assert holder is not None
    assert holder.office == "101"


def test_a_lease_ends_by_itself(cast: Cast) -> None:
    take(cast.clerk, HANAKO)
    assert take(cast.supervisor, HANAKO, at=AT + LASTS).holder is not None
    after = AT + LASTS + (LASTS / 1000)
    assert take(cast.supervisor, HANAKO, at=after).holder is None


def test_the_same_operator_goes_on_with_a_new_end(cast: Cast) -> None:
    take(cast.clerk, HANAKO)
    again = take(cast.clerk, HANAKO, at=AT + LASTS / 2)
    assert again.holder is None
    assert again.until_at == AT + LASTS / 2 + LASTS


def test_what_is_released_is_free(cast: Cast) -> None:
    lease = take(cast.clerk, HANAKO)
    its = permit(cast.clerk.acting(), "change.moved_within", TODAY)
    leases.release(its, lease.reception_id)
    assert take(cast.supervisor, HANAKO).holder is None


def test_nobody_releases_what_another_holds(cast: Cast) -> None:
    lease = take(cast.clerk, HANAKO)
    other = permit(cast.supervisor.acting(), "change.moved_within", TODAY)
    leases.release(other, lease.reception_id)
    assert take(cast.supervisor, HANAKO).holder is not None


def test_a_form_on_nobody_yet_holds_nothing(cast: Cast) -> None:
    assert take(cast.clerk).holder is None
    assert rows("SELECT count(*) FROM register_editlease") == [(0,)]


def test_it_is_trailed_when_it_begins_and_not_when_it_goes_on(cast: Cast) -> None:
    with clock.fixed(AT):
        found = received(cast.clerk)
        for _ in range(3):
            its = permit_under(cast.clerk, found)
            leases.take(its, found, [HANAKO, TARO])
    assert rows("SELECT subject_count FROM access_trail WHERE event = 'lease'") == [(2,)]


def test_a_lease_is_taken_under_a_reception_of_the_own_office_and_purpose(cast: Cast) -> None:
    found = received(cast.clerk)
    with pytest.raises(NotPermitted):
        leases.take(permit_under(cast.clerk_of_another_office, found), found, [HANAKO])
    with pytest.raises(NotPermitted):
        leases.take(permit(cast.clerk.acting(), "change.moved_out", TODAY), found, [HANAKO])
