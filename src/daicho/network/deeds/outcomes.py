"""処理結果の務め: what became of one's messages is noted beside them, and passed on below."""

from daicho.access import clock
from daicho.network.deeds.deed import tell
from daicho.network.lines import own
from daicho.network.messages.outcomes import ABOVE, DONE, LATE, REFUSED, Outcomes, may_tell
from daicho.network.models import Forwarded, Sent
from daicho.network.protocol.message import Malformed, Message, Stream
from daicho.network.protocol.parties import CENTRE, Party

_OUTCOME_CHARS_MAX = 60


def note_outcomes(message: Message, signed: str) -> str:
    """処理結果を記す: a fault stands in the work list until somebody has seen to it."""
    del signed
    for message_id, outcome in _read(message).items():
        row = Sent.objects.filter(message_id=message_id).first()
        if row is None:
            continue
        stream = Stream(own.this(), Party(row.to), str(row.resident))
        if may_tell(message.stream.origin, stream, outcome):
            _note(row, outcome)
    return DONE


def pass_outcomes(message: Message, signed: str) -> str:
    """都道府県: what the centre says of a forwarded notice is told to its municipality."""
    note_outcomes(message, signed)
    if message.stream.origin != CENTRE:
        return DONE
    said = _read(message)
    told: dict[Party, dict[str, str]] = {}
    for row in Forwarded.objects.filter(forwarded_id__in=said):
        of = told.setdefault(Party(row.origin), {})
        of[str(row.message_id)] = ABOVE + said[str(row.forwarded_id)]
    for town, of in told.items():
        tell(town, own.own_stream(), Outcomes(of), own.new_id())
    return DONE


def _read(message: Message) -> dict[str, str]:
    of = Outcomes.read(message.body).of
    if any(len(one) > _OUTCOME_CHARS_MAX for one in of.values()):
        raise Malformed("an outcome of that length is none")
    return of


def _note(row: Sent, outcome: str) -> None:
    now, is_above = clock.now(), outcome.startswith(ABOVE)
    if is_above:
        row.above, row.above_at = outcome.removeprefix(ABOVE), now
    else:
        row.outcome, row.outcome_at = outcome, now
    row.is_refused |= outcome.startswith(REFUSED)
    row.is_open = row.is_refused or not {row.outcome, row.above} <= {"", DONE, LATE}
    row.save()
