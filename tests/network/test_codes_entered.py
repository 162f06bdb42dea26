"""住民票コードの職権記載の後: what waited for a code is told with it, by itself."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings

import town
from daicho.access import clock
from daicho.access.permits import permit
from daicho.network.keys.certificates import Use
from daicho.network.lines import composing
from daicho.network.models import Due, Hold, Outbox
from daicho.register import importing
from daicho.terms.changes import RecordCodeChanged
from network.test_delivery import messages, parcel
from network.wires import PREFECTURE, TOWN, Nation
from people import Cast
from register.counter import TODAY, Clerk, in_stock, on_day, record_id
from register.entering import code

pytestmark = pytest.mark.django_db
FRESH = code(7_000_000_005)


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    """Keys of the days that these tests play in."""
    with on_day(TODAY):
        one = Nation(tmp_path_factory.mktemp("november"))
        for party in (TOWN, PREFECTURE):
            one.give(party, (Use.SIGN,))
    return one


@pytest.fixture(autouse=True)
def connected(settings: LazySettings, nation: Nation) -> None:
    """This municipality is connected to its prefecture, with keys of its own."""
    settings.PARTY = TOWN
    settings.NEIGHBOURS = {PREFECTURE: "https://127.0.0.1:1"}
    settings.NETWORK_KEYS = str(nation.folder / TOWN)
    settings.NETWORK_AUTHORITY = str(nation.authority)
    settings.NETWORK_DIRECTORY = str(nation.directory)


@pytest.fixture
def clerk(cast: Cast) -> Iterator[Clerk]:
    with on_day(TODAY):
        yield Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


@pytest.fixture
def taro(clerk: Clerk, cast: Cast, tmp_path: Path, request: pytest.FixtureRequest) -> UUID:
    """太郎, whom an older system has handed over without a code; 花子 has one."""
    state = getattr(request, "param", "none")
    own = town.taro(resident_record_code="", individual_number="", individual_number_state=state)
    file = town.write(tmp_path, [town.hanako(), own])
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    return record_id("000000000000116")


def _waits(one: UUID) -> None:
    """What an earlier version of the program has put into the outbox of who has no code."""
    row = Outbox.objects.create(
        kind="identification_information",
        v=1,
        article="BRRA 30-6(1)",
        record_id=one,
        history_no=1,
        change_id=1,
        request_id=uuid4(),
        ward=TOWN,
        body={"what": "opens", "reason": "born", "before": None, "after": {"sex": "1"}},
    )
    Due.objects.create(outbox_id=row.pk, kind=row.kind, record_id=one, due_at=clock.now())


def test_what_waited_goes_with_the_code_that_was_entered(clerk: Clerk, taro: UUID) -> None:
    _waits(taro)
    assert composing.compose() == 0
    assert [one.reason for one in Hold.objects.all()] == ["no_code"]
    in_stock(FRESH)
    clerk.record(RecordCodeChanged(record_id=taro, ground="entered"), basis="ex_officio")
    assert composing.compose() >= 2
    assert not Hold.objects.exists(), "nobody had to let it go"
    assert not Due.objects.filter(record_id=taro, kind="identification_information").exists()
    told = [one.body for one in messages(parcel()) if isinstance(one.body, Mapping)]
    assert [one.get("code") for one in told][:2] == [FRESH, FRESH]
    assert [one.get("reason") for one in told][:2] == ["born", "record_code_entered"]


@pytest.mark.parametrize("taro", ["pending"], indirect=True)
def test_who_was_never_numbered_is_asked_a_number_for(clerk: Clerk, taro: UUID) -> None:
    in_stock(FRESH)
    clerk.record(RecordCodeChanged(record_id=taro, ground="entered"), basis="ex_officio")
    assert Due.objects.filter(record_id=taro, kind="individual_number_request").exists()


def test_what_a_clerk_holds_back_stays_held(clerk: Clerk, cast: Cast, taro: UUID) -> None:
    _waits(taro)
    Hold.objects.create(
        record_id=taro,
        reason="papers",
        operator_id=cast.clerk.operator.pk,
        held_at=clock.now(),
    )
    in_stock(FRESH)
    clerk.record(RecordCodeChanged(record_id=taro, ground="entered"), basis="ex_officio")
    assert composing.compose() == 0
    assert Hold.objects.get().reason == "papers"
