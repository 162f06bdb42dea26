"""What each form prints, as texts: who stands where, what is omitted, blank or struck out."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest

from certificates.households import (
    ASKED,
    FOREIGN_ASKED,
    ON,
    PAPER,
    RARE,
    allowed,
    foreigner,
    household,
    life,
    mover,
    numbers,
    person,
)
from daicho.certificates import font
from daicho.certificates.forms import (
    Sheets,
    fit,
    household_copy,
    individual_copy,
    moved_out_certificate,
)
from daicho.certificates.forms.paper import seal_columns
from daicho.certificates.forms.sheets import NUMBER_MM, WIDTH_MM, Grid
from daicho.law.disclosure import Form
from daicho.terms.dates import certain
from daicho.terms.records import Record

MOVING = {
    name: getattr(mover(1), name)
    for name in ("closing_reason", "closing_event_on", "planned_destination_municipality")
}
OF_ALL: dict[Form, frozenset[str]] = {
    "household_copy": frozenset({"address"}),
    "individual_copy": frozenset(),
    "moved_out_certificate": frozenset({"address", "closing", "planned_destination"}),
}


def _copy(*records: Record, asked: frozenset[str] = frozenset()) -> Sheets:
    return household_copy(records, allowed(records, asked=asked), PAPER, {})


def _texts(grid: Grid) -> dict[str, str]:
    """Label to text, as they stand beside each other."""
    boxes = list(grid.boxes)
    return {
        one.text: other.text
        for one, other in pairwise(boxes)
        if one.is_label and not other.is_label
    }


def _of(sheets: Sheets, place: int) -> dict[str, str]:
    return _texts(sheets.pages[0].grids[place])


@pytest.mark.parametrize(("persons", "pages"), [(1, 1), (4, 1), (5, 2), (8, 2), (9, 3)])
def test_four_persons_stand_on_a_page(persons: int, pages: int) -> None:
    sheets = _copy(*household(persons))
    assert len(sheets.pages) == pages
    assert [page.number.rsplit(" ", 1)[1] for page in sheets.pages] == [
        f"{n}/{pages}" for n in range(1, pages + 1)
    ]
    for page in sheets.pages:
        assert [grid.rows for grid in page.grids] == [2, 12, 12, 12, 12]
        assert [grid.number for grid in page.grids] == ["", "1", "2", "3", "4"]


def test_the_number_of_issue_has_the_parts_of_the_standard() -> None:
    assert PAPER.number(1, 2) == "20261122 郡山市 本庁1 プリンタ001 011 1/2"


def test_every_grid_is_as_wide_as_the_form() -> None:
    sheets = _copy(*household(2), foreigner())
    for grid in sheets.pages[0].grids:
        assert sum(grid.columns_mm) + (NUMBER_MM if grid.number else 0) == WIDTH_MM
    assert [grid.number for grid in sheets.pages[0].grids] == ["", "1", "2", "3", "4"]


def test_members_stand_in_the_order_of_the_household() -> None:
    sheets = _copy(*reversed(household(3)), asked=frozenset({"relationship"}))
    assert [_of(sheets, place)["続柄"] for place in (1, 2, 3)] == ["世帯主", "妻", "子"]


def test_what_is_not_asked_for_says_so() -> None:
    sheets = _copy(person())
    assert _of(sheets, 0)["世帯主"] == "【省略】"
    told = _of(sheets, 1)
    omitted = ("続柄", "本籍", "筆頭者", "個人番号", "住民票コード")
    assert {told[name] for name in omitted} == {"【省略】"}


def test_what_is_asked_for_stands_there_as_it_is_registered() -> None:
    family = household(1)
    decision = allowed(family, asked=ASKED)
    told = _of(household_copy(family, decision, PAPER, numbers(family)), 1)
    assert told["氏名"] == f"{RARE}　子美"
    assert told["個人番号"] == "123456789018"
    assert told["住民票コード"] == "24727059608"
    assert told["本籍"] == "福島県郡山市架空町一丁目１番地"


def test_a_number_that_is_not_given_yet_is_blank() -> None:
    family = household(1)
    told = _of(household_copy(family, allowed(family, asked=ASKED), PAPER, {}), 1)
    assert told["個人番号"] == "【空欄】"


def test_the_address_has_its_building() -> None:
    assert _of(_copy(person()), 0)["住所"] == "福島県郡山市架空町二丁目３番４号　コーポ架空１０１"


def test_an_empty_item_says_that_it_is_empty() -> None:
    newborn = person(
        3,
        previous_address_prefecture="",
        previous_address_municipality="",
        previous_address_town="",
    )
    told = _of(_copy(newborn), 1)
    assert told["転入前住所"] == "【空欄】"
    assert told["旧氏"] == told["旧氏の振り仮名"] == "【空欄】"


def test_the_day_of_the_address_is_blank_until_a_moving_within() -> None:
    came = replace(person(), address_since_on=certain(date(2019, 5, 1)))
    assert _of(_copy(came), 1)["住所を定めた年月日"] == "【空欄】"
    assert _of(_copy(person()), 1)["住所を定めた年月日"] == "令和6年4月1日"
    assert _of(_copy(person()), 1)["住民となった年月日"] == "令和元年5月1日"


def test_two_dates_of_a_foreign_resident_are_western() -> None:
    told = _of(_copy(foreigner(), asked=FOREIGN_ASKED), 1)
    assert told["生年月日"] == "1987年3月2日"
    assert told["在留期間の満了の日"] == "2029年2月3日"
    assert told["外国人住民となった年月日"] == "令和2年2月3日"
    assert told["住所を定めた年月日"] == "【空欄】"
    assert told["氏名"] == "KAKU ULINA　架空　鈴那"
    assert told["通称の記載等"] == "令和3年6月1日福島県郡山市記載"
    assert told["氏名の振り仮名"] == "＊＊＊"


def test_a_box_for_nobody_is_struck_out() -> None:
    grid = _copy(person()).pages[0].grids[2]
    assert {box.text for box in grid.boxes if not box.is_label} == {"＊＊＊"}


def test_the_title_and_the_marks_are_those_of_the_form() -> None:
    family = (mover(1), mover(2))
    decision = allowed(family, "moved_out_certificate", is_reissue=True, has_first_issue=True)
    sheets = moved_out_certificate(family, decision, PAPER, numbers(family))
    assert (sheets.title, sheets.marks) == ("転出証明書", ("再交付",))
    official = household_copy(
        family, allowed(family, requester="official"), replace(PAPER, is_specimen=True), {}
    )
    assert (official.title, official.marks) == ("住民票の写し", ("公用", "見本"))


def test_the_moved_out_certificate_says_where_to_and_when() -> None:
    family = tuple(mover(place) for place in range(1, 6))
    decision = allowed(family, "moved_out_certificate")
    sheets = moved_out_certificate(family, decision, PAPER, numbers(family))
    assert len(sheets.pages) == 2
    head = _of(sheets, 0)
    assert head["転出先"] == "宮城県仙台市青葉区架空三丁目４番５号"
    assert (head["転出の予定年月日"], head["転出の届出年月日"]) == (
        "令和8年12月1日",
        "令和8年11月20日",
    )
    told = _of(sheets, 1)
    assert told["国民健康保険"] == "該当　令和元年5月1日取得"
    assert told["国民年金"] == "【空欄】"
    assert (told["個人番号"], told["続柄"]) == ("123456789018", "世帯主")


def test_benefits_are_told_with_their_kind_and_days() -> None:
    one = replace(
        mover(),
        national_pension=True,
        national_pension_kind="1",
        basic_pension_number="1234567890",
        child_allowance_from_month="2024-05",
        child_allowance_until_month="",
    )
    decision = allowed([one], "moved_out_certificate")
    told = _of(moved_out_certificate([one], decision, PAPER, {}), 1)
    assert told["国民年金"] == "第1号被保険者　1234567890"
    assert told["児童手当"] == "令和6年5月～"


@pytest.mark.parametrize("who", [mover(), replace(foreigner(), **MOVING)], ids=["ja", "foreign"])
def test_benefits_are_printed_in_letters_that_can_be_read(who: Record) -> None:
    one = replace(
        who,
        national_pension=True,
        national_pension_kind="1",
        basic_pension_number="1234567890",
        national_pension_acquired_on=date(2019, 5, 1),
        child_allowance_from_month="2024-05",
        child_allowance_until_month="2026-11",
    )
    decision = allowed([one], "moved_out_certificate")
    fitted = fit(moved_out_certificate([one], decision, PAPER, {}), font.face(), ON)
    boxes = fitted.body["pages"][0]["grids"][1]["boxes"]
    sizes = {"".join(box["lines"]): box["size_pt"] for box in boxes}
    told = [size for text, size in sizes.items() if "1234567890" in text or "令和6年5月" in text]
    assert len(told) == 2
    assert min(told) >= 7.0


@pytest.mark.parametrize(
    ("letters", "columns"),
    [("", ()), ("市", ("市",)), ("郡山市長之印", ("郡山市", "長之印")), ("町長印", ("町長", "印"))],
)
def test_the_seal_reads_from_the_right(letters: str, columns: tuple[str, ...]) -> None:
    assert seal_columns(letters) == columns


def test_a_view_does_not_tell_its_texts_when_it_is_shown_to_a_programmer() -> None:
    family = household(1)
    sheets = household_copy(
        family, allowed(family, asked=ASKED), PAPER, {family[0].record_id: "123456789018"}
    )
    assert RARE not in repr(sheets)
    assert "123456789018" not in repr(sheets)
    assert isinstance(sheets.pages[0].grids[1].boxes[1].record_id, UUID)
    assert sheets.foot.issued_on == "令和8年11月22日"


def _printed(sheets: Sheets, record: Record) -> set[str]:
    """The items of a person whose boxes stand on the paper and are not left out of it."""
    boxes = [box for page in sheets.pages for grid in page.grids for box in grid.boxes]
    return {
        box.item
        for box in boxes
        if box.record_id == record.record_id and box.item and box.text not in ("【省略】", "＊＊＊")
    }


@pytest.mark.parametrize(
    ("form", "records"),
    [
        ("household_copy", (person(1), foreigner())),
        ("individual_copy", (person(1),)),
        ("individual_copy", (foreigner(),)),
        ("moved_out_certificate", (mover(1), mover(2))),
        ("moved_out_certificate", (replace(foreigner(), **MOVING),)),
    ],
    ids=["household", "one", "one foreign", "movers", "a foreign mover"],
)
@pytest.mark.parametrize("asked", [frozenset(), ASKED, ASKED | FOREIGN_ASKED])
def test_the_paper_shows_what_the_decision_says_and_nothing_else(
    form: Form, records: tuple[Record, ...], asked: frozenset[str]
) -> None:
    decision = allowed(records, form=form, asked=asked)
    if form == "household_copy":
        sheets = household_copy(records, decision, PAPER, numbers(records))
    elif form == "moved_out_certificate":
        sheets = moved_out_certificate(records, decision, PAPER, numbers(records))
    else:
        sheets = individual_copy(life(records[0]), "", decision, PAPER, font.face(), "123456789018")
    for place, one in enumerate(records):
        decided = {e.item for e in decision.entries[one.record_id] if e.how == "shown"}
        of_all = OF_ALL[form] if place else frozenset()  # said once, at the head
        assert _printed(sheets, one) >= decided - of_all
        assert _printed(sheets, one) <= decided
