"""The short way in leaves behind what the pages leave, and leads nowhere that they do not."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client

from daicho.access import clock
from daicho.access.models import Operator, Presence
from daicho.access.terminals import digest
from daicho.web.entry.terminal import REMEMBERED
from people import Cast, Player
from web import coming_in
from web.second_factors import holding

pytestmark = pytest.mark.django_db

OF_THE_MOMENT = frozenset(
    {"id", "at", "salt", "trail_id", "request_id", "commitment", "began_at", "seen_at"}
)
Way = Callable[[Player, Client], object]


def rows(table: str, since: int = 0) -> list[dict[str, Any]]:
    """What stands in a table of the trail, without what differs each time."""
    of = "trail_id" if table == "access_trailsubjects" else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {of} > %s ORDER BY {of}", [since])  # noqa: S608  our own words
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [without(OF_THE_MOMENT, row) for row in found]


def without(names: Collection[str], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in row if name not in names}


def left_behind(way: Way, player: Player) -> dict[str, Any]:
    """Go in that way; gives what it leaves in the database and at the browser, and undoes it."""
    client, before, start = Client(), _last_row(), transaction.savepoint()
    way(player, client)
    session = dict(client.session.items())
    records = session.pop("account_authentication_methods")
    kept: dict[str, Any] = dict(Presence.objects.values().get(operator=player.operator))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert bytes(kept.pop("session_digest")) == digest(key)
    found = {
        "trail": rows("access_trail", before),
        "subjects": rows("access_trailsubjects", before),
        "presence": without(OF_THE_MOMENT, kept),
        "session": session,
        "records": [without(OF_THE_MOMENT, one) for one in records],
        "sessions": Session.objects.count(),
        "operator": Operator.objects.filter(pk=player.operator.pk).values().get(),
        "terminal": client.cookies[REMEMBERED].value,
        "cookies": {name: len(one.value) for name, one in client.cookies.items()},
        "home": client.get("/", follow=True).redirect_chain,
    }
    transaction.savepoint_rollback(start)
    return found


def _last_row() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM access_trail")
        return int(cursor.fetchone()[0])


def test_both_ways_leave_the_same_behind(cast: Cast) -> None:
    for player in (cast.clerk, cast.contractor, cast.auditor):
        left = left_behind(coming_in.at_once, player)
        assert left == left_behind(coming_in.by_the_pages, player)
        assert [one["event"] for one in left["trail"]] == [
            "password_accepted",
            "sign_in",
            "terminal_chosen",
        ]


def test_both_ways_replace_a_session_and_forget_failures(cast: Cast) -> None:
    coming_in.by_the_pages(cast.clerk, Client())
    Operator.objects.filter(login=cast.clerk.login).update(failures=2)
    left = left_behind(coming_in.at_once, cast.clerk)
    assert left == left_behind(coming_in.by_the_pages, cast.clerk)
    assert "session_replaced" in str(left["trail"])


def test_who_is_asked_for_more_goes_by_the_pages(cast: Cast) -> None:
    Operator.objects.filter(login=cast.auditor.login).update(password_is_initial=True)
    wrong = Player(cast.clerk.operator, cast.clerk.terminal, "wrong-wrong-wrong")
    known = Client()
    coming_in.by_the_pages(cast.supervisor, known)
    before = _last_row()
    for player, client in (
        (cast.auditor, Client()),
        (wrong, Client()),
        (cast.clerk, known),
    ):
        assert not coming_in.at_once(player, client)
    demands: tuple[dict[str, Any], ...] = (
        {"registered_terminals_only": True},
        {"second_factor": "required"},
        {"password_days": 90},
    )
    Operator.objects.filter(login=cast.clerk.login).update(
        password_changed_at=clock.now() - timedelta(days=91)
    )
    for demand in demands:
        with holding(**demand):
            assert not coming_in.at_once(cast.clerk, Client())
    assert _last_row() == before


def test_who_must_not_enter_does_not(cast: Cast) -> None:
    for changed in (
        {"is_active": False},
        {"until_on": clock.today() - timedelta(days=1)},
        {"locked_until": clock.now() + timedelta(minutes=1)},
    ):
        with transaction.atomic():
            Operator.objects.filter(login=cast.clerk.login).update(**changed)
            with pytest.raises(AssertionError, match=cast.clerk.login):
                coming_in.at_once(cast.clerk, Client())
            transaction.set_rollback(True)
