"""利用記録を書く: the one place where trail rows are made.

A row is written in the transaction of what it tells of, so that neither stands without the other.
The events, their own fields and how long they are kept stand in `trail_events.toml`.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.access.acting import Actor
from daicho.access.trailing import kinds

EVENTS: Mapping[str, Mapping[str, Any]] = kinds.checked(
    tomllib.loads(files(__package__).joinpath("trail_events.toml").read_text("utf-8"))
)

SALT_BYTES = 16
RECEPTION = "reception"
"""受付: the own field of every event that may stand under one; who works there need not say it."""

# Row and subjects in one statement: a look may cost a millisecond and a half, a round trip is half.
_INSERT = """
WITH row AS (
    INSERT INTO access_trail (event, door, operator_id, office, terminal, ward, purpose, job,
        article, finding, request_id, subject_count, number_seen, detail, commitment)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s)
    RETURNING id)
INSERT INTO access_trailsubjects (trail_id, record_ids, salt)
SELECT id, %s::uuid[], %s FROM row RETURNING trail_id
"""


def commitment(salt: bytes, record_ids: Sequence[UUID]) -> bytes:
    """SHA-256 over the salt and the subjects in their order: what the row keeps of them."""
    return hashlib.sha256(salt + b"".join(one.bytes for one in record_ids)).digest()


def write(
    event: str,
    *,
    request_id: UUID,
    actor: Actor | None = None,
    door: str = "",
    purpose: str = "",
    job: str = "",
    article: str = "",
    finding: str = "",
    record_ids: Sequence[UUID] = (),
    number_seen: bool = False,
    detail: Mapping[str, int | str] | None = None,
) -> int:
    """Write one trail row with its subjects, in the running transaction; gives the row's id.

    `detail` holds codes and counts named by the event's row of `trail_events.toml`, never names,
    numbers or typed text.
    """
    assert connection.in_atomic_block, "a trail row belongs to the transaction it tells of"
    own_fields = {**_under(event, actor), **(detail or {})}
    unknown = set(own_fields) - set(EVENTS[event]["fields"])
    assert not unknown, f"{event} has no field {sorted(unknown)}"
    salt = os.urandom(SALT_BYTES)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                event,
                door,
                actor.operator_id if actor else None,
                actor.office if actor else "",
                actor.terminal if actor else "",
                actor.ward if actor else "",
                purpose,
                job,
                article,
                finding,
                request_id,
                len(record_ids),
                number_seen,
                json.dumps(own_fields),
                commitment(salt, record_ids),
                list(record_ids),
                salt,
            ],
        )
        (trail_id,) = cursor.fetchone()
    return int(trail_id)


def _under(event: str, actor: Actor | None) -> Mapping[str, str]:
    """The 受付 under which somebody works, by its id: it tells of nobody who came."""
    if actor is None or actor.reception is None or RECEPTION not in EVENTS[event]["fields"]:
        return {}
    return {RECEPTION: str(actor.reception)}
