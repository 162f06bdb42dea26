"""転出証明書の交付: after a recorded 国内転出, once; then only as a 再交付 of the first content."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from certificates.counter import asked_for, issued, rows, signing, text
from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit, system_permit
from daicho.access.refusals import Refused
from daicho.certificates import certifiers
from daicho.certificates.issuing import Issued, Order, Unconfirmed, spoil
from daicho.register.receiving.receptions import reception
from daicho.terms.changes import Cancelled, Corrected, MovedOut
from people import Cast
from receptions import permit_under, received
from register.conftest import allowed, take_over
from register.counter import TODAY, Clerk, Family, family_here, on_day, place

__all__ = ["allowed", "take_over"]
pytestmark = pytest.mark.django_db

LEAVING_ON = TODAY + timedelta(days=10)
LATER_ON = LEAVING_ON + timedelta(days=5)
FIRST_DAY, SECOND_DAY = "令和8年11月30日", "令和8年12月5日"
NUMBER, CODE, TARO = "123456789018", "12345678903", "架空　太郎"


@pytest.fixture
def clerk(cast: Cast, tmp_path: Path) -> Iterator[Clerk]:
    with on_day(TODAY), signing(tmp_path / "key"):
        certifiers.ensure_made_up("郡山市", "福島県")
        yield Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


@pytest.fixture
def family(three_live_here: None, clerk: Clerk) -> Family:
    return family_here()


def leaves(
    cast: Cast, *movers: UUID, special: bool = False, on: date = LEAVING_ON, **brought: object
) -> UUID:
    """A 転出届 of these for a day, recorded; gives the 受付 under which it was."""
    under = received(cast.clerk, "moved_out", **brought)
    change = MovedOut(
        abroad=False,
        destination=place("planned_destination"),
        record_ids=movers,
        special=special,
    )
    clerk = Clerk(permit_under(cast.clerk, under))
    clerk.record(change, occurred_on=on, reception_id=under.reception_id)
    return under.reception_id


def ordered(reception_id: UUID, *movers: UUID, is_reissue: bool = False) -> Order:
    return Order(
        reception_id=reception_id,
        form="moved_out_certificate",
        record_ids=movers,
        is_reissue=is_reissue,
    )


def given(cast: Cast, under: UUID, *movers: UUID) -> Issued:
    return issued(cast.clerk, ordered(under, *movers))


def again(cast: Cast, *movers: UUID, capacity: str = "principal", **said: object) -> Issued:
    said = {"visitor_name": TARO, "capacity": capacity, **said}
    return issued(cast.clerk, ordered(asked_for(cast.clerk, **said), *movers, is_reissue=True))


def refused(call: Callable[..., Issued], *given: object, **said: object) -> set[str]:
    with pytest.raises(Refused) as told:
        call(*given, **said)
    return {one.code for one in told.value.findings}


def test_it_says_what_the_next_town_enters_numbers_included(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    under = leaves(cast, family.hanako, family.taro, family.jiro)
    read = text(given(cast, under, family.hanako, family.taro, family.jiro).pdf)
    for said in ("転出証明書", NUMBER, CODE, "栃木県宇都宮市", "本籍福島県", "令和8年11月30日"):
        assert said in read, said
    assert "再交付" not in read
    found = rows("SELECT event, purpose FROM access_trail WHERE number_seen ORDER BY id")
    assert {purpose for _, purpose in found} == {"certificate.moved_out"}
    assert [event for event, _ in found] == ["vault_get", "vault_get", "issue"], "one is pending"


def test_who_has_not_said_so_or_goes_by_the_special_way_has_none(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    jiros = leaves(cast, family.jiro)
    assert refused(given, cast, jiros, family.taro) >= {"brro23.not_moving_out"}
    under = leaves(cast, family.taro, special=True)
    assert refused(given, cast, under, family.taro) == {"brra24-2.no_certificate"}
    assert rows("SELECT count(*) FROM access_trail WHERE number_seen") == [(0,)]


def test_a_second_one_is_a_reissue(cast: Cast, clerk: Clerk, family: Family) -> None:
    under = leaves(cast, family.taro)
    assert refused(again, cast, family.taro) == {"brro24.no_first_issue"}
    given(cast, under, family.taro)
    found = refused(issued, cast.clerk, replace(ordered(under, family.taro), copy_count=2))
    assert "brro24.issued_before" in found
    assert "再交付" in text(again(cast, family.taro).pdf)


def test_a_reissue_repeats_the_first_content(cast: Cast, clerk: Clerk, family: Family) -> None:
    first = given(cast, leaves(cast, family.taro), family.taro)
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
    under = leaves(cast, family.taro, family.jiro)
    given(cast, under, family.taro, family.jiro)
    assert refused(again, cast, family.taro) == {"brro24.no_first_issue"}


def test_a_spoiled_first_one_was_never_given(cast: Cast, clerk: Clerk, family: Family) -> None:
    under = leaves(cast, family.taro)
    first = given(cast, under, family.taro)
    found = reception(cast.clerk.acting(), under)
    assert found is not None
    assert spoil(permit_under(cast.clerk, found), under, first.issue_id, "misprint")
    assert "再交付" not in text(given(cast, under, family.taro).pdf)


def test_another_moving_out_has_a_first_one_of_its_own(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    before = leaves(cast, family.taro)
    given(cast, before, family.taro)
    ((change_id,),) = rows("SELECT max(id) FROM register_recordedchange WHERE kind = 'moved_out'")
    clerk.record(
        Cancelled(cancels=change_id, record_ids=(family.taro,)),
        basis="ex_officio",
    )
    codes = refused(given, cast, before, family.taro)
    assert codes >= {"brro23.not_moving_out", "brro23.not_of_notification"}
    assert "再交付" not in text(given(cast, leaves(cast, family.taro), family.taro).pdf)


def cancel(clerk: Clerk, *movers: UUID) -> None:
    """The last 転出届 never was."""
    ((change_id,),) = rows("SELECT max(id) FROM register_recordedchange WHERE kind = 'moved_out'")
    clerk.record(Cancelled(cancels=change_id, record_ids=movers), basis="ex_officio")


def test_who_notifies_another_day_has_a_first_one_with_that_day(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    before = leaves(cast, family.taro)
    given(cast, before, family.taro)
    since = leaves(cast, family.taro, on=LATER_ON)
    assert refused(again, cast, family.taro) == {"brro24.no_first_issue"}
    assert "brro23.not_of_notification" in refused(given, cast, before, family.taro)
    read = text(given(cast, since, family.taro).pdf)
    assert (SECOND_DAY in read, FIRST_DAY in read, "再交付" in read) == (True, False, False)
    read = text(again(cast, family.taro).pdf)
    assert (SECOND_DAY in read, FIRST_DAY in read, "再交付" in read) == (True, False, True)


def test_once_the_later_notification_is_cancelled_the_former_one_counts_again(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    before = leaves(cast, family.taro)
    first = given(cast, before, family.taro)
    given(cast, leaves(cast, family.taro, on=LATER_ON), family.taro)
    cancel(clerk, family.taro)
    assert "brro24.issued_before" in refused(given, cast, before, family.taro)
    read = text(again(cast, family.taro).pdf)
    assert (FIRST_DAY in read, SECOND_DAY in read) == (True, False)
    ((reissue_of,),) = rows("SELECT reissue_of FROM certificates_issue WHERE is_reissue")
    assert reissue_of == first.issue_id


def test_after_a_cancelled_one_the_next_notification_has_a_first_one_of_its_own(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    given(cast, leaves(cast, family.taro), family.taro)
    cancel(clerk, family.taro)
    since = leaves(cast, family.taro, on=LATER_ON)
    assert refused(again, cast, family.taro) == {"brro24.no_first_issue"}
    read = text(given(cast, since, family.taro).pdf)
    assert (SECOND_DAY in read, FIRST_DAY in read, "再交付" in read) == (True, False, False)


def test_a_correction_is_no_other_notification(cast: Cast, clerk: Clerk, family: Family) -> None:
    under = leaves(cast, family.taro)
    given(cast, under, family.taro)
    moved = {"registered_domicile": "福島県郡山市架空町九丁目９番地"}
    clerk.record(Corrected(is_error=False, items={family.taro: moved}), basis="ex_officio")
    assert "brro24.issued_before" in refused(given, cast, under, family.taro)


def test_a_reissue_is_of_those_who_still_move_by_that_notification(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    under = leaves(cast, family.taro, family.jiro)
    given(cast, under, family.taro, family.jiro)
    jiros = leaves(cast, family.jiro, on=LATER_ON)
    assert "brro23.not_of_notification" in refused(given, cast, under, family.taro, family.jiro)
    assert refused(again, cast, family.taro, family.jiro) == {"brro24.no_first_issue"}
    assert FIRST_DAY in text(again(cast, family.taro).pdf)
    assert SECOND_DAY in text(given(cast, jiros, family.jiro).pdf)


@pytest.mark.parametrize("is_reissue", [False, True])
@pytest.mark.parametrize("capacity", ["third_party", "specified_business", "official"])
def test_who_may_not_have_the_numbers_has_no_certificate(
    cast: Cast, clerk: Clerk, family: Family, capacity: str, is_reissue: bool
) -> None:
    given(cast, leaves(cast, family.taro), family.taro)
    shown = {"capacity": capacity, "reason": "債権の回収", "authority": ("qualification",)}
    its = asked_for(cast.clerk, **shown, principal_name="架空商店")
    before = rows("SELECT count(*) FROM access_trail WHERE number_seen")
    codes = refused(issued, cast.clerk, ordered(its, family.taro, is_reissue=is_reissue))
    assert "brro24.not_for_requester" in codes
    assert rows("SELECT count(*) FROM access_trail WHERE number_seen") == before


@pytest.mark.parametrize("is_reissue", [False, True])
def test_a_notification_of_others_gives_no_certificate(
    cast: Cast, clerk: Clerk, family: Family, is_reissue: bool
) -> None:
    given(cast, leaves(cast, family.taro), family.taro)
    jiros = leaves(cast, family.jiro)
    nobodys = received(cast.clerk, "moved_out").reception_id
    for other in (jiros, nobodys):
        codes = refused(issued, cast.clerk, ordered(other, family.taro, is_reissue=is_reissue))
        assert "brro23.not_of_notification" in codes
    both = ordered(jiros, family.jiro, family.taro)
    assert "brro23.not_of_notification" in refused(issued, cast.clerk, both)


def test_whoever_may_bring_the_notification_takes_the_certificate(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    letter: dict[str, Any] = {"authority": ("letter",), "principal_name": TARO}
    under = leaves(cast, family.taro, capacity="messenger", **letter)
    assert not given(cast, under, family.taro).posted_to_principal
    assert again(cast, family.taro, capacity="agent", **letter).posted_to_principal


def test_a_first_one_on_a_later_request_is_asked_about(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    leaves(cast, family.taro)
    with on_day(TODAY + timedelta(days=1)):
        wanted = ordered(asked_for(cast.clerk, visitor_name=TARO), family.taro)
        with pytest.raises(Unconfirmed) as asked:
            issued(cast.clerk, wanted)
        codes = frozenset(one.code for one in asked.value.findings)
        assert codes == {"brro23.first_by_request"}
        made = issued(cast.clerk, replace(wanted, accepted=codes))
    assert "再交付" not in text(made.pdf)
    ((kept,),) = rows("SELECT decision->'findings' FROM certificates_issue")
    assert "brro23.first_by_request" in str(kept)
