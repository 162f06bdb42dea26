"""受付: a parcel is opened, each of its messages judged, and all of it answered by one receipt.

A message that is refused takes its place on the line, so that no other resident waits behind it. It
does not fill its turn: its sender sends it again in the same turn, mended; until then what follows
of that resident waits.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol

from daicho.law.network.faults import (
    FROM_THE_FUTURE,
    KEY_UNKNOWN,
    MALFORMED,
    NO_SUCH_PARTY,
    TOO_LARGE,
    TURN_TAKEN,
    UNTRUSTED,
    WRONG_WAY,
)
from daicho.network.protocol.links import (
    EPOCH_AHEAD_MS,
    PARCEL_MESSAGES_MAX,
    Fit,
    Parcel,
    Receipt,
    Received,
    Refusal,
    digest_of,
    fits,
)
from daicho.network.protocol.message import Malformed, Message, Stream, Turn, read
from daicho.network.protocol.parties import Party, next_hop

MESSAGE_BYTES_MAX = 256 * 1024
"""電文の大きさ: the most one message has, signed."""
AHEAD_OF_CLOCK_MS = 10 * 60 * 1000
"""時計のずれ: so much later than our own clock a message may have been made."""
KEY_WAIT_MS = 10 * 60 * 1000
"""鍵を待つ時間: so long (by our clock) a line waits for the key of its next message; then that is
refused, for everybody behind it waits too."""


class Untrusted(Exception):
    """署名の誤り: the text is not signed by a key of who is said to have signed it."""


class KeyNotKnownYet(Exception):
    """未知の鍵: signed by a key of which nothing was heard yet: to be tried again, not refused."""


class Checker(Protocol):
    """署名の検証: what knows the keys of all parties."""

    def opened(self, signed: str) -> tuple[Party, bytes]:
        """Who signed it, and the text; raises Untrusted or KeyNotKnownYet."""
        ...


class Item(NamedTuple):
    """受けた電文: `fault` is blank, or why it is refused; what could not be read has no message."""

    place: int
    signed: str
    message: Message | None
    fault: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """着いた小包: what is to be stored in one transaction before the receipt goes out.

    `digests` are those of the log at the places of the items.
    """

    end: Received
    items: tuple[Item, ...]
    digests: tuple[str, ...]
    fit: Fit

    def receipt(self, parcel: Parcel, digest: str, refusals: Iterable[Refusal]) -> Receipt:
        """受領証: of it, to be signed; `digest` is that of the log as it is now, `refusals` are all
        that are kept of its sender."""
        said = sorted(one for one in refusals if parcel.first <= one.place <= self.end.upto)
        return Receipt(
            parcel.sender,
            parcel.receiver,
            max(parcel.epoch, self.end.epoch),
            parcel.first,
            self.end.upto,
            digest,
            tuple(said),
            self.fit is Fit.OTHER_LOG,
        )


Judge = Callable[[Message], str]
"""判定: the code of the fault for which a message is refused, or blank."""


def arrive(
    parcel: Parcel,
    end: Received,
    here: str | None,
    now: int,
    checker: Checker,
    judge: Judge,
    *,
    waited_ms: int,
) -> Arrival:
    """小包を受ける: what is new of it, as far as the keys of its signers are known; `here` is the
    digest that is had at the place before it, `waited_ms` how long the line has stood there for a
    key."""
    fit = fits(end, here, parcel, now)
    if fit is not Fit.FOLLOWS:
        return Arrival(end, (), (), fit)
    items: list[Item] = []
    turns: dict[tuple[Stream, Turn], str] = {}
    digests = [parcel.before]
    for place, signed in enumerate(islice(parcel.signed, PARCEL_MESSAGES_MAX), start=parcel.first):
        try:
            items.append(_once(_item(place, signed, checker, judge), turns))
        except KeyNotKnownYet:
            if items or waited_ms < KEY_WAIT_MS:
                break
            items.append(Item(place, "", None, KEY_UNKNOWN.code))
        digests.append(digest_of(digests[-1], signed))
    end = Received(parcel.epoch, parcel.first - 1 + len(items))
    return Arrival(end, tuple(items), tuple(digests[1:]), fit)


def _item(place: int, signed: str, checker: Checker, judge: Judge) -> Item:
    if len(signed) > MESSAGE_BYTES_MAX:
        return Item(place, "", None, TOO_LARGE.code)
    try:
        signer, text = checker.opened(signed)
        message = read(text)
    except Untrusted:
        return Item(place, "", None, UNTRUSTED.code)
    except Malformed:
        return Item(place, "", None, MALFORMED.code)
    if signer != message.stream.origin:
        return Item(place, "", None, UNTRUSTED.code)
    return Item(place, signed, message, judge(message))


def _once(item: Item, turns: dict[tuple[Stream, Turn], str]) -> Item:
    """Another message of the same parcel has its turn: the judge does not know of it yet."""
    message = item.message
    if message is None or item.fault:
        return item
    taken = turns.setdefault((message.stream, message.turn), message.id) != message.id
    return item._replace(fault=TURN_TAKEN.code) if taken else item


def wrong_way(stream: Stream, here: Party, neighbour: Party) -> str:
    """道筋の誤り: came from where its sender is not, or goes back to where it came from."""
    if stream.origin == here or next_hop(here, stream.origin) != neighbour:
        return WRONG_WAY.code
    if stream.to != here and next_hop(here, stream.to) == neighbour:
        return WRONG_WAY.code
    return ""


def no_such_party(stream: Stream, here: Party, neighbours: Collection[Party]) -> str:
    """いない宛先: nobody of that code stands below here."""
    is_there = stream.to == here or next_hop(here, stream.to) in neighbours
    return "" if is_there else NO_SUCH_PARTY.code


def from_the_future(message: Message, now: int) -> str:
    """先の時刻: made later than our clock allows, or in an epoch that is nobody's."""
    is_ahead = message.at > now + AHEAD_OF_CLOCK_MS or message.turn.epoch > now + EPOCH_AHEAD_MS
    return FROM_THE_FUTURE.code if is_ahead else ""
