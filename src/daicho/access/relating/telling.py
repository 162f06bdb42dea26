"""関係の分析の説明: what an operator is told, and that he said so; before, he is not analysed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from daicho.access import trail
from daicho.access.acting import Actor
from daicho.access.models import OwnRecord, RelationNotice
from daicho.access.people.registering import alone
from daicho.law.extensions import extensions_on
from daicho.law.safety.watching import relations

EXTENSION = "trail_relations"


@dataclass(frozen=True)
class Standing:
    """説明の状態: when the notice in force was confirmed, and since when a record is named."""

    notice: relations.Notice
    told_at: datetime | None
    named_since: date | None


@dataclass(frozen=True)
class Own:
    """本人の記録: which, and from which day on it is his no more; None: it still is."""

    record_id: UUID
    ends_on: date | None


def is_on() -> bool:
    """有効か: is the extension switched on?"""
    return EXTENSION in extensions_on(settings.EXTENSIONS)


def standing(operator_id: int, on: date) -> Standing:
    """説明の状態: of one operator on a day, by the notice of that day."""
    notice = relations.notice(on)
    row = _rows(on).filter(operator=operator_id).last()
    since = row.since if row is not None and row.record_id is not None else None
    return Standing(notice, told_at(operator_id, notice.version), since)


def waits(operator_id: int, on: date) -> bool:
    """確認を待つ: is it on, and has the operator not yet confirmed the notice in force?"""
    return is_on() and told_at(operator_id, relations.notice(on).version) is None


def told_at(operator_id: int, version: int) -> datetime | None:
    """確認の時: when the operator confirmed that version; None where he has not."""
    rows = RelationNotice.objects.filter(operator=operator_id, version=version)
    return rows.values_list("at", flat=True).first()


def confirm(actor: Actor, version: int) -> None:
    """説明の確認: by the operator himself, once for each version; a repeat changes nothing."""
    with transaction.atomic():
        alone(f"relation notice {actor.operator_id}")
        if told_at(actor.operator_id, version) is not None:
            return
        RelationNotice.objects.create(operator_id=actor.operator_id, version=version)
        trail.write(
            "relation_told",
            request_id=actor.request_id,
            actor=actor,
            door="relating.confirm",
            detail={"version": version},
        )


def own_records(since: date, until: date) -> Mapping[int, Own]:
    """本人の記録: of each operator the newest that held on a day of a period, so that nobody is
    left out whose registration was ended before its last day."""
    of_each: defaultdict[int, dict[date, UUID | None]] = defaultdict(dict)
    for who, record_id, day in _rows(until).values_list("operator", "record_id", "since"):
        of_each[who][day] = record_id  # of several of one day the last; the others never held
    found = {}
    for who, by_day in of_each.items():
        ends = [*list(by_day)[1:], None]
        for record_id, ends_on in zip(by_day.values(), ends, strict=True):
            if record_id is not None and (ends_on is None or ends_on > since):
                found[who] = Own(record_id, ends_on)
    return found


def _rows(on: date) -> "QuerySet[OwnRecord]":
    """The rows up to a day, the newest last."""
    return OwnRecord.objects.filter(since__lte=on).order_by("since", "id")
