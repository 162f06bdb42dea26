"""The kinds of change beside moving: what they state comes back, and what they do to records."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from daicho.terms.changes import (
    KINDS,
    Born,
    Cancelled,
    Change,
    Corrected,
    Died,
    HouseholderChanged,
    MovedIn,
    MovedOut,
    MovedOutClosed,
    MovedWithin,
    MoveInNoticeReceived,
    Scene,
    read,
)
from daicho.terms.changes.effects import Effect, Undone, What, When
from daicho.terms.records import Cell, Record, from_row

HOUSEHOLD = "000000000000205"
WHEN = When("2026-11-01", date(2026, 11, 10), date(2026, 11, 10))
ONE = UUID("7a8a1f6e-3f5b-4d0e-9d62-0a4f0c1d2e3f")
NEWBORN = {"record_id": str(ONE), "address_number": "116", "resident_class": "japanese"}


def _record(given_name: str, relationship: str, **more: Cell) -> Record:
    cells: dict[str, Cell] = {
        "record_id": str(uuid4()),
        "address_number": "108",
        "household_number": HOUSEHOLD,
        "resident_class": "japanese",
        "family_name": "架空",
        "given_name": given_name,
        "relationship": relationship,
        "householder_name": "架空　花子",
        "address_lot": "１番１号",
        "state": "living",
    }
    return from_row({**cells, **more})


HANAKO, TARO = _record("花子", "世帯主"), _record("太郎", "子", born_on="2015-05-05")


def _scene(*named: Record, members: tuple[Record, ...] = (HANAKO, TARO)) -> Scene:
    return Scene(
        WHEN, {one.record_id: one for one in named}, {HOUSEHOLD: members}, householder_years=15
    )


EXAMPLES: tuple[Change, ...] = (
    MovedIn(
        from_abroad=True,
        evidence="",
        joins=False,
        household_number=HOUSEHOLD,
        address={},
        movers=(NEWBORN,),
    ),
    MovedWithin(joins=False, household_number=HOUSEHOLD, address={}, relationships={ONE: "世帯主"}),
    MovedOut(
        abroad=True,
        destination={"planned_destination_free_text": "フランス"},
        record_ids=(ONE,),
    ),
    MovedOutClosed(record_ids=(ONE,)),
    MoveInNoticeReceived(noticed_on=date(2026, 11, 9), destination={}, record_ids=(ONE,)),
    HouseholderChanged(household_number=HOUSEHOLD, relationships={ONE: "世帯主"}),
    Born(household_number=HOUSEHOLD, children=(NEWBORN,)),
    Died(record_ids=(ONE,)),
    Corrected(is_error=True, items={ONE: {"given_name": "太朗"}}, note="誤記"),
    Cancelled(cancels=7, record_ids=(ONE,)),
)


def test_every_kind_has_its_example() -> None:
    assert [type(one) for one in EXAMPLES] == list(KINDS.values())


@pytest.mark.parametrize("change", EXAMPLES, ids=lambda one: one.kind)
def test_a_statement_comes_back_from_its_body(change: Change) -> None:
    assert KINDS[change.kind] is type(change)
    assert read(change.kind, change.v, {"said": change.to_body()}) == change
    assert change.record_ids == (ONE,)


def test_a_note_comes_back_with_its_effect() -> None:
    effect = Effect(ONE, What.CHANGES, "corrected_error", {}, note="留意事項")
    assert Effect.from_body(effect.to_body()) == effect
    assert "note" not in replace(effect, note="").to_body()


def test_a_newborn_needs_a_household_with_somebody_in_it() -> None:
    born = Born(household_number=HOUSEHOLD, children=(NEWBORN,))
    assert born.effects(_scene(members=())) == ()
    (effect,) = born.effects(_scene())
    entered = effect.on(None)
    assert entered.address == HANAKO.address
    assert entered.householder_name == "架空　花子"
    assert (effect.what, effect.reason) == (What.OPENS, "born")


@pytest.mark.parametrize(
    ("planned", "moved_in_on", "closed_on", "because"),
    [
        ("2026-11-20", "2026-11-01", date(2026, 11, 1), "the notice says an earlier day"),
        ("2026-10-20", "2026-11-01", date(2026, 10, 20), "the planned day was earlier"),
        ("", "2026-11-01", date(2026, 11, 1), "nothing was planned"),
    ],
)
def test_a_notice_closes_on_the_earlier_day(
    planned: str, moved_in_on: str, closed_on: date, because: str
) -> None:
    reason = "moved_out" if planned else ""
    before = _record("三郎", "子", closing_reason=reason, closing_event_on=planned or None)
    notice = MoveInNoticeReceived(
        noticed_on=date(2026, 11, 9), destination={}, record_ids=(before.record_id,)
    )
    scene = replace(_scene(before), when=replace(WHEN, occurred_on=moved_in_on))
    (effect,) = notice.effects(scene)
    after = effect.on(before)
    assert after.closed_on == closed_on, because
    assert after.closing_event_on is not None
    assert str(after.closing_event_on.sort_on) == planned or moved_in_on, because


def test_a_closing_says_all_of_its_plan_again() -> None:
    planned: dict[str, Cell] = {
        "closing_reason": "moved_out",
        "closing_event_on": "2026-11-01",
        "planned_destination_town": "架空一丁目",
    }
    before = _record("三郎", "子", **planned)
    (effect,) = MovedOutClosed(record_ids=(before.record_id,)).effects(_scene(before))
    assert effect.what is What.CLOSES
    assert planned.items() <= effect.cells.items()


@pytest.mark.parametrize(
    ("record", "may_head", "because"),
    [
        (_record("小子", "子", born_on="2026-11-01"), False, "a newborn"),
        (_record("中子", "子", born_on="2011-11-10"), True, "fifteen on that very day"),
        (_record("老子", "父", born_on="unknown"), True, "whose age is open is asked nothing"),
        (_record("無子", "父"), True, "whose birth is not written"),
    ],
)
def test_who_may_be_made_householder(record: Record, may_head: bool, because: str) -> None:
    assert _scene().may_head(record) is may_head, because


def test_a_correction_says_what_stood_before_and_renames_the_householder_everywhere() -> None:
    items: dict[UUID, dict[str, Cell]] = {HANAKO.record_id: {"given_name": "華子"}}
    own, others = Corrected(is_error=False, items=items, note="戸籍").effects(_scene(HANAKO))
    assert (own.history_remark, own.note) == (
        "修正前名 花子、修正前世帯主の氏名 架空　花子",
        "戸籍",
    )
    assert others.record_id == TARO.record_id
    assert (others.cells["householder_name"], others.note) == ("架空　華子", "")


def test_a_cancellation_restores_only_what_the_change_made_different() -> None:
    now = _record("太朗", "子", record_id=str(TARO.record_id), address_lot="２番２号")
    effect = Effect(TARO.record_id, What.CHANGES, "corrected_error", {"given_name": "太朗"})
    undone = Undone(
        7, "corrected", {TARO.record_id: effect}, {TARO.record_id: TARO}, {}, frozenset()
    )
    scene = replace(_scene(now), undone=undone)
    (back,) = Cancelled(cancels=7, record_ids=(TARO.record_id,)).effects(scene)
    assert back.reason == "cancelled_correcting"
    assert back.cells["given_name"] == "太郎"
    assert "address_lot" not in back.cells
    assert Cancelled(cancels=8, record_ids=(TARO.record_id,)).effects(_scene(now)) == ()
