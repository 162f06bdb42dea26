"""処理結果の務め: what became of one's messages is noted beside them, and passed on below."""

import re

from daicho.access import clock
from daicho.network.deeds.deed import Desk
from daicho.network.lines import own
from daicho.network.messages.outcomes import ABOVE, DONE, LATE, REFUSED, Outcomes, may_tell
from daicho.network.models import Forwarded, Sent
from daicho.network.protocol.message import Malformed, Message, Stream
from daicho.network.protocol.parties import CENTRE, Party

_OUTCOME_CHARS_MAX = 60
_ROWS_AT_ONCE = 200
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # as a message writes its own
_NOTED = ("outcome", "outcome_at", "above", "above_at", "is_refused", "is_open")


def note_outcomes(message: Message, signed: str, desk: Desk) -> str:
    """処理結果を記す: a fault stands in the work list until somebody has seen to it."""
    del signed, desk  # nothing is told of what one was told
    said, this = _read(message), own.this()
    own.lock_fates()
    noted = []
    for row in Sent.objects.select_for_update().filter(message_id__in=said).order_by("message_id"):
        stream = Stream(this, Party(row.to), str(row.resident))
        outcome = said[str(row.message_id)]
        if may_tell(message.stream.origin, stream, outcome):
            noted.append(_noted(row, outcome))
    Sent.objects.bulk_update(noted, _NOTED, batch_size=_ROWS_AT_ONCE)
    return DONE


def pass_outcomes(message: Message, signed: str, desk: Desk) -> str:
    """都道府県: what the centre says of a forwarded notice is told to its municipality."""
    if message.stream.origin != CENTRE:
        return note_outcomes(message, signed, desk)
    said = _read(message, before=ABOVE)
    note_outcomes(message, signed, desk)
    told: dict[Party, dict[str, str]] = {}
    for row in Forwarded.objects.filter(forwarded_id__in=said):
        of = told.setdefault(Party(row.origin), {})
        of[str(row.message_id)] = ABOVE + said[str(row.forwarded_id)]
    for town, of in told.items():
        desk.tell_outcomes(town, of)
    return DONE


def _read(message: Message, before: str = "") -> dict[str, str]:
    """By the id of a message; `before` is what is put before each where it is told on."""
    of = Outcomes.said_in(message).of
    if any(len(before + one) > _OUTCOME_CHARS_MAX for one in of.values()):
        raise Malformed("an outcome of that length is none")
    if not all(map(_ID.fullmatch, of)):
        raise Malformed("an id that no message has")
    return of


def _noted(row: Sent, outcome: str) -> Sent:
    now, is_above = clock.now(), outcome.startswith(ABOVE)
    if is_above:
        row.above, row.above_at = outcome.removeprefix(ABOVE), now
    else:
        row.outcome, row.outcome_at = outcome, now
    row.is_refused |= outcome.startswith(REFUSED)
    row.is_open = row.is_refused or not {row.outcome, row.above} <= {"", DONE, LATE}
    return row
