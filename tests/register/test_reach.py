"""届く範囲と支援措置: whom of the town a purpose of another division reaches, and what of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import connection

import town
from daicho.access import clock
from daicho.access.models import Trail
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted
from daicho.certificates import queries as certificates
from daicho.register import due, queries, remarks
from daicho.register.models import ProtectiveMeasure, RecordedChange, Suppression
from daicho.register.places import queries as places
from daicho.register.search import conditions
from people import Cast
from register.conftest import Import

pytestmark = pytest.mark.django_db

CITY_OF_WARDS, ANOTHER_WARD = "141003", "141046"
HANAKO, TARO, AWAY = "000000000000108", "000000000000116", "000000000000140"
LATER = datetime(2999, 1, 1, tzinfo=UTC)
NATIONAL_HEALTH, TAX = "inquiry.national_health_insurance", "inquiry.resident_tax"


@pytest.fixture
def here(take_over: Import, tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    """花子 with 太郎 in one household, 去 who moved out: in a city that has wards."""
    lines = [town.hanako(), town.taro(), *(one for one in town.few() if _is_away(one))]
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        outcome, _ = take_over(town.write(tmp_path, lines))
        assert outcome.accepted == 3
        settings.MUNICIPALITY = CITY_OF_WARDS
        yield


def _is_away(line: town.Line) -> bool:
    return line["address_number"] == AWAY


def _who(address_number: str) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM register_current WHERE address_number = %s", [address_number]
        )
        return UUID(str(cursor.fetchone()[0]))


def _lives_in_another_ward(address_number: str) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register_current SET ward = %s WHERE address_number = %s",
            [ANOTHER_WARD, address_number],
        )
    return _who(address_number)


def _asked_by(cast: Cast, purpose: str = NATIONAL_HEALTH) -> Permit:
    """A permit of another division, in an office of the ward 072036."""
    actor = replace(
        cast.clerk_of_another_division.acting(), posts=frozenset({purpose.partition(".")[2]})
    )
    return permit(actor, purpose, clock.today())


def _everything(given: Permit, record_id: UUID) -> list[object]:
    """What every door of one person says; of whom there is not, as little as of nobody."""
    changes = RecordedChange.objects.filter(record_ids__contains=[record_id])
    ids = [*changes.values_list("id", flat=True)] or [0]
    found = queries.history(given, record_id)
    believed = queries.person_as_of(given, record_id, clock.today(), LATER)
    return [
        queries.person(given, record_id),
        (found.person, found.rows, found.cancellable),
        queries.household(given, record_id),
        [queries.change(given, one) for one in ids],
        (believed.version, believed.known_here, believed.marks),
        remarks.of(given, record_id),
        certificates.certified(given, [record_id]),
    ]


def test_of_who_lives_in_another_ward_every_door_says_what_it_says_of_nobody(
    cast: Cast, here: None
) -> None:
    far, given = _lives_in_another_ward(HANAKO), _asked_by(cast)
    assert given.ward == town.WARD
    protected = ProtectiveMeasure(record_id=far, provisional=False, from_on="2026-01-01")
    protected.save(force_insert=True)
    assert _everything(given, far) == _everything(given, uuid4())


def test_a_look_at_who_lives_in_another_ward_is_trailed_as_any(cast: Cast, here: None) -> None:
    far, given = _lives_in_another_ward(HANAKO), _asked_by(cast)
    with _trailed() as there:
        _everything(given, far)
    with _trailed() as not_there:
        _everything(given, uuid4())
    assert there == not_there
    assert [one for one in there if one[1] == "register.person"]


@contextmanager
def _trailed() -> Iterator[list[tuple[object, ...]]]:
    last = Trail.objects.order_by("-id").values_list("id", flat=True).first() or 0
    found: list[tuple[object, ...]] = []
    yield found
    rows = Trail.objects.filter(id__gt=last).order_by("id")
    found += rows.values_list("event", "door", "purpose", "subject_count", "detail")


def test_of_a_household_only_those_in_the_ward_are_listed(cast: Cast, here: None) -> None:
    _lives_in_another_ward(HANAKO)
    given, number = _asked_by(cast), "000000000000205"
    for found in (
        queries.household(given, _who(TARO)),
        queries.household_numbered(given, number),
    ):
        assert found is not None
        assert [one.record.address_number for one in found.members] == [TARO]
    then = queries.household_as_of(given, number, clock.today(), LATER)
    assert [one.record_id for one in then] == [_who(TARO)]


def test_a_search_finds_in_the_ward_alone_and_counts_so(
    cast: Cast, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "HITS_MOST", 1)
    asked = conditions.read({"kana": "カクウ", "state": "living"})
    given = _asked_by(cast)
    assert queries.search(given, asked).has_more
    _lives_in_another_ward(HANAKO)
    found = queries.search(given, asked)
    assert [one.address_number for one in found.hits] == [TARO]
    assert not found.has_more, "who is out of reach is no one more"


def test_what_belongs_to_the_whole_city_reaches_every_ward(cast: Cast, here: None) -> None:
    far, given = _lives_in_another_ward(HANAKO), _asked_by(cast, TAX)
    assert given.ward == ""
    assert queries.person(given, far) is not None


def test_an_office_of_the_whole_city_reaches_every_ward(
    cast: Cast, here: None, settings: LazySettings
) -> None:
    far = _lives_in_another_ward(HANAKO)
    settings.MUNICIPALITY = town.WARD
    assert queries.person(_asked_by(cast), far) is not None


def test_buildings_are_those_of_the_ward(cast: Cast, here: None) -> None:
    with connection.cursor() as cursor:  # two persons live on that lot, in no named house
        cursor.execute("SELECT count(*) FROM register_recordversion WHERE address_building <> ''")
        assert cursor.fetchone() == (0,)
    assert places.buildings(_asked_by(cast), "架空町一丁目", "１番１号") == ()


def test_those_who_move_out_are_counted_in_the_ward(cast: Cast, here: None) -> None:
    assert due.overdue_count(_asked_by(cast), clock.today()) == 0
    assert due.overdue(_asked_by(cast), clock.today(), 5) == ()


@pytest.fixture
def protect() -> Callable[..., None]:
    def protected(record_id: UUID, **more: object) -> None:
        ProtectiveMeasure.objects.create(
            **{"record_id": record_id, "provisional": False, "from_on": "2026-01-01", **more}
        )

    return protected


@pytest.mark.parametrize("provisional", [False, True])
def test_who_is_protected_is_shown_to_another_division_by_name_and_number(
    cast: Cast, here: None, protect: Callable[..., None], provisional: bool
) -> None:
    protect(_who(HANAKO), provisional=provisional)
    found = queries.person(_asked_by(cast), _who(HANAKO))
    assert found is not None
    assert found.marks.withheld
    assert (found.record.family_name, found.record.address_number) == ("架空", HANAKO)
    assert found.marks.provisionally_protected is provisional
    left = [found.record.born_on, found.record.address.written, found.record.household_number]
    assert left == [None, "", ""]
    assert (found.residences, found.tells_more) == ((), False)


def test_who_is_protected_is_shown_to_the_counter_with_the_mark(
    cast: Cast, here: None, protect: Callable[..., None]
) -> None:
    protect(_who(HANAKO))
    counter = permit(cast.clerk.acting(), "inquiry.change", clock.today())
    found = queries.person(counter, _who(HANAKO))
    assert found is not None
    assert (found.marks.protected, found.marks.withheld) == (True, False)
    assert found.record.address.written


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({"until_on": "2026-11-21"}, "it ended yesterday"),
        ({"from_on": "2026-11-23"}, "it begins tomorrow"),
    ],
)
def test_a_protection_that_is_not_in_force_withholds_nothing(
    cast: Cast, here: None, protect: Callable[..., None], more: dict[str, object], because: str
) -> None:
    protect(_who(HANAKO), **more)
    found = queries.person(_asked_by(cast), _who(HANAKO))
    assert found is not None
    assert not found.marks.withheld, because


@pytest.mark.parametrize(
    ("measures", "told", "because"),
    [
        ([{"until_on": "2026-11-21"}], "ended", "A05: it ended yesterday, nobody renewed it"),
        ([{"until_on": "2026-11-22"}], "ending", "A04: today is its last day"),
        ([{"until_on": "2026-12-23"}], "", "more than a month is left"),
        ([{}], "", "it has no last day"),
        ([{"until_on": "2026-11-21", "provisional": True}], "ended", "a provisional one too"),
        ([{"until_on": "2026-11-21"}, {"from_on": "2026-11-22"}], "", "it was renewed"),
        ([{"from_on": "2026-11-23", "until_on": "2026-11-24"}], "", "it has not begun"),
    ],
)
def test_that_a_protection_ends_or_has_ended_is_told_to_the_counter_alone(
    cast: Cast,
    here: None,
    protect: Callable[..., None],
    measures: list[dict[str, object]],
    told: str,
    because: str,
) -> None:
    for more in measures:
        protect(_who(HANAKO), **more)
    counter = permit(cast.clerk.acting(), "inquiry.change", clock.today())
    found = queries.person(counter, _who(HANAKO))
    assert found is not None
    assert found.marks.protection == told, because
    assert found.marks.any is (bool(told) or found.marks.protected), because
    elsewhere = queries.person(_asked_by(cast), _who(HANAKO))
    assert elsewhere is not None
    assert elsewhere.marks.protection == "", because


def test_beside_whom_a_protected_person_lives_is_not_told(
    cast: Cast, here: None, protect: Callable[..., None]
) -> None:
    protect(_who(TARO))
    given = _asked_by(cast)
    of_hers = queries.household(given, _who(HANAKO))
    assert of_hers is not None
    assert [one.record.address_number for one in of_hers.members] == [HANAKO]
    of_his = queries.household(given, _who(TARO))
    assert of_his is not None
    assert [one.record.address_number for one in of_his.members] == [TARO]
    assert of_his.number == ""


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ({"address": "架空町一丁目"}, "by the address"),
        ({"household_number": "205"}, "by the household"),
        ({"kana": "タロウ", "ward": town.WARD}, "by the ward"),
        ({"kana": "タロウ", "blank": "building"}, "by an empty 方書"),
    ],
)
def test_who_is_protected_is_not_found_by_a_place(
    cast: Cast, here: None, protect: Callable[..., None], typed: dict[str, str], because: str
) -> None:
    given, asked = _asked_by(cast, TAX), conditions.read(typed)
    assert TARO in {one.address_number for one in queries.search(given, asked).hits}
    protect(_who(TARO))
    found = queries.search(given, asked).hits
    assert TARO not in {one.address_number for one in found}, because
    by_name = queries.search(given, conditions.read({"kana": "タロウ"})).hits
    assert [one.address_number for one in by_name] == [TARO]
    assert (by_name[0].address, by_name[0].born_on) == ("", None)


def test_who_is_suppressed_is_not_found_by_a_place_either(cast: Cast, here: None) -> None:
    Suppression.objects.create(
        record_id=_who(TARO), process="look", level="error", from_on="2026-01-01"
    )
    given = _asked_by(cast, TAX)
    asked = conditions.read({"address": "架空町一丁目", "state": "living"})
    assert [one.address_number for one in queries.search(given, asked).hits] == [HANAKO]


def test_another_division_reads_no_free_text(cast: Cast, here: None) -> None:
    given, counter = _asked_by(cast), permit(cast.clerk.acting(), "inquiry.change", clock.today())
    assert [one.text for one in remarks.of(counter, _who(HANAKO))] == ["架空"]
    assert remarks.of(given, _who(HANAKO)) == ()


def test_one_who_sees_the_suppressed_sees_them_with_the_mark(cast: Cast, here: None) -> None:
    Suppression.objects.create(
        record_id=_who(HANAKO), process="look", level="error", from_on="2026-01-01"
    )
    actor = replace(cast.clerk.acting(), granted=frozenset({"emergency.life"}))
    found = queries.person(permit(actor, "emergency.life", clock.today()), _who(HANAKO))
    assert found is not None
    assert (found.marks.withheld, found.marks.suppressed) == (False, ("look",))
    assert found.record.address.written
    withheld = queries.person(
        permit(cast.clerk.acting(), "inquiry.change", clock.today()), _who(HANAKO)
    )
    assert withheld is not None
    assert withheld.marks.withheld


def test_one_division_does_not_ask_for_the_affairs_of_another(cast: Cast, here: None) -> None:
    own = cast.clerk_of_another_division.acting()
    assert queries.person(permit(own, NATIONAL_HEALTH, clock.today()), _who(HANAKO))
    for purpose in ("inquiry.national_pension", TAX, "inquiry.change"):
        with pytest.raises(NotPermitted) as refused:
            permit(own, purpose, clock.today())
        assert refused.value.finding.code == "access.purpose_not_yours"
        assert refused.value.line == f"purposes:{purpose}@1967-11-10"
