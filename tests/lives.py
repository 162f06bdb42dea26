"""A child of a running nation, from the counter of its town to the vaults of all who hold it.

Of its numbers there are digests alone, by a key that is gone afterwards.
"""

import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

import in_the_open
from daicho.access import clock
from daicho.site import embedded
from daicho.site.sim.real import comparing
from desk_by_http import Counter

TOWN, PREFECTURE, CENTRE = HOLDERS = ("072036", "07", "00")
STANDS_THERE = {
    "capacity": "principal",
    "visitor_name": "架空　実",
    "identity": "individual_number_card",
}
NEWBORN = {
    "given_name": "実",
    "given_name_kana": "ミノル",
    "given_name_reading": "ミノル",
    "sex": "1",
}
_HOUSEHOLDER = """
SELECT c.record_id::text FROM register_current c
    JOIN register_recordversion v USING (record_id, history_no)
WHERE c.state = 'living' AND v.relationship = '世帯主' AND v.resident_class = 'japanese'
ORDER BY v.born_on LIMIT 1
"""
_CHILD = """
SELECT c.record_id::text, c.resident_record_code FROM register_current c
    JOIN register_recordversion v USING (record_id, history_no)
WHERE v.given_name = '実' AND v.born_on = %s
"""
_OF_STOCK = "SELECT 1 FROM register_recordcode WHERE code = %s AND record_id = %s::uuid"
_SUBJECTS = "SELECT DISTINCT subject_id FROM network_subjectcode WHERE code = ANY (%s)"
_HELD = "SELECT code FROM network_held WHERE subject_id = %s AND is_open"
_FORMER = "SELECT count(*) FROM vault.former WHERE record_id = %s::uuid"


@dataclass(frozen=True)
class Seen:
    """ある時の姿: the child's pages, and by holder the digest of the number and whether another
    was there before."""

    code: str
    person: str
    history: str
    numbers: Mapping[str, str | None] = field(repr=False)
    former_count: Mapping[str, int]
    held_as: Mapping[str, list[str]]
    """By the tier above: the codes under which the one person is held."""


@dataclass
class Life:
    """一生の初め: the child after its birth, with another number, with another code; and where in
    the nation any number that is in a vault stands in the open."""

    born: Seen
    renumbered: Seen
    recoded: Seen
    in_the_open: set[str]


@dataclass
class Nation:
    """国: its folder, its server, what waits until nothing is on its way, and a town's counter."""

    folder: Path
    server: embedded.Server
    rest: Callable[[], None]
    counter: Counter

    def asked(self, party: str, statement: str, *values: object) -> list[Any]:
        """What stands in a party's database."""
        with psycopg.connect(self.server.url(f"party_{party}")) as connection:
            return connection.execute(statement, values).fetchall()


def lived(nation: Nation) -> Life:
    """Birth, another number, another code: each at the counter, until all who hold it know."""
    key, today = secrets.token_bytes(32), clock.today().isoformat()
    ((householder,),) = nation.asked(TOWN, _HOUSEHOLDER)
    reception = nation.counter.changes(
        "born",
        "ex_officio",
        householder,
        {"reason": "実態調査の結果による"},
        occurred_on=today,
        **{f"person-0-{name}": text for name, text in NEWBORN.items()},
    )
    ((child, code),) = nation.asked(TOWN, _CHILD, today)
    assert nation.asked(TOWN, _OF_STOCK, code, child) == [(1,)]
    numbers: set[str] = set()
    born = _seen(nation, reception, child, key, numbers)
    nation.counter.changes(
        "number_change_requested",
        "request",
        child,
        STANDS_THERE,
        occurred_on=today,
        circumstance="leaked",
        in_writing="on",
    )
    renumbered = _seen(nation, reception, child, key, numbers)
    nation.counter.changes("record_code_changed", "request", child, STANDS_THERE, in_writing="on")
    recoded = _seen(nation, reception, child, key, numbers)
    return Life(born, renumbered, recoded, _in_the_open(nation, key, numbers))


def _seen(nation: Nation, reception: str, child: str, key: bytes, numbers: set[str]) -> Seen:
    nation.rest()
    with ThreadPoolExecutor() as pool:
        digests = pool.map(lambda one: comparing.numbers_of(nation.folder / one, key), HOLDERS)
        by_holder = dict(zip(HOLDERS, digests, strict=True))
    numbers.update(*(one.values() for one in by_holder.values()))
    ((_, code),) = nation.asked(TOWN, _CHILD, clock.today().isoformat())
    subjects = {
        tier: [one for (one,) in nation.asked(tier, _SUBJECTS, [code])]
        for tier in (PREFECTURE, CENTRE)
    }
    places = {TOWN: child, **{tier: f"{one:032x}" for tier, (one,) in subjects.items()}}
    former = {one: nation.asked(one, _FORMER, place)[0][0] for one, place in places.items()}
    return Seen(
        code,
        nation.counter.reads(f"/inquiry/{reception}/person/{child}"),
        nation.counter.reads(f"/inquiry/{reception}/history/{child}"),
        {one: of.get(code) for one, of in by_holder.items()},
        former,
        {
            tier: [held for (held,) in nation.asked(tier, _HELD, one)]
            for tier, (one,) in subjects.items()
        },
    )


def _in_the_open(nation: Nation, key: bytes, numbers: set[str]) -> set[str]:
    found = in_the_open.places_with(in_the_open.logs(nation.folder), key, numbers)
    databases = (f.name for f in sorted(nation.folder.iterdir()) if f.name.isdecimal())
    for party in databases:
        rows = in_the_open.tables(nation.server.url(f"party_{party}"))
        found |= {f"{party} {one}" for one in in_the_open.places_with(rows, key, numbers)}
    return found
