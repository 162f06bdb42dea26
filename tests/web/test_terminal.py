"""端末: an operator works at a terminal of an office where there is a right, or not at all."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, presences, terminals
from daicho.access.models import Operator, Presence, Right, Terminal, Trail
from daicho.law import packs
from people import Cast
from web.conftest import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_the_pages")]

ComeIn = Callable[..., Client]


def test_without_a_terminal_the_counter_leads_to_the_choice(
    cast: Cast, browser: Client, try_sign_in: SignIn
) -> None:
    try_sign_in(cast.clerk.login, cast.clerk.password)
    response = browser.get(reverse("counter:home"))
    assert response["Location"] == f"{reverse('entry:terminal')}?next=%2F"


def test_the_choice_is_trailed_with_the_terminal(cast: Cast, come_in: ComeIn) -> None:
    come_in(cast.clerk)
    row = Trail.objects.latest("id")
    assert (row.event, row.terminal, row.office) == ("terminal_chosen", "C001", "001")


def test_a_terminal_of_another_office_is_refused(
    cast: Cast, browser: Client, try_sign_in: SignIn
) -> None:
    try_sign_in(cast.clerk.login, cast.clerk.password)
    other = cast.clerk_of_another_office.terminal
    response = browser.post(reverse("entry:terminal"), {"terminal": other})
    assert response.status_code == 422
    assert "端末を一つ選んでください。" in response.content.decode()
    assert browser.get(reverse("counter:home")).status_code == 302


def test_a_terminal_retired_during_the_day_must_be_chosen_anew(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    Terminal.objects.filter(code=cast.clerk.terminal).update(retired_on=clock.today())
    assert client.get(reverse("counter:home"))["Location"].startswith(reverse("entry:terminal"))


def test_who_has_rights_in_two_offices_sees_which_terminal_stands_where(
    cast: Cast, browser: Client, try_sign_in: SignIn
) -> None:
    branch = cast.clerk_of_another_office.operator
    Right.objects.create(
        operator=cast.clerk.operator,
        office=branch.office,
        post="clerk",
        since=clock.today(),
        given_at=clock.now(),
    )
    try_sign_in(cast.clerk.login, cast.clerk.password)
    text = browser.get(reverse("entry:terminal")).content.decode()
    assert "東行政センター・東" in text
    assert "今いる端末(市民課)" not in text
    browser.post(reverse("entry:terminal"), {"terminal": "B101"})
    home = browser.get(reverse("counter:home")).content.decode()
    assert "<dd>東行政センター</dd>" in home


def test_the_browser_remembers_its_terminal(
    cast: Cast, come_in: ComeIn, try_sign_in: SignIn
) -> None:
    client = come_in(cast.clerk)
    client.post(reverse("entry:sign_out"))
    try_sign_in(cast.clerk.login, cast.clerk.password)
    text = client.get(reverse("entry:terminal")).content.decode()
    assert 'value="C001" required checked' in text
    assert 'value="C002" required checked' not in text


# -- Where the policy admits registered terminals only ---------------------------------------------


@pytest.fixture
def registered_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack of the trial, but for this one rule."""
    trial = packs.PACKS[packs.TRIAL]
    sign_in = replace(trial.sign_in, registered_terminals_only=True)
    own = {**packs.PACKS, "offices": replace(trial, code="offices", sign_in=sign_in)}
    monkeypatch.setattr(packs, "PACKS", own)
    monkeypatch.setattr(settings, "POLICY_PACK", "offices")


def register(client: Client, code: str) -> HttpResponse:
    """A browser becomes that of the terminal with this code."""
    typed = terminals.issue_code(None, code)
    found: HttpResponse = client.post(reverse("entry:register_terminal"), {"code": typed})  # type: ignore[assignment]  # of the test client
    return found


@pytest.fixture
def at_c001(cast: Cast, browser: Client, try_sign_in: SignIn, registered_only: None) -> Client:
    """The clerk, signed in at the registered browser of C001."""
    register(browser, "C001")
    assert try_sign_in(cast.clerk.login, cast.clerk.password).status_code == 302
    assert browser.get(reverse("counter:home"), follow=True).status_code == 200
    return browser


def test_an_unknown_browser_is_refused_before_the_password_is_looked_at(
    cast: Cast, browser: Client, try_sign_in: SignIn, registered_only: None
) -> None:
    right = try_sign_in(cast.clerk.login, cast.clerk.password)
    wrong = try_sign_in(cast.clerk.login, "wrong-wrong-wrong")
    assert (right.status_code, wrong.status_code) == (403, 403)
    assert "端末として登録されていません" in right.content.decode()
    assert reverse("entry:register_terminal") in right.content.decode()
    assert browser.get(reverse("counter:home")).status_code == 403
    tried = Trail.objects.filter(event__startswith="sign_in")
    assert not tried.exists(), "nothing was tried"
    assert not Operator.objects.filter(login=cast.clerk.login, failures__gt=0).exists()


def test_at_a_registered_terminal_nothing_is_chosen(at_c001: Client) -> None:
    row = Trail.objects.latest("id")
    assert (row.event, row.terminal, row.office) == ("terminal_chosen", "C001", "001")
    text = at_c001.get(reverse("counter:home")).content.decode()
    assert "窓口1番" in text
    assert "端末の変更" not in text


def test_the_browser_keeps_a_key_and_we_its_digest(cast: Cast, browser: Client) -> None:
    answer = register(browser, "C001")
    cookie = answer.cookies["daicho_terminal_key"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert int(cookie["max-age"]) == 400 * 24 * 60 * 60
    kept = Terminal.objects.get(code="C001")
    assert kept.key_digest is not None
    assert bytes(kept.key_digest) == terminals.digest(cookie.value)
    assert cookie.value not in str(Terminal.objects.values()) + str(list(Trail.objects.values()))
    assert (kept.code_digest, kept.code_until) == (None, None)


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}　"]
)
def test_a_code_is_read_as_people_type_it(
    cast: Cast, browser: Client, typed: Callable[[str], str]
) -> None:
    code = terminals.issue_code(None, "C001")
    answer = browser.post(reverse("entry:register_terminal"), {"code": typed(code)})
    assert answer.status_code == 302


def test_a_code_works_once_and_a_quarter_of_an_hour_only(cast: Cast, browser: Client) -> None:
    at = reverse("entry:register_terminal")
    used, old = terminals.issue_code(None, "C001"), terminals.issue_code(None, "C002")
    assert browser.post(at, {"code": used}).status_code == 302
    assert browser.post(at, {"code": used}).status_code == 422
    with clock.fixed(clock.now() + timedelta(minutes=terminals.CODE_MINUTES, seconds=1)):
        answer = browser.post(at, {"code": old})
    assert answer.status_code == 422
    assert "登録番号が違うか、15分の期限を過ぎています。" in answer.content.decode()
    assert Trail.objects.latest("id").event == "terminal_not_registered"
    assert used not in str(list(Trail.objects.values()))


def test_a_newer_code_takes_the_place_of_the_older(cast: Cast, browser: Client) -> None:
    first, second = (terminals.issue_code(None, "C001") for _ in range(2))
    at = reverse("entry:register_terminal")
    assert browser.post(at, {"code": first}).status_code == 422
    assert browser.post(at, {"code": second}).status_code == 302


def test_a_retired_terminal_is_not_registered(cast: Cast, browser: Client) -> None:
    code = terminals.issue_code(None, "C001")
    Terminal.objects.filter(code="C001").update(retired_on=clock.today())
    assert browser.post(reverse("entry:register_terminal"), {"code": code}).status_code == 422
    with pytest.raises(terminals.NoSuchTerminal):
        terminals.issue_code(None, "C001")


def test_the_first_terminal_is_registered_from_the_server(
    cast: Cast, browser: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("terminal", "C001")
    (code,) = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", capsys.readouterr().out)
    assert browser.post(reverse("entry:register_terminal"), {"code": code}).status_code == 302
    assert terminals.of_browser(browser.cookies["daicho_terminal_key"].value) is not None
    call_command("terminal", "C001", "--forget")
    assert terminals.of_browser(browser.cookies["daicho_terminal_key"].value) is None
    with pytest.raises(CommandError, match="C999"):
        call_command("terminal", "C999")
    said = Trail.objects.filter(event__in=("terminal_code_issued", "terminal_forgotten"))
    assert {(one.job, one.operator_id) for one in said} == {("operators", None)}


def test_who_gave_the_code_stands_in_the_trail(cast: Cast) -> None:
    terminals.issue_code(cast.administrator.acting(), "C001")
    row = Trail.objects.latest("id")
    assert (row.event, row.operator_id) == ("terminal_code_issued", cast.administrator.operator.pk)
    assert row.detail == {"terminal": "C001"}


def test_a_stolen_session_ends_in_another_browser(at_c001: Client, cast: Cast) -> None:
    thief = Client()
    name = settings.SESSION_COOKIE_NAME
    thief.cookies[name] = at_c001.cookies[name].value
    thief.cookies["daicho_terminal_key"] = "guessed"
    answer = thief.get(reverse("counter:home"))
    assert answer.status_code == 403
    assert "窓口 花" not in answer.content.decode()
    row = Trail.objects.latest("id")
    assert (row.event, row.detail) == ("session_ended", {"reason": "terminal_changed"})
    assert row.operator_id == cast.clerk.operator.pk
    assert at_c001.get(reverse("counter:home")).status_code != 200, "it is over for both"


def test_a_session_stolen_before_a_terminal_is_taken_opens_nothing_either(
    cast: Cast, browser: Client, try_sign_in: SignIn, registered_only: None
) -> None:
    register(browser, "C001")
    try_sign_in(cast.clerk.login, cast.clerk.password)
    thief = Client()
    name = settings.SESSION_COOKIE_NAME
    thief.cookies[name] = browser.cookies[name].value
    for address in (reverse("counter:home"), reverse("entry:terminal"), reverse("entry:factors")):
        assert thief.get(address).status_code == 403


def test_a_session_does_not_move_to_another_registered_terminal(
    at_c001: Client, cast: Cast
) -> None:
    elsewhere = Client()
    register(elsewhere, "C002")
    name = settings.SESSION_COOKIE_NAME
    elsewhere.cookies[name] = at_c001.cookies[name].value
    assert elsewhere.get(reverse("counter:home")).status_code == 403
    assert Trail.objects.latest("id").detail == {"reason": "terminal_changed"}


@pytest.mark.parametrize("lost", ["forgotten", "registered elsewhere", "retired"])
def test_a_terminal_that_is_registered_no_more_is_out_at_once(
    at_c001: Client, cast: Cast, lost: str
) -> None:
    if lost == "forgotten":
        terminals.forget(cast.administrator.acting(), "C001")
    elif lost == "retired":
        Terminal.objects.filter(code="C001").update(retired_on=clock.today())
    else:
        register(Client(), "C001")
    answer = at_c001.get(reverse("counter:home"), follow=True)
    assert answer.status_code == 403
    assert "今日の受付" not in answer.content.decode()


def test_without_a_right_in_the_office_of_the_terminal_nobody_works_there(
    cast: Cast, browser: Client, try_sign_in: SignIn, registered_only: None
) -> None:
    register(browser, cast.clerk_of_another_office.terminal)
    try_sign_in(cast.clerk.login, cast.clerk.password)
    answer = browser.get(reverse("counter:home"), follow=True)
    assert answer.status_code == 403
    assert "この端末の所属での操作権限が、今日はありません" in answer.content.decode()
    assert browser.get(reverse("counter:home")).status_code == 302


def test_zone_and_factors_stand_with_the_actor(at_c001: Client, cast: Cast) -> None:
    Terminal.objects.filter(code="C001").update(zone="my_number")
    key = at_c001.cookies[settings.SESSION_COOKIE_NAME].value
    browser_key = at_c001.cookies["daicho_terminal_key"].value
    found = presences.current(cast.clerk.operator.pk, key, browser_key, uuid4())
    assert isinstance(found, presences.Present)
    assert found.actor is not None
    assert (found.actor.zone, found.actor.factors) == (
        "my_number",
        frozenset({"password"}),
    )
    assert found.actor.posts == {"clerk"}


def test_a_session_that_has_no_seat_yet_is_not_taken_at_another_terminal(
    cast: Cast, browser: Client, try_sign_in: SignIn, registered_only: None
) -> None:
    register(browser, "C001")
    try_sign_in(cast.clerk.login, cast.clerk.password)
    thief = Client()
    register(thief, "C002")
    name = settings.SESSION_COOKIE_NAME
    thief.cookies[name] = browser.cookies[name].value
    answer = thief.get(reverse("entry:terminal"))
    assert answer.status_code == 403
    assert "この端末のサインインではありません" in answer.content.decode()
    assert Trail.objects.latest("id").detail == {"reason": "terminal_changed"}


def test_a_session_at_a_retired_terminal_does_not_move_to_another(
    at_c001: Client, cast: Cast
) -> None:
    Terminal.objects.filter(code="C001").update(retired_on=clock.today())
    elsewhere = Client()
    register(elsewhere, "C002")
    name = settings.SESSION_COOKIE_NAME
    elsewhere.cookies[name] = at_c001.cookies[name].value
    assert elsewhere.get(reverse("entry:terminal")).status_code == 403
    assert not Presence.objects.filter(operator=cast.clerk.operator).exists()
    assert Trail.objects.latest("id").detail == {"reason": "terminal_changed"}


def test_a_seat_is_trailed_once(at_c001: Client) -> None:
    at_c001.get(reverse("entry:terminal"))
    at_c001.get(reverse("counter:home"))
    assert Trail.objects.filter(event="terminal_chosen").count() == 1


# -- What is refused is trailed --------------------------------------------------------------------


def test_a_try_to_sign_in_from_an_unknown_browser_is_trailed(
    cast: Cast, browser: Client, try_sign_in: SignIn, registered_only: None
) -> None:
    browser.get(reverse("entry:sign_in"))
    refused = Trail.objects.filter(event="terminal_refused")
    assert not refused.exists(), "looking at the page is no try"
    try_sign_in(cast.clerk.login, cast.clerk.password)
    row = refused.get()
    assert (row.operator_id, row.terminal, row.detail) == (None, "", {})


def test_the_refused_choice_of_a_terminal_is_trailed_with_its_code(
    cast: Cast, browser: Client, try_sign_in: SignIn
) -> None:
    try_sign_in(cast.clerk.login, cast.clerk.password)
    for typed in ("B101", "no such terminal"):
        browser.post(reverse("entry:terminal"), {"terminal": typed})
    row = Trail.objects.get(event="terminal_refused")
    assert (row.operator_id, row.detail) == (cast.clerk.operator.pk, {"terminal": "B101"})


def test_a_registered_terminal_without_a_right_is_trailed(
    cast: Cast, browser: Client, try_sign_in: SignIn, registered_only: None
) -> None:
    register(browser, "B101")
    try_sign_in(cast.clerk.login, cast.clerk.password)
    assert browser.get(reverse("entry:terminal")).status_code == 403
    row = Trail.objects.get(event="terminal_refused")
    assert (row.operator_id, row.detail) == (cast.clerk.operator.pk, {"terminal": "B101"})
    assert not Trail.objects.filter(event="terminal_chosen").exists()


# -- By a link of another site ---------------------------------------------------------------------

FROM_ANOTHER_SITE = {"sec-fetch-site": "cross-site"}


def test_a_link_of_another_site_opens_the_page_by_our_own_request(
    cast: Cast, registered_only: None
) -> None:
    address = "/?told=recorded&x=%22%3E"
    without_cookies = Client().get(address, headers=FROM_ANOTHER_SITE)
    text = without_cookies.content.decode()
    assert without_cookies.status_code == 200
    assert 'content="0; url=/?told=recorded&amp;x=%22%3E"' in text
    assert "端末として登録されていません" not in text


def test_it_is_asked_once_more_and_not_for_ever(cast: Cast, registered_only: None) -> None:
    own = Client().get("/", headers={"sec-fetch-site": "same-origin"})
    assert own.status_code == 403
    assert "端末として登録されていません" in own.content.decode()


def test_what_another_site_sends_is_refused_as_ever(cast: Cast, registered_only: None) -> None:
    typed = {"login": cast.clerk.login, "password": cast.clerk.password}
    answer = Client().post(reverse("entry:sign_in"), typed, headers=FROM_ANOTHER_SITE)
    assert answer.status_code == 403


def test_with_our_cookies_nothing_is_asked_again(at_c001: Client) -> None:
    assert "今日の受付" in at_c001.get("/", headers=FROM_ANOTHER_SITE).content.decode()
