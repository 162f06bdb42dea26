"""利用記録の点検: an auditor finds who used what for whom, sees no resident, and leaves a trail."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import cast as cast_to
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, permits, trail
from daicho.access.models import Trail, TrailSubjects
from daicho.access.trailing import finding, queries
from daicho.access.trailing.conditions import Conditions
from daicho.terms.dates import wareki
from people import Cast, Player
from web.desk import HANAKO, TARO, who

pytestmark = pytest.mark.django_db
ComeIn = Callable[..., Client]

NOBLE = "架空"  # of whom nothing may stand on a page of the auditor


@pytest.fixture
def auditor(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.auditor)


@pytest.fixture
def looked(two_live_here: None, cast: Cast) -> None:
    """A clerk has looked at 花子 twice, another has looked at 太郎 and been refused once."""
    _looked(cast.clerk, HANAKO, "inquiry.change")
    _looked(cast.clerk, HANAKO, "inquiry.certificate", number_seen=True)
    _looked(cast.clerk_of_another_office, TARO, "inquiry.change")
    with transaction.atomic():
        actor = cast.clerk_of_another_office.acting()
        trail.write(
            "not_permitted",
            request_id=actor.request_id,
            actor=actor,
            purpose="audit.trail",
            finding="access.purpose_not_yours",
        )


def _looked(player: Player, at: str, purpose: str, *, number_seen: bool = False) -> None:
    permit = permits.permit(player.acting(), purpose, clock.today())
    with transaction.atomic():
        permits.look(
            permit,
            "look",
            "register.person",
            record_ids=[who(at)],
            number_seen=number_seen,
            detail={"rows": 1},
        )


def days(first: int, last: int) -> dict[str, str]:
    """A period that begins and ends so many days from now; rows have the moment of the database."""
    there = {"since": first, "until": last}
    return {name: wareki(clock.today() + timedelta(days=n)) for name, n in there.items()}


WEEK = days(-6, 1)
NARROW = {"event": "look", **WEEK}


def asks(client: Client, **typed: str) -> HttpResponse:
    """Send the form as its page has it: to the counter, which knows 宛名番号."""
    typed.setdefault("request_id", str(uuid4()))
    return cast_to(HttpResponse, client.post(reverse("counter:whose_trail"), typed))


def finds(client: Client, **typed: str) -> str:
    """The page of what was found."""
    sent = asks(client, **typed)
    assert sent.status_code == 302, sent.content.decode()
    page = _page(client, sent["Location"])
    assert 'class="told"' not in page, "nothing was done that is to be told of"
    return page


def _page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return str(response.content.decode())


def _count(page: str) -> int:
    return page.count("data-hit>") + page.count("data-hit autofocus>")


def _newest(event: str = "trail_shown") -> Trail:
    return Trail.objects.filter(event=event).latest("id")


# -- Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who_asks", ["clerk", "administrator", "security_manager"])
def test_who_is_no_auditor_is_refused_with_the_article_and_trailed(
    cast: Cast, come_in: ComeIn, who_asks: str
) -> None:
    client = come_in(getattr(cast, who_asks))
    for response in (client.get(reverse("console:trails")), asks(client, **NARROW)):
        assert response.status_code == 403
        assert "住民基本台帳法第36条の2第1項" in response.content.decode()
        assert _newest("not_permitted").purpose == "audit.trail"
    assert not Trail.objects.filter(event="trail_shown").exists()


def test_the_auditor_is_led_there_from_both_first_pages(auditor: Client) -> None:
    link = f'href="{reverse("console:trails")}"'
    assert link in _page(auditor, reverse("counter:home"))
    assert link in _page(auditor, reverse("console:home"))


# -- What is found ---------------------------------------------------------------------------------


def test_a_person_is_named_by_number_and_never_by_name(looked: None, auditor: Client) -> None:
    page = finds(auditor, person=HANAKO)
    assert page.count("窓口 花") == 2
    assert "支所 緑" not in page
    assert NOBLE not in page
    assert "住民基本台帳法" in page, "each use shows its article"
    row = _newest()
    assert row.detail == {"rows": 4, "keys": "person"}, "with the taking over, and the search"
    assert TrailSubjects.objects.get(pk=row.pk).record_ids == [who(HANAKO)]


def test_no_address_holds_what_was_typed(looked: None, auditor: Client) -> None:
    address = asks(auditor, person=HANAKO, login="clerk")["Location"]
    assert re.fullmatch(r"/console/trails/found/[0-9a-f-]{36}", address)
    assert str(who(HANAKO)) not in address


CONDITIONS: list[tuple[Mapping[str, str], int, str]] = [
    ({"login": "clerk", "event": "look"}, 2, "an operator's looks"),
    ({"login": "clerk", "event": "look", "number_seen": "on"}, 1, "where a number was seen"),
    ({"login": "branch", "refused": "on"}, 1, "what was refused to him"),
    ({**NARROW}, 3, "every look of the week"),
    ({**NARROW, "office": "101"}, 1, "of one office"),
    ({**NARROW, "terminal": "C001"}, 2, "at one terminal"),
    ({**NARROW, "purpose": "inquiry.certificate"}, 1, "for one purpose"),
    ({"kind": "operation", "event": "look", **WEEK}, 3, "a kind and one of its events"),
    ({"event": "look", **days(-20, -2)}, 0, "before that day"),
    ({"event": "look", **days(2, 3)}, 0, "after that day"),
    ({"login": "clerk", "person": HANAKO, "number_seen": "on"}, 1, "all conditions at once"),
    ({"kind": "error", **WEEK}, 0, "nothing failed"),
]


@pytest.mark.parametrize(("typed", "count", "because"), CONDITIONS, ids=lambda one: str(one)[:40])
def test_every_condition_narrows(
    looked: None, auditor: Client, typed: Mapping[str, str], count: int, because: str
) -> None:
    page = finds(auditor, **typed)
    assert _count(page) == count, because
    assert ("この条件に当てはまる利用はありません" in page) is (count == 0)


def test_nothing_said_is_the_last_week(looked: None, auditor: Client) -> None:
    page = finds(auditor, event="look")
    assert _count(page) == 3
    assert days(-6, 0)["since"] in page
    assert _newest().detail["keys"] == "since,until,event"


def test_a_refusal_is_told_in_words(looked: None, auditor: Client) -> None:
    page = finds(auditor, login="branch", refused="on")
    assert "「利用記録の点検」は、今の所属と担当では利用できない事務です。" in page


def test_the_bars_say_what_they_show(looked: None, auditor: Client) -> None:
    page = finds(auditor, login="clerk", event="look")
    assert '<svg viewBox="0 0 ' in page
    at = Trail.objects.filter(event="look").latest("id").at.astimezone(clock.TOKYO)
    assert f"1時間ごとの件数。{at.month}月{at.day}日0時から" in page
    assert f"最も多いのは{at.month}月{at.day}日{at.hour}時の2件。" in page
    assert page.count("<rect ") in (24, 48), "whole days"


# -- One page after the other ----------------------------------------------------------------------


@pytest.fixture
def many(cast: Cast) -> int:
    """A hundred and twenty looks of the clerk, all of one statement."""
    return len(written(cast.clerk, 120))


def written(player: Player, count: int) -> list[int]:
    """So many rows of the player, concerning nobody; gives their numbers."""
    made = Trail.objects.bulk_create(
        Trail(event="look", operator=player.operator, request_id=uuid4(), commitment=b"")
        for _ in range(count)
    )
    return [one.pk for one in made]


def test_pages_follow_each_other_without_a_gap_and_stand_still(many: int, auditor: Client) -> None:
    address = asks(auditor, login="clerk", event="look")["Location"]
    seen: list[str] = []
    there = address
    for _ in range(3):
        page = _page(auditor, there)
        seen += re.findall(r"/console/trails/(\d+)\?", page)
        following = re.search(r'href="\?before=(\d+)"', page)
        there = f"{address}?before={following[1]}" if following else ""
    assert not there
    assert len(seen) == len(set(seen)) == many
    assert seen == sorted(seen, key=int, reverse=True)
    assert "120件" in _page(auditor, address), "what was looked at meanwhile is no part of it"


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, "1e5", "１", "1;--"])
def test_a_made_up_place_in_the_address_is_the_first_page(
    many: int, auditor: Client, before: str
) -> None:
    address = asks(auditor, login="clerk", event="look")["Location"]
    assert "120件" in _page(auditor, f"{address}?before={before}")


def test_rows_of_one_statement_are_ordered_by_their_number(many: int, cast: Cast) -> None:
    on = clock.today()
    asked = Conditions(operator=cast.clerk.operator.pk, since=on, until=on)
    upto, found, before = finding.newest(), list[int](), None
    while rows := finding.page(asked, upto, before, 7):
        found += [one.id for one in rows]
        before = found[-1]
    assert len(found) == many
    assert found == sorted(set(found), reverse=True)


# -- One use ---------------------------------------------------------------------------------------


def test_one_use_tells_its_fields_and_leads_on(looked: None, cast: Cast, auditor: Client) -> None:
    row = Trail.objects.filter(event="look", number_seen=True).latest("id")
    page = _page(auditor, reverse("console:trail", args=[row.pk]))
    for told in (
        "窓口 花",
        "市民課",
        "窓口1番",
        "見た・出力した",
        "件数",
        "まだ連番を得ていません",
    ):
        assert told in page
    assert NOBLE not in page
    assert f'value="{who(HANAKO)}"' in page
    shown = _newest()
    assert shown.detail == {"rows": 1, "row": row.pk, "operator": cast.clerk.operator.pk}
    assert TrailSubjects.objects.get(pk=shown.pk).record_ids == [who(HANAKO)]
    sent = auditor.post(reverse("console:trails"), {"person": str(who(HANAKO))})
    assert _page(auditor, sent["Location"]).count("窓口 花") == 2


def test_a_use_whose_subjects_were_disposed_of_says_so(cast: Cast, auditor: Client) -> None:
    (number,) = written(cast.clerk, 1)
    page = _page(auditor, reverse("console:trail", args=[number]))
    assert "保存期間が終わり廃棄されています" in page
    assert "書かれたときのままではありません" not in page


def test_a_use_with_other_subjects_than_it_was_written_with_is_found(
    cast: Cast, auditor: Client
) -> None:
    (number,) = written(cast.clerk, 1)
    TrailSubjects.objects.create(trail_id=number, record_ids=[uuid4()], salt=b"salt")
    page = _page(auditor, reverse("console:trail", args=[number]))
    assert "書かれたときのままではありません" in page


@pytest.mark.parametrize("number", [0, 987654321, 2**63, 10**40])
def test_a_use_that_is_not_there_is_not_found(auditor: Client, number: int) -> None:
    assert auditor.get(reverse("console:trail", args=[number])).status_code == 404
    assert not Trail.objects.filter(event="trail_shown").exists()


# -- What is typed ---------------------------------------------------------------------------------

WRONG: list[tuple[Mapping[str, str], str]] = [
    ({"until": "R8.11.22"}, "期間を31日以内にしてください"),
    ({"office": "001", "since": "R8.1.1"}, "期間を31日以内にしてください"),
    ({"since": "R8.1.1", "until": "R8.11.22"}, "期間を31日以内にしてください"),
    ({"since": "R8.11.22", "until": "R8.11.1"}, "初日より前です"),
    ({"since": "きのう", "until": "R8.11.1"}, "期間の初日"),
    ({"login": "nobody"}, "この操作者IDの操作者はいません"),
    ({"person": "000000000000999"}, "この番号の記録はありません"),
    ({"person": "架空 花子"}, "宛名番号は数字だけで入力してください"),
    ({"person": "1' OR '1'='1"}, "宛名番号は数字だけで入力してください"),
    ({**NARROW, "kind": "error"}, "選んだ種別の利用ではありません"),
    ({**WEEK, "event": "look'; DROP TABLE access_trail; --"}, "利用を選んでください"),
    ({**WEEK, "office": "999"}, "所属を選んでください"),
    ({"person": "x\x00", **WEEK}, "対象者"),
]


@pytest.mark.parametrize(("typed", "told"), WRONG, ids=lambda one: str(one)[:40])
def test_what_cannot_be_looked_for_is_told_and_nothing_is_shown(
    two_live_here: None, auditor: Client, typed: Mapping[str, str], told: str
) -> None:
    response = asks(auditor, **typed)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Trail.objects.filter(event="trail_shown").exists()


def test_where_no_residents_are_a_number_means_nobody(two_live_here: None, auditor: Client) -> None:
    response = auditor.post(reverse("console:trails"), {"person": HANAKO})
    assert response.status_code == 422
    assert "ここでは宛名番号で探せません" in response.content.decode()


def test_conditions_of_another_session_are_not_there(
    looked: None, cast: Cast, auditor: Client, come_in: ComeIn
) -> None:
    address = asks(auditor, login="clerk")["Location"]
    again = come_in(cast.auditor, Client()).get(address)
    assert again["Location"] == f"{reverse('console:trails')}?forgotten"


def test_the_conditions_come_back_to_be_mended(looked: None, auditor: Client) -> None:
    number = asks(auditor, person=HANAKO, login="clerk", **WEEK)["Location"].rpartition("/")[2]
    page = _page(auditor, f"{reverse('console:trails')}?edit={number}")
    for value in (str(who(HANAKO)), "clerk", WEEK["since"]):
        assert f'value="{value}"' in page


# -- What the search reads -------------------------------------------------------------------------


@pytest.fixture
def asked_by_the_auditor(cast: Cast) -> permits.Permit:
    return permits.permit(cast.auditor.acting(), "audit.trail", clock.today())


def _plan(asked: Conditions) -> str:
    """How the database would answer in a trail so large that it reads no table through."""
    sql, values = finding.statement("id, at", asked, 10**9, None, 51)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_each_way_to_search_has_its_index(asked_by_the_auditor: permits.Permit) -> None:
    person = Conditions(person=UUID(int=1))
    assert "trail_subjects" in _plan(person)
    operator = Conditions(operator=1)
    assert "trail_operator" in _plan(operator)


def test_who_asks_for_everything_is_stopped(asked_by_the_auditor: permits.Permit) -> None:
    with pytest.raises(AssertionError, match="a short period"):
        queries.found(asked_by_the_auditor, Conditions(office="001"), upto=10**9)
