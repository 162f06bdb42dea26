"""模擬の世界: parties, the wire between them, people who move, and what goes wrong; by one seed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import NamedTuple
from uuid import UUID

from daicho.network.messages.identification_information import CHANGES, CLOSES, OPENS
from daicho.network.messages.individual_number_request import NEW, REQUESTED
from daicho.network.messages.moved_in_notice import MovedInNotice
from daicho.network.protocol.links import Parcel, Receipt
from daicho.network.protocol.parties import CENTRE, Party, above
from daicho.site.sim.deeds import DEEDS, ask_number, tell_prefecture
from daicho.site.sim.lies import Liar
from daicho.site.sim.node import Node
from daicho.site.sim.store import Resident, Store
from daicho.terms.numbers import resident_record_code_check_digit

HOUR_MS = 3_600_000
_START = 1_700_000_000_000
_STEP_MS = 1_000
_WIRE_MAX = 60
_ASKS = 0.05
RENUMBERS = "renumbers"


class Paper(NamedTuple):
    """届出の紙: what a clerk has typed in, and types in again where an old backup forgot it.

    `what` is one of OPENS, CHANGES, CLOSES, or RENUMBERS: another 個人番号 is asked for. `brings`
    is the number on the 転出証明書 of who comes from another town.
    """

    number: int
    what: str
    code: str
    on: int
    moved_from: Party | None
    item: str
    brings: str = ""


@dataclass
class World:
    """世界: `step` does one thing at random; `heal` ends all troubles and lets the rest flow."""

    seed: int
    towns: int
    random: Random = field(init=False)
    nodes: dict[Party, Node] = field(init=False)
    wire: list[Parcel | Receipt] = field(default_factory=list)
    papers: dict[Party, list[Paper]] = field(default_factory=dict)
    homes: dict[str, Party | None] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    step_count: int = 0
    skews: dict[Party, int] = field(default_factory=dict)
    down: dict[Party, int] = field(default_factory=dict)
    cut: dict[Party, int] = field(default_factory=dict)
    backups: dict[Party, Store] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311  a seeded world, no secret
        codes = [Party(f"{1 + town % 2:02}{town:04}") for town in range(1, self.towns + 1)]
        uppers = sorted({Party(one[:2]) for one in codes})
        parties = (*codes, *uppers, CENTRE)
        self.lines = [
            (one, higher)
            for low in parties
            if (high := above(low)) is not None
            for one, higher in ((low, high), (high, low))
        ]
        self.nodes = {one: self._node(one) for one in parties}
        self.municipalities = codes
        self.papers = {one: [] for one in codes}
        self.backups = {one: node.store.copy() for one, node in self.nodes.items()}

    def _node(self, party: Party) -> Node:
        neighbours = {other for one, other in self.lines if one == party}
        return Node(
            party,
            self.seed,
            lambda: self.now(party),
            lambda: str(self.new_uuid()),
            DEEDS,
            neighbours,
        )

    def new_uuid(self) -> UUID:
        """電文の番号: by the seed."""
        return UUID(int=self.random.getrandbits(128))

    def now(self, party: Party) -> int:
        """その当事者の時計 (ms)."""
        return _START + self.step_count * _STEP_MS + self.skews.get(party, 0)

    # -------------------------------------------------------------------- a step

    def step(self) -> None:
        """一歩: one thing happens somewhere."""
        self.step_count += 1
        chance = self.random.random()
        for share, doing in _DOINGS:
            if chance < share:
                doing(self)
                return
            chance -= share

    def is_up(self, party: Party) -> bool:
        """Is it running?"""
        return self.down.get(party, 0) <= self.step_count

    def _any_up(self) -> Node | None:
        node = self.nodes[self.random.choice(list(self.nodes))]
        return node if self.is_up(node.party) else None

    # ------------------------------------------------------------------- the wire

    def relay(self) -> None:
        """送る: some party sends what waits on one of its lines."""
        party, neighbour = self.random.choice(self.lines)
        node = self.nodes[party]
        if not self.is_up(party):
            return
        if neighbour in node.store.unasked or self.random.random() < _ASKS:
            self._put(node.asking(neighbour))
        elif node.has_for(neighbour):
            self._put(node.parcel_to(neighbour))

    def _put(self, packet: Parcel | Receipt | None) -> None:
        if packet is None:
            return
        if len(self.wire) >= _WIRE_MAX:
            self.wire.pop(self.random.randrange(len(self.wire)))
        self.wire.append(packet)

    def deliver(self) -> None:
        """届く: any packet of the wire, or not, or twice."""
        if not self.wire:
            return
        place = self.random.randrange(len(self.wire))
        self.wire[place], self.wire[-1] = self.wire[-1], self.wire[place]
        packet = self.wire[-1]
        chance = self.random.random()
        if chance >= 0.1:
            self.wire.pop()
        if chance < 0.9 and self._is_open(packet):
            self._hand(self._touched(packet))

    def _is_open(self, packet: Parcel | Receipt) -> bool:
        ends = (packet.sender, packet.receiver)
        return all(self.is_up(one) and self.cut.get(one, 0) <= self.step_count for one in ends)

    def _touched(self, packet: Parcel | Receipt) -> Parcel | Receipt:
        if isinstance(packet, Receipt) or not packet.signed or self.random.random() > 0.02:
            return packet
        signed = list(packet.signed)
        place = self.random.randrange(len(signed))
        signed[place] = signed[place].replace("identification", "identificatiom", 1)
        return packet._replace(signed=tuple(signed))

    def _hand(self, packet: Parcel | Receipt) -> None:
        if isinstance(packet, Receipt):
            self.nodes[packet.sender].note(packet)
            return
        self._put(self.nodes[packet.receiver].take(packet))

    # ------------------------------------------------------------------ the people

    def act(self) -> None:
        """窓口: a clerk somewhere types in a paper."""
        town = self.random.choice(self.municipalities)
        node = self.nodes[town]
        if not self.is_up(town) or node.is_catching_up:
            return
        paper = self._paper(node)
        if paper is not None:
            self.papers[town].append(paper)
            self.homes[paper.code] = None if paper.what == CLOSES else town
            type_in(node, paper)

    def _paper(self, node: Node) -> Paper | None:
        number, on = len(self.papers[node.party]), self.step_count
        chance = self.random.random()
        if chance < 0.3 or not self.homes:
            code = _code(len(self.homes) + 1)
            return Paper(number, OPENS, code, on, None, self._item())
        code = _code(self.random.randint(1, len(self.homes)))
        home = self.homes[code]
        known = node.store.residents.get(code)
        is_open = known is not None and known.is_open
        if home == node.party and is_open:
            what = CHANGES if chance < 0.7 else RENUMBERS if chance < 0.8 else CLOSES
            return Paper(number, what, code, on, None, self._item())
        if home is None or home == node.party or is_open:
            return None
        left = self.nodes[home].store.residents.get(code)
        return Paper(number, OPENS, code, on, home, self._item(), left.number if left else "")

    def _item(self) -> str:
        return f"{self.random.getrandbits(20)}丁目"

    # ----------------------------------------------------------------- the troubles

    def work(self) -> None:
        """処理: a party carries out what it has received."""
        node = self._any_up()
        if node is not None:
            node.work()

    def crash(self) -> None:
        """停止: what is on the way to it is lost, what it keeps is not."""
        party = self.random.choice(list(self.nodes))
        self.down[party] = self.step_count + self.random.randint(1, 40)
        self.wire = [one for one in self.wire if party not in one[:2] or self.random.random() < 0.5]

    def part(self) -> None:
        """分断: nothing goes to or from it for a while."""
        party = self.random.choice(list(self.nodes))
        self.cut[party] = self.step_count + self.random.randint(10, 150)

    def back_up(self) -> None:
        """控え: a party's store as it is now."""
        party = self.random.choice(list(self.nodes))
        self.backups[party] = self.nodes[party].store.copy()

    def restore(self) -> None:
        """控えから戻す: a party forgets everything since; sometimes nobody tells the program."""
        party = self.random.choice(list(self.nodes))
        is_told = self.random.random() < 0.7
        self.nodes[party].come_back(self.backups[party].copy(), is_told=is_told)

    def lie(self) -> None:
        """偽り: a party tells what is not so."""
        node = self._any_up()
        if node is not None:
            self._put(Liar(self.random, node, list(self.nodes.values())).lie())

    def skew(self) -> None:
        """時計のずれ: up to an hour, either way."""
        party = self.random.choice(list(self.nodes))
        self.skews[party] = self.random.randint(-HOUR_MS, HOUR_MS)

    def change_key(self) -> None:
        """鍵の交換: it signs with a new key; others hear of it one by one."""
        node = self._any_up()
        if node is not None:
            node.signer.change(node.signer.number + 1)

    def hear(self) -> None:
        """鍵を知る: a party hears of the newest key of another."""
        hearer, other = (self.random.choice(list(self.nodes)) for _ in range(2))
        self.nodes[hearer].known.newest[other] = self.nodes[other].signer.number

    def catch_up(self) -> None:
        """再入力: where a backup forgot papers, the clerk types them in again, in their order."""
        town = self.random.choice(self.municipalities)
        if self.is_up(town):
            self.retype(self.nodes[town])

    def retype(self, node: Node) -> int:
        """再入力: of one municipality; then its work goes on. Gives how many papers fitted."""
        count = 0
        for paper in self.papers.get(node.party, ()):
            if paper.number not in node.store.papers:
                count += type_in(node, paper)
        node.is_catching_up = False
        return count

    def mend(self) -> None:
        """再送: a person sends again what was refused."""
        node = self._any_up()
        if node is not None and node.store.refused:
            node.send_again(next(iter(node.store.refused)))


@cache
def _code(number: int) -> str:
    """A 住民票コード: as it is among people, with its check digit."""
    body = f"{number:010}"
    return body + resident_record_code_check_digit(body)


def type_in(node: Node, paper: Paper) -> bool:
    """入力: what the register does with a paper; one older than what is recorded changes nothing,
    but the town moved from is told.

    False where a notice that is not carried out yet would have to come first: the clerk lays the
    paper aside.
    """
    store = node.store
    before = store.residents.get(paper.code)
    is_open = before is not None and before.is_open
    is_older = before is not None and paper.on < before.as_of
    if (paper.what == OPENS) == is_open and not is_older:
        return False
    store.papers.add(paper.number)
    if paper.what == RENUMBERS:
        if is_open:
            ask_number(node, paper.code, REQUESTED)
        return True
    if not is_older:
        store.residents[paper.code] = _after(before, paper, node.new_id)
        tell_prefecture(node, paper.code, paper.what, str(paper.on))
        if before is None and paper.moved_from is None:
            ask_number(node, paper.code, NEW)
    if paper.moved_from is not None:
        record_id = store.residents[paper.code].record_id
        node.tell(paper.moved_from, record_id, MovedInNotice(paper.code, str(paper.on)))
    return True


def _after(before: Resident | None, paper: Paper, new_id: Callable[[], str]) -> Resident:
    if before is None or paper.what == OPENS:
        record_id = before.record_id if before else new_id()
        items = {"address_lot": paper.item}
        return Resident(record_id, True, paper.on, paper.on, items, paper.brings)
    if paper.what == CLOSES:
        return before._replace(is_open=False, as_of=paper.on)
    return before._replace(items={"address_lot": paper.item}, as_of=paper.on)


_DOINGS: tuple[tuple[float, Callable[[World], None]], ...] = (
    (0.12, World.act),
    (0.26, World.relay),
    (0.35, World.deliver),
    (0.17, World.work),
    (0.02, World.hear),
    (0.02, World.mend),
    (0.02, World.catch_up),
    (0.01, World.back_up),
    (0.005, World.crash),
    (0.004, World.part),
    (0.004, World.restore),
    (0.01, World.lie),
    (0.003, World.skew),
    (0.003, World.change_key),
)
"""起こること: what a step does, and how often."""
