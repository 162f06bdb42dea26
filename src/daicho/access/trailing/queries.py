"""利用記録の点検: what an auditor sees of the trail, behind a Permit; each look is trailed itself.

Operators are named, residents never: whom a row concerns is told as record_ids alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daicho.access.models import Office, Operator, Terminal, Trail
from daicho.access.permits import Permit, demand_work, look
from daicho.access.trailing import finding, proving, wording
from daicho.access.trailing.conditions import Conditions
from daicho.access.trailing.finding import Row
from daicho.access.trailing.proving import Proof

PAGE = 50
"""一ページの件数."""
DRAWN_MOST = 5_000
"""図に描く件数の上限: the newest of them."""
SUBJECTS_MOST = 50
"""表示する対象者の上限: of one row."""
WORK = "trail"
"""利用記録の点検の機能: for which a permit must be."""


@dataclass(frozen=True)
class Name:
    """名: a code and what it stands for."""

    code: str
    name: str


@dataclass(frozen=True)
class Places:
    """所属と端末: all there are, those no longer in use too."""

    offices: tuple[Name, ...]
    terminals: tuple[Name, ...]


@dataclass(frozen=True)
class Line:
    """一覧の行: one use, in words; `refusal` is blank where nothing was refused."""

    trail_id: int
    at: datetime
    kind: str
    event: str
    login: str
    operator: str
    office: str
    terminal: str
    affairs: str
    cited: str
    door: str
    subject_count: int
    number_seen: bool
    finding: str
    refusal: str


@dataclass(frozen=True)
class Found:
    """点検の結果: one page; on the first one the moments of the newest DRAWN_MOST rows too."""

    lines: tuple[Line, ...]
    has_more: bool
    moments: tuple[datetime, ...]


@dataclass(frozen=True)
class Opened:
    """一つの利用: a row with its own fields, whom it concerns, and its proof.

    `subjects` is None where they were disposed of; `proof` where the row waits for its place.
    `is_sound`: nothing of it was altered past the program, as far as row and proof tell.
    """

    line: Line
    operator_id: int | None
    request_id: UUID
    fields: tuple[tuple[str, str], ...]
    subjects: tuple[UUID, ...] | None
    proof: Proof | None
    is_sound: bool


def places(permit: Permit) -> Places:
    """所属と端末: names to choose from; they concern no person, so they leave no trail row."""
    demand_work(permit, WORK)
    offices, terminals = _offices(), _terminals()
    return Places(
        tuple(Name(*one) for one in offices.items()),
        tuple(Name(*one) for one in terminals.items()),
    )


def operator_named(permit: Permit, login: str) -> int | None:
    """操作者: the number of who has that 操作者ID, also of who has left; None for nobody.

    No trail row: what is looked for by it leaves one, which names the operator.
    """
    demand_work(permit, WORK)
    return Operator.objects.filter(login=login).values_list("pk", flat=True).first()


def newest(permit: Permit) -> int:
    """最も新しい記録の番号: where a search that begins now ends; it concerns no person."""
    demand_work(permit, WORK)
    return finding.newest()


def found(permit: Permit, asked: Conditions, upto: int, before: int | None = None) -> Found:
    """点検: a page of the rows that fit, the newest first, below the number `before`.

    `upto` is the number that was newest when the search began. One look, trailed with the names of
    the conditions; it concerns the person and the operator by whom it was asked.
    """
    demand_work(permit, WORK)
    assert asked.is_narrow, "the form asks for a person, an operator or a short period"
    with transaction.atomic():
        rows = finding.page(asked, upto, before, PAGE + 1)
        shown, has_more = rows[:PAGE], len(rows) > PAGE
        moments = () if before else tuple(one.at for one in shown)
        if has_more and not before:
            moments = finding.moments_of(asked, upto, DRAWN_MOST)
        said: dict[str, int | str] = {"rows": len(shown), "keys": ",".join(asked.used)}
        if asked.operator is not None:
            said["operator"] = asked.operator
        named = [asked.person] if asked.person else []
        look(permit, "trail_shown", "trails.list", record_ids=named, detail=said)
        return Found(_lines(shown), has_more, moments)


def one(permit: Permit, trail_id: int) -> Opened | None:
    """一つの利用: None where there is none; one look, trailed, of those whom it shows."""
    demand_work(permit, WORK)
    with transaction.atomic():
        row = Trail.objects.filter(pk=trail_id).first()
        if row is None:
            return None
        subjects = finding.subjects(row.pk)
        named = (subjects or ())[:SUBJECTS_MOST]
        said: dict[str, int | str] = {"rows": 1, "row": row.pk}
        if row.operator_id is not None:
            said["operator"] = row.operator_id
        look(permit, "trail_shown", "trails.one", record_ids=named, detail=said)
        proof = proving.proof_of(row.pk)
        (line,) = _lines([Row(**{name: getattr(row, name) for name in Row.__dataclass_fields__})])
        return Opened(
            line=line,
            operator_id=row.operator_id,
            request_id=row.request_id,
            fields=tuple(_fields(row.detail)),
            subjects=None if subjects is None else named,
            proof=proof,
            is_sound=(proof is None or proof.is_sound) and proving.subjects_agree(row.pk),
        )


def _fields(detail: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """Own fields in words; an operator's number becomes a name, an office's code too."""
    offices = _offices() if "office" in detail or "office_before" in detail else {}
    for code, name, text in wording.own_fields(detail):
        if code == "operator":
            found = _operators([int(text)]).get(int(text)) if text.isdigit() else None
            yield name, f"{found.name} {found.login}" if found else text
        else:
            yield name, offices.get(text, text) if code.startswith("office") else text


def _lines(rows: Iterable[Row]) -> tuple[Line, ...]:
    rows = tuple(rows)
    operators = _operators([one.operator_id for one in rows if one.operator_id is not None])
    offices, terminals = _offices(), _terminals()
    return tuple(
        _line(one, operators.get(one.operator_id or 0), offices, terminals) for one in rows
    )


def _line(
    row: Row, who: Operator | None, offices: Mapping[str, str], terminals: Mapping[str, str]
) -> Line:
    return Line(
        trail_id=row.id,
        at=row.at,
        kind=wording.kind_name(row.event),
        event=wording.event_name(row.event),
        login=who.login if who else "",
        operator=who.name if who else "",
        office=offices.get(row.office, row.office),
        terminal=terminals.get(row.terminal, row.terminal),
        affairs=wording.affairs(row.purpose, row.job),
        cited=wording.cited(row.article),
        door=row.door,
        subject_count=row.subject_count,
        number_seen=row.number_seen,
        finding=row.finding,
        refusal=wording.refusal(row.finding, row.purpose) if row.finding else "",
    )


def _operators(ids: Iterable[int]) -> Mapping[int, Operator]:
    return Operator.objects.in_bulk(set(ids))


def _offices() -> Mapping[str, str]:
    return dict(Office.objects.order_by("code").values_list("code", "name"))


def _terminals() -> Mapping[str, str]:
    return dict(Terminal.objects.order_by("code").values_list("code", "name"))
