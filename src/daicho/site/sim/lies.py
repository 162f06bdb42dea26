"""模擬の偽り: what a party with its own key, or a line of its own, may tell that is not so.

None of it is among what its teller knows to have sent, so nobody mends it; nothing of it may be
held, hold back anybody else, or make somebody believe what did not happen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from daicho.network.messages.identification_forwarded import IdentificationForwarded
from daicho.network.messages.identification_information import CHANGES, IdentificationInformation
from daicho.network.messages.individual_number_request import REQUESTED, IndividualNumberRequest
from daicho.network.messages.moved_in_notice import MovedInNotice
from daicho.network.messages.outcomes import ABOVE, REFUSED, Outcomes
from daicho.network.protocol.links import Parcel, Receipt, Refusal
from daicho.network.protocol.message import Message, Stream, Turn
from daicho.network.protocol.parties import CENTRE, Party, above, next_hop
from daicho.site.sim.node import Node, body_of

_NEVER = 2**53 - 1
_NOBODY = "99999999999"
UNLISTED = "relationship"
"""法の定めない項目: what a party tells that the Act does not list."""


@dataclass(frozen=True)
class Liar:
    """偽る者: a party, and everybody whom it knows of."""

    random: Random
    node: Node
    others: Sequence[Node]

    def lie(self) -> Parcel | Receipt | None:
        """偽り: one of many; what is no message is given back, for the wire."""
        kinds: tuple[Callable[[], Parcel | Receipt | None], ...] = (
            self._unlisted,
            self._never,
            self._to_nobody,
            self._as_another,
            self._with_a_known_id,
            self._outcome,
            self._no_day,
            self._number,
            self._forwarded,
            self._with_a_secret_key,
            self._parcel,
            self._receipt,
        )
        return self.random.choice(kinds)()

    def _slip(self, to: Party, said: Any, **other: Any) -> None:
        node = self.node
        values = {
            "id": node.new_id(),
            "stream": Stream(node.party, to, node.new_id()),
            "turn": Turn(node.store.epoch, 1),
            "at": node.now(),
        }
        if to != node.party and next_hop(node.party, to) in node.neighbours:
            known = {"kind": said.KIND, "v": said.V, "article": said.ARTICLE}
            node.slip(Message(**{**values, **known, "body": body_of(said), **other}))

    def _up(self) -> Party:
        return above(self.node.party) or CENTRE

    def _other(self) -> Node:
        return self.random.choice(self.others)

    def _notice(self, **items: str) -> IdentificationInformation:
        return IdentificationInformation(_NOBODY, "", CHANGES, "", "", items, {})

    def _unlisted(self) -> None:
        self._slip(self._up(), self._notice(**{"address_lot": "", UNLISTED: "子"}))

    def _never(self) -> None:
        """In an epoch after which there is none."""
        self._slip(self._up(), Outcomes({}), turn=Turn(_NEVER, 1))

    def _to_nobody(self) -> None:
        to = Party(self.random.choice(("019999", "999999", "99")))
        self._slip(to, MovedInNotice(_NOBODY, "1"))

    def _as_another(self) -> None:
        """In the name of another, of a resident of its."""
        for message in self._other().store.own.values():
            if message.stream.origin != self.node.party != message.stream.to:
                stream = message.stream
                self._slip(stream.to, self._notice(), stream=stream, turn=message.turn)
                return

    def _with_a_known_id(self) -> None:
        """With the id of what another is sending, so that it would seem to be carried out."""
        other = self._other()  # who names a thing of its own twice harms itself alone
        known = list(other.store.own.values()) if other is not self.node else []
        for message in known[-2:]:
            self._slip(message.stream.to, Outcomes({}), id=message.id)

    def _outcome(self) -> None:
        """Of what another sent: that it was carried out, or is to be sent again."""
        said = self.random.choice(("forged", f"{ABOVE}forged", f"{REFUSED}network.turn_taken"))
        other = self._other()
        told = {one.id: said for one in other.store.own.values() if not self._may_tell(one)}
        self._slip(other.party, Outcomes(told))

    def _may_tell(self, one: Message) -> bool:
        """It passes the message on, or receives it: then what it tells is to be believed."""
        here = self.node.party
        return here in {one.stream.to, CENTRE, above(one.stream.origin), above(one.stream.to)}

    def _no_day(self) -> None:
        other = self._other()
        for code in list(other.store.residents)[-2:]:
            self._slip(other.party, MovedInNotice(code, "tomorrow"))

    def _number(self) -> None:
        """Another number for the resident of another municipality."""
        other = self._other()
        for code, resident in list(other.store.residents.items())[-2:]:
            if resident.is_open and code not in self.node.store.residents:
                self._slip(CENTRE, IndividualNumberRequest(code, REQUESTED))

    def _forwarded(self) -> None:
        """To the centre, what a municipality signed to tell another something else."""
        for log in self.node.store.logs.values():
            for entry in log:
                if entry.message_id in self.node.store.own:
                    self._slip(CENTRE, IdentificationForwarded(entry.signed))
                    return

    def _with_a_secret_key(self) -> None:
        """By a key that its neighbour alone heard of: it comes to who never will."""
        signer, up = self.node.signer, self._up()
        for other in self.others:
            if other.party == up:
                other.known.newest[signer.party] = _NEVER
        newest = signer.number
        signer.change(_NEVER)
        self._slip(self._other().party, Outcomes({}))
        signer.change(newest)

    def _parcel(self) -> Parcel:
        first = self.random.choice((-3, 0, 1, 2, 10**9))
        epoch = self.random.choice((0, self.node.store.epoch, _NEVER))
        to = self.random.choice((self._up(), self._other().party))
        return Parcel(self.node.party, to, epoch, first, "", ("lie",) * 2)

    def _receipt(self) -> Receipt:
        """Of what it has not; who says so by the right digest loses what is its own."""
        node = self.node
        of = self.random.choice([*node.store.received, self._other().party])
        sender = next((one for one in self.others if one.party == of), node)
        first = sender.sent_to(node.party).receipted + 1 if node.party in sender.neighbours else 1
        upto = self.random.choice((-2, 0, first - 1, first + 3, 10**9))
        epoch = self.random.choice((0, sender.store.epoch, sender.store.epoch, _NEVER))
        place = self.random.choice((-1, 0, 1, 10**9))
        refused = (Refusal(place, "network.turn_taken"),)
        return Receipt(of, node.party, epoch, first, upto, "", refused, is_other_log=False)
