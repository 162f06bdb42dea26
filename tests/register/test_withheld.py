"""表示しない人: what stands around who is withheld tells nothing that is not shown of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

import town
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.law import purposes
from daicho.register import queries
from daicho.register.models import ProtectiveMeasure, Suppression
from daicho.register.search import conditions, finding
from daicho.register.visibility import lists_households, not_withheld
from people import Cast
from register.conftest import Import

pytestmark = pytest.mark.django_db

HANAKO, TARO, NUMBER = "000000000000108", "000000000000116", "000000000000205"
TAX, COUNTER, CHANGE = "inquiry.resident_tax", "inquiry.change", "change.ex_officio"
LATER = datetime(2999, 1, 1, tzinfo=UTC)
NAMED = {"former_family_name": "前姓", "former_family_name_kana": "ゼンセイ"}


@pytest.fixture(autouse=True)
def here(take_over: Import, tmp_path: Path) -> Iterator[None]:
    """花子, 世帯主 and with a 旧氏, and her 太郎, who has none, in one household."""
    lines = [town.hanako(**NAMED), town.taro()]
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        outcome, faults = take_over(town.write(tmp_path, lines))
        assert (outcome.accepted, faults) == (2, set())
        yield


def _who(address_number: str) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM register_current WHERE address_number = %s", [address_number]
        )
        return UUID(str(cursor.fetchone()[0]))


def _protect(record_id: UUID) -> None:
    ProtectiveMeasure.objects.create(record_id=record_id, provisional=False, from_on="2026-01-01")


def _suppress(record_id: UUID) -> None:
    Suppression.objects.create(
        record_id=record_id, process="look", level="error", from_on="2026-01-01"
    )


def _asked_by(cast: Cast, purpose: str) -> Permit:
    """A permit for that purpose, for one who has the post for it."""
    row = purposes.purpose(purpose, clock.today())
    actor = replace(
        cast.clerk.acting(), office_kind=row.office_kinds[0], posts=frozenset(row.posts)
    )
    return permit(actor, purpose, clock.today())


def _found(given: Permit, typed: dict[str, str]) -> list[str]:
    return [one.address_number for one in queries.search(given, conditions.read(typed)).hits]


WITHHELD = pytest.mark.parametrize(
    ("purpose", "withhold"), [(TAX, _protect), (TAX, _suppress), (COUNTER, _suppress)]
)


@pytest.mark.parametrize("whose", [HANAKO, TARO])
def test_another_division_reads_no_name_of_a_householder(cast: Cast, whose: str) -> None:
    given = _asked_by(cast, TAX)
    before = queries.person(given, _who(TARO))
    _protect(_who(whose))
    after = queries.person(given, _who(TARO))
    assert before is not None
    assert after is not None
    for one in (before, after):
        record = one.record
        shown = (record.householder_name, record.householder_name_kana, record.position)
        assert shown == ("", "", None), "blank for all, so that it tells of nobody"
    assert before.record.relationship, "続柄 is never hidden by right (10.4)"


def test_the_counter_reads_the_name_of_the_householder(cast: Cast) -> None:
    found = queries.person(_asked_by(cast, COUNTER), _who(TARO))
    assert found is not None
    assert "花子" in found.record.householder_name


@WITHHELD
@pytest.mark.parametrize(
    "typed",
    [
        {"kana": "タロウ", "born_from": "2010-10-10"},
        {"kana": "タロウ", "sex": "1"},
        {"kana": "タロウ", "relationship": "子"},
        {"kana": "タロウ", "blank": "building"},
        {"address": "架空町一丁目"},
        {"household_number": "205"},
        {"kana": "タロウ", "ward": town.WARD},
    ],
)
def test_who_is_withheld_is_not_found_by_what_is_not_shown(
    cast: Cast,
    purpose: str,
    withhold: Callable[[UUID], None],
    typed: dict[str, str],
) -> None:
    given = _asked_by(cast, purpose)
    assert TARO in _found(given, typed)
    withhold(_who(TARO))
    assert TARO not in _found(given, typed)


@WITHHELD
def test_who_is_withheld_is_found_by_who_they_are(
    cast: Cast, purpose: str, withhold: Callable[[UUID], None]
) -> None:
    withhold(_who(HANAKO))
    given = _asked_by(cast, purpose)
    for typed in (
        {"kana": "ハナコ", "state": "living"},
        {"kanji": "架空　花子"},
        {"kana": "カクウハナコ", "kanji": "花子"},
        {"address_number": "108"},
    ):
        assert HANAKO in _found(given, typed), typed


@WITHHELD
@pytest.mark.parametrize(
    "typed", [{"kanji": "前姓"}, {"kana": "ゼンセイ"}, {"kanji": "前姓　花子"}]
)
def test_who_is_withheld_is_not_found_by_a_former_name(
    cast: Cast, purpose: str, withhold: Callable[[UUID], None], typed: dict[str, str]
) -> None:
    given = _asked_by(cast, purpose)
    assert _found(given, typed) == [HANAKO]
    withhold(_who(HANAKO))
    assert _found(given, typed) == []


def test_the_counter_reads_nothing_of_where_a_suppressed_person_lives(cast: Cast) -> None:
    taro = _who(TARO)
    _suppress(taro)
    given = _asked_by(cast, COUNTER)
    of_his = queries.household(given, taro)
    assert of_his is not None
    assert (of_his.number, [one.record.address_number for one in of_his.members]) == ("", [TARO])
    found = queries.person(given, taro)
    assert found is not None
    assert (found.record.household_number, found.record.ward, found.record.position) == (
        "",
        "",
        None,
    )
    of_hers = queries.household(given, _who(HANAKO))
    by_number = queries.household_numbered(given, NUMBER)
    for one in (of_hers, by_number):
        assert one is not None
        assert [it.record.address_number for it in one.members] == [HANAKO]
    then = queries.household_as_of(given, NUMBER, clock.today(), LATER)
    assert [one.record_id for one in then] == [_who(HANAKO)]


def test_of_no_household_nobody_is_listed(cast: Cast) -> None:
    given = _asked_by(cast, COUNTER)
    assert queries.household_as_of(given, "", clock.today(), LATER) == ()


def test_a_change_is_of_the_whole_household(cast: Cast) -> None:
    _suppress(_who(TARO))
    given = _asked_by(cast, CHANGE)
    assert lists_households(given)
    for asked in (HANAKO, TARO):
        found = queries.household(given, _who(asked))
        assert found is not None
        assert [one.record.address_number for one in found.members] == [HANAKO, TARO]
        assert found.number == NUMBER
        assert found.members[1].record.address.written == ""


def test_one_who_sees_the_suppressed_finds_them_by_anything(cast: Cast) -> None:
    _suppress(_who(TARO))
    actor = replace(cast.clerk.acting(), granted=frozenset({"emergency.life"}))
    given = permit(actor, "emergency.life", clock.today())
    assert TARO in _found(given, {"address": "架空町一丁目"})


def test_who_is_withheld_is_told_by_an_index(cast: Cast) -> None:
    for _ in range(3):
        _suppress(uuid4())
    cut = not_withheld(_asked_by(cast, COUNTER))
    asked, said = finding.statement(
        conditions.read({"kana": "カクウ", "sex": "1"}), 51, None, cut, exact=True
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked}", said)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "register_suppression_record_id" in plan
    assert "Index Cond: (record_id = k.record_id)" in plan, (
        "each who is found, not all who are held"
    )
    assert "Seq Scan" not in plan
