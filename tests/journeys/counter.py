"""窓口の手順: the steps that a clerk takes again and again, by keyboard alone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.access import clock
from daicho.terms.numbers import resident_record_code_check_digit
from journeys.conftest import Clerk

ANSWER_MS = 2_000


def day(days: int) -> str:
    """A day from today on, as a clerk types it; a negative count is a day gone by."""
    on = clock.today() + timedelta(days=days)
    return f"R{on.year - 2018}.{on.month}.{on.day}"


def code(body: str) -> str:
    """住民票コード: a made-up one that begins with these ten figures."""
    return body + resident_record_code_check_digit(body)


def receive(clerk: Clerk, number: str, name: str) -> None:
    """Choose a work by its number on the first screen."""
    clerk.press_and_wait("F2")
    clerk.press(*number)
    assert clerk.focus_is_on("[data-hit]")
    clerk.press_and_wait("Enter")
    assert f"{name}の受付" in clerk.reads()


def fill(clerk: Clerk, **typed: str) -> None:
    """Go on with Tab to each of the fields and type; a choice is made by its number."""
    for name, text in typed.items():
        clerk.tab_to(f'[name="{name}"]')
        clerk.type(text)


def of_person(place: int, **typed: str) -> dict[str, str]:
    """Fields of one entering person, by their names in the form."""
    return {f"person-{place}-{name}": text for name, text in typed.items()}


NEWCOMER = of_person(
    0,
    family_name="新入",
    given_name="花",
    family_name_kana="シンニュウ",
    given_name_kana="ハナ",
    born_on="H2.4.1",
    sex="2",
    registered_domicile="三重県桑名郡架空一丁目１番地",
    family_register_head="新入　花",
)
"""新入　花: who moves in, as a clerk types her."""
MOTHER = NEWCOMER | of_person(0, resident_record_code=code("2472705960"))
"""The same, who had a 住民票コード before."""
FROM_UTSUNOMIYA = of_person(
    0,
    previous_address_prefecture="栃木県",
    previous_address_municipality="宇都宮市",
    previous_address_town="架空一丁目",
)
"""転入前の住所: whence she comes."""


def say_who(clerk: Clerk) -> None:
    """The person themself stands there, with a card."""
    fill(clerk, capacity="1", visitor_name="新入　花", identity="1")
    clerk.press_and_wait("F8")


def say_where(clerk: Clerk) -> None:
    """The new 住所: from its postal code on Enter, and the lot."""
    fill(clerk, address_postal_code="9638601")
    clerk.press("Enter")
    wait_to_read(clerk, "[data-postal-told]", "朝日")
    fill(clerk, address_lot="２３番７号")


def say_which_notice(clerk: Clerk) -> None:
    """A notice of another town came in."""
    fill(clerk, sender="宇都宮市", reference="宇市第12号")
    clerk.press_and_wait("F8")


def say_why_ex_officio(clerk: Clerk) -> None:
    """Nobody stands there: the mayor finds it out."""
    if not clerk.page.locator(".tabs [aria-current]", has_text="職権").count():
        clerk.tab_to("[name=switch_to][value=ex_officio]")
        clerk.press_and_wait("Enter")
    fill(clerk, reason="実態調査の結果による")
    clerk.press_and_wait("F8")


def find(clerk: Clerk, kana: str) -> None:
    """Find the person under the 受付 by the フリガナ, and open the first of the list."""
    assert clerk.focus_is_on("#id_kana")
    clerk.type(kana)
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("[data-hit]")
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("h1")


def open_form(clerk: Clerk, kana: str, name: str) -> None:
    """From the search to the form of the change, by way of the person."""
    find(clerk, kana)
    clerk.press_and_wait("Shift+F8")
    assert f"{name}の入力" in clerk.reads()


def to_sheet(clerk: Clerk, name: str) -> None:
    """From the form to the confirmation sheet."""
    clerk.press_and_wait("F8")
    assert f"{name}の確認" in clerk.reads(), clerk.reads()


def confirm(clerk: Clerk) -> None:
    """Tick every alert of the sheet."""
    for place in range(clerk.page.locator("[name=accept]").count()):
        clerk.tab_to(f"#accept-{place + 1}")
        clerk.press("Space")


def record(clerk: Clerk) -> None:
    """Confirm what the sheet asks, and record."""
    confirm(clerk)
    clerk.press_and_wait("F8")
    assert "登録しました。" in clerk.reads(), clerk.reads()


def wait_to_read(clerk: Clerk, selector: str, text: str) -> None:
    """Look at that place until the text stands there; in vain, the journey fails."""
    clerk.page.locator(selector, has_text=text).first.wait_for(timeout=ANSWER_MS)


def who(address_number: str) -> UUID:
    """The record of that 宛名番号."""
    ((found,),) = rows(
        "SELECT record_id FROM register_current WHERE address_number = %s", address_number
    )
    return UUID(str(found))


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What stands in the tables of the live counter."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall()) if cursor.description else []
