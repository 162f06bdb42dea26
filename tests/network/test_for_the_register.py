"""What the centre tells a town: the number becomes the person's, the codes come into the stock."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from daicho.access import clock
from daicho.access.permits import permit, system_permit
from daicho.network import arrivals
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.individual_number_request import (
    NEW,
    REQUESTED,
    IndividualNumberRequest,
)
from daicho.network.messages.outcomes import DONE
from daicho.network.messages.record_codes import RecordCodes
from daicho.network.messages.record_codes_request import RecordCodesRequest
from daicho.network.models import RegisterNotice
from daicho.network.protocol.parties import CENTRE
from daicho.recording import arrived
from daicho.register.models import RecordCode
from daicho.terms.changes import Born, NumberChangeRequested
from daicho.terms.numbers import resident_record_code_check_digit
from daicho.vault import numbers as vault
from network.one_party import Here, equip
from network.wires import TOWN, Nation
from people import Cast
from register.counter import (
    HOUSEHOLD,
    NEWBORNS_CODE,
    TODAY,
    Clerk,
    Family,
    child,
    family_here,
    in_stock,
    on_day,
)
from register.entering import number

pytestmark = pytest.mark.django_db
FIRST, ANOTHER = number(55_555_555_551), number(55_555_555_552)
MANY = [
    body + resident_record_code_check_digit(body) for body in map(str, range(10**9, 10**9 + 400))
]


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    with on_day(TODAY):
        return equip(Nation(tmp_path_factory.mktemp("register")))


@pytest.fixture
def here(nation: Nation, settings: Settings) -> Here:
    one = Here(nation, settings)
    one.be(TOWN)
    return one


@pytest.fixture
def clerk(cast: Cast) -> Iterator[Clerk]:
    with on_day(TODAY):
        yield Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


@pytest.fixture
def baby(clerk: Clerk, three_live_here: None) -> UUID:
    """A newborn whose number is to be made."""
    in_stock(NEWBORNS_CODE)
    newborn = child()
    clerk.record(Born(household_number=HOUSEHOLD, children=(newborn,)), basis="notice")
    return UUID(str(newborn["record_id"]))


@pytest.fixture
def family(three_live_here: None) -> Family:
    return family_here()


def answer(number: str = FIRST, ground: str = NEW, code: str = NEWBORNS_CODE) -> IndividualNumber:
    return IndividualNumber(code, ground, number)


def state(clerk: Clerk, one: UUID) -> str:
    return clerk.see(one).record.individual_number_state


def test_a_birth_asks_the_centre_and_the_answer_is_recorded_and_told_on(
    here: Here, clerk: Clerk, baby: UUID
) -> None:
    told, asked = sorted(here.says(), key=lambda one: one.kind)
    assert (told.kind, told.stream.to) == (IdentificationInformation.KIND, "07")
    assert IdentificationInformation.said_in(told).number == {}
    assert asked.stream.to == CENTRE
    assert IndividualNumberRequest.said_in(asked) == IndividualNumberRequest(NEWBORNS_CODE, NEW)
    assert here.hears(CENTRE, answer(), baby) == DONE
    assert state(clerk, baby) == "pending", "a row first"
    assert FIRST not in RegisterNotice.objects.get().body
    assert arrived.record_due() == 1
    assert state(clerk, baby) == "held"
    assert number_of(baby) == FIRST
    assert not RegisterNotice.objects.exists()
    (again,) = here.says()
    notice = IdentificationInformation.said_in(again)
    assert (notice.what, notice.reason) == ("changes", "individual_number_assigned")
    for to in ("07", "00"):
        opens = here.nation.identity(to)  # type: ignore[arg-type]  # it is a party
        found = opened(notice.number[to], opens)
        assert found == {"code": NEWBORNS_CODE, "number": FIRST}


def number_of(one: UUID) -> str | None:
    """What the vault has of the person."""
    return vault.get(system_permit("number_assigning", clock.today(), uuid4()), one)


def opened(text: str, identity: object) -> dict[str, object]:
    from daicho.network.keys import signing
    from daicho.network.wire.identity import Identity

    assert isinstance(identity, Identity)
    return signing.unseal(text, identity.opens_by)


def test_the_same_answer_twice_is_recorded_once(here: Here, clerk: Clerk, baby: UUID) -> None:
    for _ in range(2):
        here.hears(CENTRE, answer(), baby)
        arrived.record_due()
    assert not RegisterNotice.objects.exists()
    assert state(clerk, baby) == "held"


def test_a_change_of_number_is_asked_and_its_answer_takes_the_place(
    here: Here, clerk: Clerk, baby: UUID
) -> None:
    here.hears(CENTRE, answer(), baby)
    arrived.record_due()
    here.says()
    wanted = NumberChangeRequested(
        record_id=baby, ground=REQUESTED, circumstance="leaked", in_writing=True
    )
    clerk.record(wanted, basis="request")
    (asked,) = here.says()
    said = IndividualNumberRequest.said_in(asked)
    assert (said.code, said.ground) == (NEWBORNS_CODE, REQUESTED)
    here.hears(CENTRE, answer(ANOTHER, REQUESTED), baby)
    arrived.record_due()
    assert number_of(baby) == ANOTHER
    assert not RegisterNotice.objects.exists()


def test_what_the_law_is_against_waits_for_a_person_and_holds_nobody_up(
    here: Here, clerk: Clerk, baby: UUID, family: Family
) -> None:
    here.hears(CENTRE, answer(code="98765432197"), baby)
    here.hears(CENTRE, answer(ANOTHER), family.taro)
    here.hears(CENTRE, answer(), baby)
    assert arrived.record_due() == 2, "of one person none before what came earlier"
    assert arrived.record_due() == 1
    assert state(clerk, baby) == "held"
    (left,) = RegisterNotice.objects.all()
    assert (left.resident, left.is_open, left.due_at) == (family.taro, True, None)
    assert left.findings
    assert {"code", "what", "remedy", "cited"} == left.findings[0].keys()
    assert arrived.record_due() == 0


def test_what_fails_for_a_reason_of_ours_is_tried_again(
    here: Here, clerk: Clerk, baby: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.hears(CENTRE, answer(), baby)
    keys = here.settings.NETWORK_KEYS
    here.settings.NETWORK_KEYS = str(here.nation.folder / "00")  # whose keys open nothing of ours
    assert arrived.record_due() == 1
    row = RegisterNotice.objects.get()
    assert (row.failures, row.is_open) == (1, False)
    here.settings.NETWORK_KEYS = keys
    assert arrivals.due() == ()
    with clock.fixed(clock.now() + timedelta(hours=1)):
        assert arrived.record_due() == 1
    assert state(clerk, baby) == "held"


def test_codes_are_asked_for_before_there_are_none(here: Here, clerk: Clerk) -> None:
    RecordCode.objects.all().delete()
    assert arrived.refill() == 300
    assert arrived.refill() == 0, "they are on their way"
    (asked,) = here.says()
    assert RecordCodesRequest.said_in(asked).count == 300
    assert here.hears(CENTRE, RecordCodes(asked.id, MANY[:300])) == DONE
    assert arrived.record_due() == 1
    assert RecordCode.objects.filter(record_id=None).count() == 300
    assert arrived.refill() == 0
    here.hears(CENTRE, RecordCodes(asked.id, MANY[:300]))
    arrived.record_due()
    assert RecordCode.objects.count() == 300, "each once"


def test_what_was_asked_long_ago_is_asked_again(here: Here, clerk: Clerk) -> None:
    RecordCode.objects.all().delete()
    assert arrived.refill() == 300
    with clock.fixed(clock.now() + timedelta(days=1, minutes=1)):
        assert arrived.refill() == 300


def test_nobody_is_asked_where_nobody_is_connected(here: Here, clerk: Clerk) -> None:
    RecordCode.objects.all().delete()
    here.settings.NEIGHBOURS = {}
    assert arrived.refill() == 0
