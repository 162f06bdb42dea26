"""個人番号の取得の記録: whence each number came, kept with it by the same call and never changed.

It holds codes of the tables of law and who put the number in, never a number.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look
from daicho.law.safety.acquiring import Acquired, checked_by, source

Whence = Acquired | Mapping[UUID, Acquired]
"""取得: of all the numbers that are put in at once, or of each record's."""


@dataclass(frozen=True)
class Acquisition:
    """取得の記録: how a number was acquired, by whom and when.

    `ground` is a code of `number_grounds.toml`, `checked_by` one of the ways of `acquiring.checks`.
    `operator_id` is None and `job` not blank where a machine put it in; of what was held before
    there were records neither is known, and `at` is when the records began.
    """

    acquired: Acquired
    ground: str
    checked_by: str
    operator_id: int | None
    office: str
    job: str
    at: datetime


def acquisitions(permit: Permit, record_id: UUID) -> tuple[Acquisition, ...]:
    """取得の記録の照会: of every number that was ever put in for a record, the oldest first.

    A look of its own, trailed; it opens no number.
    """
    demand(permit, "individual_number")
    with transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(permit, "vault_acquisition", "vault.acquisitions", record_ids=[record_id])
        cursor.execute("SELECT * FROM vault.acquisitions(%s, %s)", [trail_id, record_id])
        return tuple(_acquisition(row) for row in cursor.fetchall())


def said(whence: Whence, record_ids: Sequence[UUID], on: date) -> tuple[str, list[int]]:
    """取得の申出: what `vault.put` is told: the different acquisitions, and which one is whose."""
    each = [whence if isinstance(whence, Acquired) else whence[one] for one in record_ids]
    places = {one: place for place, one in enumerate(dict.fromkeys(each))}
    told = [{"place": place, **_codes(one, on)} for one, place in places.items()]
    return json.dumps(told), [places[one] for one in each]


def _codes(one: Acquired, on: date) -> dict[str, str | tuple[str, ...]]:
    its = source(one.source, on)
    assert its is not None, f"{one.source} is no source on {on}"
    return {
        "source": one.source,
        "ground": its.ground,
        "given_by": one.given_by,
        "checked_by": checked_by(one, on),
        "number_document": one.number_document,
        "identity_documents": one.identity,
        "authority_documents": one.authority,
        "purpose_shown": one.shown,
    }


def _acquisition(row: Sequence[Any]) -> Acquisition:
    source_, ground, given_by, way, document, identity, authority, shown, *more = row
    facts = Acquired(source_, given_by, document, tuple(identity), tuple(authority), shown)
    return Acquisition(facts, ground, way, *more)
