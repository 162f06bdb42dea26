"""判定の対象者: the door tells whom each finding is about, of the several persons of a change."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit
from daicho.recording.concerned import with_only
from daicho.terms.changes import (
    KINDS,
    Born,
    Cancelled,
    Change,
    Corrected,
    DeclaredMissing,
    Died,
    HouseholderChanged,
    MovedOut,
    MovedOutClosed,
    MovedWithin,
    MoveInNoticeReceived,
    NumberAssigned,
    NumberChangeRequested,
    RecordCodeChanged,
)
from daicho.terms.records import Cell
from people import Cast
from register.counter import Clerk, Family, family_here, next_form, place, rows
from register.entering import code, moves_in, umeko

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(three_live_here: None) -> Family:
    return family_here()


@pytest.fixture
def clerk(cast: Cast) -> Clerk:
    return Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))


def concerned(found: recording.Preview) -> dict[str, tuple[UUID, ...]]:
    """Whom each code is about; a code that is about nobody in particular has none."""
    return {one.code: found.concerns.get(one, ()) for one in found.findings}


def _suppressed(record_id: UUID, level: str) -> None:
    rows(
        "INSERT INTO register_suppression (record_id, process, level, from_on)"
        " VALUES (%s, 'change', %s, '2020-01-01') RETURNING id",
        record_id,
        level,
    )


def _two(**second: Cell) -> tuple[dict[str, Cell], dict[str, Cell]]:
    """梅子, who is right, and her 松子, of whom something is said."""
    hers: dict[str, Cell] = {
        "address_number": "000000000000140",
        "given_name": "松子",
        "given_name_kana": "マツコ",
        "born_on": "2015-05-05",
        "relationship": "子",
        "resident_record_code": code(3_000_000_000),
    }
    first = umeko(resident_record_code=code(3_100_000_000))
    return first, umeko(**{**hers, **second})


@pytest.mark.parametrize(
    ("cells", "refusal", "because"),
    [
        ({"registered_domicile": ""}, "std1-1-6.blank", "an item of her record"),
        (
            {"resident_record_code": "98765432103"},
            "numbers.resident_record_code_twice",
            "太郎 has the code",
        ),
        ({"given_name": "松子111111111118"}, "mna12.number_in_change", "a number in her name"),
    ],
)
def test_what_refuses_one_of_two_who_enter_names_that_one(
    clerk: Clerk, family: Family, cells: dict[str, Cell], refusal: str, because: str
) -> None:
    first, second = _two(**cells)
    change = moves_in(first, second)
    _, hers = change.record_ids
    assert concerned(clerk.preview(change)) == {refusal: (hers,)}, because


def test_who_is_like_a_resident_is_named(clerk: Clerk, family: Family) -> None:
    like: dict[str, Cell] = {
        "given_name": "太郎",
        "given_name_kana": "タロウ",
        "born_on": "2005-10-10",
        "sex": "1",
    }
    change = moves_in(*_two(**like))
    found = clerk.preview(change)
    assert concerned(found)["brra6.three_items_living"] == (change.record_ids[1],)


def test_a_count_is_of_those_it_counts(clerk: Clerk, family: Family) -> None:
    first, second = _two(individual_number_state="none")
    change = moves_in(first, second)
    found = clerk.preview(change)
    ((said, whom),) = [it for it in found.concerns.items() if it[0].code.startswith("brra22")]
    assert "1人" in said.what
    assert whom == (change.record_ids[1],)


def test_what_is_said_of_the_change_names_nobody(clerk: Clerk, family: Family) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    change = moves_in(*_two(), evidence="")
    found = concerned(clerk.preview(change, occurred_on=tomorrow))
    assert found["brra22.no_certificate"] == ()
    assert found["std4-0-3.in_future"] == ()


@pytest.mark.parametrize("level", ["error", "alert"])
@pytest.mark.parametrize("kind", ["moved_out", "householder_changed", "died", "corrected"])
def test_whose_changes_are_held_back_is_named(
    clerk: Clerk, family: Family, kind: str, level: str
) -> None:
    _suppressed(family.taro, level)
    changes: dict[str, Change] = {
        "moved_out": MovedOut(
            abroad=False,
            destination=place("planned_destination"),
            record_ids=(family.hanako, family.taro),
        ),
        "householder_changed": HouseholderChanged(
            household_number="000000000000205",
            relationships={family.hanako: "母", family.taro: "世帯主", family.jiro: "弟"},
        ),
        "died": Died(record_ids=(family.hanako, family.taro)),
        "corrected": Corrected(
            is_error=True,
            items={family.hanako: {"given_name": "華子"}, family.taro: {"given_name": "太朗"}},
        ),
    }
    found = concerned(clerk.preview(changes[kind], basis="ex_officio"))
    (whom,) = [who for code_, who in found.items() if code_.startswith("std3-1.change_suppressed")]
    assert whom == (family.taro,)


def test_whom_another_clerk_has_changed_since_is_named(clerk: Clerk, family: Family) -> None:
    change = Died(record_ids=(family.hanako, family.taro))
    late = clerk.state(change, basis="ex_officio")
    corrected = Corrected(is_error=True, items={family.taro: {"given_name": "太朗"}})
    clerk.record(corrected, basis="ex_officio")
    its = next_form(clerk.under(late))
    with pytest.raises(recording.NotRecorded) as refused:
        recording.record(its, late)
    assert concerned(refused.value.found) == {"std10-3.changed_since": (family.taro,)}


def test_who_is_no_resident_any_more_is_named(clerk: Clerk, family: Family) -> None:
    clerk.record(Died(record_ids=(family.taro,)), basis="ex_officio")
    clerk.permit = next_form(clerk.permit)
    found = clerk.preview(Died(record_ids=(family.hanako, family.taro)), basis="ex_officio")
    assert concerned(found) == {"std11-1.not_there": (family.taro,)}


NAMED = (uuid4(), uuid4())
_ROWS = tuple({"record_id": str(one)} for one in NAMED)
_WORDS = dict.fromkeys(NAMED, "子")
EVERY_KIND: list[Change] = [
    moves_in(*_ROWS),
    MovedWithin(joins=False, household_number="1", address={}, relationships=_WORDS),
    MovedOut(abroad=False, destination={}, record_ids=NAMED),
    MovedOutClosed(record_ids=NAMED),
    MoveInNoticeReceived(destination={}, noticed_on=date(2026, 11, 1), record_ids=NAMED),
    HouseholderChanged(household_number="1", relationships=_WORDS),
    Born(household_number="1", children=_ROWS),
    Died(record_ids=NAMED),
    DeclaredMissing(record_ids=NAMED),
    Corrected(is_error=True, items={one: {"given_name": "太朗"} for one in NAMED}),
    RecordCodeChanged(record_id=NAMED[0], ground="changed"),
    NumberChangeRequested(record_id=NAMED[0], ground="requested", circumstance="leaked"),
    NumberAssigned(ground="new", record_ids=NAMED),
    Cancelled(cancels=1, record_ids=NAMED),
]


def test_every_kind_can_be_asked_again_of_one_person_alone() -> None:
    assert {one.kind for one in EVERY_KIND} == set(KINDS)
    for change in EVERY_KIND:
        for one in NAMED:
            assert with_only(change, one).record_ids == (one,), change.kind


def test_who_moves_within_and_is_held_back_is_named(clerk: Clerk, family: Family) -> None:
    _suppressed(family.jiro, "error")
    change = MovedWithin(
        joins=False,
        household_number="000000000000221",
        address=place("address"),
        relationships={family.taro: "世帯主", family.jiro: "弟"},
    )
    found = concerned(clerk.preview(change, basis="ex_officio"))
    assert found["std3-1.change_suppressed"] == (family.jiro,)
