"""示した項目: a correction is of the items that its page had, whoever sends or opens it later."""

from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

import town
from certificates.counter import take_over
from daicho.access.models import Mask
from people import Cast
from web.desk import HANAKO, Desk, Opened, now, rows, who
from web.masked import CLASSES, DOMICILE, mask, with_markers
from web.pages import form_in
from web.test_masks_changing import MARY, ComeIn

pytestmark = pytest.mark.django_db

OF_REGISTER = ("registered_domicile", "family_register_head", "registered_domicile_code")
OF_STAY = (
    *("dwelling_notified", "moved_in_by_landing_permit", "nationality", "nationality_code"),
    *("residence_card_number", "old_registration_on"),
)
CASES = [
    (HANAKO, OF_REGISTER, {"given_name": "花代"}),
    (MARY, OF_STAY, {"common_name": "通称　恵"}),
]
MENDED = {"occurred_on": "R8.11.10", "why": "corrected_error"}
ELSEWHERE = "福島県郡山市隠町一番地"


@pytest.fixture(autouse=True)
def family(in_november: None, cast: Cast, tmp_path: Path) -> None:
    """花子, 太郎 and MARY, with items of which no form of the law notices that they are gone."""
    hanako, taro, mary = with_markers()
    hanako |= {"registered_domicile_code": "07203000101"}
    mary |= {"dwelling_notified": "1", "nationality_code": "608"}
    mary |= {"old_registration_on": "2010-01-01"}
    take_over(cast, town.write(tmp_path, [hanako, taro, mary]))


def opened_by_a_colleague(at: Desk, cast: Cast, come_in: ComeIn) -> Desk:
    """The desk of the supervisor, to whom everything is shown, under the same 受付."""
    return Desk(come_in(cast.supervisor, Client(raise_request_exception=False)), at.address)


def told(answer: HttpResponse) -> str:
    """The page that says that other items are offered now; nothing was recorded."""
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "直すことのできる項目が変わりました" in page
    return page


@pytest.mark.parametrize(("number", "columns", "typed"), CASES)
def test_a_draft_of_a_masked_clerk_takes_nothing_away(
    desk: Opened,
    cast: Cast,
    come_in: ComeIn,
    number: str,
    columns: tuple[str, ...],
    typed: dict[str, str],
) -> None:
    person = who(number)
    before = now(person, *columns)
    mask(cast.clerk, *CLASSES)
    at = desk("corrected", person, "ex_officio")
    assert at.send(form_in(at.open()), "keep", **MENDED, **typed).status_code == 302
    colleague = opened_by_a_colleague(at, cast, come_in)
    page = colleague.open()
    assert "仮登録の画面になかった項目には、今の記載を入れました" in page
    stands = form_in(page).typed
    for column, cell in zip(columns, before, strict=True):
        assert bool(stands.get(column)) is bool(cell), column
    assert colleague.record().status_code == 302
    assert now(person, *columns) == before
    assert now(person, *typed) == tuple(typed.values())


def test_a_draft_that_says_nothing_of_its_items_takes_nothing_away(
    desk: Opened, cast: Cast, come_in: ComeIn
) -> None:
    hanako = who(HANAKO)
    before = now(hanako, *OF_REGISTER)
    mask(cast.clerk, *CLASSES)
    at = desk("corrected", hanako, "ex_officio")
    at.send(form_in(at.open()), "keep", **MENDED, given_name="花代")
    rows("UPDATE register_draft SET typed = typed - 'offered' RETURNING 1")
    assert opened_by_a_colleague(at, cast, come_in).record().status_code == 302
    assert now(hanako, "given_name", *OF_REGISTER) == ("花代", *before)


def test_an_item_that_a_colleague_made_blank_is_not_for_a_masked_clerk(
    desk: Opened, cast: Cast
) -> None:
    at = desk("corrected", who(HANAKO), "ex_officio")
    blank = dict.fromkeys(OF_REGISTER, "")
    assert at.send(form_in(at.open()), "keep", **MENDED, **blank).status_code == 302
    mask(cast.clerk, "family_register")
    assert at.client.get(at.address).status_code == 403, "the form would not have said it"


def test_the_note_of_a_colleagues_draft_is_not_for_a_masked_clerk(
    desk: Opened, cast: Cast, come_in: ComeIn
) -> None:
    at = desk("moved_in")
    assert at.send(form_in(at.open()), "keep", note="国籍 フィリピン").status_code == 302
    mask(cast.supervisor, "residence_status")
    colleague = opened_by_a_colleague(at, cast, come_in)
    answer = colleague.client.get(at.address)
    assert answer.status_code == 403
    assert "フィリピン" not in answer.content.decode()
    mask(cast.clerk, "residence_status")
    assert "国籍 フィリピン" in at.open(), "who typed it goes on"


@pytest.mark.parametrize(("number", "columns", "typed"), CASES)
@pytest.mark.parametrize("do", ["check", "record"])
def test_a_mask_that_ends_while_the_page_is_open_takes_nothing_away(
    desk: Opened,
    cast: Cast,
    number: str,
    columns: tuple[str, ...],
    typed: dict[str, str],
    do: str,
) -> None:
    person = who(number)
    before = now(person, *columns)
    mask(cast.clerk, *CLASSES)
    at = desk("corrected", person, "ex_officio")
    _, sheet = at.to_sheet(**MENDED, **typed)
    Mask.objects.all().delete()
    again = form_in(told(at.send(sheet, do, accept=sheet.ticks)))
    assert again.typed[columns[0]] or not before[0]
    sheet = form_in(at.send(again, "check").content.decode())
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert now(person, *columns, *typed) == (*before, *typed.values())


def test_a_mask_that_begins_after_the_sheet_drops_nothing_unsaid(desk: Opened, cast: Cast) -> None:
    hanako = who(HANAKO)
    at = desk("corrected", hanako, "ex_officio")
    _, sheet = at.to_sheet(**MENDED, given_name="花代", registered_domicile=ELSEWHERE)
    mask(cast.clerk, "family_register")
    page = told(at.send(sheet, "record", accept=sheet.ticks))
    assert ELSEWHERE not in page
    assert now(hanako, "given_name", "registered_domicile") == ("花子", DOMICILE)
    again = form_in(page)
    assert not {*OF_REGISTER, "household_too"} & set(again.typed)
    sheet = form_in(at.send(again, "check").content.decode())
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert now(hanako, "given_name", "registered_domicile") == ("花代", DOMICILE)


def test_what_was_typed_before_the_mask_can_still_be_kept_for_a_colleague(
    desk: Opened, cast: Cast, come_in: ComeIn
) -> None:
    at = desk("corrected", who(HANAKO), "ex_officio")
    form = form_in(at.open())
    mask(cast.clerk, "family_register")
    assert at.send(form, "keep", **MENDED, registered_domicile=ELSEWHERE).status_code == 302
    colleague = opened_by_a_colleague(at, cast, come_in)
    assert form_in(colleague.open()).typed["registered_domicile"] == ELSEWHERE


def test_a_note_that_the_clerk_types_is_on_the_sheet(desk: Opened, cast: Cast) -> None:
    mask(cast.clerk, *CLASSES)
    at = desk("corrected", who(HANAKO), "ex_officio")
    page, _ = at.to_sheet(**MENDED, given_name="花代", note="架空の事情")
    assert "架空の事情" in page
