"""団体の認証基盤: who comes from the city's own directory, and what of it is not believed."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client, override_settings
from django.urls import reverse

from daicho.access import clock, policy
from daicho.access.models import Operator, Trail
from people import Cast
from web.desk import received
from web.directories import (
    CLIENT,
    SECRET,
    Provider,
    assert_refused,
    comes_back,
    leaves_for,
    vouched,
)
from web.second_factors import Person, code_of, events, holding, with_device

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_whom_the_directory_knows_comes_in(
    cast: Cast, browser: Client, provider: Provider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    response = vouched(browser, provider, cast.clerk.login)
    assert response["Location"].startswith(reverse("entry:terminal"))
    assert browser.get(reverse("entry:terminal")).status_code == 200
    assert events(cast.clerk)[-2:] == ["directory_accepted", "sign_in"]
    assert Trail.objects.latest("id").detail == {"factors": "directory"}


def test_the_question_has_state_nonce_and_a_proof_of_possession(
    cast: Cast, browser: Client, provider: Provider
) -> None:
    carried = leaves_for(browser)
    assert carried["code_challenge_method"] == "S256"
    assert len(carried["nonce"]) >= 32
    assert len(carried["state"]) >= 16
    assert carried["redirect_uri"] == "http://testserver" + reverse("entry:directory_back")
    provider.said = {"preferred_username": cast.clerk.login, "nonce": carried["nonce"]}
    comes_back(browser, carried["state"])
    assert provider.asked[0]["code_verifier"]
    assert provider.asked[0]["client_secret"] == SECRET


def test_an_unknown_person_stays_out_and_nobody_is_made(
    cast: Cast, browser: Client, provider: Provider
) -> None:
    before = Operator.objects.count()
    assert_refused(vouched(browser, provider, "nobody"), browser)
    assert Operator.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_a_mail_address_is_nobody(cast: Cast, browser: Client, provider: Provider) -> None:
    said = {"email": cast.clerk.login, "email_verified": True}
    assert_refused(vouched(browser, provider, "nobody", **said), browser)


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"nonce": "another"}, "the answer to another browser's question"),
        ({"nonce": None}, "no nonce at all"),
        ({"aud": "another-program"}, "meant for another program"),
        ({"aud": [CLIENT, "another"]}, "meant for several, and not said for whom"),
        ({"iss": "https://elsewhere.example"}, "somebody else says it"),
        ({"exp": 1}, "long over"),
        ({"preferred_username": ["clerk"]}, "no text"),
        ({"preferred_username": ""}, "nobody"),
        ({"preferred_username": "c" * 41}, "longer than a login"),
    ],
)
def test_what_the_token_does_not_prove_is_not_believed(
    cast: Cast, browser: Client, provider: Provider, said: dict[str, Any], because: str
) -> None:
    login = str(said.get("preferred_username", cast.clerk.login))
    rest = {name: value for name, value in said.items() if name != "preferred_username"}
    carried = leaves_for(browser)
    provider.said = {"preferred_username": login, "nonce": carried["nonce"], **said, **rest}
    assert_refused(comes_back(browser, carried["state"]), browser)
    assert because


def test_a_signature_of_another_key_is_not_believed(
    cast: Cast, browser: Client, provider: Provider
) -> None:
    provider.signs_with = rsa.generate_private_key(65_537, 2_048)
    assert_refused(vouched(browser, provider, cast.clerk.login), browser)


def test_a_signature_with_what_everybody_knows_is_not_believed(
    cast: Cast, browser: Client, provider: Provider
) -> None:
    provider.header = {"kid": "RS256"}
    provider.algorithm, provider.signs_with = "HS256", b"the public key is public" * 2
    assert_refused(vouched(browser, provider, cast.clerk.login), browser)


def test_no_signature_is_not_believed(cast: Cast, browser: Client, provider: Provider) -> None:
    provider.header, provider.algorithm = {"kid": "RS256"}, "none"
    provider.keys = {**provider.keys, "none": None}
    provider.key_set = lambda: {"keys": []}  # type: ignore[method-assign]  # it has none to show
    assert_refused(vouched(browser, provider, cast.clerk.login), browser)


@pytest.mark.parametrize("state", ["", "another"])
def test_a_wrong_state_is_refused(
    cast: Cast, browser: Client, provider: Provider, state: str
) -> None:
    carried = leaves_for(browser)
    provider.said = {"preferred_username": cast.clerk.login, "nonce": carried["nonce"]}
    assert_refused(comes_back(browser, state), browser)
    assert provider.asked == [], "nothing was fetched for it"


def test_an_answer_is_good_once_and_in_its_own_browser(
    cast: Cast, browser: Client, provider: Provider
) -> None:
    carried = leaves_for(browser)
    provider.said = {"preferred_username": cast.clerk.login, "nonce": carried["nonce"]}
    other = Client()
    assert_refused(comes_back(other, carried["state"]), other)
    assert comes_back(browser, carried["state"]).status_code == 302
    browser.post(reverse("entry:sign_out"))
    assert_refused(comes_back(browser, carried["state"]), browser)


def test_the_second_factor_is_asked_all_the_same(cast: Cast, provider: Provider) -> None:
    person = with_device(cast.clerk)
    response = vouched(person.client, provider, cast.clerk.login)
    assert response["Location"] == reverse("entry:second_factor")
    assert not person.is_in()
    assert person.types_code(code_of(person.secret)).status_code == 302
    assert Trail.objects.latest("id").detail == {"factors": "directory,totp"}


def test_where_one_is_demanded_it_must_be_registered(cast: Cast, provider: Provider) -> None:
    person = Person(cast.clerk)
    with holding(second_factor="required"):
        response = vouched(person.client, provider, cast.clerk.login)
    assert response["Location"] == reverse("entry:registration")


def test_a_password_of_ours_does_not_matter(
    cast: Cast, browser: Client, provider: Provider
) -> None:
    Operator.objects.filter(login=cast.clerk.login).update(password_is_initial=True)
    response = vouched(browser, provider, cast.clerk.login)
    assert response["Location"].startswith(reverse("entry:terminal"))


def test_a_locked_operator_stays_out(cast: Cast, browser: Client, provider: Provider) -> None:
    until = clock.now() + timedelta(minutes=5)
    Operator.objects.filter(login=cast.clerk.login).update(locked_until=until)
    assert_refused(vouched(browser, provider, cast.clerk.login), browser)


def test_who_has_left_stays_out(cast: Cast, browser: Client, provider: Provider) -> None:
    Operator.objects.filter(login=cast.clerk.login).update(is_active=False)
    assert_refused(vouched(browser, provider, cast.clerk.login), browser)
    assert Trail.objects.latest("id").finding == "access.operator_ended"


def test_it_leads_on_to_our_pages_only(cast: Cast, browser: Client, provider: Provider) -> None:
    carried = leaves_for(browser, "https://elsewhere.example/")
    provider.said = {"preferred_username": cast.clerk.login, "nonce": carried["nonce"]}
    assert "elsewhere" not in comes_back(browser, carried["state"])["Location"]


def test_who_comes_from_another_site_is_sent_once_more_by_our_own_page(
    browser: Client, provider: Provider
) -> None:
    carried = leaves_for(browser)
    stranger = Client()  # the strict cookie stays at home
    there = {"code": "c", "state": carried["state"]}
    text = stranger.get(reverse("entry:directory_back"), there).content.decode()
    assert 'http-equiv="refresh"' in text
    assert "_redir=" in text


def test_a_directory_that_answers_nonsense_refuses_in_order(
    browser: Client, provider: Provider
) -> None:
    provider.is_rude = True
    response = browser.get(reverse("entry:directory"))
    assert response.status_code == 422


def test_a_directory_that_is_away_refuses_in_order(browser: Client, provider: Provider) -> None:
    provider.configured["settings"]["server_url"] = "http://127.0.0.1:9"
    assert browser.get(reverse("entry:directory")).status_code == 422


def test_the_button_stands_there_only_where_there_is_a_directory(
    browser: Client, provider: Provider
) -> None:
    assert "職員認証でサインインする" in browser.get(reverse("entry:sign_in")).content.decode()
    with override_settings(OIDC_SERVER=""):
        assert "でサインインする" not in browser.get(reverse("entry:sign_in")).content.decode()
        assert browser.get(reverse("entry:directory"))["Location"] == reverse("entry:sign_in")


def test_where_terminals_are_registered_only_the_way_back_is_open(
    cast: Cast, browser: Client, provider: Provider
) -> None:
    with holding(registered_terminals_only=True):
        assert browser.get(reverse("entry:directory")).status_code == 403
        there = {"code": "c", "state": "s"}
        back = browser.get(reverse("entry:directory_back"), there)
        assert 'http-equiv="refresh"' in back.content.decode()
        assert comes_back(browser, "s").status_code == 403, "our own page sent it, with cookies"
    assert provider.asked == []


# -- The locked screen: whom the directory vouches for may know no password of ours ---------------


@pytest.fixture
def locked(cast: Cast, browser: Client, provider: Provider) -> Client:
    vouched(browser, provider, cast.clerk.login)
    browser.post(reverse("entry:terminal"), {"terminal": cast.clerk.terminal})
    browser.post(reverse("entry:lock"), {"by": "idle"})
    return browser


def test_the_lock_asks_no_password_of_whom_the_directory_knows(locked: Client) -> None:
    answer = locked.get(reverse("counter:home"))
    text = answer.content.decode()
    assert answer.status_code == 423
    assert "職員認証でサインインし直してください" in text
    assert "unlock_password" not in text
    assert reverse("entry:sign_out") in text


def test_a_password_at_the_lock_is_not_counted(locked: Client, cast: Cast) -> None:
    typed = {"unlock_password": cast.clerk.password, "unlock_then": "open"}
    for _ in range(2 * policy.sign_in().failures_max):
        assert locked.post(reverse("entry:unlock"), typed).status_code == 422
        assert locked.post(reverse("counter:home"), typed).status_code == 423
    kept = Operator.objects.get(pk=cast.clerk.operator.pk)
    assert (kept.failures, kept.locked_until) == (0, None)
    assert locked.get(reverse("counter:home")).status_code == 423


def test_signing_in_anew_undoes_the_lock(locked: Client, cast: Cast, provider: Provider) -> None:
    assert locked.post(reverse("entry:sign_out")).status_code == 302
    vouched(locked, provider, cast.clerk.login)
    locked.post(reverse("entry:terminal"), {"terminal": cast.clerk.terminal})
    page = locked.get(reverse("counter:home"))
    assert page.status_code == 200
    assert "unlock_password" not in page.content.decode(), "nor does the cover"


def test_what_was_sent_while_locked_is_kept_for_the_next_sign_in(
    locked: Client, cast: Cast
) -> None:
    address = reverse("counter:change", args=[received(cast.clerk, "moved_in")])
    typed = {"occurred_on": "R8.11.1", "do": "check"}
    answer = locked.post(address, typed, headers={"origin": "http://testserver"})
    text = answer.content.decode()
    assert answer.status_code == 423
    assert 'name="occurred_on" value="R8.11.1"' in text
    assert "もう一度送る" in text
