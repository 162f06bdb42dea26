"""務めの形: what carries a message out, and what it may cause to be kept and told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from daicho.network.lines import own
from daicho.network.messages.body import Said
from daicho.network.messages.outcomes import Outcomes
from daicho.network.models import Forwarded, Held, HeldVersion, Unsent
from daicho.network.protocol.message import Message
from daicho.network.protocol.parties import Party, next_hop

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

    def tell(self, to: Party, resident: UUID, said: Said, message_id: UUID) -> None:
        """告げる: the relay gives it its turn and its place."""
        self.unsent.append(
            Unsent(
                neighbour=next_hop(own.this(), to),
                message_id=message_id,
                to=to,
                resident=resident,
                kind=said.KIND,
                v=said.V,
                article=said.ARTICLE,
                body=said.written(),
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
        HeldVersion.objects.bulk_create(self.versions)
        Held.objects.bulk_create(
            self.held.values(),
            update_conflicts=True,
            unique_fields=["subject_id", "municipality"],
            update_fields=_TOLD,
        )
        Forwarded.objects.bulk_create(self.forwarded)
        Unsent.objects.bulk_create(self.unsent)


_TOLD = tuple(
    one.attname
    for one in Held._meta.concrete_fields
    if one.attname not in {"subject_id", "municipality"}
)

Deed = Callable[[Message, str, Desk], str]
"""務めの実行: of a message, with its signed text, in the running transaction; gives the outcome.

Raises Malformed or Untrusted where it cannot be carried out, KeyNotKnownYet where it must wait.
"""
