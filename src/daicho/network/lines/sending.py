"""回線の送り側: parcels of what has no receipt yet, and what a receipt tells.

Between the two stands the wire, without a transaction.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from daicho.access import clock
from daicho.network.deeds.deed import Desk
from daicho.network.lines import logs, own
from daicho.network.messages.outcomes import REFUSED
from daicho.network.models import (
    KeptReceipt,
    KnownRefusal,
    Logged,
    SendingLine,
    Sent,
)
from daicho.network.protocol import links
from daicho.network.protocol.links import Parcel, Receipt, Refusal, Told
from daicho.network.protocol.parties import Party, is_municipality

PARCEL_CHARS_MAX = 8 * 1024 * 1024
"""小包の大きさ: of the signed messages of one together."""
TEXT_DISPOSED = "text_disposed"
"""本文の廃棄済み: the trouble of a line whose neighbour lacks what was disposed of here."""
_NEXT = """
SELECT signed FROM (
    SELECT place, signed, sum(length(signed)) OVER (ORDER BY place) AS so_far
    FROM network_logged WHERE neighbour = %s AND place > %s ORDER BY place LIMIT %s) AS next
WHERE so_far <= %s OR place = %s ORDER BY place
"""
_CAME_BACK = "SELECT network_came_back(%s, %s)"
_BEGUN = {Told.RENEW, Told.FROM_THE_START}


class _Alone(Exception):
    """The epoch of the whole party changes: to be done again by one who is alone at it."""


def asking(neighbour: Party) -> Parcel:
    """問合せ: how far they are, and what they ever refused of our log."""
    with transaction.atomic():
        line = own.sending_lines([neighbour])[neighbour]
    return Parcel(own.this(), neighbour, line.epoch, 1, links.NO_LOG, ())


def parcel_to(neighbour: Party) -> Parcel | None:
    """小包を作る: of what has no receipt yet; None where there is nothing."""
    if not SendingLine.objects.filter(neighbour=neighbour, handed__gt=F("receipted")).exists():
        return None  # asked often: no lock is taken for nothing
    with transaction.atomic():
        epoch = own.shared().epoch
        line = own.sending_lines([neighbour])[neighbour]
        if line.handed <= line.receipted or line.is_unasked:
            return None
        signed = _next(line)
        # no turn is of a later epoch than its parcel: so the neighbour knows of every epoch
        line.epoch = max(line.epoch, epoch)
        line.placed = max(line.placed, line.receipted + len(signed))
        line.save(update_fields=["epoch", "placed"])
        before = logs.digest_at(line, line.receipted)
    assert before is not None, "a log has the digest of the last place that was receipted"
    return Parcel(own.this(), neighbour, line.epoch, line.receipted + 1, before, tuple(signed))


def _next(line: SendingLine) -> Sequence[str]:
    first = line.receipted + 1
    most = [links.PARCEL_MESSAGES_MAX, PARCEL_CHARS_MAX]
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [line.neighbour, line.receipted, *most, first])
        return [signed for (signed,) in cursor.fetchall()]


def note(receipt: Receipt, signed: str) -> Told:
    """受領証を受ける: the line goes on, goes back, or begins a new epoch; `signed` is its text."""
    assert receipt.sender == own.this(), "the wire gives no receipt of another's parcel"
    try:
        with transaction.atomic():
            return _noted(receipt, signed, is_alone=False)
    except _Alone:
        with transaction.atomic():
            own.alone()
            return _noted(receipt, signed, is_alone=True)


def _noted(receipt: Receipt, signed: str, *, is_alone: bool) -> Told:
    neighbour = receipt.receiver
    line = own.sending_lines([neighbour])[neighbour]
    log = logs.digest_at(line, receipt.upto) if 0 <= receipt.upto <= line.handed else None
    before = _known(line)
    sent, told = links.receipted(before, receipt, log, own.now_ms())
    if told in _BEGUN and not is_alone:
        raise _Alone
    line.epoch, line.placed, line.receipted, _ = sent
    if told in {Told.WENT_ON, Told.GO_BACK}:
        own.lock_fates()
        _note_refusals(neighbour, receipt.refused)
        _note_receipted(neighbour, before.receipted, sent.receipted)
        if told is Told.GO_BACK or sent.receipted > before.receipted:
            _keep(receipt, signed)
    if told in _BEGUN:
        _renew(line, receipt.epoch, told)
    if told is Told.GO_BACK:  # no receipt of before counts any longer
        _begin(line, links.next_epoch(own.now_ms(), sent.epoch), told)
    if told not in {Told.STALE, Told.CANNOT_BE, Told.DISPOSED}:
        line.is_unasked = False
    line.save()
    return told


def _known(line: SendingLine) -> links.Sent:
    return links.Sent(line.epoch, line.placed, line.receipted, line.disposed)


def _keep(receipt: Receipt, signed: str) -> None:
    KeptReceipt.objects.create(
        neighbour=receipt.receiver, epoch=receipt.epoch, upto=receipt.upto, signed=signed
    )


def _note_receipted(neighbour: Party, before: int, now: int) -> None:
    own_ones = Sent.objects.filter(neighbour=neighbour)
    if now < before:  # the neighbour forgot them: they go again
        own_ones.filter(place__gt=now).update(receipted_at=None)
    else:
        new = own_ones.filter(place__gt=before, place__lte=now, is_refused=False)
        new.update(receipted_at=clock.now())


def _note_refusals(neighbour: Party, refused: Sequence[Refusal]) -> None:
    """Each once: our own waits for being sent again, and who sent another's is told."""
    places = [one.place for one in refused]
    rows = KnownRefusal.objects.filter(neighbour=neighbour, place__in=places)
    known = set(rows.values_list("place", flat=True))
    new = {one.place: one.fault for one in refused if one.place not in known}
    if not new:
        return
    KnownRefusal.objects.bulk_create(
        KnownRefusal(neighbour=neighbour, place=place, fault=fault) for place, fault in new.items()
    )
    now = clock.now()
    for one in Logged.objects.filter(neighbour=neighbour, place__in=new).defer("signed"):
        fault = REFUSED + new[one.place]
        if one.origin == own.this():
            _refused(neighbour, one.place, fault, now)
        else:
            _tell(Party(one.origin), {str(one.message_id): fault})


def _refused(neighbour: Party, place: int, fault: str, now: datetime) -> None:
    """Where it was not sent again since."""
    Sent.objects.filter(neighbour=neighbour, place=place).update(
        outcome=fault, outcome_at=now, is_refused=True, is_open=True, receipted_at=None
    )


def _tell(to: Party, of: dict[str, str]) -> None:
    """処理結果を告げる: in the running transaction; the relay sends it."""
    desk = Desk()
    desk.tell_outcomes(to, of)
    desk.write()


def _renew(line: SendingLine, told_epoch: int, told: Told) -> None:
    row = own.alone()
    epoch = links.next_epoch(own.now_ms(), told_epoch, row.epoch, line.epoch)
    row.epoch = epoch
    row.save(update_fields=["epoch"])
    _begin(line, epoch, told)


def _begin(line: SendingLine, epoch: int, told: Told) -> None:
    """A new epoch of a line: what was refused of the places that come again is told again."""
    line.epoch, line.placed, line.receipted, _ = links.renewed(_known(line), epoch, told)
    KnownRefusal.objects.filter(neighbour=line.neighbour, place__gt=line.receipted).delete()


def came_back() -> None:
    """控えから戻した: the command that restored an old backup says so, before anything is sent.

    A municipality carries nothing out until somebody says that what was typed in since is typed in
    again; above, nothing is typed in.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        own.alone()
        own.sending_lines(own.neighbours())
        cursor.execute(_CAME_BACK, [own.now_ms(), is_municipality(own.this())])


def caught_up() -> None:
    """入力し直した: messages that came are carried out again."""
    with transaction.atomic():
        row = own.alone()
        row.is_catching_up = False
        row.save()


def tried(neighbour: Party, trouble: str) -> None:
    """応答の有無: as the console tells it; blank where it answered."""
    now = clock.now()
    said: dict[str, datetime | str] = {"tried_at": now, "trouble": trouble}
    if not trouble:
        said["answered_at"] = now
    SendingLine.objects.filter(neighbour=neighbour).update(**said)
