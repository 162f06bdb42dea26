"""途中のサインイン: what changed since the password was right puts an end to what was begun."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from daicho.access import clock
from daicho.access.entering import leaves
from daicho.access.models import Operator, Presence, Trail
from people import Cast, Player
from web.second_factors import Person, code_of, events, give_leave, holding, page_of, with_device

pytestmark = pytest.mark.django_db

NEW = "attackers-own-word-9"
Change = Callable[[Player], object]


def of(player: Player, **changed: object) -> None:
    Operator.objects.filter(pk=player.operator.pk).update(**changed)


CHANGES: list[tuple[Change, str]] = [
    (lambda who: leaves.reset_password(None, who.operator, uuid4()), "another password"),
    (lambda who: of(who, locked_until=clock.now() + timedelta(minutes=30)), "locked"),
    (lambda who: of(who, is_active=False), "the account has ended"),
]
changing = pytest.mark.parametrize(("change", "because"), CHANGES)


def renews(person: Person) -> str:
    """Choose a password of one's own; where that leads, or blank."""
    typed = {"new": NEW, "repeated": NEW}
    response = person.post("entry:renewal", typed)
    return response["Location"] if response.status_code == 302 else ""


def is_new(player: Player) -> bool:
    return Operator.objects.get(pk=player.operator.pk).check_password(NEW)


@pytest.fixture
def at_the_renewal(cast: Cast) -> Person:
    of(cast.clerk, password_is_initial=True)
    someone = Person(cast.clerk)
    assert someone.types_password()["Location"] == reverse("entry:renewal")
    return someone


@changing
def test_an_open_renewal_sets_no_password_any_more(
    at_the_renewal: Person, change: Change, because: str
) -> None:
    change(at_the_renewal.player)
    assert renews(at_the_renewal) == "", because
    assert not is_new(at_the_renewal.player)
    assert events(at_the_renewal.player)[-1] == "sign_in_failed"
    assert at_the_renewal.get("entry:renewal")["Location"] == reverse("entry:sign_in")


def test_a_renewal_goes_on_with_the_password_that_was_chosen(at_the_renewal: Person) -> None:
    assert renews(at_the_renewal).startswith(reverse("entry:terminal"))
    assert at_the_renewal.is_in()


@changing
def test_an_open_page_of_the_second_factor_leads_nowhere(
    cast: Cast, change: Change, because: str
) -> None:
    person = with_device(cast.clerk)
    person.types_password()
    change(cast.clerk)
    assert person.types_code(code_of(person.secret)).status_code == 422, because
    assert renews(person) == reverse("entry:sign_in")
    assert not person.is_in()


def test_who_stood_at_the_renewal_before_the_factor_was_there_is_asked_anew(
    cast: Cast, at_the_renewal: Person
) -> None:
    of(cast.clerk, password_is_initial=False)
    with_device(cast.clerk)
    assert renews(at_the_renewal) == ""
    assert events(cast.clerk)[-1] == "second_factor_failed"
    assert not at_the_renewal.is_in()


@pytest.fixture
def two(cast: Cast) -> tuple[Person, Person]:
    """Two browsers past one password; in the second its owner registers a device."""
    with holding(second_factor="required"):
        stranger, owner = Person(cast.clerk), Person(cast.clerk)
        for one in (stranger, owner):
            assert one.types_password()["Location"] == reverse("entry:registration")
        give_leave(cast.clerk)
    return stranger, owner


@pytest.mark.parametrize("page", ["registration", "registration_codes", "registration_totp"])
def test_a_factor_registered_elsewhere_lets_nobody_in_here(
    two: tuple[Person, Person], page: str
) -> None:
    stranger, owner = two
    with holding(second_factor="required"):
        owner.registers_device("registration")
        give_leave(owner.player)
        assert stranger.post(f"entry:{page}", {}).status_code == 422
        assert not stranger.is_in()
        assert not Presence.objects.filter(operator=owner.player.operator).exists()
        assert Trail.objects.latest("id").event == "second_factor_failed"
        owner.post("entry:registration_codes", {})
        assert owner.is_in()


def test_recovery_codes_are_shown_to_who_registered_alone(two: tuple[Person, Person]) -> None:
    stranger, owner = two
    with holding(second_factor="required"):
        secret = owner.secret_on_page("registration")
        owner.post("entry:registration_totp", {"code": code_of(secret, -1)})
        assert "<li><code>" not in page_of(stranger.get("entry:registration_codes"))
        owner.reads_codes("registration")
    assert len(owner.codes) == 10
