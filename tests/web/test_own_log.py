"""本人への利用記録の提示: a person sees the own record's uses, and nobody else's; and asks why."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from daicho.access import clock, trail
from daicho.access.models import EmergencyUse, OwnLogAnswer, OwnLogQuestion, Trail
from daicho.access.own_log import cards, queries
from daicho.access.own_log import questions as book
from daicho.access.permits import Permit, permit, system_permit
from people import Cast
from web import own_cards
from web.desk import HANAKO, TARO, received, who
from web.own_cards import SIGN_IN, Card, looks_at, page, trailed
from web.routes import arguments, routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_live_here")]

ComeIn = Callable[..., Client]
LANGUAGES = ("plain", "easy", "english")


@pytest.fixture(autouse=True)
def switched_on(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_cards.switched_on(settings, tmp_path, monkeypatch)


@pytest.fixture
def card(tmp_path: Path) -> Card:
    """花子's."""
    return own_cards.made(tmp_path, who(HANAKO))


def own(today: Permit | None = None) -> queries.OwnLog:
    """花子's own log, as it is decided by."""
    given = today or system_permit("own_log", clock.today(), uuid4())
    return queries.looks(given, who(HANAKO), given.on - timedelta(days=30), given.on)


# -- The list --------------------------------------------------------------------------------------


def test_a_person_sees_the_own_uses_in_three_languages_and_nobody_elses(
    cast: Cast, card: Card
) -> None:
    looks_at(cast.clerk, who(HANAKO))
    looks_at(cast.clerk_of_another_division, who(TARO), "inquiry.national_health_insurance")
    client = own_cards.come_in(card)
    for language, said, not_said in (
        ("plain", "住所などの変更の手続に備えた確認のため、記録を開きました。", "国民健康保険"),
        ("easy", "手続(てつづ)きの ための 確認(かくにん)の ために", "健康保険"),
        ("english", "checking for a change of residence", "Health Insurance"),
    ):
        own_cards.speak(client, language)
        text = page(client)
        assert said in text, language
        assert not_said not in text, language
        assert "市民課" in text
        assert cast.clerk.operator.name not in text, "the office is named, the operator never"


def test_each_showing_is_trailed_and_does_not_bury_the_list(card: Card) -> None:
    client = own_cards.come_in(card)
    page(client)
    row = Trail.objects.filter(event="own_log_shown").latest("id")
    assert (row.job, row.operator_id, row.subject_count) == ("own_log", None, 1)
    text = page(client)
    assert "カードでこの一覧に入りました" in text, "by whomever it was"
    assert "この一覧を表示しました" not in text
    assert row.pk in {one.id for one in own().shown}, "a disclosure tells that too"


def test_what_is_held_back_is_absent_in_every_language(cast: Cast, card: Card) -> None:
    clerk = cast.clerk
    trailed(clerk, "look", "protection.flag")
    trailed(cast.auditor, "trail_shown", "audit.trail")
    trailed(clerk, "look", "emergency.life")
    looks_at(cast.supervisor, who(HANAKO), "certificate.copy")
    trailed(cast.supervisor, "issue_refused", "certificate.copy", finding="brra12.x")
    trailed(clerk, "issue", "certificate.copy", detail={"capacity": "official"})
    reasons = {one.reason for one in own().held_back}
    assert reasons == {
        *("protection", "investigation", "emergency"),
        *("refused_request", "official_request"),
    }
    client = own_cards.come_in(card)
    for language in LANGUAGES:
        own_cards.speak(client, language)
        text = page(client)
        of_measures = ("措置", "まもる", "protect", "監査", "audit", "たしかめる")
        for word in (*of_measures, "緊急", "急(いそ)ぎ"):
            assert word not in text, (language, word)
        for word in ("証明書", "certificate", "拒", "公用", "refused", "住民票の写し"):
            assert word not in text, (language, word)


def test_a_refusal_hides_the_looks_of_the_same_work_alone(cast: Cast) -> None:
    before = looks_at(cast.supervisor, who(HANAKO), "certificate.copy")
    other = looks_at(cast.supervisor, who(HANAKO), "inquiry.change")
    colleague = looks_at(cast.clerk, who(HANAKO), "certificate.copy")
    trailed(cast.supervisor, "issue_refused", "certificate.copy", finding="brra12.x")
    trailed(cast.clerk, "refused", "change.moved_within", finding="std4-0-3.in_future")
    shown = {one.id for one in own().shown}
    assert {other, colleague} <= shown
    assert before not in shown, "it was done for what was refused"


def test_an_emergency_is_shown_once_it_was_reviewed(cast: Cast) -> None:
    now, clerk = clock.now(), cast.clerk
    use = EmergencyUse.objects.create(
        operator=clerk.operator,
        office=clerk.operator.office,
        purpose="emergency.life",
        reason="所在を確かめる",
        asked_at=now,
        is_granted=True,
        decided_at=now,
        until_at=now,
    )
    with transaction.atomic():
        said: dict[str, int | str] = {"use": use.pk, "what": "granted"}
        trail.write("emergency_changed", request_id=uuid4(), detail=said)
    row = trailed(clerk, "look", "emergency.life")
    assert [one.look.id for one in own().held_back] == [row]
    EmergencyUse.objects.filter(pk=use.pk).update(reviewed_at=now)
    assert row in {one.id for one in own().shown}


def test_a_third_partys_paper_says_so_and_not_whose(cast: Cast, card: Card) -> None:
    trailed(cast.clerk, "issue", "certificate.copy", detail={"capacity": "third_party"})
    text = page(own_cards.come_in(card))
    assert "第三者からの請求です。だれの請求かは、ここでは示しません。" in text


# -- Who comes in ----------------------------------------------------------------------------------


def _unlike(text: str) -> str:
    """A page without what is anew each time."""
    return re.sub(r'(value|data-message)="[^"]*"', "*", text)


def _forged(card: Card, data: Path) -> Card:
    """The same certificate, and a key that is not its own."""
    return replace(card, key=own_cards.made(data, who(TARO)).key)


def _of_another_authority(card: Card, data: Path) -> Card:
    return own_cards.made(data / "elsewhere", who(HANAKO))


def _expired(card: Card, data: Path) -> Card:
    return own_cards.made(data, who(HANAKO), days=0)


def _revoked(card: Card, data: Path) -> Card:
    cards.revoke(system_permit("own_log", clock.today(), uuid4()), card.serial, "lost")
    return card


@pytest.mark.parametrize("wrong", [_forged, _of_another_authority, _expired, _revoked])
def test_a_card_that_is_not_right_is_refused_like_any_other(
    card: Card, tmp_path: Path, wrong: Callable[[Card, Path], Card]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    nothing = own_cards.shown(Client(), card, certificate="", signature="")
    answer = own_cards.shown(Client(), wrong(card, tmp_path))
    assert (answer.status_code, nothing.status_code) == (422, 422)
    assert _unlike(answer.content.decode()) == _unlike(nothing.content.decode())
    assert Trail.objects.latest("id").event == "resident_sign_in_failed"


def test_an_answer_is_good_once_for_its_own_session_and_for_a_short_time(card: Card) -> None:
    client, other = Client(), Client()
    typed = card.answers(own_cards.asked(client))
    assert other.post(SIGN_IN, typed).status_code == 422, "asked of another session"
    assert client.post(SIGN_IN, typed).status_code == 422, "taken away by whoever answers"
    typed = card.answers(own_cards.asked(client))
    with clock.fixed(clock.now() + timedelta(minutes=3)):
        assert client.post(SIGN_IN, typed).status_code == 422
    own_cards.come_in(card, client)
    assert client.post(SIGN_IN, typed).status_code == 422


def test_a_certificate_that_signs_texts_proves_nobody(card: Card, tmp_path: Path) -> None:
    # the authority's own: neither an end nor for users
    pem = (tmp_path / "published" / "resident_ca.pem").read_text("ascii")
    authority = "".join(pem.splitlines()[1:-1])
    assert own_cards.shown(Client(), card, certificate=authority).status_code == 422


def test_five_wrong_answers_in_a_row_stop_a_card(card: Card) -> None:
    for _ in range(4):
        assert own_cards.shown(Client(), card, signature="").status_code == 422
    own_cards.come_in(card)  # a right one in between begins the count anew
    for _ in range(5):
        assert own_cards.shown(Client(), card, signature="").status_code == 422
    assert own_cards.shown(Client(), card).status_code == 422, "stopped, though it is right"


def test_it_ends_after_ten_minutes_and_by_hand(card: Card) -> None:
    client = own_cards.come_in(card)
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        assert client.get("/my/")["Location"] == f"{SIGN_IN}?told=ended"
    client = own_cards.come_in(card)
    client.post("/my/sign-out")
    assert client.get("/my/")["Location"] == SIGN_IN


def test_a_card_that_is_stopped_ends_what_was_begun_with_it(card: Card) -> None:
    client = own_cards.come_in(card)
    _revoked(card, Path())
    assert client.get("/my/")["Location"] == f"{SIGN_IN}?told=ended"
    assert client.get("/my/questions")["Location"] == SIGN_IN


def test_off_by_default_there_is_nothing(settings: LazySettings) -> None:
    settings.EXTENSIONS = ""
    for address in ("/my/", SIGN_IN, "/my/questions", "/my/ask/1"):
        assert Client().get(address).status_code == 404, address


VALUES = {
    "<slug:work>": "change",
    "<slug:slug>": "give",
    "<str:code>": "C001",
}


def _addresses(*, mine: bool) -> Iterator[str]:
    for route in routes():
        if route.startswith("my/") == mine:
            address = route
            for name in arguments(route):
                value = str(uuid4()) if name.startswith("<uuid") else "1"
                address = address.replace(name, VALUES.get(name, value))
            yield f"/{address}"


def test_a_resident_reaches_no_address_of_an_operator(card: Card) -> None:
    client = own_cards.come_in(card)
    machines = {"/healthz", "/readyz"}
    open_to_all = {"/sign-in", "/terminal/register", "/directory/back", "/directory"}
    for address in set(_addresses(mine=False)) - machines - open_to_all:
        answer = client.get(address)
        led = answer.get("Location", "").startswith(reverse("entry:sign_in"))
        assert led or answer.status_code in (403, 404, 405), (address, answer.status_code)
        assert client.post(address).status_code in (302, 403, 404, 405), address
    assert page(client), "and is still in"


def test_an_operator_does_not_come_in_here(cast: Cast, card: Card, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    for address in _addresses(mine=True):
        for ask in (client.get, client.post):
            assert ask(address).status_code in (403, 405), address
    assert client.post(SIGN_IN, {}).status_code == 403


def test_who_was_in_as_a_resident_is_so_no_more_as_an_operator(
    cast: Cast, card: Card, come_in: ComeIn
) -> None:
    client = own_cards.come_in(card)
    come_in(cast.clerk, client)
    assert client.get("/my/").status_code == 403


# -- Why? ------------------------------------------------------------------------------------------


def ask(client: Client, row: int, text: str = "なぜ見たのですか。", **more: str) -> int:
    answer = client.post(f"/my/ask/{row}", {"text": text, "request_id": str(uuid4()), **more})
    return answer.status_code


def answered(
    client: Client, question: OwnLogQuestion, text: str = "転居の相談がありました。"
) -> int:
    address = reverse("counter:question", args=[question.pk])
    return client.post(address, {"text": text, "request_id": str(uuid4())}).status_code


def test_a_question_goes_to_the_office_and_its_answer_back(
    cast: Cast, card: Card, come_in: ComeIn
) -> None:
    row = looks_at(cast.clerk, who(HANAKO))
    resident = own_cards.come_in(card)
    assert ask(resident, row) == 302
    question = OwnLogQuestion.objects.get()
    assert "なぜ見たのですか。" in page(resident, "/my/questions")
    looker, colleague = come_in(cast.clerk, Client()), come_in(cast.supervisor, Client())
    assert "答えていない利用の理由の質問が1件あります" in page(colleague, "/")
    page(colleague, reverse("counter:questions"))
    assert "答えるために開きました" not in page(resident), "a list of the office names nobody"
    assert answered(looker, question) == 422, "nobody answers for himself"
    for text in ("", "\x00", "１２３４５６７８９０１８"):
        assert answered(colleague, question, text) == 422
    assert answered(colleague, question) == 302
    assert "答えるために開きました" in page(resident)
    assert answered(colleague, question, "もう一度。") == 422, "once"
    assert "転居の相談がありました。" in page(resident, "/my/questions")
    assert cast.supervisor.operator.name not in page(resident, "/my/questions")
    assert OwnLogAnswer.objects.get().by_id == cast.supervisor.operator.pk
    texts = " ".join(str(one) for one in Trail.objects.values_list("detail", flat=True))
    assert "なぜ" not in texts
    assert "転居の相談" not in texts


def test_one_asks_once_and_only_about_what_one_is_shown(cast: Cast, card: Card) -> None:
    row, others = looks_at(cast.clerk, who(HANAKO)), looks_at(cast.clerk, who(TARO))
    held = trailed(cast.clerk, "look", "protection.flag")
    client, number = own_cards.come_in(card), str(uuid4())
    assert ask(client, row, request_id=number) == 302
    assert ask(client, row, request_id=number) == 302, "the same press again"
    assert ask(client, row) == 422
    again = looks_at(cast.clerk, who(HANAKO))
    assert ask(client, again, request_id=number) == 422, "nothing is said to be sent that was not"
    refusals = [
        _unlike(client.post(f"/my/ask/{one}", {"text": "？"}).content.decode())
        for one in (others, held, 987_654_321)
    ]
    assert refusals[0] == refusals[1] == refusals[2], "that there is a row is not told"
    assert OwnLogQuestion.objects.count() == 1
    assert ask(client, again, "あ" * 401) == 422
    assert ask(client, again, "番号は1234-5678-9018です") == 422, "no number outside the vault"
    assert ask(client, again, "\x00") == 422


def test_another_office_does_not_see_it_and_after_its_day_it_stands_out(
    cast: Cast, card: Card, come_in: ComeIn
) -> None:
    row = looks_at(cast.clerk, who(HANAKO))
    assert ask(own_cards.come_in(card), row) == 302
    question = OwnLogQuestion.objects.get()
    elsewhere = come_in(cast.clerk_of_another_office, Client())
    assert elsewhere.get(reverse("counter:question", args=[question.pk])).status_code == 404
    assert "答える質問はありません" in page(elsewhere, reverse("counter:questions"))
    for days, is_overdue in ((14, False), (15, True)):
        with clock.fixed(clock.now() + timedelta(days=days)):
            answering = permit(cast.supervisor.acting(), "own_log.answer", clock.today())
            ((one,), _) = book.of_office(answering)
            assert one.is_overdue == is_overdue
            assert book.open_count(answering) == (1, int(is_overdue))
    with clock.fixed(clock.now() + timedelta(days=15)):
        client = come_in(cast.supervisor, Client())
        assert "期限を過ぎています" in page(client, reverse("counter:questions"))


# -- The card of a made-up town --------------------------------------------------------------------


def test_a_test_card_is_made_in_a_made_up_town_alone(cast: Cast, tmp_path: Path) -> None:
    said = StringIO()
    call_command("test_card", record=who(HANAKO), pin="1234", stdout=said)
    (file,) = (tmp_path / "cards").iterdir()
    assert str(file) in said.getvalue()
    assert "PRIVATE" not in file.read_text("ascii")
    call_command("test_card", revoke=file.stem)
    with pytest.raises(CommandError, match="住民はいません"):
        call_command("test_card", record=uuid4())
    cast.clerk.operator.__class__.objects.update(is_demo=False)
    with pytest.raises(CommandError, match="架空の町でだけ"):
        call_command("test_card", record=who(HANAKO))


# -- At the counter --------------------------------------------------------------------------------


def test_the_clerk_shows_it_to_the_person_who_stands_there_and_to_nobody_else(
    cast: Cast, come_in: ComeIn
) -> None:
    looks_at(cast.supervisor, who(HANAKO))
    client = come_in(cast.clerk)
    reception_id = received(cast.clerk, "moved_within")  # 架空 花子 with her card
    hers = reverse("counter:own_log", args=[reception_id, who(HANAKO)])
    his = reverse("counter:own_log", args=[reception_id, who(TARO)])
    person = reverse("counter:person", args=[str(reception_id), who(HANAKO)])
    assert hers in page(client, person)
    assert "checking for a change of residence" in page(client, f"{hers}?language=english")
    refused = client.get(his)
    assert refused.status_code == 403
    assert "本人が来て" in refused.content.decode()
    elsewhere = come_in(cast.clerk_of_another_office, Client())
    assert elsewhere.get(hers).status_code == 404
