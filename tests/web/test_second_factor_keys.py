"""認証器: what its answer must prove, and what its model must be."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from typing import cast as cast_to
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory, override_settings
from django.urls import reverse

from daicho.access import policy
from daicho.access.entering import factors
from daicho.access.models import AuthenticatorState, Operator, Trail
from daicho.web.asking import Request
from daicho.web.entry.factors import answering
from people import Cast
from web.authenticators import MODEL, Key, Maker
from web.second_factors import Person, events, holding, options_of, page_of, with_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> Key:
    return Key()


@pytest.fixture
def person(cast: Cast, key: Key) -> Person:
    """A clerk with an authenticator, at the second page."""
    someone = with_key(cast.clerk, key)
    someone.types_password()
    return someone


def test_a_key_that_verified_the_person_lets_in(person: Person, key: Key) -> None:
    assert person.shows(key)["Location"].startswith(reverse("entry:terminal"))
    row = Trail.objects.filter(operator=person.player.operator).latest("id")
    assert (row.event, row.detail) == ("sign_in", {"factors": "password,webauthn"})


def test_the_page_asks_for_verification_of_the_person(person: Person) -> None:
    asked = options_of(person.get("entry:second_factor"))["publicKey"]
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"


def test_a_key_that_was_only_touched_is_refused(person: Person, key: Key) -> None:
    assert person.shows(key, is_verified=False).status_code == 422
    assert events(person.player)[-1] == "second_factor_failed"
    assert not person.is_in()


def test_a_key_that_only_touches_is_not_registered(cast: Cast) -> None:
    someone = Person(cast.clerk).comes_in()
    response = someone.registers_key(Key(), is_verified=False)
    assert response.status_code == 422
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("origin", "because"),
    [
        ("http://localhost.elsewhere.example", "a look-alike is another site"),
        ("https://elsewhere.example", "another site altogether"),
        ("http://127.0.0.1", "an address is no name"),
    ],
)
def test_an_answer_given_to_another_site_is_refused(
    person: Person, key: Key, origin: str, because: str
) -> None:
    assert person.shows(key, origin=origin).status_code == 422, because


def test_a_replayed_answer_is_refused(person: Person, key: Key) -> None:
    asked = options_of(person.get("entry:second_factor"))
    answer = {"answer": key.answers(asked)}
    assert person.post("entry:second_factor", answer).status_code == 302
    person.goes()
    person.types_password()
    assert person.post("entry:second_factor", answer).status_code == 422, "nothing was asked yet"
    person.get("entry:second_factor")
    assert person.post("entry:second_factor", answer).status_code == 422, "another was asked"


def test_an_answer_of_another_persons_key_is_refused(cast: Cast, person: Person) -> None:
    others = Key()
    with_key(cast.supervisor, others)
    assert person.shows(others).status_code == 422
    assert not person.is_in()


def test_a_key_that_nobody_registered_is_refused(person: Person) -> None:
    assert person.shows(Key()).status_code == 422


def test_a_key_belongs_to_one_person(cast: Cast, person: Person, key: Key) -> None:
    other = Person(cast.supervisor).comes_in()
    assert other.registers_key(key).status_code == 422
    assert factors.registered(cast.supervisor.operator) == ()


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "{", '{"id": 1}', '"text"'])
def test_what_is_no_answer_is_refused_in_order(person: Person, answer: str) -> None:
    person.get("entry:second_factor")
    assert person.post("entry:second_factor", {"answer": answer}).status_code == 422


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "{", '{"id": 1}', '"text"'])
def test_what_is_no_registration_is_refused_in_order(cast: Cast, answer: str) -> None:
    someone = Person(cast.clerk).comes_in()
    someone.get("entry:factors_key")
    response = someone.post("entry:factors_key", {"answer": answer, "name": "鍵"})
    assert response.status_code == 422
    assert not Authenticator.objects.exists()


def test_the_count_goes_forward(person: Person, key: Key) -> None:
    key.count = 41
    assert person.shows(key).status_code == 302
    assert AuthenticatorState.objects.get().sign_count == 42


@pytest.mark.parametrize(
    ("before", "because"),
    [(40, "a copy is behind"), (41, "a copy says the same number again")],
)
def test_a_count_that_does_not_go_forward_suspends_the_key(
    person: Person, key: Key, before: int, because: str
) -> None:
    key.count = 41
    person.shows(key)
    person.goes()
    person.types_password()
    key.count = before
    response = person.shows(key)
    assert response.status_code == 422, because
    assert "複製された疑い" in page_of(response)
    assert "情報システム担当に連絡" in page_of(response)
    assert events(person.player)[-2:] == ["authenticator_suspended", "second_factor_failed"]
    key.count = 1_000  # the owner's own, or a copy that guessed: nobody knows
    assert person.shows(key).status_code == 422
    shown = {one.kind: one.is_suspended for one in factors.registered(person.player.operator)}
    assert shown["webauthn"]


def test_a_suspended_key_still_has_to_be_shown(person: Person, key: Key) -> None:
    AuthenticatorState.objects.update(suspended_at="2026-01-01T00:00Z")
    person.types_password()
    assert not person.is_in(), "or suspending it would open the door"
    assert person.shows(key).status_code == 422


def test_a_key_without_a_count_is_not_suspected(cast: Cast) -> None:
    silent = Key()
    someone = with_key(cast.clerk, silent)
    for _ in range(2):
        someone.types_password()
        silent.count = -1  # so that it says 0 at each answer
        assert someone.shows(silent).status_code == 302
        someone.goes()


def test_wrong_answers_of_keys_lock_too(person: Person) -> None:
    for _ in range(policy.sign_in().failures_max):
        person.shows(Key())
    kept = Operator.objects.get(pk=person.player.operator.pk)
    assert kept.locked_until is not None


def test_a_second_tab_asks_the_same_so_that_both_work(person: Person, key: Key) -> None:
    first = options_of(person.get("entry:second_factor"))
    person.get("entry:second_factor")
    assert person.post("entry:second_factor", {"answer": key.answers(first)}).status_code == 302


def test_at_an_address_in_figures_the_page_says_where_to_go(cast: Cast, key: Key) -> None:
    someone = with_key(cast.clerk, key)
    someone.types_password()
    text = someone.client.get(
        reverse("entry:second_factor"), headers={"host": "127.0.0.1:8000"}
    ).content.decode()
    assert "http://localhost:8000" in text
    assert "data-options" not in text


def test_confirming_by_key_opens_what_a_password_opens(person: Person, key: Key) -> None:
    person.shows(key)
    person.sits_down()
    asked = options_of(person.get("entry:confirm"))
    assert person.post("entry:confirm", {"answer": key.answers(asked)}).status_code == 302
    assert person.get("entry:factors_key").status_code == 200


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    made = Maker()
    (tmp_path / "maker.pem").write_bytes(made.root_pem())
    return made


def test_a_model_of_the_list_is_registered_and_kept(
    cast: Cast, maker: Maker, tmp_path: Path
) -> None:
    listed = holding(authenticator_models=(str(MODEL),))
    with override_settings(AUTHENTICATOR_ROOTS=str(tmp_path)), listed:
        key = Key(maker)
        someone = with_key(cast.clerk, key)
        assert AuthenticatorState.objects.get(authenticator__type="webauthn").model == str(MODEL)
        someone.types_password()
        assert someone.shows(key).status_code == 302


@pytest.mark.parametrize(
    ("key_of", "named", "because"),
    [
        (lambda _: Key(), "証明で確かめられません", "it says a listed model and proves nothing"),
        (lambda _: Key(Maker()), "証明で確かめられません", "a maker of the same name is no root"),
        (lambda maker: Key(maker, model=UUID(int=7)), "登録されていません", "not listed"),
    ],
)
def test_other_models_are_refused_where_models_are_listed(
    cast: Cast,
    maker: Maker,
    tmp_path: Path,
    key_of: Callable[[Maker], Key],
    named: str,
    because: str,
) -> None:
    listed = holding(authenticator_models=(str(MODEL),))
    with override_settings(AUTHENTICATOR_ROOTS=str(tmp_path)), listed:
        someone = Person(cast.clerk).comes_in()
        response = someone.registers_key(key_of(maker))
    assert response.status_code == 422, because
    assert named in page_of(response)
    assert not Authenticator.objects.exists()


def test_a_proof_for_another_key_proves_nothing(cast: Cast, maker: Maker, tmp_path: Path) -> None:
    class Forger(Maker):
        def attest(self, model: UUID, signed: bytes) -> Mapping[str, Any]:
            return maker.attest(model, signed + b"of another key")

    listed = holding(authenticator_models=(str(MODEL),))
    with override_settings(AUTHENTICATOR_ROOTS=str(tmp_path)), listed:
        response = Person(cast.clerk).comes_in().registers_key(Key(Forger()))
    assert response.status_code == 422
    assert not Authenticator.objects.exists()


def test_a_model_that_left_the_list_lets_nobody_in(
    cast: Cast, maker: Maker, tmp_path: Path
) -> None:
    key = Key(maker)
    with override_settings(AUTHENTICATOR_ROOTS=str(tmp_path)):
        someone = with_key(cast.clerk, key)
    with holding(authenticator_models=("00000000-0000-4000-8000-000000000001",)):
        someone.types_password()
        response = someone.shows(key)
    assert response.status_code == 422
    assert "使ってよいものとして登録されていません" in page_of(response)


def test_registration_asks_for_the_makers_proof(cast: Cast) -> None:
    someone = Person(cast.clerk).comes_in()
    asked = options_of(someone.get("entry:factors_key"))["publicKey"]
    assert asked["attestation"] == "direct"
    assert asked["authenticatorSelection"]["userVerification"] == "required"


def test_a_key_is_not_offered_twice(person: Person, key: Key) -> None:
    person.shows(key)
    person.sits_down()
    person.confirms()
    asked = options_of(person.get("entry:factors_key"))["publicKey"]
    assert len(asked["excludeCredentials"]) == 1
    assert person.registers_key(key).status_code == 422


def test_an_answer_sent_twice_at_once_is_good_once_and_suspends_nothing(
    person: Person, key: Key
) -> None:
    asked = options_of(person.get("entry:second_factor"))
    typed = {"answer": key.answers(asked)}
    both = [carrying(person, typed) for _ in range(2)]  # each has read the session already
    found = [
        answering.answered(one, person.player.operator, failed="second_factor_failed", terminal="")
        for one in both
    ]
    assert [one.finding and one.finding.code for one in found] == [None, "access.answer_wrong"]
    assert AuthenticatorState.objects.get(authenticator__type="webauthn").suspended_at is None


def carrying(person: Person, typed: Mapping[str, str]) -> Request:
    """A request of this person's browser, with the session as it stands now."""
    request = cast_to(Request, RequestFactory().post(reverse("entry:second_factor"), typed))
    request.session = SessionStore(person.client.session.session_key)
    request.request_id = uuid4()
    assert answering.ANSWER in request.session
    return request


def test_the_log_does_not_name_the_key_that_somebody_used(
    cast: Cast, key: Key, caplog: pytest.LogCaptureFixture
) -> None:
    someone = with_key(cast.clerk, key)
    someone.types_password()
    assert someone.shows(key).status_code == 302
    assert [one.name for one in caplog.records if one.name.startswith("fido2")] == []
