"""A party of the simulated nation that works in PostgreSQL, by the product's own transactions.

It stands in the place of one of the simulated ones; everything else of the nation stays as it is.
Only signatures are those of the simulation, and the clock is that of the world.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction
from psycopg import sql

from daicho.access import clock
from daicho.network.lines import composing, logs, own, sending, taking, working
from daicho.network.lines.logs import Entry
from daicho.network.mending.acts import _send_same, message_of
from daicho.network.mending.faulted import fault_of
from daicho.network.models import (
    Arrived,
    Carried,
    Forwarded,
    Held,
    Logged,
    Own,
    ReceivingLine,
    SendingLine,
    Sent,
    SubjectCode,
)
from daicho.network.protocol import links
from daicho.network.protocol.holding import Held as Said
from daicho.network.protocol.links import Parcel, Receipt, Received
from daicho.network.protocol.message import Message, Turn, read, written
from daicho.network.protocol.parties import Party, next_hop
from daicho.site.sim import store as simulated
from daicho.site.sim.deeds import COLUMNS
from daicho.site.sim.node import Node
from daicho.site.sim.world import World
from daicho.vault import custody
from daicho.vault.sealing import opened

TABLES = """
SELECT schemaname, tablename FROM pg_tables
WHERE tablename LIKE 'network\\_%'
    OR schemaname = 'vault' AND tablename IN ('number', 'former', 'acquisition')
ORDER BY 1, 2
"""
_ALL = sql.SQL("SELECT json_agg(t)::text FROM {table} t")
_NONE = sql.SQL("DELETE FROM {table}")
_AGAIN = sql.SQL("INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s)")
_NUMBERS = """
SELECT n.record_id, n.ciphertext, n.key_version, coalesce(f.record_id, n.record_id), f.ended_at
FROM vault.number n LEFT JOIN vault.former f ON f.number_id = n.record_id
ORDER BY f.ended_at NULLS LAST
"""


def text_of(signed: str) -> bytes:
    """As `site.sim.signing` writes it."""
    return signed.split(".", 3)[3].encode()


class Backup:
    """控え: every row of the tables of the network."""

    def __init__(self, rows: Mapping[tuple[str, str], str]) -> None:
        self.rows = rows

    def copy(self) -> "Backup":
        return self


class DatabaseStore:
    """What the simulation asks of a party's memory, read from its tables."""

    papers: set[int] = set()  # noqa: RUF012  it is no municipality: never changed
    residents: dict[str, simulated.Resident] = {}  # noqa: RUF012  the same

    def __init__(self, address: str) -> None:
        self._address = address

    @property
    def epoch(self) -> int:
        return Own.objects.get().epoch if Own.objects.exists() else 1

    @property
    def unasked(self) -> set[str]:
        rows = SendingLine.objects.filter(is_unasked=True)
        return set(rows.values_list("neighbour", flat=True))

    @property
    def received(self) -> dict[str, Received]:
        rows = ReceivingLine.objects.all()
        return {one.neighbour: Received(one.epoch, one.upto) for one in rows}

    @property
    def logs(self) -> dict[str, list[simulated.Entry]]:
        found: dict[str, list[simulated.Entry]] = {}
        for one in Logged.objects.order_by("neighbour", "place"):
            entry = simulated.Entry(str(one.message_id), Party(one.origin), one.signed, one.digest)
            found.setdefault(one.neighbour, []).append(entry)
        return found

    @property
    def own(self) -> dict[str, Message]:
        """Each as it was sent last."""
        places = set(Sent.objects.values_list("neighbour", "place"))
        rows = [one for one in Logged.objects.all() if (one.neighbour, one.place) in places]
        return {str(one.message_id): read(text_of(one.signed)) for one in rows}

    @property
    def states(self) -> dict[str, str]:
        rows = Sent.objects.exclude(outcome="")
        return {str(one.message_id): one.outcome for one in rows}

    @property
    def refused(self) -> dict[str, str]:
        rows = Sent.objects.filter(is_refused=True)
        return {str(one.message_id): one.outcome for one in rows}

    @property
    def forwarded(self) -> dict[str, tuple[str, str]]:
        """Of those that have been sent."""
        sent = Sent.objects.values_list("message_id", flat=True)
        rows = Forwarded.objects.filter(forwarded_id__in=list(sent))
        return {str(one.forwarded_id): (one.origin, str(one.message_id)) for one in rows}

    @property
    def carried(self) -> dict[tuple[str, str], str]:
        return {(one.origin, str(one.message_id)): one.outcome for one in Carried.objects.all()}

    @property
    def effects(self) -> dict[tuple[str, str], int]:
        return dict.fromkeys(self.carried, 1)  # its key says so

    @property
    def waiting(self) -> dict[tuple[str, UUID], int]:
        rows = Arrived.objects.filter(waits=True)
        return {(one.origin, one.resident): 1 for one in rows}

    @property
    def held(self) -> dict[tuple[str, str], Said]:
        return {(one.code, one.municipality): _said(one) for one in Held.objects.all()}

    @property
    def numbers(self) -> dict[str, list[str]]:
        """By code every number that the vault has of the person, the present one last."""
        ring = custody.ring()
        with psycopg.connect(self._address) as connection:
            rows = connection.execute(_NUMBERS).fetchall()
        found: dict[UUID, list[str]] = {}
        for record_id, text, version, whose, _ in rows:
            found.setdefault(whose, []).append(opened(ring, record_id, bytes(text), version))
        codes = SubjectCode.objects.values_list("code", "subject_id")
        return {code: found[UUID(int=of)] for code, of in codes if UUID(int=of) in found}

    def copy(self) -> Backup:
        with psycopg.connect(self._address) as connection:
            rows = {}
            for name in connection.execute(TABLES).fetchall():
                table = sql.Identifier(*name)
                found = connection.execute(_ALL.format(table=table)).fetchone()
                rows[name[0], name[1]] = (found or ("",))[0] or "[]"
            return Backup(rows)


def _said(row: Held) -> Said:
    items = {name: cell for name in COLUMNS if (cell := getattr(row, name, ""))}
    return Said(Turn(row.epoch, row.ordinal), row.is_open, row.reason, row.on, items)


class DatabaseNode(Node):
    """A prefecture or the centre, in the database that the connection goes to."""

    store: Any

    def __init__(self, world: World, party: Party, address: str) -> None:
        neighbours = {other for one, other in world.lines if one == party}
        super().__init__(
            party,
            world.seed,
            lambda: world.now(party),
            lambda: str(world.new_uuid()),
            {},
            neighbours,
        )
        self._address = address
        self.store = DatabaseStore(address)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        with clock.fixed(datetime.fromtimestamp(self.now() / 1000, UTC)):
            yield

    def slip(self, message: Message) -> None:
        neighbour = next_hop(self.party, message.stream.to)
        entry = Entry(message.stream.origin, UUID(message.id), self.signer.signed(written(message)))
        with self._at_work(), transaction.atomic():
            logs.hand_over(own.sending_lines([neighbour])[neighbour], [entry])

    def sent_to(self, neighbour: Party) -> links.Sent:
        with self._at_work(), transaction.atomic():
            line = own.sending_lines([neighbour])[neighbour]
        return links.Sent(line.epoch, line.placed, line.receipted)

    def has_for(self, neighbour: Party) -> bool:
        with self._at_work():
            composing.compose()
            with transaction.atomic():
                line = own.sending_lines([neighbour])[neighbour]
        return line.receipted < line.handed

    def asking(self, neighbour: Party) -> Parcel:
        with self._at_work():
            return sending.asking(neighbour)

    def parcel_to(self, neighbour: Party, at_most: int = 5) -> Parcel:
        with self._at_work():
            parcel = sending.parcel_to(neighbour)
        return self.asking(neighbour) if parcel is None else parcel

    def note(self, receipt: Receipt) -> None:
        if receipt.sender == self.party and receipt.receiver in self.neighbours:
            with self._at_work():
                sending.note(receipt, "")

    def take(self, parcel: Parcel) -> Receipt | None:
        with self._at_work():
            return taking.take(parcel)

    def work(self, at_once: int = 0) -> int:
        with self._at_work():
            return working.work() + composing.compose()

    def send_again(self, message_id: str) -> None:
        with self._at_work():
            send_again(UUID(message_id))

    def come_back(self, backup: Any, *, is_told: bool) -> None:
        with psycopg.connect(self._address) as connection:
            connection.execute("SET session_replication_role = replica")
            for name, rows in backup.rows.items():
                table = sql.Identifier(*name)
                connection.execute(_NONE.format(table=table))
                connection.execute(_AGAIN.format(table=table), [rows])
        self.has_forgotten |= not is_told
        if is_told:
            with self._at_work():
                sending.came_back()


def send_again(message_id: UUID) -> None:
    """再送: of what was refused, by what an operator's act does behind its permit."""
    with transaction.atomic():
        epoch = own.shared().epoch
        row = Sent.objects.get(message_id=message_id)
        lines = own.sending_lines([Party(row.neighbour)])
        fault = fault_of(row)
        if fault is not None and not lines[Party(row.neighbour)].is_unasked:
            _send_same(row, message_of(row), lines, epoch, fault.way(clock.today()))
