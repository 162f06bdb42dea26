"""在席: one session a person, at one place, as long as the person may work."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import cast as cast_to
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daicho.access import clock, presences
from daicho.access.models import Engagement, Operator, Presence, Right, Trail
from people import PASSWORD, Cast
from web.conftest import SignIn
from web.desk import Desk, Opened, received
from web.pages import form_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_the_pages")]

HERE = {"origin": "http://testserver"}
HOME = "counter:home"
ComeIn = Callable[..., Client]


def home(client: Client) -> HttpResponse:
    return cast_to(HttpResponse, client.get(reverse(HOME)))


def session_of(client: Client) -> str:
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def last_event() -> tuple[str, dict[str, object]]:
    row = Trail.objects.latest("id")
    return row.event, row.detail


def presence_of(cast: Cast) -> Presence:
    return Presence.objects.get(operator=cast.clerk.operator)


def test_a_second_sign_in_ends_the_first_and_says_where_and_when(
    cast: Cast, come_in: ComeIn
) -> None:
    first = come_in(cast.clerk, Client())
    come_in(cast.clerk, Client())
    replaced = Trail.objects.filter(event="session_replaced").get()
    assert (replaced.operator_id, replaced.detail) == (cast.clerk.operator.pk, {"terminal": "C001"})
    answer = home(first)
    at = presence_of(cast).began_at.astimezone(clock.TOKYO)
    assert answer.status_code == 403
    assert f"{at.hour}時{at.minute:02}分に、「窓口1番」で" in answer.content.decode()
    assert "今日の受付" not in answer.content.decode()
    assert home(first)["Location"].startswith(reverse("entry:sign_in")), "it is told once"


def test_the_second_sign_in_goes_on(cast: Cast, come_in: ComeIn) -> None:
    first, second = come_in(cast.clerk, Client()), come_in(cast.clerk, Client())
    home(first)
    assert home(second).status_code == 200
    assert Presence.objects.filter(operator=cast.clerk.operator).count() == 1


def test_a_form_of_the_first_session_is_kept_and_not_recorded(
    desk: Opened, cast: Cast, come_in: ComeIn
) -> None:
    at = desk("moved_in")
    form = form_in(at.open())
    come_in(cast.clerk, Client())
    typed = {**form.typed, "occurred_on": "R8.11.1", "do": "check"}
    answer = at.client.post(at.address, typed, headers=HERE)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "この画面は終わりました" in text
    assert 'name="occurred_on" value="R8.11.1"' in text
    assert "もう一度送る" in text


def test_signing_in_again_next_day_replaces_nothing(cast: Cast, come_in: ComeIn) -> None:
    come_in(cast.clerk, Client())
    with clock.fixed(clock.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)):
        come_in(cast.clerk, Client())
    assert not Trail.objects.filter(event="session_replaced").exists()


def test_a_session_is_over_with_the_working_day(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    day = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Presence.objects.filter(operator=cast.clerk.operator).update(began_at=clock.now() - day)
    assert home(client)["Location"].startswith(reverse("entry:sign_in"))


def test_who_bears_a_responsibility_sits_where_he_belongs(cast: Cast, come_in: ComeIn) -> None:
    chief = cast.security_manager
    Right.objects.filter(operator=chief.operator).delete()
    assert home(come_in(chief)).status_code == 200


def test_others_are_not_touched_by_a_second_sign_in(cast: Cast, come_in: ComeIn) -> None:
    supervisor = come_in(cast.supervisor, Client())
    come_in(cast.clerk, Client())
    come_in(cast.clerk, Client())
    assert home(supervisor).status_code == 200


def test_a_forged_session_opens_nothing(cast: Cast, come_in: ComeIn) -> None:
    come_in(cast.clerk, Client())
    forger = Client()
    forger.cookies[settings.SESSION_COOKIE_NAME] = "0" * 32
    assert home(forger)["Location"].startswith(reverse("entry:sign_in"))


def test_a_session_replayed_after_sign_out_opens_nothing(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    key = session_of(client)
    client.post(reverse("entry:sign_out"))
    assert not Presence.objects.filter(operator=cast.clerk.operator).exists()
    replayed = Client()
    replayed.cookies[settings.SESSION_COOKIE_NAME] = key
    assert home(replayed)["Location"].startswith(reverse("entry:sign_in"))


def test_a_session_without_its_presence_opens_nothing(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    Presence.objects.all().delete()
    assert home(client)["Location"].startswith(reverse("entry:sign_in"))
    answer = client.post(reverse("entry:password"), {})
    assert answer.status_code == 403


def test_the_last_day_ends_the_session_and_is_trailed(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    yesterday = clock.today() - timedelta(days=1)
    Operator.objects.filter(pk=cast.clerk.operator.pk).update(until_on=yesterday)
    assert home(client)["Location"].startswith(reverse("entry:sign_in"))
    assert last_event() == ("session_ended", {"reason": "left"})
    assert not Presence.objects.filter(operator=cast.clerk.operator).exists()


def engage(cast: Cast, contract_until: date) -> None:
    Operator.objects.filter(pk=cast.clerk.operator.pk).update(kind="contractor_staff")
    Engagement.objects.create(
        operator=cast.clerk.operator,
        company="架空情報サービス",
        contract="架契第1号",
        contract_until=contract_until,
        pledged_on=date(2020, 4, 1),
        trained_until=date(9999, 1, 1),
        entered_at=clock.now(),
    )


def test_the_end_of_the_contract_ends_the_session_of_a_contractor(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    engage(cast, clock.today())
    assert home(client).status_code == 200
    engage(cast, clock.today() - timedelta(days=1))  # the newest row counts
    assert home(client).status_code == 302
    assert last_event() == ("session_ended", {"reason": "right_ended"})


def test_a_password_set_by_another_ends_the_session(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    kept = Operator.objects.get(pk=cast.clerk.operator.pk)
    kept.set_password("another-horse-battery")
    kept.save(update_fields=["password"])
    answer = home(client)
    assert answer.status_code == 403
    assert "パスワードが変わったため" in answer.content.decode()


def test_the_own_change_of_a_password_goes_on_under_a_new_key(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    before = session_of(client)
    new = "another-horse-battery"
    typed = {"present": PASSWORD, "new": new, "repeated": new}
    assert client.post(reverse("entry:password"), typed).status_code == 302
    assert session_of(client) != before
    assert home(client).status_code == 200
    assert not Trail.objects.filter(event="session_replaced").exists()


@pytest.mark.parametrize("reason", sorted(presences.REASONS - {"signed_out"}))
def test_a_session_that_another_ends_is_told_and_trailed(
    cast: Cast, come_in: ComeIn, reason: str
) -> None:
    client = come_in(cast.clerk)
    presences.end(cast.clerk.operator.pk, reason, uuid4())
    row = Trail.objects.latest("id")
    assert (row.event, row.terminal, row.detail) == ("session_ended", "C001", {"reason": reason})
    answer = home(client)
    is_silent = reason in {"left", "right_ended"}
    assert answer.status_code == (302 if is_silent else 403)
    assert home(client)["Location"].startswith(reverse("entry:sign_in"))


def test_ending_the_session_of_who_is_not_present_leaves_no_row(cast: Cast) -> None:
    count = Trail.objects.count()
    presences.end(cast.clerk.operator.pk, "left", uuid4())
    assert Trail.objects.count() == count


def test_the_moment_of_the_last_request_is_written_once_a_minute(
    cast: Cast, come_in: ComeIn
) -> None:
    start = datetime(2026, 11, 24, 1, 0, tzinfo=clock.TOKYO)
    with clock.fixed(start):
        client = come_in(cast.clerk)
    with clock.fixed(start + timedelta(seconds=59)):
        home(client)
        assert presence_of(cast).seen_at == start
    with clock.fixed(start + timedelta(seconds=60)):
        home(client)
        assert presence_of(cast).seen_at == start + timedelta(seconds=60)


def test_a_page_asks_who_is_there_in_two_statements(desk: Opened) -> None:
    at = desk("moved_in")
    at.open()
    with CaptureQueriesContext(connection) as captured:
        at.open()
    asked = [one["sql"] for one in captured.captured_queries]
    of_who = [one for one in asked if "access_" in one or "django_session" in one]
    assert len(asked) <= 3, asked  # session, presence, 受付
    assert len([one for one in of_who if "django_session" in one]) == 1
    assert len([one for one in of_who if "access_presence" in one]) == 1


def test_the_log_names_the_operator_without_asking_for_it(
    cast: Cast, come_in: ComeIn, caplog: pytest.LogCaptureFixture
) -> None:
    client = come_in(cast.clerk)
    caplog.clear()
    home(client)
    (said,) = [one.msg for one in caplog.records if one.name == "daicho.web"]
    assert f"'operator': {cast.clerk.operator.pk}" in str(said)


def test_a_reception_is_not_opened_by_a_session_that_is_over(
    family: None, cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk, Client())
    at = Desk(client, reverse("counter:change", args=[received(cast.clerk, "moved_in")]))
    come_in(cast.clerk, Client())
    answer = client.get(at.address)
    assert answer.status_code == 403
    assert "転入" not in answer.content.decode()


def test_who_signs_in_over_an_old_session_is_not_told_to(
    cast: Cast, browser: Client, come_in: ComeIn, try_sign_in: SignIn
) -> None:
    come_in(cast.clerk)
    come_in(cast.clerk, Client())
    assert browser.get(reverse("entry:sign_in")).status_code == 200
    assert try_sign_in(cast.clerk.login, cast.clerk.password).status_code == 302
