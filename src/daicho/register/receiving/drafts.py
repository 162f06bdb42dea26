"""仮登録: what was typed for a change, kept until it is recorded or thrown away (4.0.8).

A draft is no change: it makes no history, sends nothing, and whoever looks sees the record before
it. It never holds a 個人番号: that is typed anew when the change is recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, models, transaction

from daicho.access import clock
from daicho.access.permits import Permit, demand_work, look
from daicho.law.receptions.numbers_in_text import holds_number
from daicho.register.models import Draft
from daicho.register.receiving import answering
from daicho.register.receiving.receptions import (
    Reception,
    demand_own,
    is_undecided,
    names_of,
    unnamed,
)

_OF_NUMBERS = "individual_number"


@dataclass(frozen=True)
class Kept:
    """仮登録: under which 受付 it stands, what was typed, and who kept it when."""

    reception_id: UUID
    kind: str
    typed: Mapping[str, str]
    record_ids: tuple[UUID, ...]
    operator_id: int
    kept_at: datetime


@dataclass(frozen=True)
class Pending:
    """仮登録の一覧の行: that there is a draft, of which kind, whose and since when; no content."""

    reception_id: UUID
    number: str
    work_name: str
    office: str
    operator: str
    person_count: int
    kept_at: datetime


class KeptMeanwhile(Exception):
    """別の仮登録: another draft stands there than the one the clerk saw; nothing is kept."""

    def __init__(self, standing: Pending) -> None:
        super().__init__(str(standing.reception_id))
        self.standing = standing


def keep(
    permit: Permit,
    its: Reception,
    kind: str,
    typed: Mapping[str, str],
    record_ids: Iterable[UUID],
    *,
    over: datetime | None = None,
) -> bool:
    """仮登録する: keep what was typed, in the place of the draft that was kept at `over`.

    False, with nothing kept, where the 受付 has ended or led to a change meanwhile. KeptMeanwhile
    where another draft stands there than the clerk saw: it is replaced knowingly or not at all.
    """
    demand_work(permit, "draft")
    demand_work(permit, kind)
    demand_own(permit, its)
    assert permit.actor is not None, "demand_own() has said so"
    named, reception_id = tuple(record_ids), its.reception_id
    with transaction.atomic():
        answering.take(reception_id)
        if not is_undecided(reception_id):
            return False
        what = {
            "kind": kind,
            "typed": _without_numbers(typed),
            "record_ids": list(named),
            "office": permit.actor.office,
            "operator_id": permit.actor.operator_id,
            "terminal": permit.actor.terminal,
            "kept_at": clock.now(),
        }
        seen = Draft.objects.filter(pk=reception_id, kept_at=over) if over else None
        if seen is None or not seen.update(**what):
            _, is_new = Draft.objects.get_or_create(reception_id=reception_id, defaults=what)
            if not is_new:
                raise KeptMeanwhile(next(iter(_pending(Draft.objects.filter(pk=reception_id)))))
        said = {"kind": kind, "what": "kept"}
        look(permit, "draft", "register.draft", record_ids=named, detail=said)
    return True


def find(permit: Permit, its: Reception) -> Kept | None:
    """仮登録を開く: the draft under this 受付; one look, trailed. None where there is none."""
    demand_work(permit, "draft")
    demand_own(permit, its)
    with transaction.atomic():
        row = Draft.objects.filter(pk=its.reception_id).first()
        if row is None:
            return None
        rows = {"rows": len(row.record_ids)}
        look(permit, "look", "register.draft", record_ids=row.record_ids, detail=rows)
    return Kept(
        row.reception_id,
        row.kind,
        row.typed,
        tuple(row.record_ids),
        row.operator_id,
        row.kept_at,
    )


def discard(permit: Permit, its: Reception) -> bool:
    """仮登録を取り消す: because the clerk says so; tells whether there was one."""
    demand_work(permit, "draft")
    demand_own(permit, its)
    with transaction.atomic():
        return write_discarded(permit, its.reception_id)


def write_discarded(permit: Permit, reception_id: UUID) -> bool:
    """仮登録を消す: in the running transaction, with the change that was typed in it.

    Under `answering.take`, for a permit that was judged to be of this 受付. Tells whether there was
    one.
    """
    assert connection.in_atomic_block, "a draft goes with what it led to"
    row = Draft.objects.select_for_update().filter(pk=reception_id).first()
    if row is None:
        return False
    said = {"kind": row.kind, "what": "discarded"}
    look(permit, "draft", "register.draft", record_ids=row.record_ids, detail=said)
    row.delete()
    return True


def of_office(permit: Permit) -> tuple[Pending, ...]:
    """仮登録の一覧: of the own office, the oldest first; names nobody, leaves no trail."""
    demand_work(permit, "drafts")
    assert permit.actor is not None, "a job lists no drafts"
    return tuple(_pending(Draft.objects.filter(office=permit.actor.office)))


def pending(
    permit: Permit, record_ids: Iterable[UUID], besides: UUID | None = None
) -> tuple[Pending, ...]:
    """ほかの仮登録: drafts of any office that concern these residents, but for one 受付.

    Told when a form is opened (4.0.8), together with the look at the residents themselves.
    """
    demand_work(permit, "form")
    named = list(record_ids)
    if not named:
        return ()
    found = Draft.objects.filter(record_ids__overlap=named)
    return tuple(_pending(found.exclude(pk=besides) if besides else found))


def _pending(found: "models.QuerySet[Draft]") -> Iterable[Pending]:
    rows = list(found.order_by("kept_at"))
    under = {one.reception_id: one for one in unnamed(row.reception_id for row in rows)}
    names = names_of(row.operator_id for row in rows) if rows else {}
    for row in rows:
        its = under[row.reception_id]
        if its.state != "draft":  # answered without it: it is a draft no more
            continue
        yield Pending(
            reception_id=row.reception_id,
            number=its.number,
            work_name=its.work_name,
            office=row.office,
            operator=names.get(row.operator_id, ""),
            person_count=len(row.record_ids),
            kept_at=row.kept_at,
        )


def _without_numbers(typed: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text
        for name, text in typed.items()
        if not name.endswith(_OF_NUMBERS) and not holds_number([text])
    }
