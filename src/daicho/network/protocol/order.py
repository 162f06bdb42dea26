"""順序: the messages of one stream are carried out in their turns, each once.

A missing turn holds back its own stream alone. It is waited for no longer once its sender has begun
a new epoch: then the sender has forgotten it, or it comes late; duties are proof against that.
"""

from collections.abc import Iterable, Iterator

from daicho.network.protocol.message import Turn

NOTHING_DONE = Turn(0, 0)
"""まだ何もない: before the first message of a stream."""

AHEAD_MAX = 1_000
"""先の限度: a message so far ahead of its stream is refused, so that nobody fills the store."""


def follows(done: Turn, turn: Turn) -> bool:
    """Is it the next after what is done?"""
    if turn.epoch == done.epoch:
        return turn.ordinal == done.ordinal + 1
    return turn.epoch > done.epoch and turn.ordinal == 1


def due(done: Turn, waiting: Iterable[Turn], newest_epoch: int) -> Iterator[Turn]:
    """順番の来たもの: which of those that wait are carried out now, in this order.

    `newest_epoch` is the latest that any message of the same sender had.
    """
    for turn in sorted(waiting):
        is_late = turn <= done
        if not (is_late or turn.epoch < newest_epoch or follows(done, turn)):
            return
        yield turn
        done = max(done, turn)


def is_far_ahead(done: Turn, turn: Turn) -> bool:
    """先に進みすぎ: too many turns of its epoch would have to come first."""
    before = done.ordinal if turn.epoch == done.epoch else 0
    return turn > done and turn.ordinal > before + AHEAD_MAX


def next_turn(last: Turn, epoch: int) -> Turn:
    """次の順番: of a stream at its sender, in the epoch that holds there."""
    assert epoch >= last.epoch, "an epoch never goes back"
    return Turn(epoch, last.ordinal + 1 if epoch == last.epoch else 1)
