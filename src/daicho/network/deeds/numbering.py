"""機構の務め: it makes 個人番号 (番号法8条2項) and designates 住民票コード (30条の2)."""

import secrets
from uuid import UUID

from daicho.law.network.faults import NOT_RESIDENT
from daicho.network.deeds import subjects
from daicho.network.deeds.deed import Desk
from daicho.network.lines import own
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.individual_number_request import (
    GROUNDS,
    NEW,
    IndividualNumberRequest,
)
from daicho.network.messages.outcomes import DONE
from daicho.network.messages.record_codes import RecordCodes
from daicho.network.messages.record_codes_request import AT_ONCE_MAX, RecordCodesRequest
from daicho.network.models import DesignatedCode, Held, SubjectCode
from daicho.network.protocol.message import Malformed, Message
from daicho.network.protocol.numbering import may_ask
from daicho.network.protocol.parties import Party
from daicho.terms.numbers import resident_record_code_check_digit
from daicho.vault.batches import Batch
from daicho.vault.generating import number_made

JOB = "number_making"
_BODIES = 10**10


def make_number(message: Message, signed: str, desk: Desk) -> str:
    """番号の生成: from the code, irreversibly, another than every one there is; told to the mayor.

    Who asks twice is told the same number. Another instead of it is made for the mayor alone whose
    resident the person is.
    """
    del signed
    request = IndividualNumberRequest.said_in(message)
    code, ground = subjects.code_of(request.code), request.ground
    if ground not in GROUNDS:
        raise Malformed("ground")
    # a code that was just changed is not heard of yet: it is no other person's for that
    subject_id = subjects.of(code) if ground == NEW else subjects.known(code)
    batch, town = desk.numbers(JOB), message.stream.origin
    if subject_id is None or not _may_ask(desk, batch, subject_id, town, ground):
        return NOT_RESIDENT.code
    number = number_made(batch, subjects.number_id(subject_id), code, ground != NEW)
    answer = IndividualNumber(code, ground, number)
    desk.tell(town, UUID(message.stream.resident), answer, own.new_id())
    return DONE


def designate_codes(message: Message, signed: str, desk: Desk) -> str:
    """住民票コードの指定: codes at random that nobody has, had or was given."""
    del signed
    count = RecordCodesRequest.said_in(message).count
    if count > AT_ONCE_MAX:
        raise Malformed("count")
    town, asked = message.stream.origin, UUID(message.id)
    codes = _unused(count, {one.code for one in desk.codes})
    desk.codes += [DesignatedCode(code=one, municipality=town, message_id=asked) for one in codes]
    desk.tell(town, UUID(message.stream.resident), RecordCodes(message.id, codes), own.new_id())
    return DONE


def _may_ask(desk: Desk, batch: Batch, subject_id: int, town: Party, ground: str) -> bool:
    residences = _residences(desk, subject_id)
    has_number = batch.holds(subjects.number_id(subject_id))
    return may_ask(town, ground, residences, has_number)


def _residences(desk: Desk, subject_id: int) -> set[str]:
    """住所地: the municipalities where the person is a resident, by what is held and what this
    batch has laid down."""
    rows = Held.objects.filter(subject_id=subject_id, is_open=True)
    found = set(rows.values_list("municipality", flat=True))
    for (of, municipality), held in desk.held.items():
        if of == subject_id:
            (found.add if held.is_open else found.discard)(municipality)
    return found


def _unused(count: int, taken: set[str]) -> list[str]:
    """空きコード: one worker at a time is at it (the lock of `lines.working`), so what is not there
    now is free; else the key of the table would refuse the second."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {_drawn() for _ in range(count - len(found))} - taken - found
        found |= drawn - _there(DesignatedCode, drawn) - _there(SubjectCode, drawn)
    return sorted(found, key=lambda _: secrets.randbits(64))


def _there(table: type[DesignatedCode | SubjectCode], codes: set[str]) -> set[str]:
    rows = table.objects.filter(code__in=codes)
    return set(rows.values_list("code", flat=True))


def _drawn() -> str:
    body = f"{secrets.randbelow(_BODIES):010}"
    if len(set(body)) == 1:  # all figures alike are never a code
        return _drawn()
    return body + resident_record_code_check_digit(body)
