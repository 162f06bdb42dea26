"""The write door: judged, written whole or not at all, once, and what it causes with it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted, Refused
from daicho.recording import Asked, Statement
from daicho.register import ledger, queries, rebuilding
from daicho.terms.changes import MovedIn, MovedWithin
from daicho.terms.changes.recorded import Recorded
from daicho.terms.records import Cell
from people import Cast
from receptions import standing
from register.conftest import Import
from register.counter import under

pytestmark = pytest.mark.django_db

NEW_HOUSEHOLD, HANAKOS = "000000000000221", "000000000000205"
NEW_ADDRESS: Mapping[str, Cell] = {
    "address_prefecture": "福島県",
    "address_municipality": "郡山市",
    "address_town": "架空町三丁目",
    "address_lot": "３番３号",
}


@pytest.fixture
def clerk(cast: Cast) -> Permit:
    return permit(cast.clerk.acting(), "change.ex_officio", clock.today())


@pytest.fixture
def hanako(take_over: Import, tmp_path: Path) -> UUID:
    _, faults = take_over(town.write(tmp_path, [town.hanako(), town.taro()]))
    assert faults == set()
    return _record_id("000000000000108")


@pytest.fixture
def taro(hanako: UUID) -> UUID:
    return _record_id("000000000000116")


def _record_id(address_number: str) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM register_current WHERE address_number = %s", [address_number]
        )
        found = cursor.fetchone()[0]
    assert isinstance(found, UUID)
    return found


def _again(permit: Permit) -> Permit:
    """The same clerk with the next form."""
    assert permit.actor is not None
    request_id = uuid4()
    return replace(
        permit, request_id=request_id, actor=replace(permit.actor, request_id=request_id)
    )


def _mover(**more: Cell) -> dict[str, Cell]:
    return {
        "record_id": str(uuid4()),
        "address_number": "000000000000132",
        "ward": town.WARD,
        "resident_class": "japanese",
        "family_name": "架空",
        "given_name": "梅子",
        "family_name_kana": "カクウ",
        "given_name_kana": "ウメコ",
        "born_on": "1990-02-03",
        "sex": "2",
        "relationship": "世帯主",
        "registered_domicile": "栃木県宇都宮市架空一丁目１番地",
        "family_register_head": "架空　梅子",
        "resident_record_code": "24727059608",
        "individual_number_state": "pending",
        "previous_address_prefecture": "栃木県",
        "previous_address_municipality": "宇都宮市",
        "previous_address_town": "架空一丁目",
        **more,
    }


def _movers(*movers: Mapping[str, Cell]) -> MovedIn:
    return MovedIn(
        from_abroad=False,
        evidence="certificate",
        joins=False,
        household_number=NEW_HOUSEHOLD,
        address=NEW_ADDRESS,
        movers=movers or (_mover(),),
    )


def _moving_in(*movers: Mapping[str, Cell], **more: object) -> Statement:
    change = _movers(*movers)
    today = clock.today()
    statement = Statement(
        change=change, occurred_on=today.isoformat(), received_on=today, basis="notification"
    )
    return _received(replace(statement, **more))  # type: ignore[arg-type]  # fields of Statement


def _received(statement: Statement) -> Statement:
    """The statement under a 受付 of the clerk's office that says the same."""
    kind, day = statement.change.kind, statement.received_on
    return replace(statement, reception_id=standing(kind, statement.basis, day))


def _leaving(record_ids: Iterable[UUID]) -> MovedWithin:
    words = {record_id: "世帯主" if n == 0 else "子" for n, record_id in enumerate(record_ids)}
    return MovedWithin(
        joins=False, household_number=NEW_HOUSEHOLD, address=NEW_ADDRESS, relationships=words
    )


def _moving_within(expected: Mapping[UUID, int], **more: object) -> Statement:
    change = _leaving(expected)
    today = clock.today()
    statement = Statement(
        change=change,
        occurred_on=today.isoformat(),
        received_on=today,
        basis="notification",
        expected=expected,
    )
    return _received(replace(statement, **more))  # type: ignore[arg-type]  # fields of Statement


def _all_alerts(permit: Permit, statement: Statement) -> Recorded:
    """Record, confirming whatever is asked, as a clerk who has checked would."""
    try:
        return _record(permit, statement)
    except Asked as asked:
        codes = frozenset(one.code for one in asked.findings)
        return _record(permit, replace(statement, accepted=codes))


def _record(permit: Permit, statement: Statement) -> Recorded:
    """With the form of that permit, for the purpose of the statement's 受付."""
    return recording.record(under(permit, statement), statement)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  our own names
        return int(cursor.fetchone()[0])


def test_a_moving_in_is_there_with_its_household_and_messages(clerk: Permit) -> None:
    recorded = _all_alerts(clerk, _moving_in())
    (one,) = recorded.touched
    found = queries.person(clerk, one.effect.record_id)
    assert found is not None
    assert (found.history_no, found.residence_no) == (1, 1)
    assert found.record.householder_name == "架空　梅子"
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, article, body->>'before' FROM network_outbox ORDER BY id")
        assert cursor.fetchall() == [
            ("identification_information", "BRRA 30-6(1)", None),
            ("moved_in_notice", "BRRA 9(1)", None),
            ("supplement_notice", "BRRA 19(1)", None),
        ]


def test_the_register_stays_what_its_ledger_says(
    clerk: Permit, allowed: Permit, hanako: UUID, taro: UUID
) -> None:
    _all_alerts(clerk, _moving_in())
    apart = replace(_leaving([taro]), household_number="000000000000248")
    _all_alerts(_again(clerk), _moving_within({taro: 1}, change=apart))
    found = rebuilding.check(allowed)
    assert found.equal, found


def test_a_repeat_of_the_request_gives_the_first_result(clerk: Permit) -> None:
    statement = _moving_in()
    first = _all_alerts(clerk, statement)
    before = (_count("register_recordedchange"), _count("network_outbox"))
    assert _record(clerk, statement) == first
    assert (_count("register_recordedchange"), _count("network_outbox")) == before


def test_a_request_that_was_used_gives_nobody_else_what_it_recorded(
    clerk: Permit, cast: Cast
) -> None:
    statement = _moving_in()
    _all_alerts(clerk, statement)
    stranger = permit(cast.clerk_of_another_office.acting(), "change.ex_officio", clock.today())
    with_its_number = replace(stranger, request_id=clerk.request_id)
    for who, what in ((with_its_number, statement), (clerk, _moving_in(_mover(sex="1")))):
        with pytest.raises(Refused) as refused:
            _record(who, what)
        assert [one.code for one in refused.value.findings] == ["access.request_used"]


def test_a_purpose_for_other_work_records_nothing(cast: Cast) -> None:
    looking = permit(cast.clerk.acting(), "inquiry.certificate", clock.today())
    with pytest.raises(NotPermitted):
        recording.record(looking, _moving_in())
    assert _count("register_recordedchange") == 0


def test_who_does_not_say_what_was_seen_changes_nothing(clerk: Permit, taro: UUID) -> None:
    with pytest.raises(Refused) as refused:
        _record(clerk, _moving_within({}, change=_leaving([taro])))
    assert [one.code for one in refused.value.findings] == ["std10-3.changed_since"]


def test_a_new_household_takes_no_number_that_others_live_under(
    clerk: Permit, hanako: UUID
) -> None:
    intruding = replace(_movers(), household_number=HANAKOS)
    with pytest.raises(Refused) as refused:
        _record(clerk, _moving_in(change=intruding))
    assert [one.code for one in refused.value.findings] == ["std4-0-2.household_in_use"]


def test_a_refusal_writes_nothing_but_its_trail_row(clerk: Permit) -> None:
    no_certificate = replace(_movers(), evidence="")
    with pytest.raises(Refused) as refused:
        _record(clerk, _moving_in(change=no_certificate))
    assert "brra22.no_certificate" in {one.code for one in refused.value.findings}
    assert _count("register_recordedchange") == _count("network_outbox") == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail->>'kind' FROM access_trail WHERE event = 'refused'")
        assert cursor.fetchall() == [("moved_in",)]


def test_an_alert_asks_and_goes_on_once_it_is_confirmed(clerk: Permit) -> None:
    late = _moving_in(occurred_on="2026-01-05")
    with pytest.raises(Asked) as asked:
        _record(clerk, late)
    codes = {one.code for one in asked.value.findings}
    assert "brra22.late" in codes
    assert _count("register_recordedchange") == 0
    _record(clerk, replace(late, accepted=frozenset(codes)))
    assert _count("register_recordedchange") == 1


@pytest.mark.parametrize(
    ("changed", "code", "because"),
    [
        ({"occurred_on": "2999-01-01"}, "std4-0-3.in_future", "E01: a moving-in to come"),
        ({"received_on": date(2999, 1, 1)}, "std4-1-0-2.in_future", "E02"),
    ],
)
def test_days_that_cannot_be_are_refused(
    clerk: Permit, changed: dict[str, object], code: str, because: str
) -> None:
    with pytest.raises(Refused) as refused:
        _record(clerk, _moving_in(**changed))
    assert code in {one.code for one in refused.value.findings}, because


def test_two_householders_are_refused(clerk: Permit, hanako: UUID) -> None:
    joining = replace(_movers(), joins=True, household_number=HANAKOS)
    with pytest.raises(Refused) as refused:
        _record(clerk, _moving_in(change=joining))
    assert "brra7.two_householders" in {one.code for one in refused.value.findings}


def test_who_is_here_already_cannot_move_in(clerk: Permit, hanako: UUID) -> None:
    again = _mover(record_id=str(hanako), address_number="000000000000108")
    with pytest.raises(Refused) as refused:
        _record(clerk, _moving_in(change=replace(_movers(), movers=(again,))))
    assert [one.code for one in refused.value.findings] == ["std4-1-1-2.here_already"]


def test_a_part_that_moves_makes_its_own_household(clerk: Permit, hanako: UUID, taro: UUID) -> None:
    recorded = _all_alerts(clerk, _moving_within({taro: 1}))
    assert [one.effect.record_id for one in recorded.touched] == [taro]
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, householder_id, member_count FROM register_household")
        assert set(cursor.fetchall()) == {(HANAKOS, hanako, 1), (NEW_HOUSEHOLD, taro, 1)}


def test_who_stays_alone_becomes_householder(clerk: Permit, hanako: UUID, taro: UUID) -> None:
    _all_alerts(clerk, _moving_within({hanako: 1}))
    left = queries.person(clerk, taro)
    assert left is not None
    assert (left.record.relationship, left.history_no) == ("世帯主", 2)
    assert left.record.householder_name == "架空　太郎"


def test_who_opened_an_older_state_is_told_and_changes_nothing(
    clerk: Permit, hanako: UUID, taro: UUID
) -> None:
    _all_alerts(clerk, _moving_within({taro: 1}))
    with pytest.raises(Refused) as refused:
        _record(_again(clerk), _moving_within({taro: 1}))
    assert [one.code for one in refused.value.findings] == ["std10-3.changed_since"]
    assert ledger.recorded(clerk.request_id) is not None


def test_what_was_so_before_a_change_is_still_told(clerk: Permit, hanako: UUID, taro: UUID) -> None:
    _all_alerts(clerk, _moving_within({taro: 1}))
    day, now = clock.today(), clock.now()
    before = queries.person_as_of(clerk, taro, date(2021, 1, 1), now)
    after = queries.person_as_of(clerk, taro, day, now)
    assert before.version is not None
    assert after.version is not None
    assert before.version.record.address_lot == "１番１号"
    assert after.version.record.address_lot == "３番３号"
