"""登録の許可: where the rules demand a second factor, nobody comes in or registers without."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from daicho.access import clock
from daicho.access.entering import leaves
from daicho.access.models import EnrolmentLeave, Operator, Trail
from daicho.access.refusals import Refused
from people import Cast
from web.authenticators import Key
from web.second_factors import Person, events, give_leave, holding, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demanding() -> Iterator[None]:
    with holding(second_factor="required"):
        yield


@pytest.fixture
def person(cast: Cast) -> Person:
    """A clerk with a password and nothing else, past the password."""
    someone = Person(cast.clerk)
    assert someone.types_password()["Location"] == reverse("entry:registration")
    return someone


def test_without_leave_the_page_says_whom_to_ask(person: Person) -> None:
    for name in ("registration", "registration_key", "registration_totp"):
        response = person.get(f"entry:{name}")
        assert response.status_code == 403, name
        assert "操作権限の管理担当" in page_of(response)
    assert not person.is_in()


def test_without_leave_nothing_is_registered(person: Person) -> None:
    response = person.post("entry:registration_totp", {"code": "000000"})
    assert response.status_code == 403
    response = person.post("entry:registration_key", {"answer": "{}"})
    assert response.status_code == 403
    assert not Authenticator.objects.exists()


def test_with_leave_a_device_is_registered_and_the_person_is_in(person: Person) -> None:
    give_leave(person.player)
    response = person.registers_device("registration")
    assert response["Location"] == reverse("entry:registration_codes")
    assert len(person.codes) == 10
    assert not person.is_in(), "the codes are not written down yet"
    assert person.post("entry:registration_codes", {})["Location"].startswith(
        reverse("entry:terminal")
    )
    assert person.is_in()
    row = Trail.objects.filter(operator=person.player.operator).latest("id")
    assert (row.event, row.detail) == ("sign_in", {"factors": "password,totp"})


def test_with_leave_a_key_is_registered(person: Person) -> None:
    give_leave(person.player)
    assert person.registers_key(Key(), "registration").status_code == 302
    person.post("entry:registration_codes", {})
    assert person.is_in()


def test_where_there_are_no_codes_the_registration_leads_in(cast: Cast) -> None:
    with holding(second_factor="required", factors=("webauthn",)):
        person = Person(cast.clerk)
        person.types_password()
        give_leave(cast.clerk)
        person.registers_key(Key(), "registration")
        response = person.get("entry:registration_codes")
    assert response["Location"].startswith(reverse("entry:terminal"))


def test_codes_alone_do_not_lead_in(person: Person) -> None:
    give_leave(person.player)
    response = person.post("entry:registration_codes", {})
    assert response["Location"] == reverse("entry:registration")
    assert not person.is_in()


def test_the_codes_are_shown_once(person: Person) -> None:
    give_leave(person.player)
    person.registers_device("registration")
    again = person.get("entry:registration_codes")
    assert again.status_code == 302
    assert not any(code in page_of(again) for code in person.codes)


def test_a_leave_is_for_one(person: Person) -> None:
    give_leave(person.player)
    person.registers_device("registration")
    person.post("entry:registration_codes", {})
    person.sits_down()
    person.confirms()
    assert person.get("entry:factors_key").status_code == 403
    give_leave(person.player)
    assert person.registers_key(Key()).status_code == 302


def test_a_new_leave_takes_the_place_of_one_that_is_open(person: Person) -> None:
    give_leave(person.player)
    give_leave(person.player)
    leaves.use(person.player.operator)
    assert not leaves.is_open(person.player.operator)


def test_a_leave_ends(person: Person) -> None:
    give_leave(person.player)
    hours = 24
    with clock.fixed(clock.now() + timedelta(hours=hours, seconds=1)):
        assert not leaves.is_open(person.player.operator)
        with pytest.raises(Refused):
            leaves.use(person.player.operator)


def test_a_leave_is_the_persons_own(cast: Cast, person: Person) -> None:
    give_leave(cast.supervisor)
    assert person.get("entry:registration").status_code == 403


def test_a_wrong_code_uses_no_leave(person: Person) -> None:
    give_leave(person.player)
    person.get("entry:registration_totp")
    assert person.post("entry:registration_totp", {"code": "000000"}).status_code == 422
    assert EnrolmentLeave.objects.get().used_at is None
    assert person.registers_device("registration").status_code == 302


def test_a_leave_is_trailed_with_who_gave_it(cast: Cast) -> None:
    giver = cast.administrator.operator
    leaves.give(giver, cast.clerk.operator, uuid4())
    row = Trail.objects.latest("id")
    assert (row.event, row.operator_id) == ("registration_leave_given", giver.pk)
    assert row.detail == {"operator": cast.clerk.operator.pk}


def test_nobody_gives_himself_leave_or_a_password(cast: Cast) -> None:
    own = cast.administrator.operator
    with pytest.raises(Refused):
        leaves.give(own, own, uuid4())
    with pytest.raises(Refused):
        leaves.reset_password(own, own, uuid4())
    assert not EnrolmentLeave.objects.exists()


def test_adding_a_factor_needs_leave_and_a_confirmation(person: Person) -> None:
    give_leave(person.player)
    person.registers_device("registration")
    person.post("entry:registration_codes", {})
    person.sits_down()
    give_leave(person.player)
    asked = person.get("entry:factors_key")
    assert asked["Location"].startswith(reverse("entry:confirm"))
    assert person.post("entry:factors_key", {"answer": "{}"})["Location"].startswith(
        reverse("entry:confirm")
    )


def test_a_fresh_initial_password_ends_the_session_and_must_be_changed(cast: Cast) -> None:
    with holding():
        person = Person(cast.clerk).comes_in()
        fresh = leaves.reset_password(cast.administrator.operator, cast.clerk.operator, uuid4())
        assert person.get("counter:home").status_code != 200
        outside = Person(cast.clerk)
        assert outside.types_password().status_code == 422
        assert outside.types_password(fresh)["Location"] == reverse("entry:renewal")
        assert not outside.is_in()
        typed = {"new": "another-horse-battery", "repeated": "another-horse-battery"}
        assert outside.post("entry:renewal", typed)["Location"].startswith(
            reverse("entry:terminal")
        )
    assert not Operator.objects.get(pk=cast.clerk.operator.pk).password_is_initial
    assert "password_changed" in events(cast.clerk)
