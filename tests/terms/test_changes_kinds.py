"""The kinds of change beside moving: what they state comes back, and what they do to records."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from daicho.terms.changes import (
    KINDS,
    Born,
    Cancelled,
    Change,
    Corrected,
    DeclaredMissing,
    Died,
    HouseholderChanged,
    MovedIn,
    MovedOut,
    MovedOutClosed,
    MovedWithin,
    MoveInNoticeReceived,
    NumberAssigned,
    NumberChangeRequested,
    RecordCodeChanged,
    Scene,
    read,
)
from daicho.terms.changes.effects import Effect, Undone, What, When, noted
from daicho.terms.records import Cell, Record, from_row, to_row

HOUSEHOLD, ANOTHER, NEW = "000000000000205", "000000000000213", "000000000000221"
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
    DeclaredMissing(record_ids=(ONE,)),
    Corrected(is_error=True, items={ONE: {"given_name": "太朗"}}, note="誤記"),
    RecordCodeChanged(record_id=ONE, ground="corrected", code="24727059608"),
    NumberChangeRequested(
        record_id=ONE, ground="requested", circumstance="leaked", in_writing=True
    ),
    NumberAssigned(ground="new", record_ids=(ONE,)),
    Cancelled(cancels=7, record_ids=(ONE,)),
)


# Bodies as ledger rows hold them, one at least of each (kind, v); a line is added, never changed.
STORED: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("stored_changes.json").read_text("utf-8")
)


def test_every_kind_has_its_example() -> None:
    assert [type(one) for one in EXAMPLES] == list(KINDS.values())
    assert {(kind, one.v) for kind, one in KINDS.items()} <= {(r["kind"], r["v"]) for r in STORED}


@pytest.mark.parametrize("row", STORED, ids=lambda row: f"{row['kind']} v{row['v']}")
def test_a_stored_row_is_read_for_ever(row: dict[str, Any]) -> None:
    change = read(row["kind"], row["v"], row)
    assert read(change.kind, change.v, {"said": change.to_body()}) == change
    assert change.record_ids == (ONE,)


def test_rows_from_before_a_choice_say_no() -> None:
    before, after = (one for one in STORED if one["kind"] == "moved_out")
    plain, special = read("moved_out", 1, before), read("moved_out", 1, after)
    assert isinstance(plain, MovedOut)
    assert isinstance(special, MovedOut)
    assert (plain.special, special.special) == (False, True)
    assert plain.to_body() == before["said"], "a repeat of an old request is still the same"


def test_a_special_moving_out_is_marked_in_its_effect() -> None:
    leaving = MovedOut(abroad=False, destination={}, record_ids=(TARO.record_id,), special=True)
    (effect,) = leaving.effects(_scene(TARO))
    assert effect.special
    assert Effect.from_body(effect.to_body()) == effect
    assert "special" not in replace(effect, special=False).to_body()


@pytest.mark.parametrize("change", EXAMPLES, ids=lambda one: one.kind)
def test_a_statement_comes_back_from_its_body(change: Change) -> None:
    assert KINDS[change.kind] is type(change)
    assert read(change.kind, change.v, {"said": change.to_body()}) == change
    assert change.record_ids == (ONE,)


def test_a_note_comes_back_with_its_effect() -> None:
    effect = Effect(ONE, What.CHANGES, "corrected_error", {}, note="留意事項")
    assert Effect.from_body(effect.to_body()) == effect
    assert "note" not in replace(effect, note="").to_body()


def test_a_note_stands_with_whom_the_change_names_and_replaces_none() -> None:
    own = Effect(ONE, What.CHANGES, "moved_within", {})
    corrected = replace(own, note="誤記")
    left = replace(own, record_id=TARO.record_id)
    assert noted((own, left), (ONE,), "未届転入") == (replace(own, note="未届転入"), left)
    assert noted((corrected,), (ONE,), "未届転入") == (corrected,)
    assert noted((own,), (ONE,), "") == (own,)


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


B = "２番２号"


def _moved(one: Record, to: str, **more: Cell) -> Record:
    return from_row({**to_row(one), "household_number": to, "address_lot": B, **more})


def _undoing(
    befores: tuple[Record, ...],
    nows: tuple[Record, ...],
    others: tuple[Record, ...] = (),
    kind: str = "moved_within",
) -> Scene:
    cells = dict.fromkeys(("household_number", "relationship", "address_lot", "householder_name"))
    effects = {one.record_id: Effect(one.record_id, What.CHANGES, kind, cells) for one in befores}
    undone = Undone(7, kind, effects, {one.record_id: one for one in befores}, {}, frozenset())
    members: dict[str, tuple[Record, ...]] = {HOUSEHOLD: (), ANOTHER: ()}
    for one in (*nows, *others):
        number = one.household_number
        members[number] = (*members[number], one)
    found = {one.record_id: one for one in nows}
    return Scene(WHEN, found, members, householder_years=15, undone=undone)


@pytest.mark.parametrize(
    ("before", "now", "others", "homeless", "because"),
    [
        (TARO, _moved(TARO, ANOTHER), (HANAKO,), False, "the former household is there"),
        (HANAKO, _moved(HANAKO, ANOTHER), (), True, "nobody is left of it"),
        (TARO, _moved(TARO, ANOTHER), (_moved(HANAKO, HOUSEHOLD),), True, "it lives elsewhere"),
        (HANAKO, _moved(HANAKO, HOUSEHOLD), (), False, "they kept the number and are it"),
    ],
)
def test_who_has_no_household_to_return_to(
    before: Record, now: Record, others: tuple[Record, ...], homeless: bool, because: str
) -> None:
    scene = _undoing((before,), (now,), others)
    back = Cancelled(cancels=7, record_ids=(before.record_id,))
    assert back.homeless(scene) == ((before.record_id,) if homeless else ()), because


def test_a_cancelled_correction_makes_nobody_homeless() -> None:
    scene = _undoing((TARO,), (_moved(TARO, ANOTHER),), kind="corrected")
    assert Cancelled(cancels=7, record_ids=(TARO.record_id,)).homeless(scene) == ()


@pytest.mark.parametrize(
    ("born_on", "relationship", "because"),
    [
        ("1990-05-05", "世帯主", "alone and grown"),
        ("2015-05-05", "", "too young, made one unasked"),
    ],
)
def test_one_who_returns_alone_heads_the_new_household(
    born_on: str, relationship: str, because: str
) -> None:
    before = _record("三郎", "子", born_on=born_on)
    now = _moved(before, ANOTHER, relationship="世帯主", born_on=born_on)
    back = Cancelled(cancels=7, record_ids=(before.record_id,), household_number=NEW)
    (effect,) = back.effects(_undoing((before,), (now,)))
    after = effect.on(now)
    assert (after.household_number, after.address_lot) == (NEW, "１番１号"), because
    assert after.relationship == relationship, because
    assert after.householder_name == ("架空　三郎" if relationship else ""), because


def test_those_who_return_together_keep_their_householder() -> None:
    nows = (_moved(HANAKO, ANOTHER), _moved(TARO, ANOTHER))
    ids = (HANAKO.record_id, TARO.record_id)
    back = Cancelled(cancels=7, record_ids=ids, household_number=NEW)
    effects = back.effects(_undoing((HANAKO, TARO), nows))
    afters = [one.on(now) for one, now in zip(effects, nows, strict=True)]
    assert [one.relationship for one in afters] == ["世帯主", "子"]
    assert {one.household_number for one in afters} == {NEW}


def test_who_stays_where_the_returning_go_from_is_not_left_without_a_householder() -> None:
    now, stays = _moved(TARO, ANOTHER, relationship="世帯主"), _record("四郎", "弟")
    stays = _moved(stays, ANOTHER, born_on="1980-01-01")
    scene = _undoing((TARO,), (now,), (HANAKO, stays))
    effects = Cancelled(cancels=7, record_ids=(TARO.record_id,)).effects(scene)
    assert {one.record_id for one in effects} == {TARO.record_id, stays.record_id}
    assert effects[1].on(stays).relationship == "世帯主"
