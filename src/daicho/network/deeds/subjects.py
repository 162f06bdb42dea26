"""本人の番号: which person a 住民票コード is of, at a prefecture and at the centre."""

from uuid import UUID

from django.db import connection

from daicho.network.protocol.message import Malformed
from daicho.terms.malformed import Malformed as MalformedNumber
from daicho.terms.numbers import parse_resident_record_code

_CODES = 5_211_251
_FIND = "SELECT code, subject_id FROM network_subjectcode WHERE code = ANY (%s)"
# Of two who bring a new code at once the second waits.
_LOCK = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"
_NEW = "INSERT INTO network_subject DEFAULT VALUES RETURNING subject_id"
_NAME = "INSERT INTO network_subjectcode (code, subject_id) VALUES (%s, %s)"


class TwoPersons(Exception):
    """別々の者: a code and the one that it was changed from are of two persons."""


def code_of(said: str) -> str:
    """住民票コード: as it is written, or Malformed."""
    try:
        code = parse_resident_record_code(said)
    except MalformedNumber:
        raise Malformed("code") from None
    if code != said:
        raise Malformed("code")
    return code


def of(code: str, former: str = "") -> int:
    """本人の番号: of who has that code, or had the former one; made for who was never heard of.

    In the running transaction; raises TwoPersons.
    """
    codes = sorted({code, former} - {""})
    known = _known(codes)
    if len(known) < len(codes):
        with connection.cursor() as cursor:
            for one in codes:
                cursor.execute(_LOCK, [_CODES, one])
        known = _known(codes)
    if len(set(known.values())) > 1:
        raise TwoPersons
    subject_id = next(iter(known.values()), None)
    with connection.cursor() as cursor:
        if subject_id is None:
            cursor.execute(_NEW)
            (subject_id,) = cursor.fetchone()
        for one in codes:
            if one not in known:
                cursor.execute(_NAME, [one, subject_id])
    return int(subject_id)


def known(code: str) -> int | None:
    """本人の番号: of who has or had that code; None where nobody is known by it."""
    return _known([code]).get(code)


def number_id(subject_id: int) -> UUID:
    """番号の置き場: under which the vault has the person's 個人番号."""
    return UUID(int=subject_id)


def _known(codes: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [codes])
        return dict(cursor.fetchall())
