"""保存本人確認情報の務め: a prefecture holds what its municipalities say and tells the centre."""

from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection

from daicho.access import clock
from daicho.law.identification import columns
from daicho.law.network.faults import TOO_LARGE, UNTRUSTED
from daicho.network.deeds.deed import Desk
from daicho.network.lines import keyring
from daicho.network.messages.identification_forwarded import IdentificationForwarded
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.messages.outcomes import DONE, LATE
from daicho.network.models import Forwarded, Held, HeldVersion
from daicho.network.protocol import holding
from daicho.network.protocol.intake import MESSAGE_BYTES_MAX
from daicho.network.protocol.message import Malformed, Message, Turn, read
from daicho.network.protocol.parties import CENTRE, above
from daicho.terms.malformed import Malformed as MalformedNumber
from daicho.terms.numbers import parse_resident_record_code

CODE = "resident_record_code"
_ITEM_CHARS_MAX = 1_000
_DAY_CHARS_MAX, _REASON_CHARS_MAX = 10, 40
_CODES = 5_211_251
_ENVELOPE_BYTES = 2_048
_FORWARDED_BYTES_MAX = MESSAGE_BYTES_MAX * 3 // 4 - _ENVELOPE_BYTES  # signed, four of three
_FIND = """
SELECT c.subject_id, h.epoch, h.ordinal, h.is_open FROM network_subjectcode c
    LEFT JOIN network_held h ON h.subject_id = c.subject_id AND h.municipality = %s
WHERE c.code = %s
"""
# Of two who bring a new code at once the second waits.
_LOCK_CODE = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"
_NEW_SUBJECT = """
WITH subject AS (INSERT INTO network_subject DEFAULT VALUES RETURNING subject_id)
INSERT INTO network_subjectcode (code, subject_id) SELECT %s, subject_id FROM subject
"""


def hold_and_forward(message: Message, signed: str, desk: Desk) -> str:
    """都道府県 (30条の6第3項, 30条の7第1項): it holds, and tells the centre with what the
    municipality signed; what it may not hold it does not keep to forward either."""
    if len(signed) > _FORWARDED_BYTES_MAX:  # the centre would not take it with what is around it
        return TOO_LARGE.code
    outcome = _hold(message, desk)
    if outcome in {DONE, LATE}:
        origin, resident = message.stream.origin, UUID(message.stream.resident)
        # an id is one of its sender alone: of two who use the same each is told
        forwarded = uuid5(NAMESPACE_OID, f"{origin} {message.id}")
        desk.forwarded.append(
            Forwarded(forwarded_id=forwarded, origin=origin, message_id=message.id)
        )
        desk.tell(CENTRE, resident, IdentificationForwarded(signed), forwarded)
    return outcome


def hold_forwarded(message: Message, signed: str, desk: Desk) -> str:
    """機構 (30条の7第3項): it holds what the municipality signed, whoever passed it on."""
    del signed  # of the prefecture; what counts stands in it
    text_of = IdentificationForwarded.read(message.body).signed
    signer, text = keyring.checker().opened(text_of)
    notice = read(text)
    prefecture = message.stream.origin
    if signer != notice.stream.origin or above(signer) != prefecture:
        return UNTRUSTED.code
    if notice.kind != IdentificationInformation.KIND or notice.stream.to != prefecture:
        return UNTRUSTED.code  # it signed it, but not to tell this
    return _hold(notice, desk)


def _hold(message: Message, desk: Desk) -> str:
    """記録する: of a municipality's notice, where it is the latest of that person there."""
    notice = _read(message)
    if fault := holding.fault_of(notice, columns(clock.today()) - {CODE}):
        return fault
    municipality = message.stream.origin
    subject_id, before = _found(notice.code, municipality)
    if (on_desk := desk.held.get((subject_id, municipality))) is not None:
        before = _said(on_desk.epoch, on_desk.ordinal, on_desk.is_open)
    after = holding.held_after(before, notice, message.turn)
    if after is None:
        return LATE
    said = {
        **after.items,
        "subject_id": subject_id,
        "municipality": municipality,
        "code": notice.code,
        "epoch": after.turn.epoch,
        "ordinal": after.turn.ordinal,
        "is_open": after.is_open,
        "reason": after.reason,
        "on": after.on,
    }
    desk.versions.append(HeldVersion(**said))
    desk.held[subject_id, municipality] = Held(**said, held_at=clock.now())
    return DONE


def _read(message: Message) -> IdentificationInformation:
    notice = IdentificationInformation.read(message.body)
    try:
        code = parse_resident_record_code(notice.code)
    except MalformedNumber:
        raise Malformed("code") from None
    is_short = len(notice.on) <= _DAY_CHARS_MAX and len(notice.reason) <= _REASON_CHARS_MAX
    if code != notice.code or not is_short:
        raise Malformed("code, day or reason")
    if any(len(one) > _ITEM_CHARS_MAX for one in notice.items.values()):
        raise Malformed("items")
    return notice


def _found(code: str, municipality: str) -> tuple[int, holding.Held | None]:
    """本人の番号: of a code, made where it is new; and what is held of the person from there."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [municipality, code])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_LOCK_CODE, [_CODES, code])
            cursor.execute(_FIND, [municipality, code])
            row = cursor.fetchone()
        if row is None:
            cursor.execute(_NEW_SUBJECT, [code])
            return _found(code, municipality)
    subject_id, epoch, ordinal, is_open = row
    return subject_id, None if epoch is None else _said(epoch, ordinal, is_open)


def _said(epoch: int, ordinal: int, is_open: bool) -> holding.Held:
    """What is compared of it: the turn."""
    return holding.Held(Turn(epoch, ordinal), is_open, "", "", {})
