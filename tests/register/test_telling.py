"""全住民の通知: of whom the governor was never told, once, and as they stand now."""

import json
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

import town
from daicho.access import clock
from daicho.access.models import Trail
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted
from daicho.network.deeds import composers
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.models import Outbox
from daicho.network.protocol.parties import Party
from daicho.recording import telling
from daicho.terms.changes import Died, HouseholderChanged, MovedWithin
from people import Cast
from register.counter import HOUSEHOLD, Clerk, Family, place, rows

pytestmark = pytest.mark.django_db

_TOLD = """
SELECT o.record_id, o.history_no, o.body FROM network_outbox o
    JOIN network_due d ON d.outbox_id = o.id AND d.kind = o.kind AND d.record_id = o.record_id
WHERE o.kind = 'identification_information' ORDER BY o.id
"""


@pytest.fixture
def allowed_to_tell(cast: Cast) -> Permit:
    return permit(cast.system_operator.acting(), "network.tell_all", clock.today())


def _told() -> list[tuple[UUID, int, dict[str, Any]]]:
    return [(one, no, json.loads(body)) for one, no, body in rows(_TOLD)]


def _heads(family: Family, head: UUID) -> HouseholderChanged:
    words = {family.hanako: "母", family.taro: "弟", family.jiro: "弟"}
    return HouseholderChanged(household_number=HOUSEHOLD, relationships={**words, head: "世帯主"})


def _moves(family: Family) -> MovedWithin:
    address = place("address", prefecture="福島県", municipality="郡山市", lot="３番３号")
    words = {family.hanako: "世帯主", family.taro: "子", family.jiro: "子"}
    return MovedWithin(
        joins=False, household_number=HOUSEHOLD, address=address, relationships=words
    )


def test_the_governor_is_told_of_everybody_in_the_order_of_their_ids(
    family: Family, allowed_to_tell: Permit
) -> None:
    found = telling.tell_all(allowed_to_tell)
    assert (found.count, found.left) == (3, 0)
    told = _told()
    assert [one for one, _, _ in told] == sorted(vars(family).values())
    for record_id, history_no, body in told:
        ((version, change_id, occurred),) = rows(
            "SELECT v.history_no, v.change_id, l.body ->> 'occurred_on' FROM register_current c"
            " JOIN register_recordversion v USING (record_id, history_no)"
            " JOIN register_recordedchange l ON l.id = v.change_id WHERE v.record_id = %s",
            record_id,
        )
        assert (history_no, body["what"], body["before"]) == (version, "opens", None)
        assert body["occurred_on"] == occurred
        assert rows("SELECT change_id FROM network_outbox WHERE record_id = %s", record_id) == [
            (change_id,)
        ]
    (taro,) = [body for one, _, body in told if one == family.taro]
    assert taro["after"]["given_name"] == "太郎"
    assert "individual_number" not in taro["after"]


def test_whom_it_told_of_stands_in_the_trail(
    family: Family, allowed_to_tell: Permit, cast: Cast
) -> None:
    telling.tell_all(allowed_to_tell)
    row = Trail.objects.get(event="told_all")
    assert (row.operator_id, row.purpose, row.article) == (
        cast.system_operator.operator.pk,
        "network.tell_all",
        "BRRA 30-6(1)",
    )
    assert row.detail == {"rows": 3}
    assert row.subject_count == 3


def test_twice_tells_of_nobody_more(family: Family, allowed_to_tell: Permit) -> None:
    telling.tell_all(allowed_to_tell)
    assert telling.tell_all(allowed_to_tell).count == 0
    assert len(_told()) == 3
    assert Trail.objects.filter(event="told_all").count() == 1


def test_a_run_that_was_cut_off_goes_on(
    family: Family, allowed_to_tell: Permit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 1)

    def cut_off(count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        telling.tell_all(allowed_to_tell, cut_off)
    assert telling.tell_all(allowed_to_tell).count == 1
    assert [one for one, _, _ in _told()] == sorted(vars(family).values())


def test_what_is_told_by_a_change_already_is_not_told_again(
    clerk: Clerk, family: Family, allowed_to_tell: Permit
) -> None:
    clerk.record(_moves(family))
    assert telling.tell_all(allowed_to_tell).count == 0


def test_who_was_told_of_is_not_told_again_for_a_change_that_is_no_item(
    clerk: Clerk, family: Family, allowed_to_tell: Permit
) -> None:
    telling.tell_all(allowed_to_tell)
    clerk.record(_heads(family, family.taro))  # 続柄 and 世帯主 are told to nobody
    assert telling.tell_all(allowed_to_tell).count == 0
    assert len(_told()) == 3


def test_who_does_not_live_here_any_more_is_not_told(
    clerk: Clerk, family: Family, allowed_to_tell: Permit
) -> None:
    clerk.record(Died(record_ids=(family.taro,)), basis="ex_officio")
    assert telling.tell_all(allowed_to_tell).count == 2
    assert [body["what"] for one, _, body in _told() if one == family.taro] == ["closes"]


def test_nobody_else_may(family: Family, cast: Cast, clerk: Clerk) -> None:
    with pytest.raises(NotPermitted):
        permit(cast.supervisor.acting(), "network.tell_all", clock.today())
    with pytest.raises(NotPermitted):
        telling.tell_all(clerk.permit)
    assert _told() == []


@pytest.mark.durable
def test_who_is_being_changed_is_passed_over_and_told_the_next_time(
    family: Family, allowed_to_tell: Permit
) -> None:
    held = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    at_a_counter = {name: held[name] for name in names if name in held}
    with psycopg.connect(**at_a_counter) as other:
        other.execute("SELECT FROM register_current WHERE record_id = %s FOR UPDATE", [family.taro])
        found = telling.tell_all(allowed_to_tell)
        assert (found.count, found.left) == (2, 1)
        other.rollback()
    found = telling.tell_all(allowed_to_tell)
    assert (found.count, found.left) == (1, 0)
    assert {one for one, _, _ in _told()} == set(vars(family).values())


def test_a_day_that_nobody_knows_is_told_as_the_day_by_which_it_is_ordered(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(
        Died(record_ids=(family.taro,)), occurred_on="about_day:2026-11-01", basis="ex_officio"
    )
    row = Outbox.objects.get(record_id=family.taro, kind="identification_information")
    said = composers.COMPOSERS[row.kind](row, Party(town.WARD), {})[1]
    assert isinstance(said, IdentificationInformation)
    assert said.on == "2026-11-01"
