"""発送の記録: what is handed over gets the next places of a line and a digest at each."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from daicho.network.lines import waking
from daicho.network.models import Logged, SendingLine
from daicho.network.protocol import links
from daicho.network.protocol.parties import Party


class Entry(NamedTuple):
    """発送: one message as it was signed, by its sender and id."""

    origin: Party
    message_id: UUID
    signed: str


def hand_over(line: SendingLine, entries: Sequence[Entry]) -> int:
    """記録に加える: in the running transaction, the line locked; gives the first place."""
    first, digest = line.handed + 1, line.digest
    rows = []
    for place, one in enumerate(entries, start=first):
        digest = links.digest_of(digest, one.signed)
        rows.append(Logged(neighbour=line.neighbour, place=place, digest=digest, **one._asdict()))
    Logged.objects.bulk_create(rows)
    line.handed, line.digest = line.handed + len(rows), digest
    line.save(update_fields=["handed", "digest"])
    transaction.on_commit(partial(waking.wake, Party(line.neighbour)))
    return first


def digest_at(line: SendingLine, place: int) -> str | None:
    """記録の要約: at a place; None where the log has no such place, or has it no more."""
    if place == 0:
        return links.NO_LOG
    if place == line.disposed:
        return line.disposed_digest
    rows = Logged.objects.filter(neighbour=line.neighbour, place=place)
    return rows.values_list("digest", flat=True).first()
