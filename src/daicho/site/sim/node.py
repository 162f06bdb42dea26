"""模擬の当事者: one party at work; every method is one transaction of its store."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from daicho.law.network.faults import FAR_AHEAD, MALFORMED, TURN_TAKEN, UNTRUSTED
from daicho.network import duties
from daicho.network.messages.outcomes import REFUSED, Outcomes
from daicho.network.protocol import intake, links, order
from daicho.network.protocol.intake import Arrival, KeyNotKnownYet, Untrusted
from daicho.network.protocol.links import Fit, Parcel, Receipt, Refusal, Sent, Told
from daicho.network.protocol.message import Malformed, Message, Stream, Turn, written
from daicho.network.protocol.parties import Party, next_hop
from daicho.site.sim.signing import Known, Signer
from daicho.site.sim.store import Entry, Store

VOID = "void"
PARCEL_MESSAGES = 5  # small parcels make more of the orders that there can be
WORKED_AT_ONCE = 4

Deed = Callable[["Node", Message, str], str]
"""務めの実行: of a message, with its signed text; gives the outcome."""


class Node:
    """当事者: `now` is its own clock (ms), which may be wrong; `deeds` are its duties by name."""

    def __init__(
        self,
        party: Party,
        seed: int,
        now: Callable[[], int],
        new_id: Callable[[], str],
        deeds: Mapping[str, Deed],
    ) -> None:
        self.party = party
        self.now = now
        self.new_id = new_id
        self.deeds = deeds
        self.signer = Signer(seed, party)
        self.known = Known(seed)
        self.store = Store(epoch=now())
        self.is_catching_up = False
        self.was_behind = False
        self.disorder: list[str] = []

    # ------------------------------------------------------------------ sending

    def tell(
        self, to: Party, resident: str, said: Any, message_id: str = "", turn: Turn | None = None
    ) -> None:
        """送る: a message gets its turn and waits for its place on the line."""
        stream = Stream(self.party, to, resident)
        if turn is None:
            last = self.store.turns.get(stream, order.NOTHING_DONE)
            turn = self.store.turns[stream] = order.next_turn(last, self.store.epoch)
        message = Message(
            id=message_id or self.new_id(),
            kind=said.KIND,
            v=said.V,
            stream=stream,
            turn=turn,
            at=self.now(),
            article=said.ARTICLE,
            body=said.written(),
        )
        self.store.own[message.id] = message
        self._hand_over(message, self.signer.signed(written(message)))

    def _hand_over(self, message: Message, signed: str) -> None:
        log = self.store.logs.setdefault(next_hop(self.party, message.stream.to), [])
        digest = links.digest_of(log[-1].digest if log else "", signed)
        log.append(Entry(message.id, message.stream.origin, signed, digest))

    def sent_to(self, neighbour: Party) -> Sent:
        """回線の送り側: what is known of it."""
        if neighbour not in self.store.sent:
            self.store.sent[neighbour] = Sent(self.store.epoch, 0, 0)
        return self.store.sent[neighbour]

    def parcel_to(self, neighbour: Party) -> Parcel | None:
        """小包を作る: of what has no receipt yet; None where nothing waits."""
        log = self.store.logs.get(neighbour, ())
        sent = self.sent_to(neighbour)
        last = min(len(log), sent.receipted + PARCEL_MESSAGES)
        if last <= sent.receipted:
            return None
        self.store.sent[neighbour] = sent._replace(placed=max(sent.placed, last))
        return Parcel(
            self.party,
            neighbour,
            sent.epoch,
            sent.receipted + 1,
            log[sent.receipted - 1].digest if sent.receipted else links.NO_LOG,
            tuple(one.signed for one in log[sent.receipted : last]),
        )

    def note(self, receipt: Receipt) -> None:
        """受領証を受ける: the line goes on, goes back, or begins a new epoch."""
        neighbour = receipt.receiver
        log = self.store.logs.get(neighbour, ())
        own = None
        if receipt.upto <= len(log):
            own = log[receipt.upto - 1].digest if receipt.upto else links.NO_LOG
        sent, told = links.receipted(self.sent_to(neighbour), receipt, own)
        self.store.sent[neighbour] = sent
        if told in {Told.RENEW, Told.FROM_THE_START}:
            self._renew(neighbour, receipt.epoch, told)
            self.was_behind = True
        elif told is not Told.STALE:
            self._note_refusals(receipt)

    def _note_refusals(self, receipt: Receipt) -> None:
        log = self.store.logs.get(receipt.receiver, ())
        for place, fault in receipt.refused:
            entry = log[place - 1]
            if entry.origin == self.party:
                self.store.refused[entry.message_id] = fault
            else:  # it came from elsewhere: who sent it is told
                told = Outcomes({entry.message_id: REFUSED + fault})
                self.tell(entry.origin, str_of(self.party), told)

    def send_again(self, message_id: str) -> None:
        """再送: of a refused message, in its turn; in a new one where another holds that turn."""
        fault = self.store.refused.pop(message_id)
        message = self.store.own[message_id]
        stream, turn = message.stream, message.turn
        if fault == TURN_TAKEN.code:
            last = self.store.turns.get(stream, order.NOTHING_DONE)
            turn = self.store.turns[stream] = order.next_turn(last, self.store.epoch)
        again = Message(
            message.id,
            message.kind,
            message.v,
            stream,
            turn,
            self.now(),
            message.article,
            message.body,
        )
        self.store.own[message_id] = again
        self._hand_over(again, self.signer.signed(written(again)))

    # ---------------------------------------------------------------- receiving

    def take(self, parcel: Parcel) -> Receipt:
        """小包を受ける: everything new of it is kept before its receipt is given."""
        sender = parcel.sender
        end = self.store.received.get(sender, links.NOTHING_RECEIVED)
        digests = self.store.digests.setdefault(sender, [links.NO_LOG])
        here = digests[parcel.first - 1] if 0 < parcel.first <= len(digests) else None
        judge = partial(self._judge, sender)
        arrival = intake.arrive(parcel, end, here, self.known, judge)
        refusals = self.store.refusals.setdefault(sender, {})
        if arrival.fit is Fit.FOLLOWS:
            self.store.received[sender] = arrival.end
            digests[parcel.first :] = arrival.digests
            self._store(arrival, refusals)
        told = map(Refusal, refusals.keys(), refusals.values())
        return arrival.receipt(parcel, digests[-1], told)

    def _store(self, arrival: Arrival, refusals: dict[int, str]) -> None:
        for item in arrival.items:
            refusals.pop(item.place, None)
            if item.fault:
                refusals[item.place] = item.fault
            elif item.message is not None:
                self._keep(item.message, item.signed)

    def _judge(self, neighbour: Party, message: Message) -> str:
        stream, turn = message.stream, message.turn
        seen, _ = self.store.seen.get((stream, turn), (message.id, 0))
        done = self.store.done.get(stream, order.NOTHING_DONE)
        return intake.first_of(
            (
                intake.wrong_way(stream, self.party, neighbour),
                intake.from_the_future(message.at, self.now()),
                duties.fault_at(self.party, message),
                TURN_TAKEN.code if seen != message.id else "",
                FAR_AHEAD.code if order.is_far_ahead(done, turn) else "",
            )
        )

    def _keep(self, message: Message, signed: str) -> None:
        stream, turn = message.stream, message.turn
        _, at = self.store.seen.get((stream, turn), (message.id, 0))
        if message.at == at:
            return
        self.store.seen[stream, turn] = message.id, message.at
        if stream.to != self.party:
            self._hand_over(message, signed)
            return
        self.store.waiting.setdefault(stream, {})[turn] = (message, signed)
        newest = self.store.newest
        newest[stream.origin] = max(newest.get(stream.origin, 0), turn.epoch)

    # ------------------------------------------------------------------ working

    def work(self) -> int:
        """処理: messages whose turn has come; gives how many."""
        if self.is_catching_up:
            return 0
        outcomes: dict[Party, dict[str, str]] = {}
        count = 0
        for stream in list(self.store.waiting):
            for turn in self._due(stream):
                try:
                    self._work_one(stream, turn, outcomes)
                except KeyNotKnownYet:
                    break  # of what it holds: it waits until the key is heard of
                count += 1
            if count >= WORKED_AT_ONCE:
                break
        for origin, of in outcomes.items():
            self.tell(origin, str_of(self.party), Outcomes(of))
        return count

    def _due(self, stream: Stream) -> list[Turn]:
        done = self.store.done.get(stream, order.NOTHING_DONE)
        newest = self.store.newest[stream.origin]
        return list(order.due(done, self.store.waiting[stream], newest))

    def _work_one(self, stream: Stream, turn: Turn, outcomes: dict[Party, dict[str, str]]) -> None:
        message, signed = self.store.waiting[stream][turn]
        if message.kind != VOID and message.id not in self.store.carried:
            outcome = self._carried_out(message, signed)
            if message.kind != Outcomes.KIND:
                outcomes.setdefault(stream.origin, {})[message.id] = outcome
        waiting = self.store.waiting[stream]
        del waiting[turn]
        if not waiting:
            del self.store.waiting[stream]
        done = self.store.done.get(stream, order.NOTHING_DONE)
        is_waited_for = turn > done and turn.epoch == self.store.newest[stream.origin]
        if is_waited_for and not order.follows(done, turn):
            self.disorder.append(f"{self.party}: {turn} of {stream} was done after {done}")
        self.store.done[stream] = max(turn, done)

    def _carried_out(self, message: Message, signed: str) -> str:
        deed = self.deeds[duties.DUTIES[duties.tier(self.party), message.kind].does]
        try:
            outcome = deed(self, message, signed)
        except Malformed:
            outcome = MALFORMED.code
        except Untrusted:
            outcome = UNTRUSTED.code
        self.store.carried.add(message.id)
        self.store.effects[message.id] = self.store.effects.get(message.id, 0) + 1
        return outcome

    # --------------------------------------------------------------- coming back

    def come_back(self, backup: Store, *, is_told: bool) -> None:
        """控えから戻す: the store is an old one; the command that restores tells the program so."""
        self.store = backup
        if is_told:
            self.is_catching_up = True
            self.store.epoch = links.next_epoch(self.now(), self.store.epoch)
            for neighbour in list(self.store.sent):
                self._renew(neighbour, 0, Told.RENEW)

    def _renew(self, neighbour: Party, told_epoch: int, told: Told) -> None:
        sent = self.sent_to(neighbour)
        epoch = links.next_epoch(self.now(), told_epoch, self.store.epoch, sent.epoch)
        self.store.epoch = epoch
        self.store.sent[neighbour] = links.renewed(sent, epoch, told)


def str_of(party: Party) -> str:
    """The id of what a party tells of messages, not of a resident."""
    return f"00000000-0000-0000-0000-{party:0>12}"
