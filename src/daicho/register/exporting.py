"""出力 (標準仕様書 10.6): the whole register as one CSV of the import's layout.

The same register gives the same bytes: a fixed order, and no time of the export in the file. No
個人番号 leaves here: its column stays blank.
"""

import csv
import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, demand_work, look
from daicho.law.safety import item_classes
from daicho.register import layout
from daicho.terms.changes.reasons import BASES, REASONS
from daicho.terms.records import Kind

FILE = "register.csv"


@dataclass(frozen=True)
class Export:
    """出力の結果: lines without the header, and SHA-256 of the file."""

    file: Path
    lines: int
    sha256: str


def _case(column: str, texts: dict[str, str]) -> str:
    whens = " ".join(f"WHEN '{code}' THEN '{text}'" for code, text in texts.items())
    return f"CASE {column} {whens} ELSE {column} END"


_SUPPRESSIONS = """(SELECT string_agg(concat_ws(':', s.process, s.level, s.from_on,
        coalesce(s.until_on::text, '')), ';' ORDER BY s.process, s.level, s.from_on, s.id)
    FROM register_suppression s WHERE s.record_id = v.record_id)"""
_PROTECTED = """(SELECT p.{} FROM register_protectivemeasure p WHERE p.record_id = v.record_id
    ORDER BY p.from_on DESC, p.id DESC LIMIT 1)"""
_REMARK = """(SELECT r.text FROM register_remark r WHERE r.record_id = v.record_id
    ORDER BY r.remark_no DESC LIMIT 1)"""


def _apart(name: str, present: str) -> str:
    """What stands beside the record: the present value on the last line, on a line before it what
    that line brought, so that the export reads back as the same lines."""
    brought = f"l.body->'apart'->>'{name}'"
    return f"CASE WHEN v.history_no = c.history_no THEN {present} ELSE {brought} END"


APART = {
    "remark": _apart("remark", f"nullif({_REMARK}, '')"),
    "suppressions": _apart("suppressions", _SUPPRESSIONS),
    "protected_from_on": _apart("protected_from_on", _PROTECTED.format("from_on::text")),
    "protected_until_on": _apart("protected_until_on", _PROTECTED.format("until_on::text")),
    "provisionally_protected": _apart(
        "provisionally_protected", f"CASE WHEN {_PROTECTED.format('provisional')} THEN '1' END"
    ),
}
"""記録の外の欄: SQL of each as text, over the version `v`, its ledger row `l`, the person `c`."""

_CHANGE = {
    "address_number": "v.address_number",
    "history_no": "v.history_no",
    "residence_no": "v.residence_no",
    "reason": _case("v.reason", {reason.code: reason.text for reason in REASONS.values()}),
    "occurred_on": "l.body->>'occurred_on'",
    "received_on": "l.received_on",
    "basis": _case("l.basis", dict(BASES)),
    "office": "nullif(l.office, '')",
    "terminal": "nullif(l.terminal, '')",
    "history_remark": "nullif(v.history_remark, '')",
    "note": "nullif(v.note, '')",
    **APART,
    "individual_number": "NULL",
}


def cell(column: layout.Column) -> str:
    """欄: SQL of a column as an export writes it over `v`; what is no item, over `l`, `c` too."""
    if column.item is None:
        return _CHANGE[column.name]
    if column.item.kind is Kind.FLAG:
        return f"CASE WHEN v.{column.name} THEN '1' END"
    if column.item.kind in (Kind.DATE, Kind.COUNT):
        return f"v.{column.name}"
    return f"nullif(v.{column.name}, '')"


# Whose line it is stands before it, and is taken off again: a statement of its own would be of
# another moment.
QUERY = f"""COPY (SELECT v.record_id, {", ".join(map(cell, layout.COLUMNS))}
    FROM register_recordversion v
    JOIN register_recordedchange l ON l.id = v.change_id
    JOIN register_current c ON c.record_id = v.record_id
    ORDER BY c.address_number COLLATE "C", v.history_no) TO STDOUT (FORMAT csv)"""


def write(permit: Permit, folder: Path) -> Export:
    """Write `register.csv` into `folder`, whole or not at all, under `permit`, trailed.

    For a made-up town alone: of any other the register leaves sealed, under leave that another
    person gave (`register.extracting.whole`).
    """
    demand_all(permit)
    file, part = folder / FILE, folder / f"{FILE}.part"
    digest = hashlib.sha256()
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with transaction.atomic(durable=True):
        with os.fdopen(handle, "wb") as written:

            def both(block: bytes) -> None:
                digest.update(block)
                written.write(block)

            lines = copied(both)
            written.flush()
            os.fsync(written.fileno())
        made = Export(file, lines, digest.hexdigest())
        detail: dict[str, int | str] = {"rows": lines, "digest": made.sha256}
        look(permit, "export", "register.exporting", detail=detail)
    part.replace(file)  # only once the trail row stands
    return made


def demand_all(permit: Permit) -> None:
    """Refused to whom any class of the items is not shown: a file with gaps would not read back."""
    demand_work(permit, "export")
    for seen in sorted(set(item_classes.classes(permit.on).values())):
        demand(permit, seen)


def copied(
    write_block: Callable[[bytes], object], of_whom: Callable[[UUID], object] | None = None
) -> int:
    """Give the whole file to `write_block`, part by part, and to `of_whom` whose each line is; how
    many lines there are."""
    lines = 0
    write_block(_header())
    with connection.cursor() as cursor, cursor.copy(QUERY) as copy:
        for row in copy:
            record_id, _, line = bytes(row).partition(b",")
            write_block(line)
            if of_whom is not None:
                of_whom(UUID(record_id.decode()))
            lines += 1
    return lines


def _header() -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(c.japanese for c in layout.COLUMNS)
    return text.getvalue().encode()
