"""緊急の利用: one asks, a second person grants for an hour, and what is looked at stands there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, staff
from daicho.access.emergencies import proofs
from daicho.access.models import EmergencyUse, Operator, Trail
from people import LONG_AGO, PASSWORD, Cast, Player
from web.emergencies import (
    LIFE,
    LOOK,
    REASON,
    asked,
    decided,
    get,
    goes_by,
    newest,
    post,
    says,
    steps,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
ComeIn = Callable[..., Client]


@pytest.fixture
def on_the_day() -> Iterator[None]:
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def clerk(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.clerk)


@pytest.fixture
def supervisor(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.supervisor, Client())


@pytest.fixture
def supervisor_elsewhere(cast: Cast, come_in: ComeIn) -> Client:
    """審査・決裁担当 of the branch, who knows nothing of what goes on here."""
    staff.ensure_operator(
        login="shisho",
        name="支所 審",
        office="101",
        post="supervisor",
        password=PASSWORD,
        is_demo=True,
        since=LONG_AGO,
    )
    return come_in(Player(Operator.objects.get(login="shisho"), "B101"), Client())


def looks(client: Client) -> HttpResponse:
    name, args = LOOK
    response = client.get(reverse(name, args=args))
    assert isinstance(response, HttpResponse)
    return response


# -- Asking ----------------------------------------------------------------------------------------


def test_who_asks_says_why_and_sees_nothing_yet(cast: Cast, clerk: Client) -> None:
    use = asked(clerk)
    assert (use.operator, use.office.code, use.terminal) == (cast.clerk.operator, "001", "C001")
    assert (use.purpose, use.reason, use.decided_at) == ("emergency.life", REASON, None)
    page = says(get(clerk, "emergency", use.pk))
    assert "許可待ち" in page
    assert "残り30分" in page
    assert cast.clerk.acting().granted == frozenset()
    assert looks(clerk).status_code == 403
    assert steps().what == ["asked"]


def test_a_step_is_trailed_with_codes_and_without_the_reason(clerk: Client) -> None:
    use = asked(clerk)
    row = Trail.objects.filter(event="emergency_changed").latest("id")
    assert (row.purpose, row.door) == ("emergency.ask", "emergencies.asked")
    assert row.detail == {
        "use": use.pk,
        "purpose": "emergency.life",
        "what": "asked",
        "until": "",
        "digest": proofs.digest(use, "asked"),
    }
    assert REASON not in str(row.detail)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": ""}, "理由を入力してください。"),
        ({"purpose": ""}, "事務を選んでください。"),
        ({"purpose": "inquiry.change"}, "事務を選んでください。"),
        ({"reason": "あ" * 201}, "200文字以内"),
        ({"reason": "番号は1234-5678-9018"}, "access.number_in_reason"),
        ({"reason": "コード24727059608の人"}, "access.number_in_reason"),
    ],
)
def test_what_cannot_be_asked_is_told_and_kept_nowhere(
    clerk: Client, typed: dict[str, str], told: str
) -> None:
    response = post(clerk, "ask_emergency", **{**LIFE, **typed})
    assert response.status_code == 422
    assert told in says(response)
    assert not EmergencyUse.objects.exists()
    if told.startswith("access."):
        assert steps().refused == [told]


def test_a_second_one_is_not_asked_for_while_one_is_open(clerk: Client) -> None:
    first = asked(clerk)
    response = post(clerk, "ask_emergency", **{**LIFE, "purpose": "emergency.disaster"})
    assert "access.emergency_open" in says(response)
    assert post(clerk, "end_emergency", first.pk).status_code == 302
    assert asked(clerk).pk > first.pk
    assert steps().what == ["asked", "withdrawn", "asked"]


def test_sent_twice_it_is_asked_for_once(clerk: Client) -> None:
    number = str(uuid4())
    there = [
        post(clerk, "ask_emergency", **LIFE, request_id=number).headers["Location"]
        for _ in range(2)
    ]
    assert there == [reverse("console:emergency", args=[newest().pk])] * 2
    assert EmergencyUse.objects.count() == 1
    assert steps().what == ["asked"]


@pytest.mark.parametrize("who", ["auditor", "system_operator", "administrator", "contractor"])
def test_who_does_not_look_for_residents_asks_for_no_emergency(
    cast: Cast, come_in: ComeIn, who: str
) -> None:
    client = come_in(getattr(cast, who))
    assert post(client, "ask_emergency", **LIFE).status_code == 403
    assert not EmergencyUse.objects.exists()


# -- Deciding --------------------------------------------------------------------------------------


def test_granted_by_a_second_person_it_holds_for_an_hour(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    use = asked(clerk)
    assert REASON in says(get(supervisor, "emergency", use.pk))
    assert decided(supervisor, use).status_code == 302
    use.refresh_from_db()
    assert (use.decided_by, use.until_at) == (
        cast.supervisor.operator,
        clock.now() + timedelta(hours=1),
    )
    assert cast.clerk.acting().granted == {"emergency.life"}
    assert "審査 太郎が12:00に決めました。13:00まで利用できます。" in says(
        get(clerk, "emergency", use.pk)
    )
    assert looks(clerk).status_code == 200
    goes_by(use, minutes=59, seconds=59)
    assert looks(clerk).status_code == 200


def test_while_it_holds_every_page_says_so_and_can_end_it(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    use = asked(clerk)
    decided(supervisor, use)
    home = clerk.get(reverse("counter:home")).content.decode()
    assert "緊急の利用中: 緊急の照会（生命・身体・財産）" in home
    assert "残り60分(13:00まで)" in home
    assert reverse("console:end_emergency", args=[use.pk]) in home
    assert "緊急の利用中" not in supervisor.get(reverse("counter:home")).content.decode()
    assert post(clerk, "end_emergency", use.pk).status_code == 302
    assert "緊急の利用中" not in clerk.get(reverse("counter:home")).content.decode()
    assert cast.clerk.acting().granted == frozenset()


@pytest.mark.parametrize("by", ["time", "hand"])
def test_after_its_end_a_look_is_refused_and_trailed_with_its_line(
    clerk: Client, supervisor: Client, by: str
) -> None:
    use = asked(clerk)
    decided(supervisor, use)
    if by == "time":
        goes_by(use, hours=1)
    else:
        post(clerk, "end_emergency", use.pk)
    response = looks(clerk)
    assert response.status_code == 403
    assert "許可を受けている間だけ" in says(response)
    row = Trail.objects.latest("id")
    assert (row.event, row.finding) == ("not_permitted", "access.emergency_not_granted")
    assert row.purpose == "emergency.life"
    assert row.detail == {"line": "purposes:emergency.life@2023-04-01"}


def test_a_denial_opens_nothing_and_stays(cast: Cast, clerk: Client, supervisor: Client) -> None:
    use = asked(clerk)
    assert decided(supervisor, use, "deny").status_code == 302
    assert cast.clerk.acting().granted == frozenset()
    assert looks(clerk).status_code == 403
    assert "許可されなかった" in says(get(clerk, "emergency", use.pk))
    assert decided(supervisor, use).status_code == 422
    assert steps().what == ["asked", "denied"]
    assert steps().refused == ["access.emergency_decided"]


def test_a_grant_is_not_made_longer(clerk: Client, supervisor: Client) -> None:
    use = asked(clerk)
    decided(supervisor, use)
    goes_by(use, minutes=30)
    use.refresh_from_db()
    again = decided(supervisor, use)
    assert "access.emergency_decided" in says(again)
    before = use.until_at
    use.refresh_from_db()
    assert use.until_at == before


def test_sent_twice_it_is_granted_once(clerk: Client, supervisor: Client) -> None:
    use = asked(clerk)
    number = str(uuid4())
    for _ in range(2):
        assert decided(supervisor, use, request_id=number).status_code == 302
    assert steps().what == ["asked", "granted"]
    assert steps().refused == []


def test_a_request_that_waited_too_long_is_decided_no_more(
    clerk: Client, supervisor: Client
) -> None:
    use = asked(clerk)
    goes_by(use, minutes=30)
    assert "許可を待つ求めはありません。" in says(get(supervisor, "emergencies"))
    assert "access.emergency_lapsed" in says(decided(supervisor, use))
    assert "時間切れ" in says(get(clerk, "emergency", use.pk))
    assert asked(clerk).pk > use.pk


def test_a_button_that_is_none_decides_nothing(clerk: Client, supervisor: Client) -> None:
    use = asked(clerk)
    assert decided(supervisor, use, "perhaps").status_code == 422
    assert steps().what == ["asked"]


def test_nobody_decides_what_he_asked_for(cast: Cast, clerk: Client, supervisor: Client) -> None:
    use = asked(clerk)
    assert decided(clerk, use).status_code == 403, "a clerk decides nothing at all"
    own = asked(supervisor)
    page = says(get(supervisor, "emergency", own.pk))
    assert "許可する" not in page
    assert "access.emergency_own" in says(decided(supervisor, own))
    assert not EmergencyUse.objects.exclude(decided_at=None).exists()


def test_who_waits_is_counted_for_those_who_decide(
    clerk: Client, supervisor: Client, supervisor_elsewhere: Client
) -> None:
    asked(clerk)
    assert "許可を待つ緊急の利用が1件" in supervisor.get(reverse("counter:home")).content.decode()
    for other in (clerk, supervisor_elsewhere):
        assert "許可を待つ緊急の利用" not in other.get(reverse("counter:home")).content.decode()


def test_a_responsible_decides_for_every_office(cast: Cast, come_in: ComeIn) -> None:
    use = asked(come_in(cast.clerk_of_another_office))
    manager = come_in(cast.security_manager, Client())
    assert decided(manager, use).status_code == 302
    assert cast.clerk_of_another_office.acting().granted == {"emergency.life"}


# -- Whose it is -----------------------------------------------------------------------------------


def test_of_another_office_nobody_is_told_that_there_is_one(
    clerk: Client, supervisor_elsewhere: Client
) -> None:
    use = asked(clerk)
    assert use.reason not in says(get(supervisor_elsewhere, "emergencies"))
    nobody = use.pk + 1000
    for name in ("emergency", "decide_emergency", "end_emergency"):
        step = get if name == "emergency" else post
        there, nowhere = (step(supervisor_elsewhere, name, key) for key in (use.pk, nobody))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert _without_receipt(there) == _without_receipt(nowhere)
    assert steps().what == ["asked"]


def test_a_colleague_neither_sees_nor_ends_it(
    cast: Cast, clerk: Client, supervisor: Client, come_in: ComeIn
) -> None:
    own = asked(supervisor)
    assert get(clerk, "emergency", own.pk).status_code == 404
    assert post(clerk, "end_emergency", own.pk).status_code == 404
    use = asked(clerk)
    assert post(supervisor, "end_emergency", use.pk).status_code == 404
    assert EmergencyUse.objects.filter(ended_at=None).count() == 2


def _without_receipt(response: HttpResponse) -> str:
    before, _, after = says(response).partition('<p class="receipt">')
    return before + after.partition("</p>")[2]
