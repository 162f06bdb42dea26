"""抽出の行: the lines of an export in a fixed order, a batch at a time, as a permit shows them."""

from collections.abc import Generator, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.access.permits import Permit, demand, demand_work
from daicho.law.safety import item_classes
from daicho.register import layout, visibility
from daicho.register.exporting import cell
from daicho.register.extracting.conditions import Conditions, clauses

BATCH_ROWS = 2_000

Line = tuple[UUID, list[str]]


def stream(
    permit: Permit, columns: Sequence[str], conditions: Conditions
) -> Generator[Line, None, None]:
    """Each person who fits, with these columns; what the permit does not show is blank.

    Of whom it withholds there are number and name at most, and nobody who is withheld is chosen by
    what is not shown. Who would be a blank line is left out. Memory holds one batch. Runs in the
    transaction of the work, by one statement, so that all lines are of one moment. Ordered by the
    record's id, which tells nothing of who lives together.
    """
    demand_work(permit, "data_export")
    of = item_classes.classes(permit.on)
    for seen in sorted({of[column] for column in columns}):
        demand(permit, seen)
    query, values = _query(permit, columns, conditions)
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while batch := cursor.fetchmany(BATCH_ROWS):
            yield from _shown(permit, columns, batch)


def _query(permit: Permit, columns: Sequence[str], conditions: Conditions) -> tuple[str, list[Any]]:
    by_name = {one.name: one for one in layout.COLUMNS}
    asked = [*clauses(conditions), *visibility.within(permit)]
    if conditions.chooses_by_hidden:
        asked += visibility.not_withheld(permit)
    where = " AND ".join(text for text, _ in asked) or "true"
    cells = ", ".join(f"({cell(by_name[column])})::text" for column in columns)
    query = f"""SELECT k.record_id, {cells} FROM register_current k
    JOIN register_recordversion v ON v.record_id = k.record_id AND v.history_no = k.history_no
    WHERE {where} ORDER BY k.record_id"""  # noqa: S608  names of the layout, and clauses with marks for values
    return query, [value for _, value in asked]


def _shown(
    permit: Permit, columns: Sequence[str], batch: list[tuple[object, ...]]
) -> Iterator[Line]:
    ids = [record_id for record_id, *_ in batch if isinstance(record_id, UUID)]
    seen = visibility.visible(permit, ids)
    for record_id, (_, *values) in zip(ids, batch, strict=True):
        hidden = seen.hidden_of(record_id)
        if hidden.issuperset(columns):
            continue
        line = [
            "" if value is None or column in hidden else str(value)
            for column, value in zip(columns, values, strict=True)
        ]
        yield record_id, line
