"""移行の突合: what the lines of an import say together, found in SQL over `staged` and `fault`.

A check selects the lines that are not ordinary, with what was counted of each; whether that is
wrong, and whether it refuses, says `daicho.law.uniqueness`. `last` holds what must be compared of
each person's last line, the present state.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from daicho.law import uniqueness
from daicho.law.rule import Finding
from daicho.register import exporting
from daicho.register.reading import staged

Judge = Callable[..., Iterable[Finding | None]]


@dataclass(frozen=True)
class Check:
    """突合: SQL that gives line, 宛名番号, 世帯番号 and values, and the law asked of the values."""

    lines: str
    judge: Judge


LAST = """CREATE TEMPORARY TABLE last ON COMMIT DROP AS
SELECT DISTINCT ON (address_number) line, record_id, address_number, history_no, household_number,
    state IN ('', 'living') AND NOT unchanged AS enters, resident_record_code,
    residence_card_number, special_permanent_resident_certificate_number, blind_index
FROM (SELECT s.*, n.blind_index FROM staged s LEFT JOIN sealed n USING (line)) AS s
ORDER BY address_number, history_no DESC"""
ENTERING = "(SELECT * FROM last WHERE enters)"

# A line that the register holds already: 0 accepted, N unchanged. Either the same row was read
# before, whatever has been written beside it since, or the line is what an export would tell of it,
# whoever entered it.
_UNCHANGED = """UPDATE staged s SET unchanged = true
FROM register_current c, register_recordversion v, register_recordedchange l
WHERE NOT s.unchanged AND c.address_number = s.address_number AND v.record_id = c.record_id
    AND v.history_no = s.history_no AND l.id = v.change_id
    AND l.basis = s.basis AND l.received_on IS NOT DISTINCT FROM s.received_on
    AND l.office = s.office AND l.terminal = s.terminal"""
_AS_READ = f"{_UNCHANGED} AND l.kind = 'imported' AND l.body = s.body"
_OF_VERSION = ("residence_no", "reason", "history_remark", "note", *staged.RECORD_COLUMNS)
_AS_TEXT = {"provisionally_protected": "CASE WHEN s.provisionally_protected THEN '1' END"}
_AS_EXPORTED = f"""{_UNCHANGED}
    AND ({", ".join(f"v.{name}" for name in _OF_VERSION)})
        IS NOT DISTINCT FROM ({", ".join(f"s.{name}" for name in _OF_VERSION)})
    AND coalesce(l.body->>'occurred_on', '') = coalesce(s.body->>'occurred_on', '')
    AND {
    " AND ".join(
        f"coalesce({held}, '') = coalesce({_AS_TEXT.get(name, f's.{name}::text')}, '')"
        for name, held in exporting.APART.items()
    )
}"""

PREPARING = (
    _AS_READ,
    _AS_EXPORTED,
    LAST,
    "ANALYZE last",
)


def _held(unchanged: bool, *, on: date) -> Iterable[Finding | None]:
    yield uniqueness.imported_once(True, unchanged, on=on)


def _apart(runs: int, *, on: date) -> Iterable[Finding | None]:
    yield uniqueness.imported_together(runs, on=on)


def _history(
    same: int,
    number: int,
    before: int,
    residence: int,
    residence_before: int | None,
    residence_after: int | None,
    state: str,
    lacks_lines: bool,
    *,
    on: date,
) -> Iterable[Finding | None]:
    yield uniqueness.history_no_twice(same, on=on)
    yield uniqueness.residence_ends(state, residence, residence_after, on=on)
    if not lacks_lines:  # a line that was refused itself would be a gap to no purpose
        yield uniqueness.history_no_gap(before, number, on=on)
        lacks_first = before == 0 and number > 1
        yield uniqueness.residence_no(residence_before, residence, on=on, lacks_first=lacks_first)


def number_twice(item: str, others: int, *, on: date) -> Iterable[Finding | None]:
    """番号の重複: what the law says of a number that `others` residents have too."""
    yield uniqueness.imported_number_twice(item, others, on=on)


def _whole(refused_lines: int, refused_members: int, *, on: date) -> Iterable[Finding | None]:
    yield uniqueness.imported_whole(refused_lines, refused_members, on=on)


HISTORY = Check(
    """SELECT line, address_number, household_number, same, history_no, before, residence_no,
        residence_before, residence_after, state,
        address_number IN (SELECT address_number FROM fault)
    FROM (SELECT line, address_number, household_number, history_no, residence_no, state,
            count(*) OVER (PARTITION BY address_number, history_no) AS same,
            coalesce(lag(history_no) OVER w, 0) AS before,
            lag(residence_no) OVER w AS residence_before,
            lead(residence_no) OVER w AS residence_after
        FROM staged WINDOW w AS (PARTITION BY address_number ORDER BY history_no, line)) AS stepped
    WHERE history_no <> before + 1 OR same > 1 OR residence_no <> coalesce(residence_before, 1)
        OR residence_after <> residence_no""",
    _history,
)


def _twice(item: str, column: str) -> Check:
    return Check(
        f"""SELECT line, address_number, household_number, same - 1 FROM (
            SELECT *, count(*) OVER (PARTITION BY {column}) AS same
            FROM {ENTERING} AS entering WHERE {column} <> '') AS counted
        WHERE same > 1""",
        partial(number_twice, item),
    )


CHECKS = (
    HISTORY,  # before others find faults: it asks which persons lack lines
    Check(
        """SELECT s.line, s.address_number, s.household_number, s.unchanged
        FROM staged s JOIN register_current c USING (address_number) WHERE NOT s.unchanged""",
        _held,
    ),
    Check(
        """SELECT s.line, s.address_number, s.household_number, runs FROM staged s JOIN (
            SELECT address_number, count(*) AS runs FROM (
                SELECT address_number, address_number IS DISTINCT FROM
                    lag(address_number) OVER (ORDER BY line) AS starts
                FROM (SELECT line, address_number FROM staged
                    UNION ALL SELECT line, address_number FROM fault) AS lines) AS ordered
            WHERE starts GROUP BY address_number HAVING count(*) > 1) AS apart
        USING (address_number)""",
        _apart,
    ),
    _twice("resident_record_code", "resident_record_code"),
    Check(
        f"""SELECT new.line, new.address_number, new.household_number, count(*)
        FROM {ENTERING} AS new JOIN register_current c
            ON c.resident_record_code = new.resident_record_code AND c.state IN ('', 'living')
        WHERE new.resident_record_code <> '' AND c.address_number <> new.address_number
        GROUP BY 1, 2, 3""",
        partial(number_twice, "resident_record_code"),
    ),
    *(
        _twice(column, column)
        for column in ("residence_card_number", "special_permanent_resident_certificate_number")
    ),
    _twice("individual_number", "blind_index"),
)

# Lines that could not be staged are known by what they say of themselves, hence the texts.
SPREADING = (
    Check(
        f"""SELECT living.line, living.address_number, household_number, 0, members
        FROM {ENTERING} AS living JOIN (
            SELECT household_number, count(*) AS members FROM (
                SELECT household_number, address_number FROM fault WHERE household_number <> ''
                    AND NOT EXISTS (SELECT FROM staged later WHERE later.line > fault.line
                        AND later.address_number = fault.address_number
                        AND later.household_number <> fault.household_number)
                UNION SELECT refused.household_number, address_number
                FROM {ENTERING} AS refused JOIN fault USING (address_number)) AS refused
            GROUP BY household_number) AS broken USING (household_number)
        WHERE NOT EXISTS (SELECT FROM fault f WHERE f.address_number = living.address_number)""",
        _whole,
    ),
    Check(
        """SELECT s.line, s.address_number, s.household_number, refused, 0
        FROM staged s JOIN (SELECT address_number, count(DISTINCT line) AS refused
            FROM fault GROUP BY address_number) AS broken USING (address_number)
        WHERE NOT s.unchanged AND NOT EXISTS (SELECT FROM fault f WHERE f.line = s.line)""",
        _whole,
    ),
)
