"""二人の管理担当: what one administrator alone does not do to an account, and what is trailed."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from daicho.access import staff
from daicho.access.entering import admitting, factors, leaves
from daicho.access.models import EnrolmentLeave, Trail
from people import PASSWORD, Cast, Player
from web.second_factors import Person, give_leave, holding, page_of, with_device
from web.test_people import act, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_the_pages")]
ComeIn = Callable[..., Client]
ANOTHER = "access.another_giver"


@pytest.fixture
def admin(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.administrator)


@pytest.fixture
def second(cast: Cast, come_in: ComeIn) -> Client:
    """Another administrator."""
    staff.ensure_operator(
        login="admin2",
        name="管理 望",
        office="900",
        post="administrator",
        password=PASSWORD,
        is_demo=True,
    )
    operator = type(cast.clerk.operator).objects.get(login="admin2")
    return come_in(Player(operator, "S901"), Client())


def refusal(client: Client, player: Player, slug: str) -> str:
    """The code of what is refused; blank where it is done."""
    response = act(client, player, slug, sure="on")
    if response.status_code != 422:
        return ""
    assert "管理担当が許可" in page_of(response)
    return Trail.objects.filter(event="people_refused").latest("id").finding


def ends_the_device(client: Client, player: Player) -> None:
    (one,) = (it for it in factors.registered(player.operator) if it.kind == "totp")
    response = sent(client, "remove_factor", player.operator.pk, one.id, sure="on")
    assert response.status_code == 302


def test_who_reset_the_password_gives_no_leave_but_another_does(
    cast: Cast, admin: Client, second: Client
) -> None:
    assert refusal(admin, cast.clerk, "reset_password") == ""
    assert refusal(admin, cast.clerk, "allow_registration") == ANOTHER
    assert not EnrolmentLeave.objects.exists()
    assert refusal(second, cast.clerk, "allow_registration") == ""


def test_who_gave_the_leave_resets_no_password_but_another_does(
    cast: Cast, admin: Client, second: Client
) -> None:
    assert refusal(admin, cast.clerk, "allow_registration") == ""
    assert refusal(admin, cast.clerk, "reset_password") == ANOTHER
    assert cast.clerk.operator.check_password(PASSWORD)
    assert refusal(second, cast.clerk, "reset_password") == ""


def test_a_leave_that_was_used_binds_its_giver_until_the_person_has_come_in(
    cast: Cast, admin: Client
) -> None:
    with holding(second_factor="required"):
        person = Person(cast.clerk)
        person.types_password()
        assert refusal(admin, cast.clerk, "allow_registration") == ""
        person.registers_device("registration")
        assert refusal(admin, cast.clerk, "reset_password") == ANOTHER
        person.post("entry:registration_codes", {})
        assert person.is_in()
        assert refusal(admin, cast.clerk, "reset_password") == ""


def test_who_ended_a_factor_gives_no_leave(cast: Cast, admin: Client, second: Client) -> None:
    with_device(cast.clerk)
    ends_the_device(admin, cast.clerk)
    assert refusal(admin, cast.clerk, "allow_registration") == ANOTHER
    assert refusal(second, cast.clerk, "allow_registration") == ""


def test_who_opened_an_account_does_not_alone_bring_it_in(
    cast: Cast, admin: Client, second: Client
) -> None:
    new = {"login": "shin", "name": "新任", "office": "001", "kind": "staff"}
    sent(admin, "new_operator", **new, from_on="", until_on="")
    operator = type(cast.clerk.operator).objects.get(login="shin")
    player = Player(operator, "C001")
    assert refusal(admin, player, "allow_registration") == ANOTHER
    assert refusal(second, player, "allow_registration") == ""


def test_the_next_sign_in_ends_what_binds(cast: Cast, admin: Client) -> None:
    assert refusal(admin, cast.clerk, "reset_password") == ""
    assert admitting.admit(cast.clerk.operator, ["password"], "", uuid4()) is None
    assert refusal(admin, cast.clerk, "allow_registration") == ""


def test_the_servers_own_terminal_is_not_bound(cast: Cast, admin: Client) -> None:
    assert staff.reset_password(cast.clerk.login)
    assert staff.allow_registration(cast.clerk.login)
    assert staff.reset_password(cast.clerk.login)


@pytest.mark.parametrize("slug", ["reset_password", "remove_factor"])
def test_an_open_leave_ends_with_the_password_and_with_a_factor(
    cast: Cast, admin: Client, slug: str
) -> None:
    with_device(cast.clerk)
    give_leave(cast.clerk)
    with holding(second_factor="required"):
        assert leaves.is_open(cast.clerk.operator)
        if slug == "remove_factor":
            ends_the_device(admin, cast.clerk)
        else:
            assert refusal(admin, cast.clerk, slug) == ""
        assert not leaves.is_open(cast.clerk.operator)


def test_the_page_says_how_many_hours_a_leave_holds(cast: Cast, admin: Client) -> None:
    asked = reverse("console:person_act", args=[cast.clerk.operator.pk, "allow_registration"])
    with holding(registration_hours=7):
        assert "7時間で切れます" in admin.get(asked).content.decode()


# -- Refusals of one's own factors -----------------------------------------------------------------


def refused_at(player: Player) -> str:
    row = Trail.objects.filter(operator=player.operator).latest("id")
    assert (row.event, row.detail) == ("factor_refused", {"operator": player.operator.pk})
    return row.finding


def test_a_registration_that_is_refused_is_trailed(cast: Cast) -> None:
    with holding(second_factor="required"):
        person = Person(cast.clerk)
        person.types_password()
        person.post("entry:registration_totp", {"code": "000000"})
        assert refused_at(cast.clerk) == "access.no_leave"
        give_leave(cast.clerk)
        person.get("entry:registration_totp")
        person.post("entry:registration_totp", {"code": "000000"})
        assert refused_at(cast.clerk) == "access.code_wrong"
        person.post("entry:registration_key", {"answer": "{}"})
        assert refused_at(cast.clerk) == "access.key_not_read"


def test_the_end_of_ones_last_factor_is_refused_and_trailed(cast: Cast) -> None:
    person = Person(cast.clerk).comes_in()
    person.registers_device()
    (one,) = (it for it in factors.registered(cast.clerk.operator) if it.kind == "totp")
    with holding(second_factor="required"):
        assert person.post("entry:remove_factor", {}, one.id).status_code == 422
    assert refused_at(cast.clerk) == "access.last_factor"
