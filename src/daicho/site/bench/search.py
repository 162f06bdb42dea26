"""検索の速さ: in the query beside the bare indexed SQL, and the pages of hits and of a household.

The floor asks the same index for the same tokens and gives back the ids: no comparison of whole
texts, no order, no marks, no trail.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import cycle, islice
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from daicho.access import staff
from daicho.register import queries
from daicho.register.search import conditions, finding, keys
from daicho.register.search.conditions import Conditions
from daicho.site.bench.measuring import Figure, figure, in_turn, rounds, warm_up

ROUNDS = 300
PAGES = 60
_SAMPLE = """SELECT record_id, family_name_kana, given_name_kana, family_name, given_name, born_on
FROM register_recordversion JOIN register_current USING (record_id, history_no)
WHERE family_name_kana <> '' AND given_name_kana <> '' AND born_on ~ '^[0-9]{4}-'
ORDER BY md5(record_id::text) LIMIT 200"""
_HOUSEHOLD = """SELECT c.record_id FROM register_current c JOIN register_household h
    ON h.number = c.household_number WHERE h.member_count = 4 AND c.state = 'living' LIMIT 60"""
_FLOOR = "SELECT record_id FROM register_searchkey WHERE tokens @> %s::integer[] LIMIT %s"
_FLOOR_WITH_BIRTH = """SELECT record_id FROM register_searchkey
WHERE tokens @> %s::integer[] AND tokens && %s::integer[] LIMIT %s"""
_PASSWORD = "bench-" + uuid4().hex

Typed = Callable[[Mapping[str, str]], dict[str, str]]

_WORKS: Mapping[str, Typed] = {
    "search: family kana + birth year": lambda one: {
        "kana": one["family_name_kana"],
        "born_from": one["born_on"][:4],
    },
    "search: given name in kana alone": lambda one: {"kana": one["given_name_kana"]},
    "search: given name in kanji alone": lambda one: {"kanji": one["given_name"]},
    "search: family name in kanji, variants": lambda one: {"kanji": one["family_name"]},
    "search: birth day": lambda one: {"born_from": one["born_on"]},
}


def figures(residents: int) -> Iterator[Figure]:
    """The rows of this chapter, over the residents that the chapter before has brought."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE register_searchkey")
        sample = _sample(cursor)
    for work, typed in _WORKS.items():
        asked = [conditions.read(typed(one)) for one in sample]
        yield _query(work, asked, rounds(ROUNDS, residents))
    logging.getLogger("daicho.web").setLevel(logging.WARNING)  # its lines would break the table
    client, pages = clerk("bench"), rounds(PAGES, residents)
    first = next(iter(_WORKS.values()))
    searches = [first(one) for one in sample]
    yield _page("page: hits of family kana + birth year", client, _hits(client, searches), pages)
    with connection.cursor() as cursor:
        cursor.execute(_HOUSEHOLD)
        four = [reverse("counter:household", args=["change", row[0]]) for row in cursor.fetchall()]
    if four:
        yield _page("page: household of four", client, cycle(four), pages)


def _sample(cursor: Any) -> list[dict[str, str]]:
    cursor.execute(_SAMPLE)
    columns = [column.name for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _query(work: str, asked: list[Conditions], often: int) -> Figure:
    one, other = cycle(asked), cycle(asked)
    most = queries.HITS_MOST + 1

    def floor() -> list[tuple[UUID]]:
        wanted = next(other)
        tokens = [keys.token(f.upper(), part) for f, ps in wanted.texts.items() for part in ps]
        years = list(conditions.years(wanted.born)) if wanted.born else []
        with connection.cursor() as cursor:
            if years:
                cursor.execute(_FLOOR_WITH_BIRTH, [tokens, years, most])
            else:
                cursor.execute(_FLOOR, [tokens, most])
            return list(cursor.fetchall())

    def found() -> list[finding.Match]:
        with transaction.atomic():
            return finding.find(next(one), most, None)

    return in_turn(work, found, floor, often)


def clerk(login: str) -> Client:
    """A clerk who is signed in and sits at a terminal; each has one browser only."""
    ward = settings.MUNICIPALITY
    terminal = staff.TerminalRow("Z999", "計測端末", "計測")
    office = staff.OfficeRow("999", "計測", "resident_counter", ward, (terminal,))
    staff.ensure_offices((office,))
    staff.ensure_operator(
        login=login, name="計測 者", office="999", post="clerk", password=_PASSWORD, is_demo=True
    )
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.post(reverse("entry:sign_in"), {"login": login, "password": _PASSWORD})
    assert client.post(reverse("entry:terminal"), {"terminal": "Z999"}).status_code == 302
    return client


def _hits(client: Client, typed: list[dict[str, str]]) -> Iterator[str]:
    """The address of the hits of each search; the sending is not timed."""
    for one in typed:
        yield client.post(reverse("counter:search", args=["change"]), one)["Location"]


def _page(work: str, client: Client, addresses: Iterable[str], often: int) -> Figure:
    times = []
    for address in islice(addresses, warm_up(often) + often):
        began = time.perf_counter()
        response = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, f"{work}: {response.status_code}"
    return figure(work, "ms", sorted(times[warm_up(often) :]), 0.0)
