"""人と権限の守り: nobody lifts himself, no day gone by is rewritten, nobody unfit bears a role."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from daicho.access import clock, operating, permits
from daicho.access.models import (
    Designation,
    Engagement,
    Holding,
    Operator,
    Position,
    Responsible,
    Right,
    Trail,
)
from daicho.access.people import positions, responsibles
from daicho.access.permits import system_permit
from daicho.access.refusals import Refused
from daicho.law.packs import PACKS
from daicho.web.console.urls import urlpatterns
from people import Cast, Player
from web.test_people import GIVEN, NEW, act, page, sent

ComeIn = Callable[..., Client]
TODAY = date(2026, 11, 22)
YESTERDAY = date(2026, 11, 21)


@pytest.fixture
def on_the_day() -> Iterator[None]:
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


@pytest.fixture
def admin(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.administrator)


LONG_AGO = date(2020, 1, 1)


def place_of(player: Player, title: str, since: date = LONG_AGO) -> Position:
    """A position without any role, held by that person, as entered at the server's terminal."""
    count = Position.objects.count()
    place = Position.objects.create(code=f"T{count}", title=title, since=LONG_AGO)
    permit = system_permit("operators", since, uuid4())
    positions.hold(permit, place.pk, player.operator.pk, since, "人事第1号")
    return place


def held_by(title: str = "市民課長") -> Position:
    return Position.objects.get(title=title)


def is_refused(response: HttpResponse, code: str) -> bool:
    """Told and trailed with that code."""
    row = Trail.objects.filter(event="people_refused").latest("id")
    told = response.content.decode()
    return response.status_code == 422 and code in told and code in row.detail["findings"]


def trailed(event: str) -> dict[str, int | str]:
    detail: dict[str, int | str] = Trail.objects.filter(event=event).latest("id").detail
    return detail


# -- Nobody lifts himself --------------------------------------------------------------------------


@pytest.mark.parametrize("since", ["R8.11.22", "R9.4.1"])
def test_nobody_puts_a_role_on_a_position_of_his_own(cast: Cast, admin: Client, since: str) -> None:
    own = place_of(cast.administrator, "係長")
    said = {"position": str(own.pk), "since": since}
    assert is_refused(sent(admin, "bear", "juki_net.manager", **said), "access.not_to_oneself")
    assert Responsible.objects.get(role="juki_net.manager").until is None
    assert "security_manager" not in cast.administrator.acting().posts


def test_nobody_takes_a_role_off_a_position_of_his_own(cast: Cast, admin: Client) -> None:
    own = place_of(cast.administrator, "総務課長")
    role = "specific_personal_information.manager"
    Responsible.objects.create(role=role, position=own, since=date(2020, 1, 1))
    said = {"position": str(held_by().pk), "since": "R9.4.1"}
    assert is_refused(sent(admin, "bear", role, **said), "access.not_to_oneself")


def test_nobody_puts_a_role_on_a_position_that_he_is_to_hold(cast: Cast, admin: Client) -> None:
    own = place_of(cast.administrator, "係長", since=date(2027, 4, 1))
    said = {"position": str(own.pk), "since": "R9.4.1"}
    assert is_refused(sent(admin, "bear", "juki_net.manager", **said), "access.not_to_oneself")


def test_the_rules_of_the_city_give_nobody_a_role_by_his_own_hand(cast: Cast) -> None:
    place_of(cast.administrator, "副市長")
    before = Responsible.objects.count()
    permit = permits.permit(cast.administrator.acting(), "people.administration", TODAY)
    with pytest.raises(Refused) as refused:
        responsibles.ensure(permit, PACKS["koriyama"].bearers)
    assert [one.code for one in refused.value.findings] == ["access.not_to_oneself"]
    assert Responsible.objects.count() == before


def test_nobody_puts_another_in_his_own_place(cast: Cast, admin: Client) -> None:
    own = place_of(cast.administrator, "係長")
    said = {"operator": str(cast.clerk.operator.pk), "since": "R9.4.1", "document": "人事第2号"}
    assert is_refused(sent(admin, "hold", own.pk, **said), "access.not_to_oneself")
    assert Holding.objects.get(position=own).until is None


# -- No day gone by is rewritten -------------------------------------------------------------------


def test_a_right_does_not_end_on_a_day_gone_by(cast: Cast, admin: Client) -> None:
    right = Right.objects.get(operator=cast.clerk.operator)
    at = (cast.clerk.operator.pk, right.pk)
    refused = sent(admin, "end_right", *at, last_on="H13.1.1")
    assert is_refused(refused, "access.last_day_in_past")
    assert 'href="#id_last_on"' in refused.content.decode()
    assert sent(admin, "end_right", *at, last_on="R8.11.21").status_code == 302
    assert Right.objects.get(pk=right.pk).until == YESTERDAY
    assert trailed("right_changed")["until"] == "2026-11-21"


def test_a_designation_does_not_end_on_a_day_gone_by(cast: Cast, come_in: ComeIn) -> None:
    manager = come_in(cast.security_manager, Client())
    said = {"tree": "juki_net", "since": "R8.11.22", "until": "", "document": "指定第1号"}
    act(manager, cast.clerk, "designate", **said)
    assert trailed("designation_changed")["since"] == "2026-11-22"
    one = Designation.objects.get()
    at = (cast.clerk.operator.pk, one.pk)
    refused = sent(manager, "end_designation", *at, last_on="R2.1.1")
    assert is_refused(refused, "access.last_day_in_past")
    assert "初日が過ぎた日" not in refused.content.decode()
    assert sent(manager, "end_designation", *at, last_on="R9.3.31").status_code == 302


def test_who_leaves_for_a_day_gone_by_keeps_the_days_worked(cast: Cast, admin: Client) -> None:
    who = cast.supervisor.operator
    act(admin, cast.supervisor, "give", **(GIVEN | {"since": "R8.11.22"}))
    over = Right.objects.get(operator=who, post="supervisor")
    Right.objects.filter(pk=over.pk).update(until=date(2020, 3, 31))
    assert act(admin, cast.supervisor, "leave", last_on="H17.1.1", sure="on").status_code == 302
    assert Right.objects.get(pk=over.pk).until == date(2020, 3, 31), "what was over stays"
    assert Right.objects.get(operator=who, post="euc_operator").until == YESTERDAY
    assert Operator.objects.get(pk=who.pk).until_on == date(2005, 1, 1)
    assert trailed("operator_changed")["until_on"] == "2005-01-01"


def test_the_next_holder_takes_back_no_day_of_the_one_before(cast: Cast, admin: Client) -> None:
    said = {"operator": str(cast.auditor.operator.pk), "document": "人事第2号"}
    response = sent(admin, "hold", held_by().pk, **said, since="R8.11.21")
    assert is_refused(response, "access.days_worked")
    assert Holding.objects.get(position=held_by()).until is None
    assert sent(admin, "hold", held_by().pk, **said, since="R8.11.22").status_code == 302
    assert trailed("position_changed")["since"] == "2026-11-22"


def test_a_vacant_position_is_filled_for_days_gone_by(cast: Cast, admin: Client) -> None:
    Holding.objects.filter(position=held_by()).update(until=date(2026, 10, 31))
    said = {"operator": str(cast.auditor.operator.pk), "document": "人事第2号"}
    assert sent(admin, "hold", held_by().pk, **said, since="R8.11.1").status_code == 302


def test_a_holder_does_not_leave_on_a_day_gone_by(cast: Cast, admin: Client) -> None:
    one = Holding.objects.get(position=held_by())
    refused = sent(admin, "end_holding", one.pk, last_on="R8.11.1")
    assert is_refused(refused, "access.last_day_in_past")


def test_a_position_bears_no_role_for_days_gone_by(cast: Cast, admin: Client) -> None:
    other = place_of(cast.auditor, "監査室長")
    said = {"position": str(other.pk), "since": "R8.11.21"}
    assert is_refused(sent(admin, "bear", "juki_net.manager", **said), "access.since_in_past")
    assert (
        sent(admin, "bear", "juki_net.manager", **(said | {"since": "R9.4.1"})).status_code == 302
    )
    rows = Trail.objects.filter(event="responsible_changed").order_by("-id")[:2]
    assert [(one.detail["what"], one.detail["until"]) for one in rows] == [
        ("borne", ""),
        ("ended", "2027-03-31"),
    ]


# -- Who bears a role ------------------------------------------------------------------------------


def test_a_contractor_holds_no_position_that_bears_a_role_of_the_network(
    cast: Cast, admin: Client
) -> None:
    said = {"since": "R9.4.1", "document": "人事第2号"}
    who = str(cast.contractor.operator.pk)
    refused = sent(admin, "hold", held_by().pk, operator=who, **said)
    assert is_refused(refused, "access.kind_bears_no_role")
    Responsible.objects.all().delete()
    assert sent(admin, "hold", held_by().pk, operator=who, **said).status_code == 302


def test_a_position_of_a_contractor_gets_no_role_of_the_network(cast: Cast, admin: Client) -> None:
    place = place_of(cast.contractor, "運用主任")
    said = {"position": str(place.pk), "since": "R9.4.1"}
    refused = sent(admin, "bear", "juki_net.manager", **said)
    assert is_refused(refused, "access.kind_bears_no_role")


def test_who_bears_a_role_of_the_network_does_not_become_a_contractor(
    cast: Cast, admin: Client
) -> None:
    as_is = {"name": "課長 律", "office": "001", "from_on": "", "until_on": ""}
    refused = act(admin, cast.security_manager, "change", **as_is, kind="contractor_staff")
    assert is_refused(refused, "access.kind_bears_no_role")
    assert act(admin, cast.security_manager, "change", **as_is, kind="staff").status_code == 302


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"until_on": YESTERDAY}, "access.operator_ended"),
        ({"until_on": date(2027, 3, 31)}, "access.operator_ended"),
        ({"is_active": False}, "access.operator_ended"),
        ({"from_on": date(2027, 5, 1)}, "access.operator_not_yet"),
    ],
)
def test_who_may_not_sign_in_then_takes_no_position(
    cast: Cast, days: dict[str, date], code: str
) -> None:
    who = cast.auditor.operator
    Operator.objects.filter(pk=who.pk).update(**days)
    permit = permits.permit(cast.administrator.acting(), "people.administration", TODAY)
    with pytest.raises(Refused) as refused:
        positions.hold(permit, held_by().pk, who.pk, date(2027, 4, 1), "人事第2号")
    assert [one.code for one in refused.value.findings] == [code]
    assert Holding.objects.get(position=held_by()).until is None


def test_a_role_of_who_may_not_sign_in_is_told_as_vacant(
    cast: Cast, settings: LazySettings
) -> None:
    settings.POLICY_PACK = "koriyama"
    permit = permits.permit(cast.administrator.acting(), "console.municipality", clock.today())
    assert not any("事務取扱責任者" in one.what for one in operating.of_people(permit))
    Operator.objects.filter(pk=cast.security_manager.operator.pk).update(until_on=YESTERDAY)
    assert any("事務取扱責任者" in one.what for one in operating.of_people(permit))


# -- Accounts --------------------------------------------------------------------------------------

AS_IS = {"name": "窓口 花", "office": "001", "kind": "staff", "from_on": "", "until_on": ""}


def test_a_contractor_does_not_become_staff_by_a_change(cast: Cast, admin: Client) -> None:
    Engagement.objects.filter(operator=cast.contractor.operator).update(contract_until=YESTERDAY)
    refused = act(admin, cast.contractor, "change", **AS_IS)
    assert is_refused(refused, "access.contractor_stays")
    assert Operator.objects.get(login="contractor").kind == "contractor_staff"
    other = AS_IS | {"kind": "designated_manager_staff"}
    assert act(admin, cast.contractor, "change", **other).status_code == 302


def test_the_trail_says_what_of_an_account_changed_and_no_name(cast: Cast, admin: Client) -> None:
    said = {"name": "窓口 華", "kind": "fiscal_year_staff", "office": "101", "until_on": "R9.3.31"}
    act(admin, cast.clerk, "change", **(AS_IS | said))
    assert trailed("operator_changed") == {
        "operator": cast.clerk.operator.pk,
        "what": "changed",
        "kind_before": "staff",
        "kind": "fiscal_year_staff",
        "office_before": "001",
        "office": "101",
        "until_on_before": "",
        "until_on": "2027-03-31",
    }


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"from_on": "R9.4.1", "until_on": "R9.3.31"}, "access.account_days"),
        ({"until_on": "R8.11.21"}, "access.account_until_in_past"),
    ],
)
def test_the_days_of_an_account_are_set_forward_and_in_order(
    cast: Cast, admin: Client, days: dict[str, str], code: str
) -> None:
    assert is_refused(act(admin, cast.clerk, "change", **(AS_IS | days)), code)
    assert is_refused(sent(admin, "new_operator", **(NEW | days)), code)


@pytest.mark.parametrize("until_on", ["", "R9.3.31"])
def test_whose_account_is_over_does_not_come_back_by_a_change(
    cast: Cast, admin: Client, come_in: ComeIn, until_on: str
) -> None:
    act(admin, cast.clerk, "leave", last_on="R8.11.30", sure="on")
    with clock.fixed(datetime(2026, 12, 1, 3, tzinfo=UTC)):
        later = come_in(cast.administrator, Client())
        refused = act(later, cast.clerk, "change", **(AS_IS | {"until_on": until_on}))
        assert is_refused(refused, "access.account_over")
        renamed = AS_IS | {"name": "窓口 華", "until_on": "R8.11.30"}
        assert act(later, cast.clerk, "change", **renamed).status_code == 302


def test_a_leaving_to_come_is_finished_by_leaving_once_more(
    cast: Cast, admin: Client, come_in: ComeIn
) -> None:
    act(admin, cast.clerk, "leave", last_on="R8.11.30", sure="on")
    with clock.fixed(datetime(2026, 12, 5, 3, tzinfo=UTC)):
        later = come_in(cast.administrator, Client())
        assert "離職などで終わらせる" in page(later, "person", cast.clerk.operator.pk)
        act(later, cast.clerk, "leave", last_on="R9.3.31", sure="on")
        assert "離職などで終わらせる" not in page(later, "person", cast.clerk.operator.pk)
    kept = Operator.objects.get(login="clerk")
    assert (kept.is_active, kept.until_on) == (False, date(2026, 11, 30))


# -- Every address ---------------------------------------------------------------------------------

_STANDS_FOR = {
    "operator_id": 1,
    "row_id": 1,
    "slug": "give",
    "code": "001",
    "position_id": 1,
    "holding_id": 1,
    "review_id": 1,
    "use_id": 1,
    "trail_id": 1,
    "search_id": uuid4(),
    "message_id": uuid4(),
    "notice_id": 1,
    "list_id": 1,
    "permit_id": 1,
    "analysis_id": 1,
}
# A clerk's own: what he asks for himself. Of another's nothing is told (test_emergencies).
_OWN = {"emergencies", "ask_emergency", "emergency", "emergency_state", "end_emergency"}


@pytest.mark.parametrize(
    "pattern",
    [one for one in urlpatterns if one.name not in _OWN],
    ids=lambda one: str(one.pattern),
)
def test_no_address_of_the_console_tells_a_clerk_what_exists(
    cast: Cast, come_in: ComeIn, pattern: URLPattern
) -> None:
    names = pattern.pattern.converters
    address = reverse(f"console:{pattern.name}", kwargs={one: _STANDS_FOR[one] for one in names})
    client = come_in(cast.clerk)
    statuses = {client.get(address).status_code, client.post(address).status_code}
    assert statuses <= {403, 405}
    assert 403 in statuses
    assert Trail.objects.latest("id").event == "not_permitted"
