"""Codes and numbers between the tiers: what the centre makes, and what is held above a town."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from daicho.access import clock
from daicho.access.models import Trail
from daicho.access.permits import system_permit
from daicho.law.network.faults import (
    CANNOT_OPEN,
    CODE_OF_ANOTHER,
    MALFORMED,
    NOT_RESIDENT,
    NUMBER_DIFFERS,
    NUMBER_TWICE,
)
from daicho.network.deeds import subjects
from daicho.network.keys import signing
from daicho.network.messages.body import Said
from daicho.network.messages.identification_forwarded import IdentificationForwarded
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.individual_number_request import (
    EX_OFFICIO,
    NEW,
    REQUESTED,
    IndividualNumberRequest,
)
from daicho.network.messages.outcomes import DONE, LATE
from daicho.network.messages.record_codes import RecordCodes
from daicho.network.messages.record_codes_request import AT_ONCE_MAX, RecordCodesRequest
from daicho.network.models import DesignatedCode, Held, SubjectCode
from daicho.network.protocol.message import Message, Turn
from daicho.network.protocol.parties import CENTRE, Party
from daicho.terms.numbers import parse_individual_number, parse_resident_record_code
from daicho.vault.batches import Batch
from network.one_party import Here, equip
from network.wires import OTHER_TOWN, PREFECTURE, TOWN, Nation

pytestmark = pytest.mark.django_db
CODE, OTHER_CODE, THIRD_CODE = "12345678903", "98765432170", "11111111121"
NUMBER, OTHER_NUMBER = "123456789018", "987654321093"
ITEMS = {"family_name": "架空", "given_name": "花子"}


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return equip(Nation(tmp_path_factory.mktemp("codes")))


@pytest.fixture
def centre(nation: Nation, settings: Settings) -> Here:
    here = Here(nation, settings)
    here.be(CENTRE)
    return here


@pytest.fixture
def prefecture(nation: Nation, settings: Settings) -> Here:
    here = Here(nation, settings)
    here.be(PREFECTURE)
    return here


def number_sealed(here: Here, number: str, code: str) -> dict[str, str]:
    """The number as a town seals it for both who hold it."""
    said = {"code": code, "number": number}
    return {to: signing.seal(said, here.nation.identity(to).seals_to(to)) for to in ("07", "00")}  # type: ignore[arg-type]  # they are parties


def notice(
    here: Here, code: str = CODE, number: str = "", what: str = "opens", former_code: str = ""
) -> IdentificationInformation:
    held = number_sealed(here, number, code) if number else {}
    day = "2026-11-20"
    return IdentificationInformation(code, former_code, what, "born", day, ITEMS, held)


def at_centre(here: Here, said: Said, of: UUID, town: Party = TOWN) -> str:
    """A town's notice as its prefecture tells it on."""
    _, signed = here.signed(town, said, of, PREFECTURE)
    return here.hears(PREFECTURE, IdentificationForwarded(signed), of)


def number_of(message: Message) -> str:
    return IndividualNumber.said_in(message).number


def numbers_held(code: str) -> set[str]:
    """What the vault has of the person with that code."""
    place = subjects.number_id(SubjectCode.objects.get(code=code).subject_id)
    permit = system_permit("identification_holding", clock.today(), uuid4())
    return set(Batch(permit).numbers_of([place]).values())


def everything_written() -> str:
    """Every row of every table but those of the vault, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f'SELECT json_agg(t)::text FROM "{name}" t')  # noqa: S608  our own names
            found.append(str(cursor.fetchone()[0]))
    return "\n".join(found)


def test_a_number_is_made_of_a_code_and_told_to_the_town_alone(centre: Here) -> None:
    record_id = uuid4()
    assert centre.hears(TOWN, IndividualNumberRequest(CODE, NEW), record_id) == DONE
    (said,) = centre.says()
    assert (said.stream.to, said.stream.resident) == (TOWN, str(record_id))
    number = number_of(said)
    assert parse_individual_number(number) == number
    assert number not in everything_written()
    assert CODE not in everything_written().replace(f'"code":"{CODE}"', "")
    assert numbers_held(CODE) == {number}


def test_who_asks_twice_is_told_the_same_number(centre: Here) -> None:
    record_id = uuid4()
    for _ in range(2):
        assert at_centre(centre, notice(centre), record_id) == DONE
        assert centre.hears(TOWN, IndividualNumberRequest(CODE, NEW), record_id) == DONE
    first, second = map(number_of, centre.says())
    assert first == second


@pytest.mark.parametrize("ground", [REQUESTED, EX_OFFICIO])
def test_another_number_takes_the_place_of_one_and_that_is_nobody_elses(
    centre: Here, ground: str
) -> None:
    record_id = uuid4()
    at_centre(centre, notice(centre), record_id)
    centre.hears(TOWN, IndividualNumberRequest(CODE, NEW), record_id)
    assert centre.hears(TOWN, IndividualNumberRequest(CODE, ground), record_id) == DONE
    first, second = map(number_of, centre.says())
    assert first != second
    assert numbers_held(CODE) == {second}
    assert at_centre(centre, notice(centre, OTHER_CODE, first), uuid4()) == NUMBER_TWICE.code


@pytest.mark.parametrize("ground", [NEW, REQUESTED, EX_OFFICIO])
def test_nobody_learns_or_changes_the_number_of_another_towns_resident(
    centre: Here, ground: str
) -> None:
    at_centre(centre, notice(centre, number=NUMBER), uuid4())
    asked = IndividualNumberRequest(CODE, ground)
    assert centre.hears(OTHER_TOWN, asked, uuid4()) == NOT_RESIDENT.code
    assert centre.says() == []
    assert numbers_held(CODE) == {NUMBER}


def test_who_asks_by_a_code_that_is_not_heard_of_yet_makes_no_second_person(centre: Here) -> None:
    record_id = uuid4()
    at_centre(centre, notice(centre, number=NUMBER), record_id)
    asked = IndividualNumberRequest(OTHER_CODE, REQUESTED)
    assert centre.hears(TOWN, asked, record_id) == NOT_RESIDENT.code
    changed = notice(centre, OTHER_CODE, NUMBER, "changes", former_code=CODE)
    assert at_centre(centre, changed, record_id) == DONE
    assert centre.hears(TOWN, asked, record_id) == DONE


def test_who_has_a_number_and_is_nobodys_resident_is_told_to_nobody(centre: Here) -> None:
    record_id = uuid4()
    at_centre(centre, notice(centre, number=NUMBER), record_id)
    at_centre(centre, notice(centre, number=NUMBER, what="closes"), record_id)
    assert centre.hears(TOWN, IndividualNumberRequest(CODE, NEW), record_id) == NOT_RESIDENT.code


@pytest.mark.parametrize(
    "asked",
    [
        IndividualNumberRequest("12345678900", NEW),
        IndividualNumberRequest("１２３４５６７８９０３", NEW),
        IndividualNumberRequest(CODE, "curious"),
        RecordCodesRequest(AT_ONCE_MAX + 1),
    ],
)
def test_what_cannot_be_is_not_carried_out(centre: Here, asked: Said) -> None:
    assert centre.hears(TOWN, asked) == MALFORMED.code
    assert centre.says() == []


def test_what_no_router_may_read_is_refused_in_the_open(centre: Here) -> None:
    asked = IndividualNumberRequest(CODE, NEW)
    assert centre.hears(TOWN, asked, body=asked.written()) == MALFORMED.code
    sealed_to_another = centre.sealed(asked, PREFECTURE)
    assert centre.hears(TOWN, asked, body=sealed_to_another) == CANNOT_OPEN.code


def test_codes_are_designated_once_for_one_town(centre: Here) -> None:
    at_centre(centre, notice(centre), uuid4())
    for town in (TOWN, OTHER_TOWN):
        assert centre.hears(town, RecordCodesRequest(500), uuid4()) == DONE
    said = [RecordCodes.said_in(one).codes for one in centre.says()]
    codes = [code for some in said for code in some]
    assert [len(some) for some in said] == [500, 500]
    assert len(set(codes)) == 1_000
    assert [parse_resident_record_code(one) for one in codes] == codes
    assert CODE not in codes
    told = dict(DesignatedCode.objects.values_list("code", "municipality"))
    assert {told[one] for one in said[0]} == {TOWN}
    assert {told[one] for one in said[1]} == {OTHER_TOWN}
    assert said[0] != sorted(said[0])


def test_a_number_is_held_above_and_stands_nowhere_in_the_open(prefecture: Here) -> None:
    assert prefecture.hears(TOWN, notice(prefecture, number=NUMBER), uuid4()) == DONE
    assert numbers_held(CODE) == {NUMBER}
    assert NUMBER not in everything_written()
    assert Trail.objects.filter(job="identification_holding").exists()


def test_of_two_persons_none_takes_the_others_number(prefecture: Here) -> None:
    prefecture.hears(TOWN, notice(prefecture, number=NUMBER), uuid4())
    other = notice(prefecture, OTHER_CODE, NUMBER)
    assert prefecture.hears(TOWN, other, uuid4()) == NUMBER_TWICE.code
    assert Held.objects.filter(code=OTHER_CODE).exists(), "the rest of it is held, and told on"
    assert numbers_held(OTHER_CODE) == set()
    assert {one.kind for one in prefecture.says()} == {IdentificationForwarded.KIND}
    assert prefecture.hears(OTHER_TOWN, notice(prefecture, number=NUMBER), uuid4()) == DONE


def test_a_prefecture_follows_the_town_and_a_late_town_changes_nothing(prefecture: Here) -> None:
    record_id = uuid4()
    prefecture.hears(TOWN, notice(prefecture, number=NUMBER), record_id)
    changed = notice(prefecture, number=OTHER_NUMBER, what="changes")
    assert prefecture.hears(TOWN, changed, record_id) == DONE
    assert numbers_held(CODE) == {OTHER_NUMBER}
    assert prefecture.hears(OTHER_TOWN, notice(prefecture, number=NUMBER), uuid4()) == DONE
    assert numbers_held(CODE) == {OTHER_NUMBER}


def test_the_centre_holds_no_other_number_than_it_made(centre: Here) -> None:
    record_id = uuid4()
    centre.hears(TOWN, IndividualNumberRequest(CODE, NEW), record_id)
    (made,) = map(number_of, centre.says())
    assert at_centre(centre, notice(centre, number=OTHER_NUMBER), record_id) == NUMBER_DIFFERS.code
    assert at_centre(centre, notice(centre, number=made), record_id) == DONE


def test_a_town_that_says_a_former_number_is_told_the_present_one(centre: Here) -> None:
    """It was told to the town before, and the person has moved since."""
    record_id, moved_to = uuid4(), uuid4()
    at_centre(centre, notice(centre), record_id)
    for ground in (NEW, REQUESTED):
        centre.hears(TOWN, IndividualNumberRequest(CODE, ground), record_id)
    first, second = map(number_of, centre.says())
    assert at_centre(centre, notice(centre, number=first), moved_to, OTHER_TOWN) == DONE
    (told,) = centre.says()
    assert (told.stream.to, told.stream.resident) == (OTHER_TOWN, str(moved_to))
    assert number_of(told) == second
    asked = IndividualNumberRequest(CODE, REQUESTED)
    assert centre.hears(TOWN, asked, record_id) == NOT_RESIDENT.code, "two towns hold the person"
    at_centre(centre, notice(centre, number=first, what="closes"), record_id)
    assert centre.says() == []
    assert centre.hears(OTHER_TOWN, asked, moved_to) == DONE


def test_a_changed_code_is_the_same_persons(centre: Here) -> None:
    record_id = uuid4()
    at_centre(centre, notice(centre, number=NUMBER), record_id)
    changed = notice(centre, OTHER_CODE, NUMBER, "changes", former_code=CODE)
    assert at_centre(centre, changed, record_id) == DONE
    held = Held.objects.get()
    assert (held.code, numbers_held(CODE), numbers_held(OTHER_CODE)) == (
        OTHER_CODE, {NUMBER}, {NUMBER}
    )  # fmt: skip
    at_centre(centre, notice(centre, THIRD_CODE), uuid4())
    taken = notice(centre, THIRD_CODE, "", "changes", former_code=OTHER_CODE)
    assert at_centre(centre, taken, record_id) == CODE_OF_ANOTHER.code


@pytest.mark.parametrize(
    "wrong",
    [
        {"07": "x"},
        {"07": "x", "00": "x", "08": "x"},
        {"07": "x" * 3_000, "00": "x"},
    ],
)
def test_a_number_sealed_to_others_is_no_notice(prefecture: Here, wrong: dict[str, str]) -> None:
    said = notice(prefecture)
    said.number.update(wrong)
    assert prefecture.hears(TOWN, said) == MALFORMED.code


@pytest.mark.parametrize(
    ("code", "number", "outcome"),
    [
        (OTHER_CODE, NUMBER, MALFORMED.code),
        (CODE, "123456789012", MALFORMED.code),
        (CODE, "", MALFORMED.code),
    ],
)
def test_a_number_for_another_notice_is_not_taken(
    prefecture: Here, code: str, number: str, outcome: str
) -> None:
    said = notice(prefecture)
    said.number.update(number_sealed(prefecture, number, code))
    assert prefecture.hears(TOWN, said) == outcome
    assert not Held.objects.exists()


def test_a_number_that_nobody_here_opens_is_told(prefecture: Here) -> None:
    said = notice(prefecture)
    sealed = number_sealed(prefecture, NUMBER, CODE)
    said.number.update({"07": sealed["00"], "00": sealed["07"]})
    assert prefecture.hears(TOWN, said) == CANNOT_OPEN.code


def test_what_comes_late_brings_no_number(prefecture: Here) -> None:
    record_id = uuid4()
    newer = prefecture.signed(TOWN, notice(prefecture, number=NUMBER), record_id, turn=Turn(2, 1))
    assert prefecture.hears_signed(TOWN, *newer) == DONE
    older = prefecture.signed(
        TOWN, notice(prefecture, number=OTHER_NUMBER), record_id, turn=Turn(1, 1)
    )
    assert prefecture.hears_signed(TOWN, *older) == LATE
    assert numbers_held(CODE) == {NUMBER}
