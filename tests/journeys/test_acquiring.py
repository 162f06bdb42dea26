"""個人番号の取得: nothing is asked where no number is typed, and one key is enough with a card."""

import pytest

from daicho.access import clock
from daicho.access.permits import permit
from daicho.vault.acquiring import acquisitions
from journeys.conftest import Clerk
from journeys.counter import (
    NEWCOMER,
    code,
    day,
    fill,
    of_person,
    receive,
    record,
    rows,
    say_who,
    to_sheet,
)
from register.counter import in_stock
from searching_everything import TYPED

pytestmark = [pytest.mark.browser, pytest.mark.durable]


def _is_seen(clerk: Clerk, name: str) -> bool:
    return clerk.page.locator(f'[name="person-0-{name}"]').is_visible()


def test_a_number_from_abroad_is_checked_by_the_card_that_the_reception_saw(
    at_the_counter: Clerk,
) -> None:
    clerk = at_the_counter
    in_stock(code("2472705960"))
    receive(clerk, "1", "転入")
    say_who(clerk)
    fill(clerk, occurred_on=day(-3), whence="2", address_postal_code="9638601")
    clerk.press("Enter")
    clerk.page.locator("[data-postal-told]", has_text="朝日").first.wait_for()
    fill(clerk, address_lot="２３番７号", **NEWCOMER)
    clerk.tab_to('[name="person-0-individual_number"]')
    assert not _is_seen(clerk, "acquired_from"), "no number, no question"
    clerk.type(TYPED)
    assert _is_seen(clerk, "acquired_from")
    assert _is_seen(clerk, "number_document"), "from abroad it is the person's"
    fill(clerk, **of_person(0, acquired_from="1"))
    assert not _is_seen(clerk, "number_document"), "of a certificate nothing more is asked"
    clerk.press("Home")
    assert _is_seen(clerk, "number_document")
    clerk.is_sound("moved-in-number")
    fill(clerk, **of_person(0, purpose_shown="1"))
    to_sheet(clerk, "転入")
    assert "個人番号カード一つで確認" in clerk.reads()
    clerk.is_sound("moved-in-number-sheet")
    record(clerk)
    ((who,),) = rows("SELECT record_id FROM register_recordversion WHERE given_name = '花'")
    looking = permit(clerk.live.cast.clerk.acting(), "change.moved_in", clock.today())
    (kept,) = acquisitions(looking, who)
    assert (kept.acquired.source, kept.checked_by) == ("person", "one_document")
