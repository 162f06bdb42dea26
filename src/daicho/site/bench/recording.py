"""異動の記録の速さ: a moving-in of three persons through the write door, beside its bare rows.

The floor writes rows like those that the last change left (ledger, versions, projections, outbox,
trail) into tables with the same columns and indexes, one statement a row, in one transaction.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, connections
from psycopg.types.json import Jsonb

from daicho import recording
from daicho.access import acting, clock
from daicho.access.permits import Permit, permit
from daicho.law.receptions import Said
from daicho.law.rule import FINDINGS
from daicho.recording import Statement
from daicho.register import numbering
from daicho.register.receiving import taking
from daicho.site.bench import codes
from daicho.site.bench.measuring import Figure, in_turn, rounds, warm_up
from daicho.terms.changes import MovedIn
from daicho.terms.records import Cell

ROUNDS = 200
_FAMILY = (
    ("太郎", "タロウ", "1", "世帯主"),
    ("花子", "ハナコ", "2", "妻"),
    ("次郎", "ジロウ", "1", "子"),
)
# Table, how its rows of one change are found, and the columns that must differ in every row.
_TABLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("register_recordedchange", "request_id = %(request)s", ("id", "request_id")),
    ("register_recordversion", "record_id = ANY (%(records)s)", ("record_id",)),
    ("register_current", "record_id = ANY (%(records)s)", ("record_id", "address_number")),
    ("register_searchkey", "record_id = ANY (%(records)s)", ("record_id",)),
    ("register_household", "number = %(household)s", ("number",)),
    ("network_outbox", "request_id = %(request)s", ("id",)),
    ("access_trail", "request_id = %(request)s", ("id",)),
)
_codes = codes.unused(20_000_000)


def figures(residents: int) -> Iterator[Figure]:
    """The rows of this chapter; the clerk is that of the chapter before."""
    clerk, often = _clerk(), rounds(ROUNDS, residents)
    # each change has a 受付 of its own, taken before anything is timed
    received = iter([_received(clerk) for _ in range(often + warm_up(often) + 1)])
    first = _statement(next(received))
    recording.record(clerk, first)
    floor = _Floor(clerk.request_id, first)

    def recorded() -> None:
        request_id = uuid4()
        recording.record(_with_form(clerk, request_id), _statement(next(received)))

    yield in_turn("record a moving-in of three persons", recorded, floor.write, often)


def _clerk() -> Permit:
    operator = get_user_model().objects.get(login="bench")
    return permit(acting.actor(operator, "Z999", uuid4()), "change.moved_in", clock.today())


def _with_form(clerk: Permit, request_id: UUID) -> Permit:
    assert clerk.actor is not None, "a clerk acts"
    actor = replace(clerk.actor, request_id=request_id)
    return replace(clerk, actor=actor, request_id=request_id)


def _received(clerk: Permit) -> UUID:
    content = Said(
        work="moved_in",
        basis="notification",
        received_on=clock.today(),
        capacity="principal",
        visitor_name="計測　太郎",
        identity=("driving_licence",),
    )
    return taking.receive(_with_form(clerk, uuid4()), content).reception_id


def _statement(reception_id: UUID) -> Statement:
    today = clock.today()
    given = numbering.new_numbers(len(_FAMILY), 1)  # all at once, as the form does
    change = MovedIn(
        from_abroad=False,
        evidence="certificate",
        joins=False,
        household_number=given.households[0],
        address={
            "address_prefecture": "福島県",
            "address_municipality": "架空市",
            "address_town": "計測町",
            "address_lot": "１番１号",
        },
        movers=tuple(_mover(*one) for one in zip(given.people, _FAMILY, strict=True)),
    )
    return Statement(
        change=change,
        occurred_on=today.isoformat(),
        received_on=today,
        basis="notification",
        accepted=frozenset(_ACCEPTED),
        reception_id=reception_id,
    )


# whatever is asked of a made-up family, the clerk confirms it
_ACCEPTED = [code for code, kind in FINDINGS.items() if not kind.refuses]


def _mover(address_number: str, said: tuple[str, str, str, str]) -> Mapping[str, Cell]:
    given, kana, sex, relationship = said
    code = next(_codes)
    family = f"計測{code[-5:]}"
    return {
        "record_id": str(uuid4()),
        "address_number": address_number,
        "ward": settings.MUNICIPALITY,
        "resident_class": "japanese",
        "family_name": family,
        "given_name": given,
        "family_name_kana": "ケイソク",
        "given_name_kana": kana,
        "born_on": "1990-02-03" if relationship != "子" else "2020-02-03",
        "sex": sex,
        "relationship": relationship,
        "registered_domicile": "栃木県宇都宮市架空一丁目１番地",
        "family_register_head": f"{family}　太郎",
        "resident_record_code": code,
        "individual_number_state": "pending",
        "previous_address_prefecture": "栃木県",
        "previous_address_municipality": "宇都宮市",
        "previous_address_town": "架空一丁目",
    }


class _Floor:
    """下限: the bare rows of one change, written row by row by psycopg."""

    def __init__(self, request_id: UUID, statement: Statement) -> None:
        said = {
            "request": request_id,
            "records": list(statement.change.record_ids),
            "household": statement.change.household_numbers[0],
        }
        self._rows = [(name, own, _rows(name, where, said)) for name, where, own in _TABLES]
        with connections["owner"].cursor() as cursor:
            for name, _, _ in _TABLES:
                cursor.execute(f"CREATE TABLE public.floor_{name} (LIKE {name} INCLUDING ALL)")

    def write(self) -> None:
        """One transaction with all the rows of a change."""
        owner = connections["owner"]
        owner.ensure_connection()
        with owner.connection.transaction(), owner.connection.cursor() as cursor:
            for name, own, rows in self._rows:
                for row in rows:
                    new = {**row, **{column: _other(row[column]) for column in own}}
                    columns, marks = ", ".join(new), ", ".join(["%s"] * len(new))
                    cursor.execute(
                        f"INSERT INTO public.floor_{name} ({columns})"  # noqa: S608  our own names
                        f" OVERRIDING SYSTEM VALUE VALUES ({marks})",
                        [Jsonb(one) if isinstance(one, dict) else one for one in new.values()],
                    )


def _rows(name: str, where: str, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {name} WHERE {where}", said)  # noqa: S608  our own names
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


_numbers = count(10**9)


def _other(value: object) -> object:
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, int):
        return next(_numbers)
    return f"{next(_numbers):015}"
