"""問合せの道: what a page asks of a table that grows is found by an index.

In a town of a few persons reading a table through costs least, and nobody sees what it would cost
in a town of a million. So each statement is planned once more as if reading through were dear, and
must then name what it looks for.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import connection
from django.dispatch import Signal

SMALL = frozenset(
    {
        "access_office",
        "access_operator",
        "access_presence",
        "access_terminal",
        "access_authenticatorstate",
        "access_designation",
        "access_disclosurewaiting",
        "access_disposalhold",
        "access_disposalholdend",
        "access_disposalline",
        "access_disposallist",
        "access_disposaloutcome",
        "access_disposalstep",
        "access_disposaltakenoff",
        "access_engagement",
        "access_enrolmentleave",
        "access_holding",
        "access_officeright",
        "access_officerightexclusion",
        "access_ownrecord",
        "access_position",
        "access_relationnotice",
        "access_relationanalysis",
        "access_responsible",
        "access_right",
        "access_rightsreview",
        "access_rightsreviewline",
        "access_trailanalysis",
        "access_usedpassword",
        "certificates_certifier",
        "certificates_serial",
        "network_hold",
        "network_own",
        "network_receivingline",
        "network_sendingline",
        "register_draft",
        "register_editlease",
    }
)
"""They grow with the staff or the neighbours, hold a row a day, a list a month, or what lies on the
desks at this moment."""
SHORT = frozenset(
    {
        "search_moving_out",
        "network_registernotice_due",
        "network_registernotice_open",
        "network_sent_open",
        "network_stream_due",
    }
)
"""Indexes of few rows: those of the persons whose planned day will come; messages that somebody
must mend, residents of whom something waits to be carried out, and notices for the register."""
_LITERAL = re.compile(r"'[^']*'|\b\d+\b")
_seen: set[str] = set()


@contextmanager
def watched() -> Iterator[None]:
    """Within it, a request must not read a growing table through."""
    is_answering = False
    faults: list[str] = []

    def answers(signal: Signal, **_: object) -> None:
        nonlocal is_answering
        is_answering = signal is request_started

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not is_answering or not connection.in_atomic_block:
            return execute(sql, params, many, context)
        shape = _shape(str(sql))
        if shape not in _seen and _is_planned(shape):
            found = _read_by_every_plan(sql, params)
            _seen.add(shape)
            faults.extend(f"{table} is read through by: {shape}" for table in found)
        return execute(sql, params, many, context)

    for signal in (request_started, request_finished):
        signal.connect(answers)
    try:
        with connection.execute_wrapper(watch):
            yield
    finally:
        for signal in (request_started, request_finished):
            signal.disconnect(answers)
    assert not faults, "\n".join(faults)


@lru_cache(maxsize=10_000)
def _shape(sql: str) -> str:
    return _LITERAL.sub("?", sql)


@lru_cache(maxsize=10_000)
def _is_planned(shape: str) -> bool:
    if not shape.lstrip().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
        return False
    return any(table in shape for table in _growing())


@cache
def _growing() -> frozenset[str]:
    own = (one for one in apps.get_models() if one.__module__.startswith("daicho."))
    return frozenset(one._meta.db_table for one in own) - SMALL


def _read_by_every_plan(sql: Any, params: Any) -> list[str]:
    """A tiny table is soonest read through, whatever is dear; one way that is short will do."""
    found: list[str] = []
    for dear in ("enable_indexscan", "enable_bitmapscan"):
        found = list(_read_through(_plan(dear, sql, params)))
        if not found:
            break
    return found


def _plan(dear: str, sql: Any, params: Any) -> Mapping[str, Any]:
    # past Django, which would count these among the statements that a test has captured
    with connection.connection.cursor() as cursor:
        cursor.execute("SAVEPOINT planned")
        for way in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", dear):
            cursor.execute(f"SET LOCAL {way} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (found,) = cursor.fetchone()
        cursor.execute("ROLLBACK TO SAVEPOINT planned")
        cursor.execute("RELEASE SAVEPOINT planned")
    plan = json.loads(found) if isinstance(found, str) else found
    return dict(plan[0]["Plan"])


def _read_through(node: Mapping[str, Any], above: str = "") -> Iterator[str]:
    where = node.get("Relation Name", "") or node.get("Index Name", "")
    is_scan = node["Node Type"].endswith("Scan") and node["Node Type"] != "Bitmap Heap Scan"
    if is_scan and where in _growing() | _indexes() and not _looks_up(node, above):
        yield where
    for child in node.get("Plans", ()):
        yield from _read_through(child, node["Node Type"])


def _looks_up(node: Mapping[str, Any], above: str) -> bool:
    """Does it name what it looks for, take the first of an order, or read an index of few rows?"""
    is_short = above == "Limit" or node.get("Index Name") in SHORT
    return "Index Cond" in node or (is_short and "Filter" not in node)


@cache
def _indexes() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index"
            " WHERE indrelid::regclass::text = ANY (%s)",
            [sorted(_growing())],
        )
        return frozenset(name for (name,) in cursor.fetchall())
