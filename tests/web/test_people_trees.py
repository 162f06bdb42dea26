"""責任者と従事者の指定: two trees side by side, who holds what on a day, who designates whom."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from daicho.access import clock, operating, permits, staff
from daicho.access.models import Designation, Holding, Position, Responsible, Right, Trail
from daicho.access.people import positions, responsibles
from daicho.access.permits import system_permit
from daicho.access.refusals import NotPermitted, Refused
from daicho.law.packs import PACKS
from daicho.web.console.lines.overview import MEND, errors_count
from people import Cast
from web.test_people import act, page, sent

ComeIn = Callable[..., Client]


@pytest.fixture
def on_the_day() -> Iterator[None]:
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


@pytest.fixture
def admin(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.administrator)


@pytest.fixture
def manager(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.security_manager, Client())


def position(title: str = "市民課長") -> Position:
    return Position.objects.get(title=title)


# -- Trees -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["administrator", "security_manager", "auditor"])
def test_both_trees_stand_side_by_side_with_their_vacancies(
    cast: Cast, come_in: ComeIn, who: str
) -> None:
    text = page(come_in(getattr(cast, who)), "responsibles")
    assert "住民基本台帳ネットワークシステム" in text
    assert "特定個人情報等" in text
    assert text.count('課長 律 <span class="also"') == 2, "who holds one position bears both roles"
    assert text.count("空席") == 6


def test_the_next_holder_inherits_the_roles_and_the_one_before_loses_them(
    cast: Cast, admin: Client, come_in: ComeIn
) -> None:
    after = str(cast.supervisor.operator.pk)
    said = {"operator": after, "since": "R9.4.1", "document": "人事第1号"}
    assert sent(admin, "hold", position().pk, **said).status_code == 302
    assert "security_manager" in cast.security_manager.acting().posts
    with clock.fixed(datetime(2027, 4, 1, 3, tzinfo=UTC)):
        assert "security_manager" not in cast.security_manager.acting().posts
        assert "security_manager" in cast.supervisor.acting().posts
        later = come_in(cast.administrator, Client())
        assert '審査 太郎 <span class="also"' in page(later, "responsibles")


def test_the_trees_are_shown_as_of_a_day(cast: Cast, admin: Client) -> None:
    said = {"operator": str(cast.supervisor.operator.pk), "since": "R9.4.1", "document": "人事"}
    sent(admin, "hold", position().pk, **said)
    later = admin.get(reverse("console:responsibles"), {"on": "R9.4.1"}).content.decode()
    assert later.count('審査 太郎 <span class="also"') == 2
    earlier = admin.get(reverse("console:responsibles"), {"on": "H15.4.1"}).content.decode()
    assert "事務取扱責任者" not in earlier, "the roles of a law that was not yet"


def test_a_day_that_is_none_is_told(admin: Client, cast: Cast) -> None:
    response = admin.get(reverse("console:responsibles"), {"on": "R8.2.30"})
    assert "いつの体制か" in response.content.decode()
    assert response.status_code == 200


def test_who_leaves_a_position_leaves_it_vacant(cast: Cast, admin: Client) -> None:
    holding = Holding.objects.get(position=position())
    assert sent(admin, "end_holding", holding.pk, last_on="R8.11.21").status_code == 302
    assert "security_manager" not in cast.security_manager.acting().posts
    assert page(admin, "responsibles").count("空席") == 9


def test_nobody_takes_a_position_for_himself(cast: Cast, admin: Client) -> None:
    own = str(cast.administrator.operator.pk)
    said = {"operator": own, "since": "R9.4.1", "document": "人事第1号"}
    response = sent(admin, "hold", position().pk, **said)
    assert response.status_code == 422
    assert "access.not_to_oneself" in response.content.decode()


def holds(cast: Cast, title: str, since: date) -> Position:
    """The administrator is in a position, put there by another hand."""
    permit = system_permit("operators", clock.today(), uuid4())
    with transaction.atomic():
        made = positions.made(permit, title, None, date(2020, 1, 1))
    positions.hold(permit, made.pk, cast.administrator.operator.pk, since, "人事第2号")
    return made


@pytest.mark.parametrize("since", [date(2026, 11, 22), date(2027, 4, 1)], ids=["now", "planned"])
def test_nobody_gives_a_role_to_the_position_that_is_his(
    cast: Cast, admin: Client, since: date
) -> None:
    own = holds(cast, "係長", since)
    before = set(Responsible.objects.values_list("role", "position", "until"))
    response = sent(admin, "bear", "juki_net.manager", position=str(own.pk), since="R8.11.23")
    assert response.status_code == 422
    assert "access.not_to_oneself" in response.content.decode()
    assert set(Responsible.objects.values_list("role", "position", "until")) == before


def test_nobody_takes_a_role_from_the_position_that_is_his(cast: Cast, admin: Client) -> None:
    own = holds(cast, "係長", date(2026, 11, 22))
    Responsible.objects.filter(role="juki_net.manager").update(position=own)
    other = str(position().pk)
    response = sent(admin, "bear", "juki_net.manager", position=other, since="R8.11.23")
    assert "access.not_to_oneself" in response.content.decode()
    assert Responsible.objects.get(role="juki_net.manager").until is None


def test_the_rules_of_the_body_give_nobody_a_role_by_his_own_hand(cast: Cast) -> None:
    holds(cast, "市民部長", date(2026, 11, 22))
    permit = permits.permit(cast.administrator.acting(), "people.administration", clock.today())
    before = Responsible.objects.count()
    with pytest.raises(Refused):
        responsibles.ensure(permit, PACKS["koriyama"].bearers)
    assert Responsible.objects.count() == before
    assert Trail.objects.latest("id").finding == "access.not_to_oneself"


def test_another_position_bears_a_role_from_its_first_day(cast: Cast, admin: Client) -> None:
    sent(admin, "new_position", title="住民情報課長", office="001", since="R8.11.22")
    new = position("住民情報課長")
    sent(admin, "bear", "juki_net.manager", position=str(new.pk), since="R9.4.1")
    before, after = Responsible.objects.filter(role="juki_net.manager").order_by("since")
    assert (before.until, after.since) == (date(2027, 3, 31), date(2027, 4, 1))
    assert "令和9年4月1日から 住民情報課長" in page(admin, "responsibles")


def test_a_pack_names_the_positions_once(cast: Cast) -> None:
    permit = system_permit("operators", clock.today(), cast.clerk.acting().request_id)
    bearers = PACKS["koriyama"].bearers
    # the manager's position is there already, so it is not touched
    assert responsibles.ensure(permit, bearers) == 4
    assert responsibles.ensure(permit, bearers) == 0
    assert Position.objects.filter(title="副市長").count() == 1


def test_vacant_roles_are_told_where_the_town_is_real(cast: Cast, settings: LazySettings) -> None:
    permit = permits.permit(cast.administrator.acting(), "console.municipality", clock.today())
    assert not operating.of_people(permit)
    settings.POLICY_PACK = "koriyama"
    (told,) = operating.of_people(permit)
    assert "最高情報セキュリティ責任者" in told.what
    assert "事務取扱責任者" not in told.what


@pytest.mark.parametrize("who", ["clerk", "security_manager", "auditor", "system_operator"])
def test_only_the_administration_names_holders(cast: Cast, come_in: ComeIn, who: str) -> None:
    client = come_in(getattr(cast, who), Client())
    said = {"operator": "1", "since": "R9.4.1", "document": "x"}
    assert sent(client, "hold", position().pk, **said).status_code == 403
    assert sent(client, "bear", "juki_net.manager", position="1", since="R9.4.1").status_code == 403


def test_the_list_names_the_roles_borne_today(cast: Cast, admin: Client) -> None:
    assert "情報セキュリティ管理者、事務取扱責任者" in page(admin, "people")
    yesterday = date(2026, 11, 21)
    Responsible.objects.filter(role="juki_net.manager").update(until=yesterday)
    text = page(admin, "people")
    assert "事務取扱責任者" in text
    assert "情報セキュリティ管理者" not in text


# -- Designations ----------------------------------------------------------------------------------

CHARGED = {
    "tree": "specific_personal_information",
    "since": "R8.11.22",
    "until": "",
    "document": "指定第1号",
}
NUMBER = "certificate.individual_number"


def test_a_manager_designates_and_the_person_may_then_handle_numbers(
    cast: Cast, manager: Client, settings: LazySettings
) -> None:
    settings.POLICY_PACK = "koriyama"
    with pytest.raises(NotPermitted) as refused:
        permits.permit(cast.clerk.acting(), NUMBER, clock.today())
    assert refused.value.finding.code == "access.not_designated"
    assert "事務取扱責任者" in refused.value.finding.remedy
    settings.POLICY_PACK = "trial"
    assert act(manager, cast.clerk, "designate", **CHARGED).status_code == 302
    settings.POLICY_PACK = "koriyama"
    assert cast.clerk.acting().trees == {"specific_personal_information"}
    assert permits.permit(cast.clerk.acting(), NUMBER, clock.today())
    row = Trail.objects.filter(event="designation_changed").latest("id")
    assert row.detail["what"] == "designated"


def test_who_is_not_charged_with_the_network_mends_no_notice_and_sees_how_many_there_are(
    cast: Cast, settings: LazySettings
) -> None:
    settings.POLICY_PACK = "koriyama"
    actor, today = cast.supervisor.acting(), clock.today()
    with pytest.raises(NotPermitted) as refused:
        permits.permit(actor, MEND[0], today)
    assert "情報セキュリティ管理者" in refused.value.finding.remedy
    assert errors_count(actor, MEND) == 0
    Designation.objects.create(
        operator=cast.supervisor.operator, tree="juki_net", since=today, given_at=clock.now()
    )
    assert permits.permit(cast.supervisor.acting(), MEND[0], today)


def test_in_a_made_up_town_no_designation_is_asked(cast: Cast) -> None:
    assert permits.permit(cast.clerk.acting(), NUMBER, clock.today())


def test_who_bears_no_role_of_the_tree_does_not_designate_for_it(
    cast: Cast, manager: Client
) -> None:
    Responsible.objects.filter(role="juki_net.manager").delete()
    text = page(manager, "person_act", cast.clerk.operator.pk, "designate")
    assert "juki_net" not in text
    response = act(manager, cast.clerk, "designate", **(CHARGED | {"tree": "juki_net"}))
    assert response.status_code == 422
    assert not Designation.objects.exists()


@pytest.mark.parametrize("who", ["administrator", "auditor", "supervisor"])
def test_others_do_not_designate_at_all(cast: Cast, come_in: ComeIn, who: str) -> None:
    client = come_in(getattr(cast, who), Client())
    assert act(client, cast.clerk, "designate", **CHARGED).status_code == 403


def test_a_contractor_is_not_charged_with_the_network(cast: Cast, manager: Client) -> None:
    response = act(manager, cast.contractor, "designate", **(CHARGED | {"tree": "juki_net"}))
    assert response.status_code == 422
    assert "access.kind_not_chargeable" in response.content.decode()


def test_a_designation_ends_at_once(cast: Cast, manager: Client) -> None:
    act(manager, cast.clerk, "designate", **CHARGED)
    assert "窓口 花" in page(manager, "designations")
    one = Designation.objects.get()
    args = (cast.clerk.operator.pk, one.pk)
    sent(manager, "end_designation", *args, last_on="R8.11.22", at_once="on")
    assert cast.clerk.acting().trees == frozenset()
    assert "窓口 花" not in page(manager, "designations")


def test_nobody_designates_himself(cast: Cast, manager: Client) -> None:
    response = act(manager, cast.security_manager, "designate", **CHARGED)
    assert "access.not_to_oneself" in response.content.decode()


def test_the_numbers_are_seen_only_where_the_terminal_and_the_factors_let_it(
    cast: Cast, settings: LazySettings
) -> None:
    Designation.objects.create(
        operator=cast.clerk.operator,
        tree="specific_personal_information",
        since=clock.today(),
        document="x",
        given_at=clock.now(),
    )
    settings.POLICY_PACK = "koriyama"
    looking = permits.permit(cast.clerk.acting(), NUMBER, clock.today())
    assert "individual_number" not in looking.sees, "nobody said in which zone the terminal stands"
    with pytest.raises(NotPermitted) as refused:
        permits.demand(looking, "individual_number")
    assert refused.value.finding.code == "access.number_zone"


def test_staff_names_a_holder_only_where_nobody_was_named(cast: Cast) -> None:
    row = staff.BearerRow("juki_net.manager", "市民課長", "試験", "supervisor")
    staff.ensure_responsibles((row,))
    assert Holding.objects.get(position=position()).operator == cast.security_manager.operator


def test_who_bears_a_role_sits_in_the_own_office_without_any_right(
    cast: Cast, come_in: ComeIn
) -> None:
    Right.objects.filter(operator=cast.security_manager.operator).delete()
    client = come_in(cast.security_manager, Client())
    assert client.get(reverse("console:designations")).status_code == 200
    assert client.get(reverse("counter:search", args=["change"])).status_code == 403
    Holding.objects.all().delete()
    assert client.get(reverse("console:designations")).status_code == 302
