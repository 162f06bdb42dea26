"""第二の要素: codes between the password and being in, and what opens until then."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import override_settings
from django.urls import reverse

from daicho.access import clock, policy
from daicho.access.entering import factors, sealing
from daicho.access.models import Operator, Trail
from people import Cast
from web.second_factors import Person, code_of, events, holding, page_of, stored, with_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cast: Cast) -> Person:
    """A clerk with a device that shows codes, outside."""
    return with_device(cast.clerk)


@pytest.fixture
def at_the_second_page(person: Person) -> Person:
    assert person.types_password()["Location"] == reverse("entry:second_factor")
    return person


def test_who_has_a_second_factor_must_use_it(at_the_second_page: Person) -> None:
    assert not at_the_second_page.is_in()
    response = at_the_second_page.types_code(code_of(at_the_second_page.secret))
    assert response["Location"].startswith(reverse("entry:terminal"))
    assert at_the_second_page.is_in()


def test_the_trail_says_sign_in_only_when_everything_is_through(
    at_the_second_page: Person,
) -> None:
    player = at_the_second_page.player
    assert events(player)[-1] == "password_accepted"
    at_the_second_page.types_code(code_of(at_the_second_page.secret))
    row = Trail.objects.filter(operator=player.operator).latest("id")
    assert (row.event, row.detail) == ("sign_in", {"factors": "password,totp"})


def test_between_the_stages_no_page_opens(at_the_second_page: Person) -> None:
    for name in ("counter:home", "entry:password", "entry:factors", "entry:terminal"):
        response = at_the_second_page.get(name)
        assert response["Location"].startswith(reverse("entry:sign_in")), name


def test_the_later_stages_do_not_open_before_their_turn(at_the_second_page: Person) -> None:
    for name in ("renewal", "registration", "registration_key", "registration_codes"):
        response = at_the_second_page.get(f"entry:{name}")
        assert response["Location"] == reverse("entry:sign_in"), name


def test_the_second_page_does_not_open_without_the_first(person: Person) -> None:
    assert person.get("entry:second_factor")["Location"] == reverse("entry:sign_in")
    assert person.types_code(code_of(person.secret))["Location"] == reverse("entry:sign_in")


def test_a_sign_in_that_was_left_lying_begins_anew(at_the_second_page: Person) -> None:
    with override_settings(ACCOUNT_LOGIN_TIMEOUT=-1):
        response = at_the_second_page.types_code(code_of(at_the_second_page.secret))
    assert response["Location"] == reverse("entry:sign_in")
    assert not at_the_second_page.is_in()


def test_a_code_works_once(at_the_second_page: Person) -> None:
    code = code_of(at_the_second_page.secret)
    at_the_second_page.types_code(code)
    at_the_second_page.goes()
    at_the_second_page.types_password()
    assert at_the_second_page.types_code(code).status_code == 422


def test_the_code_of_the_registration_is_used_up_too(cast: Cast) -> None:
    person = Person(cast.clerk).comes_in()
    person.registers_device()
    person.goes()
    person.types_password()
    assert person.types_code(code_of(person.secret, -1)).status_code == 422


@pytest.mark.parametrize(
    ("steps", "status", "because"),
    [
        (1, 302, "a clock half a minute fast"),
        (2, 422, "a minute ahead is a guess"),
        (-2, 422, "old"),
    ],
)
def test_a_clock_may_be_half_a_minute_wrong(
    at_the_second_page: Person, steps: int, status: int, because: str
) -> None:
    code = code_of(at_the_second_page.secret, steps)
    assert at_the_second_page.types_code(code).status_code == status, because


def test_wrong_codes_lock_like_wrong_passwords(at_the_second_page: Person) -> None:
    most = policy.sign_in().failures_max
    answers = [at_the_second_page.types_code("000000") for _ in range(most)]
    assert {one.status_code for one in answers} == {422}
    found = events(at_the_second_page.player)
    assert found.count("second_factor_failed") == most - 1
    assert found[-1] == "sign_in_locked"
    right = at_the_second_page.types_code(code_of(at_the_second_page.secret))
    assert right["Location"] == reverse("entry:sign_in"), "the sign-in has ended"
    assert at_the_second_page.types_password().status_code == 422


def test_a_right_password_does_not_forget_wrong_codes(at_the_second_page: Person) -> None:
    for _ in range(policy.sign_in().failures_max):
        at_the_second_page.types_code("000000")
        at_the_second_page.types_password()
    kept = Operator.objects.get(pk=at_the_second_page.player.operator.pk)
    assert kept.locked_until is not None, "or codes could be guessed without end"


def test_coming_in_forgets_the_failures(at_the_second_page: Person) -> None:
    at_the_second_page.types_code("000000")
    at_the_second_page.types_code(code_of(at_the_second_page.secret))
    assert Operator.objects.get(pk=at_the_second_page.player.operator.pk).failures == 0


def test_a_recovery_code_works_once(at_the_second_page: Person) -> None:
    code = at_the_second_page.codes[0]
    assert at_the_second_page.types_code(code).status_code == 302
    row = Trail.objects.filter(operator=at_the_second_page.player.operator).latest("id")
    assert row.detail == {"factors": "password,recovery_codes"}
    at_the_second_page.goes()
    at_the_second_page.types_password()
    assert at_the_second_page.types_code(code).status_code == 422


def test_recovery_codes_do_nothing_where_the_rules_have_none(person: Person) -> None:
    with holding(factors=("webauthn", "totp")):
        person.types_password()
        assert person.types_code(person.codes[0]).status_code == 422


def test_a_factor_that_the_rules_take_no_more_is_not_asked(person: Person) -> None:
    with holding(factors=("webauthn",)):
        assert person.types_password()["Location"].startswith(reverse("entry:terminal"))


def test_another_persons_codes_are_wrong(cast: Cast, person: Person) -> None:
    other = with_device(cast.supervisor)
    other.types_password()
    assert other.types_code(code_of(person.secret)).status_code == 422
    assert other.types_code(person.codes[0]).status_code == 422


def test_two_tabs_of_one_browser_do_not_mix_two_persons(cast: Cast, person: Person) -> None:
    other = with_device(cast.supervisor)
    person.types_password()
    other.client = person.client
    other.types_password()  # the second tab takes the place of the first
    assert person.types_code(code_of(person.secret)).status_code == 422
    assert person.types_code(code_of(other.secret)).status_code == 302
    assert events(cast.supervisor)[-1] == "sign_in"
    assert "second_factor_failed" in events(cast.supervisor)


def test_sign_in_leads_on_to_our_pages_only(person: Person) -> None:
    typed = {"login": person.player.login, "password": person.player.password}
    person.post("entry:sign_in", {**typed, "next": "https://elsewhere.example/"})
    response = person.types_code(code_of(person.secret))
    assert "elsewhere" not in response["Location"]


def test_who_may_not_enter_any_more_is_stopped_at_the_last_gate(
    at_the_second_page: Person,
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    own = Operator.objects.filter(pk=at_the_second_page.player.operator.pk)
    own.update(until_on=yesterday)
    response = at_the_second_page.types_code(code_of(at_the_second_page.secret))
    assert response.status_code == 422
    assert not at_the_second_page.is_in()
    row = Trail.objects.filter(operator=at_the_second_page.player.operator).latest("id")
    assert (row.event, row.finding) == ("sign_in_failed", "access.operator_ended")


def test_the_sessions_key_changes_at_both_steps(person: Person) -> None:
    person.get("entry:sign_in")
    keys = []
    person.types_password()
    keys.append(person.client.session.session_key)
    person.types_code(code_of(person.secret))
    keys.append(person.client.session.session_key)
    assert len(set(keys)) == 2


def test_no_secret_stands_in_a_table_as_it_is(person: Person) -> None:
    held = stored(person.player)
    assert person.secret not in held
    assert not any(code in held for code in person.codes)
    assert held.count(f'"{sealing.LABEL}:') == 2, "the device's secret and the codes' seed"


def test_a_secret_that_is_not_proven_yet_is_sealed_too(cast: Cast) -> None:
    person = Person(cast.clerk).comes_in()
    text = page_of(person.get("entry:factors_totp"))
    (kept,) = Session.objects.all()
    secret = sealing.unseal(kept.get_decoded()["totp_secret"])
    assert secret[:4] in text
    assert secret not in str(kept.get_decoded())


def test_a_changed_secret_key_still_opens_what_the_old_one_sealed() -> None:
    sealed = sealing.seal("marker")
    with (
        override_settings(SECRET_KEY="x" * 50, SECRET_KEY_FALLBACKS=[]),
        pytest.raises(sealing.CannotOpen),
    ):
        sealing.unseal(sealed)
    old = settings.SECRET_KEY
    with override_settings(SECRET_KEY="x" * 50, SECRET_KEY_FALLBACKS=[old]):
        assert sealing.unseal(sealed) == "marker"


def test_what_was_altered_is_not_opened() -> None:
    sealed = sealing.seal("marker")
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(sealed[:-6] + ("AAAAA=" if sealed[-6:] != "AAAAA=" else "BBBBB="))


def test_an_own_factor_is_ended_after_being_asked_again(person: Person) -> None:
    person.types_password()
    person.types_code(code_of(person.secret))
    person.sits_down()
    (one,) = (it for it in factors.registered(person.player.operator) if it.kind == "totp")
    asked = person.get("entry:remove_factor", one.id)
    assert asked["Location"].startswith(reverse("entry:confirm"))
    assert factors.registered(person.player.operator)
    person.confirms()
    person.post("entry:remove_factor", {}, one.id)
    assert factors.registered(person.player.operator) == (), "the codes go with it"
    assert events(person.player)[-2:] == ["factor_removed", "factor_removed"]


def test_the_last_one_stays_where_the_rules_demand_one(person: Person) -> None:
    with holding(second_factor="required"):
        person.types_password()
        person.types_code(code_of(person.secret))
        person.sits_down()
        person.confirms()
        (one,) = (it for it in factors.registered(person.player.operator) if it.kind == "totp")
        response = person.post("entry:remove_factor", {}, one.id)
    assert response.status_code == 422
    assert "最後の認証の方法" in page_of(response)
    assert factors.registered(person.player.operator)


def test_nobody_ends_another_persons_factor(cast: Cast, person: Person) -> None:
    (one,) = (it for it in factors.registered(person.player.operator) if it.kind == "totp")
    other = Person(cast.supervisor).comes_in()
    assert other.post("entry:remove_factor", {}, one.id).status_code == 404
    assert factors.registered(person.player.operator)


def test_an_administrator_ends_a_lost_one(cast: Cast, person: Person) -> None:
    operator = person.player.operator
    (one,) = (it for it in factors.registered(operator) if it.kind == "totp")
    by = cast.administrator.operator
    assert factors.remove(operator, one.id, by=by, terminal="S901", request_id=uuid4())
    assert factors.registered(operator) == ()
    assert Trail.objects.latest("id").operator_id == by.pk


def test_fresh_recovery_codes_put_an_end_to_the_old_ones(person: Person) -> None:
    old = person.codes
    person.types_password()
    person.types_code(old[0])
    person.sits_down()
    person.confirms()
    person.post("entry:renew_codes", {})
    person.reads_codes()
    assert len(person.codes) == 10
    assert not set(person.codes) & set(old)
    person.reads_codes()  # a second look shows nothing
    assert "書き写した" not in page_of(person.get("entry:factors"))
    person.goes()
    person.types_password()
    assert person.types_code(old[1]).status_code == 422


def test_a_confirmation_holds_five_minutes(person: Person) -> None:
    person.types_password()
    person.types_code(code_of(person.secret))
    person.sits_down()
    person.confirms()
    assert person.get("entry:factors_key").status_code == 200
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        response = person.get("entry:factors_key")
    assert response["Location"].startswith(reverse("entry:confirm"))


def test_guessing_at_the_confirmation_locks(person: Person) -> None:
    person.types_password()
    person.types_code(code_of(person.secret))
    person.sits_down()
    for _ in range(policy.sign_in().failures_max):
        assert person.post("entry:confirm", {"code": "000000"}).status_code == 422
    kept = Operator.objects.get(pk=person.player.operator.pk)
    assert kept.locked_until is not None


@pytest.mark.parametrize("page", ["factors_key", "factors_totp", "renew_codes"])
def test_the_password_alone_leads_to_no_other_factor(person: Person, page: str) -> None:
    person.types_password()
    person.types_code(code_of(person.secret))
    person.sits_down()
    assert 'name="password"' not in page_of(person.get("entry:confirm"))
    response = person.post("entry:confirm", {"password": person.player.password})
    assert response.status_code == 422
    assert person.get(f"entry:{page}")["Location"].startswith(reverse("entry:confirm"))


@pytest.fixture(autouse=True)
def at_a_steady_hour() -> Iterator[None]:
    """The hand of the clock does not pass a half minute while a test runs."""
    step = 30
    now = clock.now()
    steady = now - timedelta(seconds=now.timestamp() % step - 1)
    with clock.fixed(steady):
        yield


def test_too_many_wrong_answers_at_the_confirmation_end_the_session(person: Person) -> None:
    person.types_password()
    person.types_code(code_of(person.secret))
    person.sits_down()
    for _ in range(policy.sign_in().failures_max):
        person.post("entry:confirm", {"password": "wrong-wrong-wrong"})
    assert not person.is_in()
    assert "session_ended" in events(person.player)


def test_what_is_used_is_sealed_anew_under_the_present_secret(
    at_the_second_page: Person,
) -> None:
    old = settings.SECRET_KEY
    code = code_of(at_the_second_page.secret)
    with override_settings(SECRET_KEY="x" * 50, SECRET_KEY_FALLBACKS=[old]):
        person = Person(at_the_second_page.player)
        person.types_password()
        assert person.types_code(code).status_code == 302
    with override_settings(SECRET_KEY="x" * 50, SECRET_KEY_FALLBACKS=[]):
        (seed,) = Authenticator.objects.filter(type="recovery_codes")
        assert sealing.unseal(seed.data["seed"])
