"""廃棄の一覧と行: as they stand; what is kept of a kind and a month is one line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from psycopg import sql

from daicho.access.disposing.steps import Way, told
from daicho.access.models import DisposalLine, DisposalList, Trail
from daicho.access.people.registering import NotThere
from daicho.law.retention import disposing
from daicho.law.retention.disposing import Disposal


@dataclass(frozen=True)
class Line:
    """廃棄の一覧の行: `row_count` are those that were found, `done_count` those that were deleted;
    `digest` is over the ids that it stands for."""

    line_id: int
    kind: str  # a row of law/tables/retention.toml
    article: str
    month: date  # its first day
    due_on: date
    row_count: int
    digest: bytes
    taken_off: str  # a key of law.retention.disposing.REASONS, or blank
    outcome: str  # a key of law.retention.disposing.OUTCOMES
    done_count: int

    @property
    def waits(self) -> bool:
        """Is it to be carried out yet?"""
        return not self.taken_off and not self.outcome


@dataclass(frozen=True)
class Listed:
    """廃棄の一覧: one list as it stands; `proposed_by` is None where the machine made it."""

    list_id: int
    state: str  # a key of law.retention.disposing.STATES
    salt: bytes
    proposed_by: int | None
    proposed_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    digest: bytes | None  # of what was decided
    finished_at: datetime | None
    line_count: int
    off_count: int
    done_count: int

    @property
    def facts(self) -> Disposal:
        """What the law judges a step by."""
        left = self.line_count - self.off_count
        return Disposal(self.state, self.proposed_by, left, disposing.RECORDS)

    @property
    def left_count(self) -> int:
        """残り: lines that are to be carried out yet."""
        return self.line_count - self.off_count - self.done_count


def lists() -> tuple[Listed, ...]:
    """Every list, the newest first."""
    rows = DisposalList.objects.prefetch_related("steps", "lines__taken_off", "lines__outcome")
    return tuple(_listed(one) for one in rows.order_by("-id"))


def listed(list_id: int) -> Listed | None:
    """One list, or None."""
    if list_id >= 2**63:  # no number of a row
        return None
    rows = DisposalList.objects.prefetch_related("steps", "lines__taken_off", "lines__outcome")
    row = rows.filter(pk=list_id).first()
    return _listed(row) if row else None


def there(list_id: int) -> Listed:
    """The list; raises NotThere."""
    found = listed(list_id)
    if found is None:
        raise NotThere(list_id)
    return found


def lines(list_id: int) -> tuple[Line, ...]:
    """The lines of a list, in the order of its digest."""
    return tuple(lines_of([list_id]).get(list_id, ()))


def lines_of(list_ids: Collection[int]) -> Mapping[int, Sequence[Line]]:
    """The lines of several lists at once, by list."""
    found: dict[int, list[Line]] = {}
    rows = DisposalLine.objects.filter(list__in=list_ids).order_by("id")
    for one in rows.select_related("taken_off", "outcome"):
        found.setdefault(one.list_id, []).append(_line(one))
    return found


def _listed(row: DisposalList) -> Listed:
    steps = {one.is_end: one for one in row.steps.all()}
    decision, end = steps.get(False), steps.get(True)
    state = "proposed"
    if decision is not None:
        state = "approved" if decision.is_approved else "refused"
    its = [_line(one) for one in row.lines.all()]
    return Listed(
        list_id=row.pk,
        state="done" if end else state,
        salt=bytes(row.salt),
        proposed_by=row.proposed_by_id,
        proposed_at=row.at,
        decided_by=decision.by_id if decision else None,
        decided_at=decision.at if decision else None,
        digest=bytes(decision.digest) if decision else None,
        finished_at=end.at if end else None,
        line_count=len(its),
        off_count=sum(bool(one.taken_off) for one in its),
        done_count=sum(bool(one.outcome) for one in its),
    )


def _line(row: DisposalLine) -> Line:
    taken_off = getattr(row, "taken_off", None)  # what was not is no attribute
    outcome = getattr(row, "outcome", None)
    return Line(
        line_id=row.pk,
        kind=row.kind,
        article=row.article,
        month=row.month,
        due_on=row.due_on,
        row_count=row.row_count,
        digest=bytes(row.digest),
        taken_off=taken_off.reason if taken_off else "",
        outcome=outcome.outcome if outcome else "",
        done_count=outcome.row_count if outcome else 0,
    )


def _list_of(trail_id: int) -> int:
    return DisposalList.objects.filter(trail_id=trail_id).values_list("pk", flat=True).first() or 0


WAY = Way(of=disposing.RECORDS, event="retention", door="retention", list_of=_list_of)


def digest(list_id: int) -> bytes:
    """The digest of a list as it stands now: over all its lines, and which were taken off."""
    ((found,),) = asked(sql.SQL("SELECT disposal.list_digest(%s)"), [list_id])
    return bytes(found)


def told_of(list_id: int) -> Mapping[str, str]:
    """証し: the digests that the trail has of a list, in hexadecimal, by event."""
    steps = DisposalList.objects.get(pk=list_id).steps.all()
    by = {one.trail_id: one.by_id for one in steps}
    rows = Trail.objects.filter(pk__in=by, detail__list=list_id)
    return {one.event: str(one.detail["digest"]) for one in rows if by[one.pk] == one.operator_id}


def found_of(kind: str, month: date) -> tuple[int, bytes]:
    """How many rows of a kind and month are there to be let go, and the digest of their ids."""
    of_kind = sql.SQL("SELECT * FROM {}(%s)").format(_function(f"{kind}_ids"))
    statement = sql.SQL(
        "SELECT cardinality(ids), disposal.digest_of(ids) FROM (SELECT ARRAY({}) AS ids) AS found"
    ).format(of_kind)
    ((count, found),) = asked(statement, [month])
    return int(count), bytes(found)


def oldest_ended(kind: str) -> date | None:
    """The first day on which anything of a kind that is kept by its end has ended, or None."""
    of_kind = sql.SQL("SELECT min(ended_on) FROM {}()").format(_function(f"{kind}_ended"))
    return _day(of_kind)


def oldest_settled(kind: str) -> date | None:
    """The first day on which anything of a kind of messages was settled, or None."""
    return _day(sql.SQL("SELECT {}()").format(_function(f"{kind}_oldest")))


def _day(statement: sql.Composable) -> date | None:
    ((found,),) = asked(statement)
    return found if isinstance(found, date) else None


def is_held(kind: str, month: date) -> bool:
    """差止め: is a month of a kind still needed, or stopped by a person?"""
    ((found,),) = asked(sql.SQL("SELECT {}(%s)").format(_function(f"{kind}_held")), [month])
    return bool(found)


def waits(kind: str, month: date) -> bool:
    """順序: does a month wait for what is kept of the kind that goes first?"""
    ((found,),) = asked(sql.SQL("SELECT {}(%s)").format(_function(f"{kind}_waits")), [month])
    return bool(found)


def destroy(kind: str, trail_id: int, line_id: int) -> int | None:
    """Delete what a line stands for; gives how many, None where it is not what was approved, or
    needed again.

    Raises Unfit.
    """
    statement = sql.SQL("SELECT {}(%s, %s)").format(_function(f"destroy_{kind}"))
    patiently()
    with told():
        ((count,),) = asked(statement, [trail_id, line_id])
    return None if count is None else int(count)


def is_rewritten(table: str, list_id: int) -> bool:
    """Has the file of a table been written anew since this list deleted anything?"""
    statement = sql.SQL("SELECT disposal.is_rewritten(%s, %s)")
    ((found,),) = asked(statement, [table, list_id])
    return bool(found)


def size_bytes(tables: Sequence[str]) -> int:
    """表の大きさ: of the largest of these tables, with its indexes; 0 of none."""
    statement = sql.SQL(
        "SELECT coalesce(max(pg_total_relation_size(c.oid)), 0) FROM pg_class c"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%s)"
    )
    ((found,),) = asked(statement, [list(tables)])
    return int(found)


def rewrite(trail_id: int, list_id: int, table: str) -> None:
    """Write a table and its indexes anew; nobody uses it meanwhile. Raises Unfit."""
    patiently()
    with told():
        asked(sql.SQL("SELECT disposal.rewrite(%s, %s, %s)"), [trail_id, list_id, table])


def patiently() -> None:
    """Until the transaction ends: nobody waits for it, so that the time limit of the processes that
    serve people is not its own."""
    asked(sql.SQL("SET LOCAL statement_timeout = 0"))


def _function(name: str) -> sql.Identifier:
    return sql.Identifier("disposal", name)


def asked(statement: sql.Composable, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), given or None)
        return list(cursor.fetchall()) if cursor.description else []


def months(oldest: date, before: date) -> Iterator[date]:
    """月: the first day of each from that of `oldest`, those that end before `before`."""
    month = oldest.replace(day=1)
    while (following := _following(month)) <= before:
        yield month
        month = following


def _following(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
