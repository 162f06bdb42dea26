"""模擬の当事者: one party at work; every method is one transaction of its store."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from typing import Any

from daicho.law.network.faults import FAR_AHEAD, MALFORMED, TURN_TAKEN, UNTRUSTED
from daicho.network import duties
from daicho.network.messages.outcomes import REFUSED, Outcomes
from daicho.network.protocol import intake, links, order
from daicho.network.protocol.intake import Arrival, KeyNotKnownYet, Untrusted
from daicho.network.protocol.links import Fit, Parcel, Receipt, Refusal, Sent, Told
from daicho.network.protocol.message import Body, Malformed, Message, Stream, Turn, written
from daicho.network.protocol.parties import Party, next_hop
from daicho.site.sim.signing import Known, Signer, sealed, unsealed
from daicho.site.sim.store import Entry, Store

_PARCEL_MESSAGES = 5  # small parcels make more of the orders that there can be
_WORKED_AT_ONCE = 4
_KEY_WAIT_FASTER = 10  # so that four hundred seconds see what ten minutes would


class LogTooShort(AssertionError):
    """ない位置: a receipt that was believed names a place that the log has not."""


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
        neighbours: Set[Party],
    ) -> None:
        self.party = party
        self.neighbours = neighbours
        self.now = now
        self.new_id = new_id
        self.deeds = deeds
        self.signer = Signer(seed, party)
        self.known = Known(seed)
        self.store = Store(epoch=now())
        self.is_catching_up = False
        self.has_forgotten = False
        self.disorder: list[str] = []

    # ------------------------------------------------------------------ sending

    def tell(self, to: Party, resident: str, said: Any, message_id: str = "") -> None:
        """送る: a message gets its turn and waits for its place on the line.

        Where an old backup came back, not before the neighbour has said which epoch was the last.
        """
        neighbour = next_hop(self.party, to)
        if neighbour in self.store.unasked:
            self.store.unsaid.setdefault(neighbour, []).append((to, resident, said, message_id))
            return
        stream = Stream(self.party, to, resident)
        message = Message(
            id=message_id or self.new_id(),
            kind=said.KIND,
            v=said.V,
            stream=stream,
            turn=self._next_turn(stream),
            at=self.now(),
            article=said.ARTICLE,
            body=body_of(said),
        )
        self.store.own[message.id] = message
        self.slip(message)

    def _next_turn(self, stream: Stream) -> Turn:
        last = self.store.turns.get(stream, order.NOTHING_DONE)
        self.store.turns[stream] = order.next_turn(last, self.store.epoch)
        return self.store.turns[stream]

    def slip(self, message: Message) -> None:
        """電文を渡す: signed, to its line."""
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

    def has_for(self, neighbour: Party) -> bool:
        """Is there anything without a receipt?"""
        return self.sent_to(neighbour).receipted < len(self.store.logs.get(neighbour, ()))

    def asking(self, neighbour: Party) -> Parcel:
        """問合せ: how far they are, and what they ever refused of our log."""
        return Parcel(self.party, neighbour, self.sent_to(neighbour).epoch, 1, links.NO_LOG, ())

    def parcel_to(self, neighbour: Party, at_most: int = _PARCEL_MESSAGES) -> Parcel:
        """小包を作る: of what has no receipt yet."""
        log = self.store.logs.get(neighbour, ())
        sent = self.sent_to(neighbour)
        last = min(len(log), sent.receipted + at_most)
        # no turn is of a later epoch than its parcel: so the neighbour knows of every epoch
        epoch = max(sent.epoch, self.store.epoch)
        sent = self.store.sent[neighbour] = Sent(epoch, max(sent.placed, last), sent.receipted)
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
        if receipt.sender != self.party or neighbour not in self.neighbours:
            return
        log = self.store.logs.get(neighbour, ())
        own = None
        if 0 <= receipt.upto <= len(log):
            own = log[receipt.upto - 1].digest if receipt.upto else links.NO_LOG
        sent, told = links.receipted(self.sent_to(neighbour), receipt, own, self.now())
        self.store.sent[neighbour] = sent
        if told in {Told.RENEW, Told.FROM_THE_START}:
            self._renew(neighbour, receipt.epoch, told)
        elif told in {Told.WENT_ON, Told.GO_BACK}:
            self._note_refusals(log, receipt)
        if told not in {Told.STALE, Told.CANNOT_BE}:
            self._say_what_waited(neighbour)
        if told is Told.GO_BACK:  # no receipt of before counts any longer
            self._begin(neighbour, links.next_epoch(self.now(), sent.epoch), told)

    def _say_what_waited(self, neighbour: Party) -> None:
        self.store.unasked.discard(neighbour)
        for waited in self.store.unsaid.pop(neighbour, ()):
            self.tell(*waited)

    def _note_refusals(self, log: Sequence[Entry], receipt: Receipt) -> None:
        known = self.store.told.setdefault(receipt.receiver, set())
        for place, fault in receipt.refused:
            if place > len(log):
                raise LogTooShort(place)
            entry = log[place - 1]
            if place in known:
                continue
            known.add(place)
            if entry.message_id in self.store.own:
                self.store.refused[entry.message_id] = fault
            elif entry.origin != self.party:  # it came from elsewhere: who sent it is told
                told = Outcomes({entry.message_id: REFUSED + fault})
                self.tell(entry.origin, own_stream_of(self.party), told)

    def send_again(self, message_id: str) -> None:
        """再送: of a refused message, in its turn; in a new one where another holds that turn."""
        message = self.store.own[message_id]
        if next_hop(self.party, message.stream.to) in self.store.unasked:
            return
        fault = self.store.refused.pop(message_id)
        turn = self._next_turn(message.stream) if fault == TURN_TAKEN.code else message.turn
        again = replace(message, turn=turn, at=self.now())
        self.store.own[message_id] = again
        self.slip(again)

    # ---------------------------------------------------------------- receiving

    def take(self, parcel: Parcel) -> Receipt | None:
        """小包を受ける: everything new of it is kept before its receipt is given; None where it is
        not for us, or of nobody we are connected to."""
        sender = parcel.sender
        if parcel.receiver != self.party or sender not in self.neighbours:
            return None
        end = self.store.received.get(sender, links.NOTHING_RECEIVED)
        digests = self.store.digests.setdefault(sender, [links.NO_LOG])
        here = digests[parcel.first - 1] if 0 < parcel.first <= len(digests) else None
        judge = partial(self._judge, sender)
        now = self.now()
        at, since = self.store.stopped.get(sender, (0, now))
        waited_ms = (now - since) * _KEY_WAIT_FASTER if at == parcel.first else 0
        arrival = intake.arrive(parcel, end, here, now, self.known, judge, waited_ms=waited_ms)
        refusals = self.store.refusals.setdefault(sender, {})
        if arrival.fit is Fit.FOLLOWS:
            if arrival.items or not parcel.signed:
                self.store.stopped.pop(sender, None)
            elif at != parcel.first:
                self.store.stopped[sender] = parcel.first, now
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
        is_here = stream.to == self.party  # who passes it on does not know what is done
        return (
            intake.wrong_way(stream, self.party, neighbour)
            or intake.no_such_party(stream, self.party, self.neighbours)
            or intake.from_the_future(message, self.now())
            or duties.fault_at(self.party, message)
            or (TURN_TAKEN.code if seen != message.id else "")
            or (FAR_AHEAD.code if is_here and order.is_far_ahead(done, turn) else "")
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

    def work(self, at_once: int = _WORKED_AT_ONCE) -> int:
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
            if count >= at_once:
                break
        for origin, of in outcomes.items():
            self.tell(origin, own_stream_of(self.party), Outcomes(of))
        return count

    def _due(self, stream: Stream) -> list[Turn]:
        done = self.store.done.get(stream, order.NOTHING_DONE)
        newest = self.store.newest[stream.origin]
        return list(order.due(done, self.store.waiting[stream], newest))

    def _work_one(self, stream: Stream, turn: Turn, outcomes: dict[Party, dict[str, str]]) -> None:
        message, signed = self.store.waiting[stream][turn]
        if (stream.origin, message.id) not in self.store.carried:
            outcome = self._carried_out(message, signed)
            if message.kind != Outcomes.KIND:
                outcomes.setdefault(stream.origin, {})[message.id] = outcome
        waiting = self.store.waiting[stream]
        del waiting[turn]
        if not waiting:
            del self.store.waiting[stream]
        done = self.store.done.get(stream, order.NOTHING_DONE)
        is_waited_for = turn > done and turn.epoch == self.store.newest[stream.origin]
        before = done.ordinal if done.epoch == turn.epoch else 0
        if is_waited_for and turn.ordinal != before + 1:  # not by what is asked here
            self.disorder.append(f"{self.party}: {turn} of {stream} was done after {done}")
        self.store.done[stream] = max(turn, done)

    def _carried_out(self, message: Message, signed: str) -> str:
        deed = self.deeds[duties.DUTIES[duties.tier(self.party), message.kind].does]
        try:
            outcome = deed(self, opened(message), signed)
        except Malformed:
            outcome = MALFORMED.code
        except Untrusted:
            outcome = UNTRUSTED.code
        told = message.stream.origin, message.id
        self.store.carried[told] = outcome
        self.store.effects[told] = self.store.effects.get(told, 0) + 1
        return outcome

    # --------------------------------------------------------------- coming back

    def come_back(self, backup: Store, *, is_told: bool) -> None:
        """控えから戻す: the store is an old one; the command that restores tells the program so."""
        self.store = backup
        self.has_forgotten |= not is_told
        if is_told:
            self.is_catching_up = True
            self.store.unasked = set(self.neighbours)
            self.store.epoch = links.next_epoch(self.now(), self.store.epoch)
            for neighbour in list(self.store.sent):
                self._renew(neighbour, 0, Told.RENEW)

    def _renew(self, neighbour: Party, told_epoch: int, told: Told) -> None:
        sent = self.sent_to(neighbour)
        epoch = links.next_epoch(self.now(), told_epoch, self.store.epoch, sent.epoch)
        self.store.epoch = epoch
        self._begin(neighbour, epoch, told)

    def _begin(self, neighbour: Party, epoch: int, told: Told) -> None:
        """A new epoch of a line: what was refused of the places that come again is told again."""
        sent = links.renewed(self.sent_to(neighbour), epoch, told)
        self.store.sent[neighbour] = sent
        known = self.store.told.get(neighbour, set())
        self.store.told[neighbour] = {place for place in known if place <= sent.receipted}


def body_of(said: Any) -> Body:
    """本文: sealed, where no router may read it."""
    return sealed(said.written()) if said.SEALED else said.written()


def opened(message: Message) -> Message:
    """開けた電文: as its receiver reads it."""
    if not isinstance(message.body, str):
        return message
    return replace(message, body=unsealed(message.body))


def own_stream_of(party: Party) -> str:
    """The id of what a party tells of messages, not of a resident."""
    return f"00000000-0000-0000-0000-{party:0>12}"
