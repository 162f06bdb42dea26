"""利用記録の引渡し: the trail as a file for somebody who checks it without us, and the heads.

A line of the file is the very text that its leaf stands for. Subjects are not in it: whom a row
concerns is handed over apart, where that is allowed.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from django.db import connection, transaction

from daicho.access.models import TrailAttestation, TrailHead
from daicho.access.permits import Permit, demand_work, look
from daicho.access.proof.head_key import fingerprint
from daicho.access.proof.sequencing import LINE
from daicho.access.proof.stamping import STAMPED
from daicho.access.proof.witnessing import COSIGNED

AT_ONCE = 5_000
_LINES = f"""
SELECT {LINE} FROM access_trailleaf l JOIN access_trail t ON t.id = l.trail_id
WHERE l.leaf_index >= %s AND l.leaf_index < %s ORDER BY l.leaf_index
"""  # noqa: S608  our own words
# One head holds all that was before it: of the past the last of each hour and what was stamped
# tell where an alteration is; of the present the newest, and the newest that a witness has seen.
_HEADS = """
SELECT DISTINCT ON (date_trunc('hour', at, 'UTC')) id
FROM access_trailhead ORDER BY date_trunc('hour', at, 'UTC'), id DESC
"""
_ATTESTED = """
SELECT head_id FROM access_trailattestation WHERE kind = %s
UNION SELECT max(head_id) FROM access_trailattestation WHERE kind = %s GROUP BY public_key
"""


def write(permit: Permit, lines: IO[str], kept_heads: IO[str]) -> int:
    """Write the rows under the newest head, and heads with the keys; gives the row count.

    The look at the trail is a row of the trail itself, written before a line leaves.
    """
    demand_work(permit, "trail")
    found = _heads()
    size = found[-1].size if found else 0
    with transaction.atomic():
        look(permit, "trail_exported", "access.proof", detail={"rows": size})
    for line in _lines(size):
        lines.write(f"{line}\n")
    json.dump(_body(found), kept_heads, indent=1)
    kept_heads.write("\n")
    return size


def _heads() -> Sequence[TrailHead]:
    with connection.cursor() as cursor:
        cursor.execute(_HEADS)
        wanted = {head_id for (head_id,) in cursor.fetchall()}
        cursor.execute(_ATTESTED, [STAMPED, COSIGNED])
        wanted |= {head_id for (head_id,) in cursor.fetchall()}
    return list(TrailHead.objects.filter(id__in=wanted).order_by("id"))


def _body(found: Sequence[TrailHead]) -> Mapping[str, Any]:
    """The heads as they are handed over, with what others said of them."""
    given: dict[int, list[TrailAttestation]] = defaultdict(list)
    kinds = (COSIGNED, STAMPED)
    for one in TrailAttestation.objects.filter(head__in=found, kind__in=kinds).order_by("id"):
        given[one.head_id].append(one)
    witnesses = (it.public_key for them in given.values() for it in them if it.public_key)
    return {
        "public_keys": list(dict.fromkeys(one.public_key for one in found)),
        "witness_keys": list(dict.fromkeys(witnesses)),
        "heads": [_head(one, given[one.pk]) for one in found],
    }


def _head(one: TrailHead, given: Sequence[TrailAttestation]) -> Mapping[str, Any]:
    return {
        "size": one.size,
        "note": one.note,
        "signature": _text(one.signature),
        "key": fingerprint(one.public_key),
        "cosignatures": [
            {"at": it.said, "signature": _text(it.proof), "key": fingerprint(it.public_key)}
            for it in given
            if it.kind == COSIGNED
        ],
        "tokens": [_text(it.proof) for it in given if it.kind == STAMPED],
    }


def _text(value: bytes | memoryview) -> str:
    return base64.b64encode(bytes(value)).decode()


def _lines(size: int) -> Iterator[str]:
    for first in range(0, size, AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_LINES, [first, min(first + AT_ONCE, size)])
            for (line,) in cursor.fetchall():
                yield line
