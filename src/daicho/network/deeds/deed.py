"""務めの形: what carries a message out, and what it may cause to be kept and told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.network.lines import keyring, own
from daicho.network.messages.body import Said
from daicho.network.messages.outcomes import Outcomes
from daicho.network.models import (
    DesignatedCode,
    Forwarded,
    Held,
    HeldVersion,
    RegisterNotice,
    Unsent,
)
from daicho.network.protocol.message import Message
from daicho.network.protocol.parties import Party, next_hop
from daicho.vault.batches import Batch

OUTCOMES_AT_ONCE = 1_000
"""処理結果の数: of one message, so that none is larger than a neighbour takes."""

Person = tuple[int, str]
"""ある市町村の一人: by the number of the person and the code of the municipality."""


@dataclass
class Desk:
    """机: what a batch of messages has caused; written at once at its end, or not at all."""

    held: dict[Person, Held] = field(default_factory=dict)
    versions: list[HeldVersion] = field(default_factory=list)
    forwarded: list[Forwarded] = field(default_factory=list)
    unsent: list[Unsent] = field(default_factory=list)
    notices: list[RegisterNotice] = field(default_factory=list)
    codes: list[DesignatedCode] = field(default_factory=list)
    _job: str = ""
    _numbers: Batch | None = None

    def numbers(self, job: str) -> Batch:
        """個人番号: the vault, for a job of law's table; of one job at a time."""
        if self._numbers is None or self._job != job:
            self._write_numbers()
            permit = system_permit(job, clock.today(), uuid4())
            self._job, self._numbers = job, Batch(permit)
        return self._numbers

    def tell(self, to: Party, resident: UUID, said: Said, message_id: UUID) -> None:
        """告げる: the relay gives it its turn and its place; raises NoKey where it cannot be sealed
        to its receiver."""
        self.unsent.append(
            Unsent(
                neighbour=next_hop(own.this(), to),
                message_id=message_id,
                to=to,
                resident=resident,
                kind=said.KIND,
                v=said.V,
                article=said.ARTICLE,
                body=keyring.body_of(said, to),
            )
        )

    def tell_outcomes(self, to: Party, of: Mapping[str, str]) -> None:
        """処理結果を告げる: by the ids of messages, in as many messages as it needs."""
        said = list(of.items())
        for first in range(0, len(said), OUTCOMES_AT_ONCE):
            some = dict(said[first : first + OUTCOMES_AT_ONCE])
            self.tell(to, own.own_stream(), Outcomes(some), own.new_id())

    def write(self) -> None:
        """書く: in the running transaction."""
        self._write_numbers()
        HeldVersion.objects.bulk_create(self.versions)
        Held.objects.bulk_create(
            self.held.values(),
            update_conflicts=True,
            unique_fields=["subject_id", "municipality"],
            update_fields=_TOLD,
        )
        Forwarded.objects.bulk_create(self.forwarded)
        DesignatedCode.objects.bulk_create(self.codes)
        RegisterNotice.objects.bulk_create(self.notices)
        Unsent.objects.bulk_create(self.unsent)

    def _write_numbers(self) -> None:
        if self._numbers is not None:
            self._numbers.write()
            self._numbers = None


_TOLD = tuple(
    one.attname
    for one in Held._meta.concrete_fields
    if one.attname not in {"subject_id", "municipality"}
)

Deed = Callable[[Message, str, Desk], str]
"""務めの実行: of a message, opened where it was sealed, with its signed text, in the running
transaction; gives the outcome.

Raises Malformed or Untrusted where it cannot be carried out, KeyNotKnownYet where it must wait.
"""
