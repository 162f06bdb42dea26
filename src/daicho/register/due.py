"""期日の到来: residents whose planned day of moving out has come (standard 1.1.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look
from daicho.register.search.conditions import Conditions
from daicho.register.search.finding import Match
from daicho.register.search.hits import Hit, hits
from daicho.register.visibility import visible, within

# The search key has the present state of each person in one row, with an index of those who plan
# to move out. A planned day is a cell of 年月日; only a day of the calendar closes by itself.
_REACHED = """
FROM register_searchkey k JOIN register_current c ON c.record_id = k.record_id
JOIN register_recordversion v ON v.record_id = c.record_id AND v.history_no = c.history_no
WHERE k.state = 'living' AND k.closing_reason IN ('moved_out', 'moved_out_abroad')
    AND v.closing_event_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND v.closing_event_on <= %s
    AND """
# Where a closing of that day was cancelled, a clerk has said that it was wrong: nothing closes by
# itself again until the person says anew that they move out, or the day becomes another.
_STOPPED = """EXISTS (
    SELECT FROM register_recordedchange undoing
    JOIN register_recordedchange closing ON closing.id = undoing.corrects_id
    WHERE undoing.kind = 'cancelled' AND undoing.record_ids @> ARRAY[c.record_id]
        AND undoing.body->'said'->'record_ids' ? c.record_id::text
        AND closing.kind = 'moved_out_closed'
        AND closing.occurred_on::text = v.closing_event_on
        AND NOT EXISTS (
            SELECT FROM register_recordedchange plan
            WHERE plan.kind = 'moved_out' AND plan.record_ids @> ARRAY[c.record_id]
                AND plan.id > undoing.id))"""
_DUE = f"SELECT v.household_number, v.closing_event_on, {_STOPPED}, c.record_id, c.history_no"
_ORDER = " ORDER BY v.closing_event_on, v.household_number, c.record_id"


@dataclass(frozen=True)
class Due:
    """期日の到来した者: of one household and one planned day, each with the present 履歴番号.

    `is_stopped`: a closing of that day was cancelled, so that nothing closes by itself.
    """

    household_number: str
    planned_on: date
    expected: Mapping[UUID, int]
    is_stopped: bool = False


@dataclass(frozen=True)
class Overdue:
    """消除されていない転出予定者: of one household and one day, with who they are."""

    due: Due
    people: tuple[Hit, ...]


def moving_out(permit: Permit, on: date) -> tuple[Due, ...]:
    """Whom the daily closing closes: who moves out by `on` and is still a resident, the earliest
    day first; not those of whom a closing was cancelled."""
    demand(permit, "resident")
    with transaction.atomic():
        with connection.cursor() as cursor:
            # nobody waits for it: the time limit of the processes that serve people is not its own
            cursor.execute("SET LOCAL statement_timeout = 0")
        found = [one for one in _reached(permit, on) if not one.is_stopped]
        seen = [record_id for one in found for record_id in one.expected]
        if seen:  # asked every hour: a row for nobody would only hide the others
            look(permit, "look", "register.due", record_ids=seen, detail={"rows": len(seen)})
    return tuple(found)


def overdue(permit: Permit, on: date, most: int) -> tuple[Overdue, ...]:
    """消除されていない転出予定者: whose day has come by `on`, also of a cancelled closing; of at
    most so many households, the earliest day first."""
    demand(permit, "resident")
    with transaction.atomic():
        found = _reached(permit, on)[:most]
        seen = [record_id for one in found for record_id in one.expected]
        named = [Match(record_id, ()) for record_id in seen]
        shown = {one.record_id: one for one in hits(Conditions(()), named, visible(permit, seen))}
        look(permit, "look", "register.due", record_ids=seen, detail={"rows": len(seen)})
    return tuple(Overdue(one, tuple(shown[it] for it in one.expected)) for one in found)


def overdue_count(permit: Permit, on: date) -> int:
    """消除されていない転出予定者の数: persons; it names nobody, so it leaves no trail row."""
    demand(permit, "resident")
    with connection.cursor() as cursor:
        cursor.execute(*_asked(permit, on, "SELECT count(*)"))
        return int(cursor.fetchone()[0])


def _asked(permit: Permit, on: date, what: str, order: str = "") -> tuple[str, list[Any]]:
    """The statement and what is filled in: of those whom the permit reaches."""
    cut = within(permit)
    reached = " AND ".join(["true", *(clause for clause, _ in cut)])
    return what + _REACHED + reached + order, [on.isoformat(), *(value for _, value in cut)]


def _reached(permit: Permit, on: date) -> list[Due]:
    found: dict[tuple[str, str, bool], dict[UUID, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(*_asked(permit, on, _DUE, _ORDER))
        for number, planned, stopped, record_id, history_no in cursor.fetchall():
            found.setdefault((planned, number, stopped), {})[record_id] = history_no
    return [
        Due(number, date.fromisoformat(planned), expected, stopped)
        for (planned, number, stopped), expected in found.items()
    ]
