"""回線: what two neighbours know of each other, so that nothing between them is lost or skipped.

Each direction is a log: what is handed over gets places 1, 2, 3 …, and each place a digest over all
before it. The receiver takes only what follows what it has, and says up to where that is; the
sender goes on from there. So a parcel may be lost, come twice or late. A receiver that comes back
from an old backup says so by an earlier place, and is sent again what it forgot. A sender that
comes back begins a new epoch: then the receiver goes back to the last place at which both logs are
the same, for what it has beyond it is forgotten at the sender. Digests tell whether they are.
"""

from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from daicho.network.protocol.parties import Party


class Parcel(NamedTuple):
    """小包: signed messages in the order of their places, `first` being that of the first; `before`
    is the digest of the log up to there. `epoch` is when (ms since 1970) the sender's log began to
    be this one. One without messages asks how far the receiver is, and changes nothing there; from
    the first place, so that all is told that was ever refused."""

    sender: Party
    receiver: Party
    epoch: int
    first: int
    before: str
    signed: tuple[str, ...]


class Refusal(NamedTuple):
    """受けない電文: at a place, for the code of a fault."""

    place: int
    fault: str


class Receipt(NamedTuple):
    """受領証: of the parcels of `sender`, `receiver` has all places up to `upto`, where the digest
    of the log is `digest`, but those of `refused`, which are all from `first` on.

    It is signed, and the sender keeps it: one proves all places before it. `epoch` is that of the
    parcel, or a later one that is known. `is_other_log`: what came before the parcel is not what is
    had at that place.
    """

    sender: Party
    receiver: Party
    epoch: int
    first: int
    upto: int
    digest: str
    refused: tuple[Refusal, ...]
    is_other_log: bool


class Received(NamedTuple):
    """受けた所まで: at the receiver, of one neighbour."""

    epoch: int
    upto: int


class Sent(NamedTuple):
    """送った所まで: at the sender, to one neighbour: places given, and those that are receipted.

    `disposed` is the last whose text was disposed of, long after it was receipted: what is sent
    again begins behind it.
    """

    epoch: int
    placed: int
    receipted: int
    disposed: int = 0


PARCEL_MESSAGES_MAX = 200
"""小包の大きさ: the most messages that go at once; what comes beyond is not looked at."""
_YEAR_MS = 366 * 24 * 3_600_000
EPOCH_AHEAD_MS, EPOCH_TOLD_AHEAD_MS = 20 * _YEAR_MS, 10 * _YEAR_MS
"""期の限度: an epoch so much later than our clock is nobody's: it would leave no later one. Of one
that a receipt tells, less is believed, for we would have to name a later one that others believe.
A clock that is wrong by years does no harm; it names an epoch like any other."""
NOTHING_RECEIVED = Received(0, 0)
NO_LOG = ""
"""空の記録: the digest before the first place."""
DIGEST_CHARS = 32
"""要約の長さ: hexadecimal digits of a digest; half of SHA-256 is enough between two who sign."""


def digest_of(before: str, signed: str) -> str:
    """記録の要約: of a log, after the message that follows `before`."""
    text = f"{before}{signed}".encode(errors="surrogatepass")  # whatever came has a digest
    return sha256(text).hexdigest()[:DIGEST_CHARS]


class Fit(Enum):
    """続き: how a parcel fits what the receiver has."""

    FOLLOWS = "follows"
    DOES_NOT = "does_not"  # known already, too early, or of a log that is over
    OTHER_LOG = "other_log"


def fits(end: Received, here: str | None, parcel: Parcel, now: int) -> Fit:
    """続くか: `here` is the digest that is had at the place before the parcel, None where that
    did not come yet. What follows in a new epoch replaces what is had from there on."""
    is_ours = end.epoch <= parcel.epoch <= now + EPOCH_AHEAD_MS
    if not is_ours or parcel.first < 1 or here is None:
        return Fit.DOES_NOT
    if here != parcel.before:
        return Fit.OTHER_LOG
    if not parcel.signed:
        return Fit.DOES_NOT
    follows = parcel.epoch > end.epoch or parcel.first == end.upto + 1
    return Fit.FOLLOWS if follows else Fit.DOES_NOT


class Told(Enum):
    """受領証が告げること: what a receipt tells its sender beyond what was refused."""

    WENT_ON = "went_on"
    STALE = "stale"  # of a log that is over, or of later places than those asked for: nothing
    CANNOT_BE = "cannot_be"  # it names places or an epoch that no receipt has: nothing
    GO_BACK = "go_back"  # the receiver forgot what it had: a new epoch of the line begins there
    RENEW = "renew"  # the sender itself forgot what it had sent: a new epoch begins
    FROM_THE_START = "from_the_start"  # so it does, and nothing is known to be the same
    DISPOSED = "disposed"  # the receiver lacks what the sender has disposed of: the line stands


def receipted(sent: Sent, receipt: Receipt, own: str | None, now: int) -> tuple[Sent, Told]:
    """受領証を受ける: what the sender knows after it; `own` is the digest of its log at the place
    of the receipt, None where it has no such place."""
    told = _told(sent, receipt, own, now)
    goes_on = told in {Told.WENT_ON, Told.GO_BACK}
    return (sent._replace(receipted=receipt.upto) if goes_on else sent), told


def _told(sent: Sent, receipt: Receipt, own: str | None, now: int) -> Told:
    if _cannot_be(receipt, now):
        return Told.CANNOT_BE
    if receipt.epoch > sent.epoch:
        return Told.RENEW
    if receipt.epoch < sent.epoch or receipt.first > sent.receipted + 1:
        return Told.STALE
    if _lacks_disposed(sent, receipt, own):
        return Told.DISPOSED
    return _told_of_this_log(sent, receipt, own)


def _told_of_this_log(sent: Sent, receipt: Receipt, own: str | None) -> Told:
    if receipt.is_other_log or (own is not None and own != receipt.digest):
        return Told.FROM_THE_START
    if receipt.upto > sent.placed:
        return Told.RENEW
    return Told.GO_BACK if receipt.upto < sent.receipted else Told.WENT_ON


def _lacks_disposed(sent: Sent, receipt: Receipt, own: str | None) -> bool:
    """Would it have to be sent what was disposed of: it has not come so far, or it has another log
    there?"""
    if receipt.is_other_log:
        return receipt.first <= sent.disposed + 1 and sent.disposed > 0
    is_other = own is not None and own != receipt.digest
    return receipt.upto < sent.disposed or (is_other and 0 < receipt.upto == sent.disposed)


def _cannot_be(receipt: Receipt, now: int) -> bool:
    places = range(receipt.first, receipt.upto + 1)
    return (
        receipt.first < 1
        or receipt.upto < 0
        or receipt.epoch > now + EPOCH_TOLD_AHEAD_MS
        or any(one.place not in places for one in receipt.refused)
    )


def renewed(sent: Sent, epoch: int, told: Told) -> Sent:
    """新しい期: the log goes on from what is known to be the same, or as early as it can."""
    assert epoch > sent.epoch, "an epoch follows another"
    first = sent.disposed if told is Told.FROM_THE_START else sent.receipted
    return sent._replace(epoch=epoch, receipted=first)


def next_epoch(now: int, *known: int) -> int:
    """期の名: later than every epoch that anybody told, whatever the clock says."""
    return max(now, *(one + 1 for one in known))
