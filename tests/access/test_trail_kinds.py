"""利用記録の7種別 (標準仕様書 10.2): every event is of one, says what it asks, and has words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.access.models import Trail
from daicho.access.trail import EVENTS
from daicho.access.trailing import moments, wording
from daicho.access.trailing.conditions import Conditions
from daicho.access.trailing.kinds import KINDS, OWN, checked, events_of
from daicho.register.search.conditions import FIELDS

SEVEN = ["操作", "認証", "イベント", "通信", "印刷", "設定変更", "エラー"]


def test_the_kinds_are_the_seven_of_the_standard() -> None:
    assert sorted(one.name for one in KINDS.values()) == sorted(SEVEN)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_events_and_what_it_asks_is_written_somewhere(kind: str) -> None:
    columns = {one.attname for one in Trail._meta.concrete_fields}
    places = [one for asked in KINDS[kind].asks.values() for one in asked]
    assert places
    assert {one for one in places if not one.startswith(OWN)} <= columns
    assert events_of(kind, EVENTS), "a kind without events is none"


def test_what_is_printed_says_sheets_seal_number_and_issue_number() -> None:
    asked = KINDS["printing"].asks
    assert set(asked) >= {"枚数", "公印の有無", "個人番号の出力の有無", "発行番号"}
    assert KINDS["printing"].own_fields == {"form", "pages", "seal", "issue_number"}
    assert KINDS["operation"].asks["個人番号へのアクセスの有無"] == ("number_seen",)


@pytest.mark.parametrize(
    ("row", "because"),
    [
        ({"name": "x", "fields": []}, "without a kind"),
        ({"name": "x", "fields": [], "kind": "other"}, "of a kind that there is not"),
        ({"name": "x", "fields": ["form"], "kind": "printing"}, "printed without sheets and seal"),
    ],
)
def test_an_event_that_does_not_say_enough_stops_the_program(
    row: dict[str, object], because: str
) -> None:
    with pytest.raises(AssertionError):
        checked({"made_up": row})


def test_every_own_field_has_a_japanese_name() -> None:
    fields = {field for row in EVENTS.values() for field in row["fields"]}
    assert fields - set(wording.FIELDS) == set()


def test_every_key_of_a_search_for_residents_has_a_japanese_name() -> None:
    assert {code: next(wording.own_fields({"keys": code}))[2] for code in FIELDS} == FIELDS


def test_every_condition_has_a_japanese_name() -> None:
    assert set(Conditions.__dataclass_fields__) == set(wording.ASKED)


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ({"pages": 2, "seal": 1}, [("公印", "あり"), ("枚数", "2")]),
        ({"form": "household_copy"}, [("帳票", "住民票の写し（世帯連記式）")]),
        ({"kind": "moved_in", "what": "kept"}, [("何をしたか", "保存"), ("区分", "転入")]),
        ({"factors": "password,totp"}, [("示した要素", "パスワード、ワンタイムパスワード")]),
        ({"keys": "person,since"}, [("条件にした項目", "対象者、期間の初日")]),
        ({"until": ""}, []),
        ({"what": "unheard_of"}, [("何をしたか", "unheard_of")]),
    ],
)
def test_own_fields_are_told_in_words(
    detail: dict[str, object], told: list[tuple[str, str]]
) -> None:
    assert [(name, text) for _, name, text in wording.own_fields(detail)] == told


def test_a_refusal_leaves_open_what_the_trail_does_not_keep() -> None:
    told = wording.refusal("access.purpose_not_yours")
    assert told == "「…」は、今の所属と担当では利用できない事務です。"
    assert "利用記録の点検" in wording.refusal("access.purpose_not_yours", "audit.trail")
    assert wording.refusal("gone.code") == "gone.code"


# -- The numbers of a period -----------------------------------------------------------------------

BEGIN = datetime(2026, 5, 1, tzinfo=UTC)


@given(drawn=st.binary(max_size=80), since=st.integers(0, 400), length=st.integers(0, 400))
def test_a_clock_set_back_by_a_day_hides_no_row_of_a_period(
    drawn: bytes, since: int, length: int
) -> None:
    rows: dict[int, datetime] = {}
    now = BEGIN
    for number, one in enumerate(drawn, 1):
        back, forward = divmod(one, 16)  # hours
        now += timedelta(hours=forward)
        if one % 7:  # else a number that was drawn and rolled back
            rows[number] = now - timedelta(hours=24 * back / 15)
    newest = max(rows, default=0)

    def first_from(number: int, upto: int) -> tuple[int, datetime] | None:
        found = next((one for one in sorted(rows) if number <= one <= upto), None)
        return None if found is None else (found, rows[found])

    begins_at = BEGIN + timedelta(hours=since)
    ends_at = begins_at + timedelta(hours=length)
    found = moments.numbers_of(begins_at, ends_at, newest, first_from)
    assert {number for number, at in rows.items() if begins_at <= at < ends_at} <= set(found)


def test_a_period_in_a_large_trail_takes_few_looks() -> None:
    asked = []

    def first_from(number: int, upto: int) -> tuple[int, datetime] | None:
        asked.append(number)
        return number, BEGIN + timedelta(seconds=number)

    begins_at = BEGIN + timedelta(days=100)
    found = moments.numbers_of(begins_at, begins_at + timedelta(days=1), 30_000_000, first_from)
    assert len(found) <= 3 * 86_400 + 2
    assert len(asked) <= 52
