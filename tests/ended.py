"""終わった記録, for the tests: of each kind that is kept by its end, one that ended on a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db.models import Model

from daicho.access import clock
from daicho.access.disposing.sources import sources
from daicho.access.models import (
    DataExport,
    DataExportRequest,
    DataExportStep,
    DisclosureRequest,
    DisclosureStep,
    DisclosureWaiting,
    Operator,
    OwnLogAnswer,
    OwnLogQuestion,
    OwnRecord,
    RelationNotice,
    ResidentCard,
    ResidentCardRevocation,
    ResidentCardTry,
)
from people import FAR_AWAY, WARD, Cast

MARKER = "廃棄　確認子"
"""目印: a name, or a text, that stands in what has ended alone."""


@dataclass(frozen=True)
class Made:
    """One case: `rows` are all that hangs on it. Where `written` names some, their moment is that
    of the writing, and only a superuser can say that it was another."""

    rows: tuple[Model, ...]
    written: tuple[Model, ...] = ()


def disclosure(cast: Cast, ended_on: date | None, text: str = "") -> Made:
    """A disclosure given on that day; None: it waits."""
    by = cast.system_operator.operator
    row = DisclosureRequest.objects.create(
        request_id=uuid4(),
        reception_id=uuid4(),
        kind="use_log",
        record_id=uuid4(),
        received_on=date(2015, 4, 1),
        capacity="principal",
        requester_name=text or "架空　花子",
        requester_address=f"架空市{text}",
        taken_by=by,
        office="001",
        ward=WARD,
    )
    if ended_on is None:
        DisclosureWaiting.objects.create(disclosure=row, ward=WARD)
        return Made((row, step_of(cast, row, "mending_asked", date(2015, 4, 2))))
    taken = [step_of(cast, row, what, ended_on) for what in ("decided", "given")]
    return Made((row, *taken))


def step_of(cast: Cast, row: DisclosureRequest, what: str, taken_on: date) -> DisclosureStep:
    """A step on a disclosure."""
    return DisclosureStep.objects.create(
        request_id=uuid4(),
        disclosure=row,
        what=what,
        by=cast.security_manager.operator,
        taken_on=taken_on,
        reason="架空の理由",
    )


def own_log(cast: Cast, ended_on: date | None, text: str = "") -> Made:
    """A question answered on that day; None: nobody has answered it."""
    row = OwnLogQuestion.objects.create(
        request_id=uuid4(),
        record_id=uuid4(),
        trail_id=1,
        asked_on=date(2015, 4, 1),
        text=f"なぜですか。{text}",
    )
    if ended_on is None:
        return Made((row,))
    by = cast.clerk.operator
    answer = OwnLogAnswer.objects.create(question=row, by=by, text=f"審査のため。{text}")
    return Made((row, answer), written=(answer,))


def resident_card(_cast: Cast, ended_on: date | None, _text: str = "") -> Made:
    """A card revoked on that day, whose certificate would have gone on; None: it is in force."""
    row = ResidentCard.objects.create(
        serial=uuid4().hex, fingerprint=bytes(32), record_id=uuid4(), until_on=FAR_AWAY
    )
    tried = ResidentCardTry.objects.create(card=row, is_right=True)
    if ended_on is None:
        return Made((row, tried))
    revoked = ResidentCardRevocation.objects.create(card=row, reason="lost")
    return Made((row, tried, revoked), written=(revoked,))


def own_record(cast: Cast, ended_on: date | None, _text: str = "") -> Made:
    """The own record of somebody whose last day that was; None: of a clerk who works here."""
    who = cast.clerk.operator
    if ended_on is not None:
        others = Operator.objects.filter(login__in=("branch", "kokuho"), until_on=None)
        who = others.order_by("login")[0]
        Operator.objects.filter(pk=who.pk).update(until_on=ended_on)
    by = cast.administrator.operator
    named = OwnRecord.objects.create(operator=who, record_id=uuid4(), since=date(2015, 4, 1), by=by)
    return Made((named, RelationNotice.objects.create(operator=who, version=1)))


def data_export(cast: Cast, ended_on: date | None, text: str = "") -> Made:
    """Leave for an export whose last day that was, with the file; None: it lasts."""
    row = asked_for(cast, ended_on or FAR_AWAY, text)
    decided = DataExportStep.objects.create(
        request=row, is_end=False, is_approved=True, by=cast.security_manager.operator
    )
    file = DataExport.objects.create(
        id=uuid4(), request=row, by=row.asked_by, rows=1, digest="0" * 64, size_bytes=1
    )
    return Made((row, decided, file))


def asked_for(cast: Cast, until_on: date, text: str = "") -> DataExportRequest:
    """A request for an export, until that day."""
    return DataExportRequest.objects.create(
        kind="mailing",
        columns=["address_number"],
        conditions={"residents_only": True},
        recipient=f"架空課{text}",
        ground="架空の理由",
        asked_by=cast.system_operator.operator,
        from_on=date(2015, 4, 1),
        until_on=until_on,
        rows_most=100,
        times_most=1,
    )


KINDS: Mapping[str, Callable[[Cast, date | None, str], Made]] = {
    "data_export": data_export,
    "disclosure": disclosure,
    "own_log": own_log,
    "own_record": own_record,
    "resident_card": resident_card,
}
"""種類: by the code of the table of periods, how one that ended comes about."""


def backdated(superuser: Any, made: Made, day: date) -> None:
    """What was written now was written on that day."""
    at = datetime.combine(day, time(12), clock.TOKYO)
    for row in made.written:
        name, key = row._meta.db_table, row._meta.pk.column
        superuser.execute(f"UPDATE {name} SET at = %s WHERE {key} = %s", [at, row.pk])  # noqa: S608  our own names


def models_of(kind: str) -> list[type[Model]]:
    """The models in whose tables rows of a kind stand."""
    tables = sources()[kind].tables
    found = [one for one in apps.get_models() if one._meta.db_table in tables]
    assert len(found) == len(tables)
    return found
