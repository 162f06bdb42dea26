"""The 統合記載欄 of a 個人票: the history leaves out what the copy leaves out."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from certificates.households import ASKED, ON, PAPER, allowed, mover, person
from daicho.certificates import font
from daicho.certificates.forms import Past, Sheets, individual_copy
from daicho.certificates.forms.past import lines
from daicho.law.disclosure import Request, Subject, decide
from daicho.terms.dates import certain
from daicho.terms.records import Record

CAME_ON, MOVED_ON = certain(date(2019, 5, 1)), certain(date(2024, 4, 1))
NOW = person()
CAME = replace(NOW, address_town="架空町九丁目", address_since_on=CAME_ON)
EARLIER = replace(CAME, registered_domicile="栃木県宇都宮市架空１番地")
LIFE = (
    Past(record=EARLIER, reason="moved_in", occurred_on=CAME_ON, received_on=date(2019, 5, 7)),
    Past(record=CAME, reason="corrected_ex_officio", remark="修正前本籍 X", note="戸籍の通知"),
    Past(record=NOW, reason="moved_within", occurred_on=MOVED_ON, remark="前住所 Y"),
)
GONE = replace(
    mover(),
    state="moved_out",
    closing_event_on=certain(ON),
    closed_on=ON,
    confirmed_destination_free_text="宮城県仙台市架空三丁目４番５号",
)


def _told(
    *pasts: Past, asked: frozenset[str] = frozenset(), remark: str = "", **more: Any
) -> list[tuple[str, str]]:
    more.setdefault("with_history", True)
    decision = allowed([pasts[-1].record], "individual_copy", asked, **more)
    return [(line.kind, line.text) for line in lines(pasts, remark, decision)]


def test_the_history_tells_each_change_of_an_item_that_is_shown_the_oldest_first() -> None:
    told = _told(*LIFE, asked=ASKED)
    assert told == [
        ("履歴", "令和元年5月1日国内転入（届出等 令和元年5月7日）"),
        (
            "履歴",
            "職権修正　本籍「栃木県宇都宮市架空１番地」から「福島県郡山市架空町一丁目１番地」",
        ),
        ("留意事項", "戸籍の通知"),
        (
            "履歴",
            "令和6年4月1日転居　住所「福島県郡山市架空町九丁目３番４号　コーポ架空１０１」から"
            "「福島県郡山市架空町二丁目３番４号　コーポ架空１０１」　"
            "住所を定めた年月日「令和6年4月1日」の記載",
        ),
    ]


def test_what_is_left_out_of_the_copy_is_left_out_of_its_history() -> None:
    told = _told(*LIFE)
    assert len(told) == 2
    assert not any(word in text for _, text in told for word in ("本籍", "宇都宮", "X", "戸籍"))


def test_without_history_only_the_free_remark_is_there() -> None:
    told = _told(*LIFE, remark="事実上の世帯主", with_history=False)
    assert told == [("備考", "事実上の世帯主")]


@pytest.mark.parametrize(("choice", "is_told"), [("omitted", False), ("shown", True)])
def test_a_row_of_a_special_cause_is_told_by_choice_only(choice: str, is_told: bool) -> None:
    special = replace(LIFE[2], is_special=True)
    request = Request(
        form="individual_copy",
        requester="principal",
        with_history=True,
        special_history=choice,  # type: ignore[arg-type]  # words of a test
    )
    subject = Subject(record=NOW, has_special_history=True)
    decision = decide(request, [subject], ON)
    told = [line.text for line in lines((LIFE[0], special), "", decision)]
    assert any("転居" in text for text in told) is is_told


def test_plans_of_moving_out_are_not_told_before_the_day() -> None:
    plan = Past(record=mover(), reason="moved_out", occurred_on=certain(date(2026, 12, 1)))
    told = _told(LIFE[0], plan, asked=ASKED)
    assert [text for _, text in told] == ["令和元年5月1日国内転入（届出等 令和元年5月7日）"]


def test_a_closed_record_tells_of_its_closing_also_without_history() -> None:
    closing = Past(record=GONE, reason="moved_out", occurred_on=certain(ON))
    told = dict(text.split("　", 1) for _, text in _told(closing, with_history=False))
    assert told == {
        "消除の事由": "国内転出",
        "事由の生じた年月日": "令和8年11月22日",
        "転出先（予定）": "宮城県仙台市青葉区架空三丁目４番５号",
        "転出先（確定）": "宮城県仙台市架空三丁目４番５号",
        "届出年月日": "令和8年11月20日",
        "消除年月日": "令和8年11月22日",
    }


def test_the_text_of_an_older_system_is_told_only_where_nothing_is_left_out() -> None:
    old = Past(record=EARLIER, reason="moved_in", occurred_on=CAME_ON, remark="旧システムの記載")
    assert "旧システムの記載" in _told(old, asked=ASKED)[0][1]
    assert "旧システムの記載" not in _told(old)[0][1]


def _copy(*pasts: Past, record: Record | None = None, remark: str = "") -> Sheets:
    record = record or pasts[-1].record
    decision = allowed([record], "individual_copy", with_history=True)
    return individual_copy(pasts, remark, decision, PAPER, font.face())


def test_a_long_history_goes_on_over_numbered_pages_that_name_the_person() -> None:
    moves = (replace(NOW, address_lot=f"{n}番") for n in range(80))
    sheets = _copy(
        *(Past(record=one, reason="moved_within", occurred_on=MOVED_ON) for one in moves)
    )
    count = len(sheets.pages)
    assert count > 2
    assert [page.number[-3:] for page in sheets.pages] == [
        f"{n}/{count}" for n in range(1, count + 1)
    ]
    for page in sheets.pages:
        assert NOW.name.joined in [box.text for box in page.grids[0].boxes]
    rows = [box.text for page in sheets.pages for box in page.grids[1].boxes]
    assert rows.count("以下余白") == 1
    assert [text for text in rows if text][-1] == "以下余白"
    together = "".join(rows)
    assert all(f"{n}番　コーポ" in together for n in range(80))


def test_the_former_address_in_town_has_its_box() -> None:
    boxes = [box.text for box in _copy(*LIFE).pages[0].grids[0].boxes]
    assert boxes[boxes.index("異動前住所") + 1].startswith("福島県郡山市架空町九丁目")
    alone = [box.text for box in _copy(LIFE[0]).pages[0].grids[0].boxes]
    assert alone[alone.index("異動前住所") + 1] == "【空欄】"


def test_a_closed_record_has_the_title_and_statement_of_a_closed_record() -> None:
    sheets = _copy(Past(record=GONE, reason="moved_out", occurred_on=certain(ON)))
    assert sheets.title == "住民票の除票の写し"
    assert "除票の原本" in sheets.foot.statement
