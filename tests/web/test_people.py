"""操作者の画面: who sees whom, who gives what to whom, and what each step leaves in the trail."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

import people
from daicho.access import clock, permits
from daicho.access.models import Operator, Right, Trail
from daicho.access.people import accounts, leaving
from daicho.access.refusals import NotPermitted
from people import Cast, Player
from web.conftest import SignIn

ComeIn = Callable[..., Client]


@pytest.fixture
def admin(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.administrator)


def sent(client: Client, name: str, /, *args: object, **typed: str) -> HttpResponse:
    typed.setdefault("request_id", str(uuid4()))
    response = client.post(reverse(f"console:{name}", args=args), typed)
    assert isinstance(response, HttpResponse)
    return response


def act(client: Client, player: Player, slug: str, /, **typed: str) -> HttpResponse:
    return sent(client, "person_act", player.operator.pk, slug, **typed)


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"console:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


GIVEN = {"post": "euc_operator", "office": "001", "since": "R8.12.1", "until": ""}


@pytest.fixture
def on_the_day() -> object:
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


# -- Who sees --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["administrator", "security_manager", "auditor"])
def test_who_has_the_affairs_sees_the_operators_and_is_trailed(
    cast: Cast, come_in: ComeIn, who: str
) -> None:
    client = come_in(getattr(cast, who))
    assert "窓口 花" in page(client, "people")
    row = Trail.objects.latest("id")
    assert (row.event, row.door) == ("people_shown", "people.list")
    assert "窓口担当" in page(client, "person", cast.clerk.operator.pk)
    row = Trail.objects.latest("id")
    assert row.detail == {"operator": cast.clerk.operator.pk, "rows": 1}


@pytest.mark.parametrize("who", ["clerk", "supervisor", "system_operator", "contractor"])
def test_others_see_no_operator(cast: Cast, come_in: ComeIn, who: str) -> None:
    client = come_in(getattr(cast, who))
    for name, args in [("people", ()), ("person", (cast.auditor.operator.pk,))]:
        response = client.get(reverse(f"console:{name}", args=args))
        assert response.status_code == 403
        assert Trail.objects.latest("id").event == "not_permitted"


def test_the_list_is_narrowed_by_text_office_and_state(cast: Cast, admin: Client) -> None:
    def logins(**asked: str) -> set[str]:
        text = admin.get(reverse("console:people"), asked).content.decode()
        return set(re.findall(r"<code>([a-z]+)</code>", text))

    assert logins(text="窓口") == {"clerk"}
    assert logins(office="950") == {"auditor"}
    assert "clerk" in logins(state="working")
    assert logins(state="ended") == set()
    Operator.objects.filter(login="clerk").update(is_active=False)
    assert logins(state="ended") == {"clerk"}


def test_who_only_looks_is_offered_no_act(cast: Cast, come_in: ComeIn) -> None:
    text = page(come_in(cast.auditor), "person", cast.clerk.operator.pk)
    assert "操作権限を与える" not in text
    assert ">終える" not in text


# -- Rights ----------------------------------------------------------------------------------------


def test_a_right_to_come_is_given_and_holds_from_its_day(cast: Cast, admin: Client) -> None:
    assert act(admin, cast.clerk, "give", **GIVEN).status_code == 302
    assert "euc_operator" not in cast.clerk.acting().posts
    row = Trail.objects.latest("id")
    assert (row.event, row.detail["post"], row.detail["what"]) == (
        "right_changed",
        "euc_operator",
        "given",
    )
    with clock.fixed(datetime(2026, 12, 1, 3, tzinfo=UTC)):
        assert "euc_operator" in cast.clerk.acting().posts


def test_the_same_request_gives_once(cast: Cast, admin: Client) -> None:
    before = Right.objects.count()
    for _ in range(2):
        number = "7e57ab1e-0000-4000-8000-000000000001"
        assert act(admin, cast.clerk, "give", **GIVEN, request_id=number).status_code == 302
    assert Right.objects.count() == before + 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"since": "R8.11.21"}, "access.since_in_past"),
        ({"until": "R8.11.30"}, "access.until_before_since"),
        ({"post": "clerk", "since": "R8.11.22"}, "access.held_twice"),
    ],
)
def test_what_the_law_refuses_is_told_and_trailed(
    cast: Cast, admin: Client, changed: dict[str, str], code: str
) -> None:
    before = Right.objects.count()
    response = act(admin, cast.clerk, "give", **(GIVEN | changed))
    assert response.status_code == 422
    assert code in response.content.decode()
    assert Right.objects.count() == before
    row = Trail.objects.latest("id")
    assert (row.event, row.finding) == ("people_refused", code)


def test_a_post_of_a_role_is_not_among_those_to_give(cast: Cast, admin: Client) -> None:
    text = page(admin, "person_act", cast.clerk.operator.pk, "give")
    assert "euc_operator" in text
    assert "security_manager" not in text
    response = act(admin, cast.clerk, "give", **(GIVEN | {"post": "security_manager"}))
    assert response.status_code == 422


def test_nobody_changes_what_is_his_own(cast: Cast, admin: Client) -> None:
    own = cast.administrator
    assert "自分では変えられません" in page(admin, "person", own.operator.pk)
    right = Right.objects.get(operator=own.operator)
    answers = [
        act(admin, own, "give", **GIVEN),
        act(admin, own, "leave", last_on="R8.11.22", sure="on"),
        act(admin, own, "unlock"),
        act(admin, own, "reset_password", sure="on"),
        sent(admin, "end_right", own.operator.pk, right.pk, last_on="R8.11.22"),
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert "access.not_to_oneself" in answer.content.decode()


def test_a_right_ends_after_its_last_day_or_at_once(cast: Cast, admin: Client) -> None:
    right = Right.objects.get(operator=cast.clerk.operator)
    sent(admin, "end_right", cast.clerk.operator.pk, right.pk, last_on="R8.11.30")
    with clock.fixed(datetime(2026, 11, 30, 3, tzinfo=UTC)):
        assert "clerk" in cast.clerk.acting().posts
    with clock.fixed(datetime(2026, 12, 1, 3, tzinfo=UTC)):
        assert "clerk" not in cast.clerk.acting().posts
    args = (cast.clerk.operator.pk, right.pk)
    sent(admin, "end_right", *args, last_on="R8.11.22", at_once="on")
    assert "clerk" not in cast.clerk.acting().posts


def test_a_right_of_another_person_is_not_found_on_this_ones_page(
    cast: Cast, admin: Client
) -> None:
    right = Right.objects.get(operator=cast.auditor.operator)
    answer = sent(admin, "end_right", cast.clerk.operator.pk, right.pk, last_on="R8.11.22")
    assert answer.status_code == 404


@pytest.mark.parametrize("slug", ["give", "change", "leave", "reset_password", "unlock"])
@pytest.mark.parametrize("who", ["clerk", "auditor", "security_manager", "system_operator"])
def test_only_the_administration_changes_people(
    cast: Cast, come_in: ComeIn, who: str, slug: str
) -> None:
    client = come_in(getattr(cast, who))
    typed = {**GIVEN, **NEW, "last_on": "R8.11.22", "sure": "on"}
    assert act(client, cast.contractor, slug, **typed).status_code == 403


# -- Accounts --------------------------------------------------------------------------------------

NEW = {
    "login": "shin",
    "name": "新任 明",
    "office": "001",
    "kind": "fiscal_year_staff",
    "from_on": "",
    "until_on": "R9.3.31",
}


def once(response: HttpResponse) -> str:
    found = re.search(r'<code class="once">([^<]+)</code>', response.content.decode())
    return found[1] if found else ""


def test_a_new_operator_gets_an_initial_password_that_is_shown_once(
    cast: Cast, admin: Client
) -> None:
    number = str(uuid4())
    shown = sent(admin, "new_operator", **NEW, request_id=number)
    operator = Operator.objects.get(login="shin")
    assert operator.check_password(once(shown))
    assert operator.password_is_initial
    assert (operator.kind, operator.until_on) == ("fiscal_year_staff", date(2027, 3, 31))
    assert not Right.objects.filter(operator=operator).exists()
    again = sent(admin, "new_operator", **NEW, request_id=number)
    assert once(again) == ""
    assert "最初の一度だけ" in again.content.decode()
    assert Operator.objects.filter(login="shin").count() == 1


def test_the_login_of_another_is_never_given_again(cast: Cast, admin: Client) -> None:
    response = sent(admin, "new_operator", **(NEW | {"login": "clerk"}))
    assert response.status_code == 422
    assert "access.login_taken" in response.content.decode()


def test_a_forgotten_password_is_replaced(cast: Cast, admin: Client) -> None:
    fresh = once(act(admin, cast.clerk, "reset_password", sure="on"))
    kept = Operator.objects.get(pk=cast.clerk.operator.pk)
    assert kept.check_password(fresh)
    assert not kept.check_password(people.PASSWORD)


def test_a_password_is_not_replaced_without_the_tick(cast: Cast, admin: Client) -> None:
    response = act(admin, cast.clerk, "reset_password")
    assert response.status_code == 422
    assert Operator.objects.get(pk=cast.clerk.operator.pk).check_password(people.PASSWORD)


def test_a_lock_is_undone_by_the_administration(cast: Cast, admin: Client) -> None:
    later = clock.now() + timedelta(minutes=30)
    Operator.objects.filter(login="clerk").update(failures=0, locked_until=later)
    assert "停止を解く" in page(admin, "person", cast.clerk.operator.pk)
    assert act(admin, cast.clerk, "unlock").status_code == 302
    assert Operator.objects.get(login="clerk").locked_until is None
    assert Trail.objects.latest("id").detail["what"] == "unlocked"


@pytest.mark.parametrize("operator_id", [0, 2**62, 999_999])
def test_a_person_that_nobody_is_is_not_found(admin: Client, operator_id: int) -> None:
    assert admin.get(reverse("console:person", args=[operator_id])).status_code == 404
    assert sent(admin, "person_act", operator_id, "give", **GIVEN).status_code == 404


def test_who_moves_to_another_office_keeps_the_login(cast: Cast, admin: Client) -> None:
    moved = {"name": "窓口 華", "office": "101", "kind": "staff", "from_on": "", "until_on": ""}
    assert act(admin, cast.clerk, "change", **moved).status_code == 302
    kept = Operator.objects.select_related("office").get(login="clerk")
    assert (kept.name, kept.office.code) == ("窓口 華", "101")
    assert "窓口担当（受付・入力・交付）(市民課)" in page(admin, "person", kept.pk)
    act(admin, cast.clerk, "give", **(GIVEN | {"post": "clerk", "office": "101"}))
    assert cast.clerk.acting().posts == {"clerk"}


def test_a_permit_to_look_at_people_changes_none(cast: Cast) -> None:
    looking = permits.permit(cast.security_manager.acting(), "people.designation", clock.today())
    for change in (accounts.unlock, accounts.reset_password, accounts.allow_registration):
        with pytest.raises(NotPermitted):
            change(looking, cast.clerk.operator.pk)
    with pytest.raises(NotPermitted):
        leaving.leave(looking, cast.clerk.operator.pk, clock.today())


# -- Leaving ---------------------------------------------------------------------------------------


def test_a_leaver_ends_the_same_day_everywhere(
    cast: Cast, admin: Client, come_in: ComeIn, try_sign_in: SignIn
) -> None:
    theirs = come_in(cast.security_manager, Client())
    assert theirs.get(reverse("console:people")).status_code == 200
    act(admin, cast.security_manager, "leave", last_on="R8.11.22", sure="on")
    assert theirs.get(reverse("console:people")).status_code == 302, "the open screen is over"
    login = cast.security_manager.login
    assert try_sign_in(login, people.PASSWORD, Client()).status_code == 422
    with clock.fixed(datetime(2026, 11, 23, 3, tzinfo=UTC)):
        assert cast.security_manager.acting().posts == frozenset()
    assert "空席" in page(admin, "responsibles")


def test_a_leaving_to_come_only_sets_last_days(
    cast: Cast, admin: Client, try_sign_in: SignIn
) -> None:
    act(admin, cast.clerk, "leave", last_on="R9.3.31", sure="on")
    assert try_sign_in(cast.clerk.login, people.PASSWORD, Client()).status_code == 302
    assert Operator.objects.get(login="clerk").is_active
    with clock.fixed(datetime(2027, 3, 31, 3, tzinfo=UTC)):
        assert try_sign_in(cast.clerk.login, people.PASSWORD, Client()).status_code == 302
    with clock.fixed(datetime(2027, 4, 1, 3, tzinfo=UTC)):
        assert try_sign_in(cast.clerk.login, people.PASSWORD, Client()).status_code == 422
        assert cast.clerk.acting().posts == frozenset()


def test_what_was_planned_for_after_the_last_day_never_begins(cast: Cast, admin: Client) -> None:
    act(admin, cast.clerk, "give", **(GIVEN | {"since": "R9.4.1"}))
    act(admin, cast.clerk, "leave", last_on="R9.3.31", sure="on")
    with clock.fixed(datetime(2027, 4, 2, 3, tzinfo=UTC)):
        assert cast.clerk.acting().posts == frozenset()


# -- Contractors -----------------------------------------------------------------------------------

ENGAGED = {
    "company": "架空システム",
    "contract": "令和8年第5号",
    "contract_until": "R9.3.31",
    "pledged_on": "R8.4.1",
    "trained_until": "R9.3.31",
}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 302),
        ({"contract_until": "R8.11.21"}, 422),
        ({"pledged_on": ""}, 422),
        ({"trained_until": "R8.11.21"}, 422),
    ],
)
def test_a_contractor_signs_in_while_all_three_are_in_force(
    cast: Cast, come_in: ComeIn, try_sign_in: SignIn, changed: dict[str, str], status: int
) -> None:
    client = come_in(cast.security_manager)
    assert act(client, cast.contractor, "engage", **(ENGAGED | changed)).status_code == 302
    login = cast.contractor.login
    assert try_sign_in(login, people.PASSWORD, Client()).status_code == status


def test_an_open_session_ends_with_the_contract(cast: Cast, come_in: ComeIn) -> None:
    theirs = come_in(cast.contractor, Client())
    assert theirs.get(reverse("counter:home")).status_code == 200
    people.engage(cast.contractor, contract_until=date(2026, 11, 21))
    assert theirs.get(reverse("counter:home")).status_code == 302


@pytest.mark.parametrize("who", ["administrator", "auditor", "clerk"])
def test_only_the_responsible_post_enters_an_engagement(
    cast: Cast, come_in: ComeIn, who: str
) -> None:
    client = come_in(getattr(cast, who))
    assert act(client, cast.contractor, "engage", **ENGAGED).status_code == 403


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "\\", "架空\x00", "😀" * 300])
def test_what_is_typed_into_the_filter_is_only_looked_for(admin: Client, text: str) -> None:
    response = admin.get(reverse("console:people"), {"text": text})
    assert response.status_code == 200
