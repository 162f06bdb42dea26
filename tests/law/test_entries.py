"""entries.judge: that it asks each rule where the rule has something to say, and of whom."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law import entries, households
from daicho.law.entries import (
    blanks,
    case,
    closing,
    dates,
    holding,
    householder,
    names,
    places,
    stay,
)
from daicho.law.migration import ITEM, SEVERITIES, explained
from daicho.law.rule import FINDINGS, FindingKind
from daicho.terms.dates import RegisterDate, certain
from daicho.terms.numbers import resident_record_code_check_digit
from daicho.terms.records import CODES, ITEMS, Kind, Record, from_row

ON = date(2026, 4, 1)
RECORD_CODE = "1234567890" + resident_record_code_check_digit("1234567890")
COMMON = {
    "record_id": "7d9b9a70-3f0c-4d6e-9c58-0d4a5f1f2a01",
    "address_number": "19",
    "household_number": "27",
    "state": "living",
    "born_on": "1980-05-01",
    "sex": "1",
    "relationship": "世帯主",
    "address_prefecture": "東京都",
    "address_municipality": "千代田区",
    "address_town": "一番町",
    "address_lot": "１番地",
    "address_since_on": "2015-04-01",
    "individual_number_state": "held",
    "resident_record_code": RECORD_CODE,
}
JAPANESE = from_row(
    COMMON
    | {
        "resident_class": "japanese",
        "family_name": "台帳",
        "given_name": "太郎",
        "householder_name": "台帳　太郎",
        "registered_domicile": "東京都千代田区一番町１番地",
        "family_register_head": "台帳　太郎",
        "resident_since_on": "2010-04-01",
    }
)
FOREIGN = from_row(
    COMMON
    | {
        "resident_class": "foreign",
        "roman_name": "SMITH JOHN",
        "householder_name": "SMITH JOHN",
        "nationality": "米国",
        "foreign_class": "mid_to_long_term",
        "foreign_resident_since_on": "2015-04-01",
        "residence_status": "student",
        "period_of_stay": "２年",
        "period_of_stay_expires_on": "2027-03-31",
        "residence_card_number": "AB12345678CD",
    }
)
CLOSED = replace(
    JAPANESE, state="died", closing_reason="died", closing_event_on=certain(date(2026, 3, 1))
)
LEAVING = replace(JAPANESE, closing_reason="moved_out", closing_event_on=certain(date(2026, 4, 20)))


def _judged(record: Record, on: date = ON, **more: Any) -> list[tuple[str, str]]:
    return [(one.code, one.on_item) for one in entries.judge(record, on=on, **more)]


@pytest.mark.parametrize("record", [JAPANESE, FOREIGN, CLOSED, LEAVING])
@pytest.mark.parametrize("source", ["counter", "migration"])
def test_an_ordinary_record_is_without_finding(record: Record, source: entries.Source) -> None:
    assert _judged(record, source=source) == []


TODAY = certain(ON)
LATER = certain(date(2026, 4, 2))
OLD = certain(date(1970, 1, 1))
CASES: list[tuple[Record, dict[str, Any], str, str]] = [
    (JAPANESE, {"born_on": None}, "std1-1-6.blank", "born_on"),
    (JAPANESE, {"resident_record_code": ""}, "std1-1-6.blank", "resident_record_code"),
    (FOREIGN, {"residence_card_number": ""}, "std1-1-6.card_number_pending", ""),
    (FOREIGN, {"period_of_stay": ""}, "brra30-45.item_blank", "period_of_stay"),
    (JAPANESE, {"born_on": LATER}, "dates.born_in_future", "born_on"),
    (JAPANESE, {"resident_since_on": OLD}, "entry.before_birth", "resident_since_on"),
    (JAPANESE, {"notified_on": date(2026, 4, 2)}, "entry.in_future", "notified_on"),
    (JAPANESE, {"address_since_on": LATER}, "entry.in_future", "address_since_on"),
    (
        JAPANESE,
        {"address_since_on": certain(date(2009, 1, 1))},
        "dates.address_before_residence",
        "address_since_on",
    ),
    (
        LEAVING,
        {"closing_event_on": certain(date(2010, 3, 31))},
        "dates.leaves_before_residence",
        "closing_event_on",
    ),
    (JAPANESE, {"common_name": "通り名"}, "entry.not_held", "common_name"),
    (FOREIGN, {"electoral_roll": True}, "entry.not_held", "electoral_roll"),
    (JAPANESE, {"individual_number_state": "none"}, "brra7.number_none", ""),
    (CLOSED, {"individual_number_state": "pending"}, "brra7.number_pending_closed", ""),
    (JAPANESE, {"former_family_name": "佐藤"}, "brro30-14.reading_blank", ""),
    (JAPANESE, {"former_family_name_reading": "サトウ"}, "brro30-14.reading_alone", ""),
    (JAPANESE, {"given_name_reading": "ヷン"}, "brra7.reading_letters", "given_name_reading"),
    (JAPANESE, {"householder_name": "別人"}, "std1-2-1.own_name", ""),
    (JAPANESE, {"relationship": ""}, "brra7.relationship_blank", ""),
    (JAPANESE, {"relationship": "父の妻"}, "std1-1-11.sex", ""),
    (JAPANESE, {"born_on": certain(date(2009, 1, 1))}, "brra7.householder_minor", ""),
    (FOREIGN, {"period_of_stay_expires_on": date(2026, 3, 1)}, "brra30-45.stay_ended", ""),
    (
        FOREIGN,
        {"period_of_stay_expires_on": date(2015, 3, 1)},
        "brra30-45.expires_before_residence",
        "",
    ),
    (FOREIGN, {"residence_status": "permanent_resident"}, "brra30-45.stay_without_end", ""),
    (CLOSED, {"closing_reason": ""}, "std1-1-5.blank", "closing_reason"),
    (CLOSED, {"closing_event_on": None}, "std1-1-5.blank", "closing_event_on"),
    (CLOSED, {"state": "moved_out"}, "std1-1-5.state", "state"),
    (JAPANESE, {"closing_reason": "died"}, "std1-1-5.state", "state"),
    (JAPANESE, {"closed_on": ON}, "std1-1-5.living_closed_item", "closed_on"),
    (LEAVING, {"closing_event_on": OLD}, "std1-1-5.planned_day_passed", ""),
    (
        LEAVING,
        {"closing_event_on": RegisterDate("about_month", "R", 8, 4)},
        "std1-1-8.uncertain",
        "closing_event_on",
    ),
]


@pytest.mark.parametrize(("record", "changed", "code", "item"), CASES)
def test_a_record_is_asked_every_rule(
    record: Record, changed: dict[str, Any], code: str, item: str
) -> None:
    found = {one.code: one for one in entries.judge(replace(record, **changed), on=ON)}
    assert code in found
    assert found[code].on_item == (item or FINDINGS[code].on_item)


def test_a_record_of_the_time_before_the_readings_has_none() -> None:
    early = replace(JAPANESE, given_name_reading="タロウ")
    assert _judged(early, date(2025, 5, 25)) == [("entry.item_before_law", "given_name_reading")]
    assert _judged(early, date(2025, 5, 26)) == []


def test_the_child_of_a_foreign_resident_is_told_the_end_of_its_sixty_days() -> None:
    born = certain(date(2026, 3, 20))
    child = from_row({k: v for k, v in COMMON.items() if k not in ("relationship", "born_on")})
    child = replace(
        child,
        resident_class="foreign",
        foreign_class="transitional_by_birth",
        born_on=born,
        foreign_resident_since_on=born,
        address_since_on=born,
        nationality="米国",
        roman_name="SMITH BABY",
        householder_name="SMITH JOHN",
        relationship="子",
    )
    assert _judged(child) == [("brra30-45.transitional", "foreign_class")]
    unnamed = replace(child, roman_name="")
    assert ("brra7.name_undecided", "roman_name") in _judged(unnamed, kind="born")
    assert ("brra7.name_blank", "roman_name") in _judged(unnamed, kind="moved_in")


NAMELESS = replace(JAPANESE, family_name="", given_name="", sex="")
HEADED = "std1-2-1.own_name"


@pytest.mark.parametrize(
    ("record", "before", "expect", "because"),
    [
        (NAMELESS, None, ["brra7.name_blank", "brra7.sex_blank"], "who is entered has a name"),
        (NAMELESS, JAPANESE, ["brra7.name_blank", "brra7.sex_blank"], "a name is not taken away"),
        (NAMELESS, NAMELESS, [], "what stands blank already holds no other change up"),
        (NAMELESS, CLOSED, ["brra7.name_blank", "brra7.sex_blank"], "a return is an entry"),
        (replace(CLOSED, family_name="", given_name=""), None, [], "a 除票 stays as it was"),
        (replace(JAPANESE, given_name=""), None, [], "a newborn may have no 名 yet"),
        (replace(FOREIGN, roman_name=""), None, ["brra7.name_blank"], "of a foreign resident too"),
        (
            replace(FOREIGN, roman_name="", common_name="通り名"),
            None,
            ["brra7.name_blank"],
            "a 通称 is no 氏名",
        ),
        (replace(FOREIGN, roman_name="", kanji_name="史密斯"), None, [], "in 漢字 alone"),
    ],
)
def test_nobody_is_entered_without_a_name(
    record: Record, before: Record | None, expect: list[str], because: str
) -> None:
    found = [code for code, _ in _judged(record, before=before)]
    assert [code for code in found if code.startswith("brra7.")] == expect, because


def test_an_old_row_without_a_name_is_refused_unless_it_may_be_a_newborns() -> None:
    def refuses(record: Record) -> list[bool]:
        found = entries.judge(record, on=ON, source="migration")
        return [one.refuses for one in found if one.code == "brra7.name_blank"]

    assert refuses(NAMELESS) == [True]
    assert refuses(replace(FOREIGN, roman_name="")) == [False]


def test_a_foreign_record_has_no_residence_day_to_be_compared_with() -> None:
    """国籍喪失 after a 転居: the address is older than the day of becoming a foreign resident."""
    lost = replace(FOREIGN, foreign_resident_since_on=certain(date(2026, 1, 10)))
    assert _judged(lost) == []


def test_a_naturalised_resident_may_have_the_older_address() -> None:
    record = replace(JAPANESE, resident_since_on=certain(date(2020, 1, 1)))
    assert _judged(record) == [("dates.address_before_residence", "address_since_on")]
    assert _judged(record, kind="naturalised") == []


def test_a_former_name_entered_now_needs_its_reading() -> None:
    entered = replace(JAPANESE, former_family_name="佐藤")
    assert _judged(entered, before=JAPANESE)[0][0] == "brro30-14.reading_needed"
    assert _judged(entered, before=entered)[0][0] == "brro30-14.reading_blank"


def test_what_is_about_or_presumed_is_never_an_error() -> None:
    about = RegisterDate("about_year", "R", 8)
    uncertain = replace(JAPANESE, born_on=about, resident_since_on=about)
    assert [one for one in entries.judge(uncertain, on=ON) if one.refuses] == []


def test_a_move_out_closed_early_by_a_notice_keeps_its_planned_day() -> None:
    closed = replace(LEAVING, state="moved_out", moved_out_on=date(2026, 3, 30), closed_on=ON)
    assert _judged(closed) == []


def test_a_row_from_before_the_act_is_judged_by_its_first_day() -> None:
    row = replace(
        JAPANESE, born_on=certain(date(1930, 1, 1)), resident_since_on=OLD, address_since_on=OLD
    )
    assert _judged(row, date(1960, 1, 1)) == _judged(row, date(1967, 11, 10))


def test_every_finding_that_is_judged_has_its_row_for_migration() -> None:
    modules = (blanks, dates, holding, householder, names, stay, closing, places, households)
    kinds = [one for m in modules for one in vars(m).values() if isinstance(one, FindingKind)]
    reused = {
        "dates.born_in_future",
        "dates.address_before_residence",
        "dates.leaves_before_residence",
    }
    judged = {one.code for one in kinds} | reused
    assert judged - {code.partition(":")[0] for code in SEVERITIES} == set()


def test_every_row_for_migration_is_of_a_finding_and_an_item() -> None:
    for code in SEVERITIES:
        kind, _, item = code.partition(":")
        assert kind in FINDINGS
        assert not item or item in case.TITLES


def test_an_old_row_is_asked_where_the_counter_refuses() -> None:
    lacking = replace(JAPANESE, resident_record_code="", registered_domicile="")
    assert [one.refuses for one in entries.judge(lacking, on=ON)] == [True, True]
    migrated = entries.judge(lacking, on=ON, source="migration")
    assert [one.refuses for one in migrated] == [False, False]


@pytest.mark.parametrize("item", ["household_number", "born_on", "address"])
def test_an_old_row_without_what_it_hangs_on_is_refused(item: str) -> None:
    parts = [f"address_{part}" for part in ("prefecture", "municipality", "town", "lot")]
    blank: Any = dict.fromkeys(parts, "") if item == "address" else {item: None}
    found = entries.judge(replace(JAPANESE, **blank), on=ON, source="migration")
    assert [(one.code, one.on_item, one.refuses) for one in found] == [
        ("std1-1-6.blank", item, True)
    ]


def test_an_old_row_is_not_asked_what_only_helps_at_the_counter() -> None:
    ended = replace(FOREIGN, period_of_stay_expires_on=date(2026, 3, 1))
    assert _judged(ended, source="migration") == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("std1-1-6.blank", "その項目が空欄です。"),
        ("entry.before_birth", "その項目が生年月日より前です。"),
        ("brra7.two_householders", "一つの世帯に世帯主が何人かいます。"),
    ],
)
def test_a_finding_is_explained_without_its_details(code: str, text: str) -> None:
    assert explained(code).startswith(text)
    assert "{" not in explained(code)


_DAYS = st.dates(date(1900, 1, 1), date(2030, 12, 31))
_PATTERNS = st.one_of(
    st.none(),
    _DAYS.map(certain),
    st.builds(RegisterDate, st.just("about_year"), st.just("S"), st.integers(2, 60)),
    st.builds(
        RegisterDate, st.just("not_in_calendar"), st.just("H"), st.just(31), st.just(2), st.just(30)
    ),
    st.just(RegisterDate("unknown")),
)
_VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.REGISTER_DATE: _PATTERNS,
    Kind.DATE: st.one_of(st.none(), _DAYS),
    Kind.FLAG: st.booleans(),
    Kind.COUNT: st.one_of(st.none(), st.integers(1, 9)),
    Kind.RELATIONSHIP: st.sampled_from(["", "世帯主", "妻", "子の夫", "父の父"]),
}


@st.composite
def _records(draw: st.DrawFn) -> Record:
    values: dict[str, Any] = {"record_id": JAPANESE.record_id}
    for one in ITEMS[1:]:
        if one.codes:
            values[one.column] = draw(st.sampled_from(["", *CODES[one.codes]]))
        elif one.kind in _VALUES:
            values[one.column] = draw(_VALUES[one.kind])
        elif draw(st.booleans()):
            values[one.column] = "ア"
    return Record(**{one.name: values[one.name] for one in fields(Record) if one.name in values})


@given(record=_records(), on=_DAYS)
def test_judging_never_fails_and_migration_only_softens(record: Record, on: date) -> None:
    counter = entries.judge(record, on=on)
    migration = entries.judge(record, on=on, source="migration")
    at_counter = {(one.code, one.on_item): one.refuses for one in counter}
    assert len(at_counter) == len(counter), "one finding an item"
    assert not any(ITEM in one.what + one.remedy for one in counter)
    for one in migration:
        assert at_counter[one.code, one.on_item] >= one.refuses
