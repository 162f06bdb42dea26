"""受付の表: works, bases and papers agree with what else the law's tables say."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law import disclosure, purposes, receptions
from daicho.law.receptions import Said, papers, requesters, works
from daicho.law.receptions.numbers_in_text import holds_number
from daicho.law.tables import table
from daicho.terms.changes import KINDS
from daicho.terms.numbers import individual_number_check_digit

TODAY = date(2026, 11, 22)
BASES = [one for work in works.works(TODAY) for one in works.bases(work.code, TODAY)]
BY_MACHINES = {"moved_out_closed", "number_assigned"}
"""Recorded by a job without a 受付."""
MOVED_IN = Said(
    work="moved_in",
    basis="notification",
    received_on=TODAY,
    capacity="principal",
    visitor_name="架空　花子",
    identity=("driving_licence",),
)
COPY = Said(
    work="certificate",
    basis="request",
    received_on=TODAY,
    capacity="agent",
    visitor_name="架空　太郎",
    visitor_address="架空町一丁目１番１号",
    principal_name="架空　花子",
    identity=("passport",),
    authority=("letter",),
)


@pytest.mark.parametrize("basis", BASES, ids=lambda one: f"{one.work} {one.code}")
def test_the_purpose_of_a_reception_has_all_that_is_done_under_it(basis: works.Basis) -> None:
    work = works.work(basis.work, TODAY)
    assert work is not None
    needed = {"reception", "search", "record", "household", *work.kinds}
    needed |= {"form", "draft", "history", "remark"} if work.kinds else set()
    assert needed <= set(purposes.purpose(basis.purpose, TODAY).functions)


def test_who_takes_a_reception_may_work_on_it() -> None:
    for office in ("resident_counter", "branch"):
        for one in BASES:
            assert purposes.may_use(one.purpose, office, ["clerk"], on=TODAY) is None


def test_a_change_has_a_reception_for_each_lawful_basis() -> None:
    lawful = {(row.text("kind"), row.text("basis")) for row in table("bases").on(TODAY)}
    received = {
        (kind, one.code)
        for one in BASES
        for kind in (works.work(one.work, TODAY) or pytest.fail(one.work)).kinds
    }
    assert received == {pair for pair in lawful if pair[0] not in BY_MACHINES}


def test_the_kinds_of_a_work_are_kinds_of_change() -> None:
    assert {kind for one in works.works(TODAY) for kind in one.kinds} <= set(KINDS)


def test_who_may_ask_stands_in_both_tables_of_requesters() -> None:
    here = {one.code for one in requesters.requesters(TODAY)}
    assert here == {row.text("code") for row in disclosure.REQUESTERS.on(TODAY)}


def test_a_complete_notification_has_nothing_to_tell() -> None:
    assert receptions.judge(MOVED_IN, TODAY) == ()


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"basis": "notice"}, {"brra8.basis"}),
        ({"received_on": date(2026, 11, 23)}, {"std4-1-0-2.in_future"}),
        ({"visitor_name": "　"}, {"brra27.name"}),
        ({"identity": ()}, {"brra27.identity"}),
        ({"capacity": "agent"}, {"brra27.principal", "brra27.authority"}),
        ({"visitor_address": "番号は123456789018です"}, {"mna12.number_in_text"}),
        ({"basis": "ex_officio", "reason": ""}, {"brra8.reason"}),
        ({"basis": "application", "identity": ()}, {"brra8.applicant"}),
    ],
)
def test_what_is_missing_is_found(change: dict[str, object], codes: set[str]) -> None:
    said = replace(MOVED_IN, **change)  # type: ignore[arg-type]  # fields of Said
    assert {one.code for one in receptions.judge(said, TODAY)} == codes


def test_a_third_party_may_not_even_ask_for_a_number() -> None:
    said = replace(COPY, capacity="third_party", reason="債権の保全", asked=("individual_number",))
    assert {one.code for one in receptions.judge(said, TODAY)} == {"brra12.item_not_for_requester"}


@pytest.mark.parametrize(
    ("capacity", "asked", "is_posted"),
    [
        ("agent", ("individual_number",), True),
        ("agent", ("relationship",), False),
        ("principal", ("individual_number",), False),
        ("", ("individual_number",), False),
    ],
)
def test_a_number_asked_by_an_agent_is_posted(
    capacity: str, asked: tuple[str, ...], is_posted: bool
) -> None:
    assert receptions.is_posted(replace(COPY, capacity=capacity, asked=asked), TODAY) is is_posted


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("123456789018", "as stored"),
        ("1234-5678-9018", "in fours, as the card shows it"),
        ("1234　5678　9018です", "blanks of full width between"),
        ("番号１２３４５６７８９０１８", "full width behind a word"),
        ("1234ー5678ー9018", "typed with 長音 for a dash"),
        ("マイナンバー123456789018", "長音 before it is no dash"),
        ("ID123456789018X", "Latin letters about it"),
        ("個人番号:1234 5678 9018", "behind a mark"),
        ("1-2-3 1234-5678-9018", "behind the number of a lot"),
        ("5 1234 5678 9018", "behind a figure and a blank"),
        ("1234 5678 9018 1234 5678 9018", "two of them"),
        ("父\n123456789018", "on a line of its own"),
        ("123 456 789 018", "blanks anywhere"),
    ],
)
def test_a_number_in_a_text_is_seen(text: str, because: str) -> None:
    assert holds_number(["", text]), because


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "nothing"),
        ("123456789012", "its check digit is wrong"),
        ("03-1234-5678", "a telephone number has ten figures"),
        ("090-1234-5678", "or eleven"),
        ("000000000000108", "a 宛名番号 of fifteen"),
        ("123456789018000", "that begins with the twelve figures"),
        ("1234-5678-9018-0000", "sixteen figures, as on a card of a bank"),
        ("〒123-4567 89-018", "figures that nobody writes as one number"),
        ("a1b2c3d4-1234-5678-9018-000000000000", "a UUID, the twelve in its middle"),
        ("a1b2c3d4-1234-5678-9abc-123456789018", "a UUID, the twelve at its end"),
        ("abcdef123456789018abcdef12345678", "a digest"),
    ],
)
def test_other_figures_in_a_text_are_no_number(text: str, because: str) -> None:
    assert not holds_number(["", text]), because


@given(
    st.integers(10**10, 10**11 - 1).map(str),
    st.sampled_from(["", "-", " ", "　", "‐", "－", "ー", "- "]),
    st.sampled_from(["", "マイナンバー", "ID", "No.", "番号", "12-"]),
    st.booleans(),
)
def test_a_number_is_seen_however_it_is_typed(
    body: str, gap: str, word: str, is_wide: bool
) -> None:
    number = body + individual_number_check_digit(body)
    typed = gap.join((number[:4], number[4:8], number[8:]))
    if is_wide:
        typed = typed.translate({ord("0") + one: ord("０") + one for one in range(10)})
    assert holds_number([word + typed]) is (len(set(number)) > 1)


@given(st.sets(st.sampled_from([one.code for one in papers.identity_documents(TODAY)])))
def test_more_papers_never_prove_less(shown: set[str]) -> None:
    confirmed = papers.identity_confirmed(shown, on=TODAY)
    assert papers.identity_confirmed({*shown, "bank_book"}, on=TODAY) or not confirmed
    assert papers.identity_confirmed({*shown, "passport"}, on=TODAY)
