"""利用の上限: who sees too much, who comes too often, who sends too much; each is told in words."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.models import Trail
from daicho.access.refusals import NotPermitted
from daicho.access.trailing import ceiling
from daicho.law.safety.watching.ceilings import ceilings
from daicho.web import arriving
from people import Cast, Player
from web.second_factors import holding

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]
ROWS = """
INSERT INTO access_trail (event, door, operator_id, office, terminal, ward, purpose, job, article,
    finding, request_id, subject_count, number_seen, detail, commitment)
SELECT %s, 'test', %s, '', '', '', '', '', '', '', gen_random_uuid(), 0, false, '{}', ''
FROM generate_series(1, %s)
"""
LOOK = "inquiry.certificate"


def did(player: Player, count: int, event: str = "look") -> None:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [event, player.operator.pk, count])


@pytest.fixture
def in_a_real_town() -> Iterator[None]:
    """Rules that are not those of a made-up town, so that the limit of looks is asked."""
    with holding():
        yield


def counted(player: Player) -> tuple[int, int]:
    return ceiling.counted(player.operator.pk, clock.today())


# -- What one person sees --------------------------------------------------------------------------


def test_looks_and_searches_of_one_operator_are_counted_and_nothing_else(cast: Cast) -> None:
    did(cast.clerk, 30)
    did(cast.clerk, 12, "search")
    did(cast.clerk, 250, "reception")
    did(cast.supervisor, 99)
    assert counted(cast.clerk) == (42, 42), "also behind more rows than are read at first"
    assert counted(cast.auditor) == (0, 0)


def test_no_look_hides_behind_other_rows(cast: Cast) -> None:
    """Refusals, say, which cost nobody anything: who leaves many has no more looks for it."""
    did(cast.clerk, 500)
    did(cast.clerk, 3_000, "not_permitted")
    did(cast.clerk, 99, "search")
    assert counted(cast.clerk) == (599, 599)


def test_who_saw_too_much_is_stopped_with_the_article_and_trailed(
    cast: Cast, come_in: ComeIn, in_a_real_town: None
) -> None:
    client = come_in(cast.clerk)
    address = reverse("counter:search", args=["certificate"])
    did(cast.clerk, ceilings(clock.today()).looks_minute - 1)
    assert client.get(address).status_code == 200
    did(cast.clerk, 1, "search")
    answer = client.get(address)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "1分間の照会と検索が120回に達した" in text
    assert "第36条の2第1項" in text
    row = Trail.objects.latest("id")
    assert (row.event, row.finding) == ("not_permitted", "watching.ceiling_minute")
    assert row.detail == {"line": "use_limits:looks_minute@2015-10-05"}
    did(cast.clerk, 1_000, "not_permitted")
    assert counted(cast.clerk)[0] == 120, "to try again makes it no longer"


@pytest.mark.parametrize("who", ["clerk", "supervisor", "security_manager"])
def test_the_first_screen_stays_open_to_who_was_stopped(
    cast: Cast, come_in: ComeIn, in_a_real_town: None, who: str
) -> None:
    player: Player = getattr(cast, who)
    client = come_in(player)
    did(player, 2_000)
    assert client.get(reverse("counter:home")).status_code == 200
    assert not Trail.objects.filter(event="not_permitted").exists()


def test_a_granted_emergency_is_not_stopped_nor_a_made_up_town(
    cast: Cast,
) -> None:
    did(cast.clerk, 2_000)
    on = clock.today()
    assert permits.permit(cast.clerk.acting(), LOOK, on), "a made-up town has no such limit"
    assert ceiling.reached(cast.clerk.operator.pk, True, on) is None
    with holding(), pytest.raises(NotPermitted, match=r"watching\.ceiling"):
        permits.permit(cast.clerk.acting(), LOOK, on)
    assert permits.system_permit("rebuild_check", on, uuid4()).actor is None, "nor is a machine"


def test_it_is_asked_for_by_an_index_however_long_the_trail(cast: Cast) -> None:
    """Few rows are read of who did little, and not more than the limit needs of who did much."""
    did(cast.clerk, 5_000)
    with connection.cursor() as cursor:
        said: dict[str, Any] = {"who": cast.clerk.operator.pk, "seeing": list(ceiling.SEEING)}
        said |= {"part": 200, "enough": 600}
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT TEXT) {ceiling._COUNTS}", said)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "trail_operator" in plan
    assert "Seq Scan" not in plan
    (loops,) = re.findall(r"trail_operator .*loops=(\d+)", plan)
    assert int(loops) == 3, "of 5,000 rows 600 were read"


# -- Who comes without a sign-in -------------------------------------------------------------------

FAR: Mapping[str, Any] = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nobody was counted yet."""
    arriving.counted.cache_clear()
    yield
    arriving.counted.cache_clear()


@pytest.mark.usefixtures("fresh")
def test_one_address_is_answered_so_often_before_a_sign_in(cast: Cast, come_in: ComeIn) -> None:
    held = ceilings(clock.today())
    began = time.monotonic()
    answers = [Client().get(reverse("entry:sign_in"), **FAR) for _ in range(held.arrivals_at_once)]
    assert {one.status_code for one in answers} == {200}
    more = int((time.monotonic() - began) * held.arrivals_minute / 60) + 1  # while it was counted
    refused = [Client().get(reverse("entry:sign_in"), **FAR) for _ in range(more + 10)][-1]
    assert refused.status_code == 429
    assert refused["Retry-After"] == "1"
    assert "しばらくお待ちください" in refused.content.decode()
    assert "Content-Security-Policy" in refused
    typed = {"login": cast.clerk.login, "password": cast.clerk.password}
    before = Trail.objects.count()
    for name in ("entry:sign_in", "entry:register_terminal"):
        assert Client().post(reverse(name), typed, **FAR).status_code == 429, name
    own_log = Client().get(reverse("resident:home"), **FAR)
    assert own_log.status_code == 429
    assert f'href="{reverse("resident:home")}"' in own_log.content.decode(), "back to one's own"
    assert f'href="{reverse("entry:sign_in")}"' in refused.content.decode()
    assert Trail.objects.count() == before, "nothing was looked at, and the trail is not filled"
    assert Client().get(reverse("entry:sign_in"), REMOTE_ADDR="192.0.2.8").status_code == 200
    assert Client().get(reverse("entry:healthz"), **FAR).status_code == 200
    at_work = come_in(cast.clerk)
    assert at_work.get(reverse("counter:home"), **FAR).status_code == 200, "who has signed in works"


@pytest.mark.usefixtures("fresh")
def test_a_header_is_believed_only_where_it_is_said_and_only_of_the_server_in_front() -> None:
    often = 2 * ceilings(clock.today()).arrivals_at_once

    def waits(desks: int, **more: Any) -> bool:
        """Is anybody held back, of so many desks as the header says?"""
        asked = [RequestFactory(headers={"x-real-ip": f"198.51.100.{n}"}) for n in range(desks)]
        found = [arriving.seconds_to_wait(asked[n % desks].get("/", **more)) for n in range(often)]
        return any(found)

    assert not waits(often), "the machine itself is not held back"
    assert waits(often, **FAR), "a stranger's header is not heard"
    with override_settings(ADDRESS_HEADER="X-Real-IP"):
        assert not waits(often), "each is another desk"
        assert waits(1), "this is one desk"
        assert waits(often, REMOTE_ADDR="192.0.2.8"), "nor is a stranger's now"


# -- What is sent ----------------------------------------------------------------------------------


@pytest.fixture
def strict() -> Client:
    """A client whose forms are checked like a browser's, and which has the cookie of the form."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get(reverse("entry:sign_in"))
    return client


class Unread:
    """A body of which nobody reads anything."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("it is told before a byte of it is read")

    readline = read


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
@pytest.mark.parametrize("kind", [FORM, PARTS, "application/json"])
def test_every_body_has_a_limit_and_is_not_read_beyond_it(
    strict: Client, method: str, kind: str
) -> None:
    said = {"CONTENT_LENGTH": str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    body: Any = {"wsgi.input": Unread(), "CONTENT_TYPE": kind, **said}
    answer = strict.generic(method, reverse("entry:sign_in"), **body)
    assert answer.status_code == 413
    assert "2MBまで" in answer.content.decode()


@pytest.mark.parametrize("kind", [FORM, PARTS])
def test_a_body_without_a_length_is_not_read(strict: Client, kind: str) -> None:
    body: Any = {"wsgi.input": Unread(), "CONTENT_TYPE": kind, "CONTENT_LENGTH": ""}
    body["HTTP_TRANSFER_ENCODING"] = "chunked"
    answer = strict.generic("POST", reverse("entry:sign_in"), **body)
    assert answer.status_code == 411
    assert "長さを示さない送信" in answer.content.decode()


def test_ten_thousand_fields_are_told_so(strict: Client) -> None:
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="n{n}"\r\n\r\n1\r\n' for n in range(10_000)
    )
    fields = "&".join(f"n{n}=1" for n in range(10_000))
    for body, kind in ((f"{parts}--x--\r\n", PARTS), (fields, FORM)):
        answer = strict.post(reverse("entry:sign_in"), body.encode(), content_type=kind)
        assert answer.status_code == 413, kind
        assert "項目は2000個まで" in answer.content.decode(), kind


def test_so_are_many_files(strict: Client) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n1\r\n'
    body = f"{part * 101}--x--\r\n".encode()
    answer = strict.post(reverse("entry:sign_in"), body, content_type=PARTS)
    assert answer.status_code == 413
    assert "送信された項目が多すぎます" in answer.content.decode()
