"""一括: what a machine of the network asks of the vault, for many messages in one transaction.

Each way of use has one trail row for the whole batch; what leaves the vault is named in it. The
keys in use stay what they are until the transaction ends. Of one that is rolled back nothing stays.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look
from daicho.law.safety.acquiring import Acquired
from daicho.vault import numbers, versions
from daicho.vault.custody import Ring
from daicho.vault.sealing import blind, known, once_more, opened

ONE_AT_A_TIME = 5_211_256
"""順番: two that ask whose a number is could each find that it is nobody's."""


class Batch:
    """一括: what one transaction of a machine's job asks of the vault.

    `permit` is a system permit that sees individual_number. All of it in the running transaction;
    raises KeyTrouble where the keys are not there, InvalidTag where a ciphertext is another's.
    """

    def __init__(self, permit: Permit) -> None:
        assert permit.actor is None, "a person asks for numbers one by one"
        demand(permit, "individual_number")
        self._permit = permit
        self._ring: Ring | None = None
        self._asked_in = 0
        self._laid: dict[UUID, tuple[str, Acquired]] = {}
        self._laid_as: dict[str, set[UUID]] = {}
        self._found: set[UUID] = set()

    def numbers_of(self, record_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """The numbers of these records, also those that `put` laid here; absent where none is held.

        One trail row, which names them all.
        """
        asked = sorted(set(record_ids))
        if not asked:
            return {}
        ring = self.ring()
        with connection.cursor() as cursor:
            trail_id = look(
                self._permit, "vault_get", "vault.batches", record_ids=asked, number_seen=True
            )
            cursor.execute("SELECT * FROM vault.get_all(%s)", [trail_id])
            held = {
                record_id: opened(ring, record_id, bytes(text), version)
                for record_id, text, version in cursor.fetchall()
            }
        return held | {one: self._laid[one][0] for one in asked if one in self._laid}

    def holds(self, record_id: UUID) -> bool:
        """Does a record have a number? Opens none."""
        if record_id in self._laid:
            return True
        self.ring()
        with connection.cursor() as cursor:
            cursor.execute("SELECT vault.holds(%s, %s)", [self._asked(), record_id])
            (is_held,) = cursor.fetchone()
        return bool(is_held)

    def holders(self, number: str) -> Mapping[UUID, bool]:
        """Whose number it is or was: record ids, and whether another has taken its place there;
        also of what `put` laid here and has not written.

        Until the transaction ends nobody else asks that.
        """
        ring = self.ring()
        indexes = [blind(ring, version, number) for version in ring.held]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM vault.whose_ever(%s, %s::bytea[])", [self._asked(), indexes]
            )
            rows = cursor.fetchall()
        self._found |= {record_id for record_id, _ in rows}
        held = {one for one, is_former in rows if not is_former and one not in self._laid}
        now = held | self._laid_as.get(number, set())
        return {one: one not in now for one in {record_id for record_id, _ in rows} | now}

    def put(self, record_id: UUID, number: str, whence: Acquired) -> None:
        """Lay down; a number that replaces another leaves that one as 従前の個人番号 (番号法7条2項)
        behind."""
        if record_id in self._laid and self._laid[record_id][0] != number:
            self._keep()  # the one that was laid before is a former one already
        self._laid[record_id] = number, whence
        self._laid_as.setdefault(number, set()).add(record_id)

    def write(self) -> None:
        """Keep what was laid, with one trail row, and name in another who was found by a number;
        nothing where nothing was laid or found."""
        assert connection.in_atomic_block, "in the transaction of the messages"
        self._keep()
        if self._found:
            rows = {"rows": len(self._found)}
            named = sorted(self._found)
            look(self._permit, "vault_found", "vault.batches", record_ids=named, detail=rows)
        self._found.clear()

    def ring(self) -> Ring:
        """The keys of this database, which stay what they are until the transaction ends."""
        assert connection.in_atomic_block, "in the transaction of the messages"
        if self._ring is None:
            self._ring = once_more(_kept_as_they_are)
        return self._ring

    def _asked(self) -> int:
        """The trail row of what is asked of the vault without opening a number."""
        if not self._asked_in:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
            self._asked_in = look(self._permit, "vault_find", "vault.batches")
        return self._asked_in

    def _keep(self) -> None:
        if not self._laid:
            return
        given = {one: number for one, (number, _) in self._laid.items()}
        numbers.put(self._permit, given, {one: whence for one, (_, whence) in self._laid.items()})
        self._laid.clear()
        self._laid_as.clear()


def _kept_as_they_are(ring: Ring) -> Ring:
    # in a savepoint: where the keys are others the transaction goes on, with those
    with versions.told(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT vault.keep_versions(%s::integer[], %s::text[])", [*known(ring)])
    return ring
