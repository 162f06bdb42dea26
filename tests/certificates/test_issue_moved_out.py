"""転出証明書の交付: after a recorded 国内転出, once; then only as a 再交付 of the first content."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from certificates.counter import asked_for, issued, rows, signing, text
from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit, system_permit
from daicho.access.refusals import Refused
from daicho.certificates import certifiers
from daicho.certificates.issuing import Issued, Order, spoil
from daicho.register.receiving.receptions import reception
from daicho.terms.changes import Cancelled, Corrected, MovedOut
from people import Cast
from receptions import permit_under, received
from register.conftest import Import, allowed, take_over
from register.counter import TODAY, Clerk, Family, moved_in_family, on_day, place

__all__ = ["allowed", "take_over"]
pytestmark = pytest.mark.django_db

LEAVING_ON = TODAY + timedelta(days=10)
NUMBER, CODE = "123456789018", "12345678903"


@pytest.fixture
def clerk(cast: Cast, tmp_path: Path) -> Iterator[Clerk]:
    with on_day(TODAY), signing(tmp_path / "key"):
        certifiers.ensure_made_up("郡山市", "福島県")
        yield Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


@pytest.fixture
def family(take_over: Import, clerk: Clerk, tmp_path: Path) -> Family:
    return moved_in_family(take_over, tmp_path)


def leaves(clerk: Clerk, *movers: UUID, special: bool = False) -> None:
    change = MovedOut(
        abroad=False,
        destination=place("planned_destination"),
        record_ids=movers,
        special=special,
    )
    clerk.record(change, occurred_on=LEAVING_ON)


def ordered(reception_id: UUID, *movers: UUID, is_reissue: bool = False) -> Order:
    return Order(
        reception_id=reception_id,
        form="moved_out_certificate",
        record_ids=movers,
        is_reissue=is_reissue,
    )


def given(cast: Cast, *movers: UUID) -> Issued:
    return issued(cast.clerk, ordered(received(cast.clerk, "moved_out").reception_id, *movers))


def again(cast: Cast, *movers: UUID) -> Issued:
    reception = asked_for(cast.clerk, capacity="same_household")
    return issued(cast.clerk, ordered(reception, *movers, is_reissue=True))


def refused(cast: Cast, *movers: UUID, is_reissue: bool = False) -> set[str]:
    with pytest.raises(Refused) as told:
        (again if is_reissue else given)(cast, *movers)
    return {one.code for one in told.value.findings}


def test_it_says_what_the_next_town_enters_numbers_included(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    leaves(clerk, family.hanako, family.taro, family.jiro)
    read = text(given(cast, family.hanako, family.taro, family.jiro).pdf)
    for said in ("転出証明書", NUMBER, CODE, "栃木県宇都宮市", "本籍福島県", "令和8年11月30日"):
        assert said in read, said
    assert "再交付" not in read
    found = rows("SELECT event, purpose FROM access_trail WHERE number_seen ORDER BY id")
    assert {purpose for _, purpose in found} == {"certificate.moved_out"}
    assert [event for event, _ in found] == ["vault_get", "vault_get", "issue"], "one is pending"


def test_who_has_not_said_so_or_goes_by_the_special_way_has_none(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    assert refused(cast, family.taro) == {"brro23.not_moving_out"}
    leaves(clerk, family.taro, special=True)
    assert refused(cast, family.taro) == {"brra24-2.no_certificate"}
    assert rows("SELECT count(*) FROM access_trail WHERE number_seen") == [(0,)]


def test_a_second_one_is_a_reissue(cast: Cast, clerk: Clerk, family: Family) -> None:
    leaves(clerk, family.taro)
    assert refused(cast, family.taro, is_reissue=True) == {"brro24.no_first_issue"}
    given(cast, family.taro)
    assert refused(cast, family.taro) == {"brro24.issued_before"}
    assert "再交付" in text(again(cast, family.taro).pdf)


def test_a_reissue_repeats_the_first_content(cast: Cast, clerk: Clerk, family: Family) -> None:
    leaves(clerk, family.taro)
    first = given(cast, family.taro)
    moved = {"registered_domicile": "福島県郡山市架空町九丁目９番地"}
    change = Corrected(is_error=False, items={family.taro: moved})
    clerk.record(change, basis="ex_officio")
    with on_day(LEAVING_ON):
        closing = system_permit("daily_closing", LEAVING_ON, uuid4())
        assert recording.close_due(closing, LEAVING_ON).person_count == 1
        read = text(again(cast, family.taro).pdf)
    assert "九丁目" not in read
    assert "架空町一丁目１番地" in read
    ((reissue_of,),) = rows("SELECT reissue_of FROM certificates_issue WHERE is_reissue")
    assert reissue_of == first.issue_id


def test_a_reissue_is_of_all_who_were_on_the_first(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    leaves(clerk, family.taro, family.jiro)
    given(cast, family.taro, family.jiro)
    assert refused(cast, family.taro, is_reissue=True) == {"brro24.no_first_issue"}


def test_a_spoiled_first_one_was_never_given(cast: Cast, clerk: Clerk, family: Family) -> None:
    leaves(clerk, family.taro)
    under = received(cast.clerk, "moved_out")
    first = issued(cast.clerk, ordered(under.reception_id, family.taro))
    found = reception(cast.clerk.acting(), under.reception_id)
    assert found is not None
    assert spoil(permit_under(cast.clerk, found), under.reception_id, first.issue_id, "misprint")
    assert "再交付" not in text(given(cast, family.taro).pdf)


def test_another_moving_out_has_a_first_one_of_its_own(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    leaves(clerk, family.taro)
    given(cast, family.taro)
    ((change_id,),) = rows("SELECT max(id) FROM register_recordedchange WHERE kind = 'moved_out'")
    clerk.record(
        Cancelled(cancels=change_id, record_ids=(family.taro,)),
        basis="ex_officio",
    )
    assert refused(cast, family.taro) == {"brro23.not_moving_out"}
    leaves(clerk, family.taro)
    assert "再交付" not in text(given(cast, family.taro).pdf)
