"""表示しない項目の記載: which texts of the history are kept back, and which are not."""

from datetime import date

import pytest

from daicho.law.safety import item_classes, unseen
from daicho.law.safety.masking import MASKABLE
from daicho.terms.records import ITEMS, Item

TODAY = date(2026, 11, 22)
CLASSES = item_classes.classes(TODAY)
MASKED = [one for one in ITEMS if CLASSES[one.column] in MASKABLE]
OTHERS = [one for one in ITEMS if CLASSES[one.column] not in MASKABLE]


def columns(of: str) -> frozenset[str]:
    return frozenset(column for column in CLASSES if CLASSES[column] == of)


def text(one: Item) -> str:
    """As a correction writes what stood there before."""
    return f"修正前{one.title} 架空"


@pytest.mark.parametrize("one", MASKED, ids=lambda one: one.column)
def test_what_the_program_writes_of_an_item_that_is_not_shown_is_kept_back(one: Item) -> None:
    own = CLASSES[one.column]
    assert unseen.named_in(text(one), columns(own), TODAY) == (own,)
    assert unseen.remark(text(one), columns(own), TODAY) == unseen.REMARK
    assert "架空" not in unseen.REMARK


@pytest.mark.parametrize("one", OTHERS, ids=lambda one: one.column)
def test_what_it_writes_of_other_items_is_read(one: Item) -> None:
    every = frozenset(item.column for item in MASKED)
    assert unseen.remark(text(one), every, TODAY) == text(one)


def test_to_whom_all_is_shown_every_text_is_read() -> None:
    for one in MASKED:
        assert unseen.remark(text(one), frozenset(), TODAY) == text(one)


def test_what_is_blank_stays_blank() -> None:
    assert unseen.remark("", columns("family_register"), TODAY) == ""
    assert unseen.free("", columns("family_register")) == ""


@pytest.mark.parametrize(
    "written", ["修正前本　籍 架空", "修正前 本 籍 架空", "修正前住民票ｺｰﾄﾞ 架空"]
)
def test_a_title_is_known_in_any_width_and_with_spaces(written: str) -> None:
    every = frozenset(item.column for item in MASKED)
    assert unseen.remark(written, every, TODAY) == unseen.REMARK


@pytest.mark.parametrize(
    "written",
    ["国籍 フィリピン", "特別永住者", "戸籍 架空県架空市", "カード番号 AB12345678CD", "架空の事情"],
)
def test_what_somebody_has_typed_is_read_only_where_nothing_is_hidden(written: str) -> None:
    for one in MASKED:
        assert unseen.free(written, frozenset({one.column})) == unseen.REMARK
    assert unseen.free(written, frozenset()) == written


def test_classes_are_named_once_in_the_order_of_their_table() -> None:
    mixed = ["residence_card_number", "family_register_head", "registered_domicile", "born_on"]
    assert unseen.classes_of(mixed, TODAY) == ("family_register", "residence_status")
