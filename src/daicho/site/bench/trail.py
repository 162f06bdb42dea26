"""利用記録の速さ: what a trail row adds to a look.

The floor is the bare insert of the same two rows in one transaction of its own; the row of a look
stands in the look's transaction, so its own cost is timed around the call. The decision before it
asks tables that are read already, and has no floor.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

from django.db import connection, transaction

from daicho.access import clock
from daicho.access.acting import Actor
from daicho.access.permits import asked_by, look, system_permit
from daicho.law.safety import permitting
from daicho.site.bench.measuring import Figure, figure, in_turn, rounds

ROUNDS = 400
DECISIONS = 100  # of a round: one alone is shorter than the clock is exact
SUBJECTS = 4  # a household

_TRAIL = """INSERT INTO access_trail (event, door, office, terminal, ward, purpose, job, article,
    finding, request_id, subject_count, number_seen, detail, commitment)
    VALUES ('look', '', '', '', '', '', '', '', '', %s, 0, false, '{}', '\\x') RETURNING id"""
_SUBJECTS = "INSERT INTO access_trailsubjects (trail_id, record_ids, salt) VALUES (%s, %s, '\\x')"


def figures(residents: int) -> Iterator[Figure]:
    """The rows of this chapter."""
    often = rounds(ROUNDS, residents)
    permit = system_permit("rebuild_check", clock.today(), uuid4())
    record_ids = [uuid4() for _ in range(SUBJECTS)]

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_TRAIL, [uuid4()])
            cursor.execute(_SUBJECTS, [cursor.fetchone()[0], record_ids])

    def trailed() -> None:
        with transaction.atomic():
            look(permit, "look", "bench", record_ids=record_ids)

    yield _decided(often)
    yield in_turn("trail row, in a transaction of its own", trailed, bare, often)
    yield _within(lambda: look(permit, "look", "bench", record_ids=record_ids), often)


def _decided(often: int) -> Figure:
    """The decision of the law tables for a clerk's work, as a permit asks it; no database.

    The work needs a designation, a zone and factors, and is judged as in a real town.
    """
    on = clock.today()
    clerk = Actor(
        operator_id=1,
        office="001",
        office_kind="resident_counter",
        posts=frozenset({"clerk"}),
        ward="",
        terminal="Z999",
        request_id=uuid4(),
        zone="my_number",
        factors=frozenset({"password", "webauthn"}),
        trees=frozenset({"specific_personal_information"}),
    )
    times = []
    for _ in range(often):
        began = time.perf_counter()
        for _ in range(DECISIONS):
            asked = replace(asked_by(clerk, "change.moved_in"), is_trial=False)
            found = permitting.permitted(asked, on=on)
        times.append((time.perf_counter() - began) * 1_000_000 / DECISIONS)
    assert "individual_number" in found.sees, "every table was asked, and gave leave"
    return figure("permit decision, by the law tables", "us", sorted(times), 0.0)


def _within(call: "object", often: int) -> Figure:
    assert callable(call)
    times = []
    for _ in range(often):
        with transaction.atomic():
            began = time.perf_counter()
            call()
            times.append((time.perf_counter() - began) * 1000)
    return figure("trail row, around the call inside a look", "ms", sorted(times), 0.0)
