"""転出: planned for a day to come, closed on that day, and what the new town says of it."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest

from daicho import recording
from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.recording import ClosedDue
from journeys.conftest import Clerk
from journeys.counter import (
    day,
    fill,
    open_form,
    receive,
    record,
    say_which_notice,
    say_who,
    to_sheet,
)

pytestmark = [pytest.mark.browser, pytest.mark.durable]

PLANNED = 10


def _plan(clerk: Clerk) -> None:
    """太郎 says that he will move out."""
    receive(clerk, "3", "転出")
    say_who(clerk)
    open_form(clerk, "カクウ タロウ", "転出")
    clerk.is_sound("moved-out")
    fill(
        clerk,
        occurred_on=day(PLANNED),
        planned_destination_prefecture="栃木県",
        planned_destination_municipality="宇都宮市",
    )
    to_sheet(clerk, "転出")
    clerk.is_sound("moved-out-sheet")
    record(clerk)


def _the_day_comes() -> None:
    """The daily job runs on the day that was planned."""
    on = clock.today() + timedelta(days=PLANNED)
    with clock.fixed(datetime.combine(on, time(6), clock.TOKYO)):
        permit = system_permit("daily_closing", on, uuid4())
        assert recording.close_due(permit, on) == ClosedDue(1, ())


def _notice_comes(clerk: Clerk) -> None:
    """The new town tells the day and the address."""
    receive(clerk, "4", "転入通知の受理")
    say_which_notice(clerk)
    open_form(clerk, "カクウ タロウ", "転入通知の受理")
    clerk.is_sound("move-in-notice-received")
    fill(
        clerk,
        occurred_on=day(-1),
        moved_in_notice_on=day(0),
        confirmed_destination_prefecture="栃木県",
        confirmed_destination_municipality="宇都宮市",
        confirmed_destination_town="架空二丁目",
    )
    to_sheet(clerk, "転入通知の受理")
    clerk.is_sound("move-in-notice-received-sheet")
    record(clerk)


def test_who_moves_out_stays_until_the_day_and_is_closed_then(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    _plan(clerk)
    clerk.press_and_wait("F7")
    assert "宇都宮市" in clerk.reads()
    assert clerk.page.inner_text(".who-state").startswith("住民 ▷ 転出予定")
    clerk.is_sound("person-moving-out")
    _the_day_comes()
    clerk.page.reload()
    assert "転出" in clerk.page.inner_text(".who-state")
    clerk.is_sound("person-moved-out")
    _notice_comes(clerk)
    clerk.press_and_wait("F10")
    assert "架空二丁目" in clerk.reads()
    clerk.is_sound("history-of-moving-out")
