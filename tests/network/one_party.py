"""One party of a nation in the database of the test; the others only speak and listen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from pytest_django import Settings

from daicho.network.keys import signing
from daicho.network.keys.certificates import Use
from daicho.network.lines import composing, keyring, own, taking, working
from daicho.network.messages.body import Said
from daicho.network.messages.outcomes import Outcomes
from daicho.network.models import Carried, Logged
from daicho.network.protocol.links import NO_LOG, Parcel
from daicho.network.protocol.message import Body, Message, Stream, Turn, read, written
from daicho.network.protocol.parties import CENTRE, Party, above, next_hop
from network.wires import OTHER_TOWN, PREFECTURE, TOWN, Nation

PARTIES = (TOWN, OTHER_TOWN, PREFECTURE, CENTRE)


def equip(folder: Nation) -> Nation:
    """The keys of every party, to sign and to open."""
    uses = (Use.SIGN, Use.SEAL)
    for party in PARTIES:
        folder.give(party, uses)
    return folder


@dataclass
class Here:
    """この団体: what it is told by others, and what it says."""

    nation: Nation
    settings: Settings
    party: Party = TOWN
    _turns: dict[Stream, int] = field(default_factory=dict)
    _read: int = 0

    def be(self, party: Party) -> None:
        """Be that party from now on."""
        self.party = party
        settings = self.settings
        settings.PARTY = party
        near = {above(one) for one in (party,)} | {one for one in PARTIES if above(one) == party}
        settings.NEIGHBOURS = {one: "https://127.0.0.1:1" for one in near if one is not None}
        settings.NETWORK_KEYS = str(self.nation.folder / party)
        settings.NETWORK_AUTHORITY = str(self.nation.authority)
        settings.NETWORK_DIRECTORY = str(self.nation.directory)

    @contextmanager
    def as_another(self, party: Party) -> Iterator[None]:
        """Be that party for a while."""
        before = self.party
        self.be(party)
        yield
        self.be(before)

    def sealed(self, said: Said, to: Party) -> Body:
        """The body as somebody else seals it."""
        if not said.SEALED:
            return said.written()
        return signing.seal(said.written(), self.nation.identity(to).seals_to(to))

    def signed(
        self,
        origin: Party,
        said: Said,
        of: UUID,
        to: Party | None = None,
        *,
        body: Body | None = None,
        turn: Turn | None = None,
    ) -> tuple[str, str]:
        """A message of somebody else, with its id; in its next turn unless another is said."""
        stream = Stream(origin, to or self.party, str(of))
        self._turns[stream] = self._turns.get(stream, 0) + 1
        message = Message(
            id=str(uuid4()),
            kind=said.KIND,
            v=said.V,
            stream=stream,
            turn=turn or Turn(1, self._turns[stream]),
            at=own.now_ms(),
            article=said.ARTICLE,
            body=self.sealed(said, stream.to) if body is None else body,
        )
        return message.id, self.nation.identity(origin).signer().signed(written(message))

    def hears(
        self, origin: Party, said: Said, of: UUID | None = None, body: Body | None = None
    ) -> str:
        """Somebody tells it; gives the outcome of carrying that out."""
        message_id, signed = self.signed(origin, said, of or uuid4(), body=body)
        return self.hears_signed(origin, message_id, signed)

    def hears_signed(self, origin: Party, message_id: str, signed: str) -> str:
        """A message as it was signed, through the neighbour that it comes by."""
        by = next_hop(self.party, origin)
        asked = taking.take(Parcel(by, self.party, 1, 1, NO_LOG, ()))
        assert asked is not None
        first = asked.upto + 1
        receipt = taking.take(Parcel(by, self.party, 1, first, asked.digest or NO_LOG, (signed,)))
        assert receipt is not None
        assert receipt.upto == first, receipt
        assert not receipt.refused, receipt.refused
        while working.work():
            pass
        return str(Carried.objects.get(origin=origin, message_id=message_id).outcome)

    def says(self) -> list[Message]:
        """What it says since it was last asked, opened by whom it is for; outcomes apart."""
        while composing.compose():
            pass
        rows = list(Logged.objects.order_by("at", "place")[self._read :])
        self._read += len(rows)
        found = [read(keyring.text_of(one.signed)) for one in rows]
        return [self.opened(one) for one in found if one.kind != Outcomes.KIND]

    def opened(self, message: Message) -> Message:
        """As its receiver reads it."""
        if not isinstance(message.body, str):
            return message
        with self.as_another(message.stream.to):
            return keyring.opened(message)
