"""The register's own export read back into it: whatever was entered at the counter is unchanged."""

from pathlib import Path

import pytest

import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit
from daicho.law.migration import SEVERITIES, explained
from daicho.law.rule import FINDINGS
from daicho.register import exporting
from daicho.terms.changes import Cancelled, Corrected, Died, MovedWithin
from people import Cast
from register.conftest import Import
from register.counter import ANOTHER, Clerk, Family, next_form, place
from register.entering import code, left, maria, moves_in, umeko

pytestmark = pytest.mark.django_db

HER_CODE = code(3_000_000_000)


@pytest.fixture
def exported(cast: Cast, tmp_path: Path) -> Path:
    return tmp_path / "out" / exporting.FILE


def _export(cast: Cast, file: Path) -> list[str]:
    file.parent.mkdir()
    leave = permit(cast.system_operator.acting(), "data.export", clock.today())
    exporting.write(leave, file.parent)
    return file.read_text("utf-8").splitlines()[1:]


def _at_the_counter(clerk: Clerk, family: Family) -> None:
    """Entries, moves, a correction, a cancellation and closings, as a counter makes them."""
    clerk.record(moves_in(umeko(resident_record_code=HER_CODE, given_name='梅"子,')))
    foreign = maria(address_number="000000000000140", resident_record_code=code(3_000_000_001))
    clerk.record(moves_in(foreign, household_number="000000000000230"), note="留意\\事項")
    address = place("address", prefecture="福島県", municipality="郡山市", lot="９番")
    moved = MovedWithin(
        joins=False,
        household_number=ANOTHER.replace("221", "248"),
        address=address,
        relationships={family.taro: "世帯主"},
    )
    clerk.record(moved)
    items = {family.hanako: {"given_name": "華子"}}
    clerk.record(Corrected(is_error=True, items=items, note=""), basis="ex_officio")
    died = clerk.record(Died(record_ids=(family.jiro,)), occurred_on="2026-11-10", basis="notice")
    people = tuple(one.effect.record_id for one in died.touched)
    clerk.record(Cancelled(cancels=died.change_id, record_ids=people), basis="ex_officio")
    left(clerk, family.taro)
    recording.remark(next_form(clerk.permit), family.hanako, "窓口で書いた備考", 1)


def test_what_was_entered_at_the_counter_is_unchanged_when_it_is_read_again(
    clerk: Clerk, family: Family, take_over: Import, cast: Cast, exported: Path
) -> None:
    _at_the_counter(clerk, family)
    lines = _export(cast, exported)
    outcome, faults = take_over(exported)
    assert faults == set()
    assert (outcome.accepted, outcome.unchanged, outcome.lines) == (0, len(lines), len(lines))


def test_the_file_that_was_read_first_is_unchanged_beside_a_later_remark(
    clerk: Clerk, family: Family, take_over: Import, tmp_path: Path
) -> None:
    recording.remark(next_form(clerk.permit), family.hanako, "窓口で書いた備考", 1)
    outcome, faults = take_over(town.write(tmp_path, town.family()))
    assert (outcome.accepted, outcome.unchanged, faults) == (0, 3, set())


@pytest.mark.parametrize(
    ("before", "after", "because"),
    [
        ("窓口で書いた備考", "ほかの備考", "a remark nobody wrote"),
        ("華子", "花子", "the name before its correction"),
        ("留意\\事項", "", "a note that is left out"),
    ],
)
def test_a_line_that_says_something_else_of_it_is_refused(
    clerk: Clerk,
    family: Family,
    take_over: Import,
    cast: Cast,
    exported: Path,
    before: str,
    after: str,
    because: str,
) -> None:
    _at_the_counter(clerk, family)
    _export(cast, exported)
    text = exported.read_text("utf-8")
    assert before in text
    exported.write_text(text.replace(before, after), "utf-8")
    outcome, faults = take_over(exported)
    assert outcome.accepted == 0
    assert {code for _, code in faults} >= {"import.held_differently"}, because
    assert "brra7.two_householders" not in {code for _, code in faults}


def test_who_is_held_otherwise_heads_the_household_once(take_over: Import, tmp_path: Path) -> None:
    take_over(town.write(tmp_path, [town.hanako(), town.taro()]))
    changed = [town.hanako(given_name="華子", householder_name="架空　華子")]
    _, faults = take_over(town.write(tmp_path, changed, "changed.csv"))
    assert "brra7.two_householders" not in {code for _, code in faults}


def test_the_report_explains_without_a_gap_in_its_sentences() -> None:
    told = {one: explained(one.partition(":")[0]) for one in SEVERITIES}
    assert {one for one, text in told.items() if "…" in text or "{" in text} == set()
    assert explained("brra7.two_householders").startswith("一つの世帯に世帯主が何人かいます。")
    assert explained("brra7.householder_child").startswith("世帯主が基準の年齢未満です。")
    assert {one.partition(":")[0] for one in SEVERITIES} <= set(FINDINGS)
