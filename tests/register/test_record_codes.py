"""A 住民票コード is given once, at random, and never twice, however many clerks ask at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

import town
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.register import record_codes
from daicho.terms.malformed import Malformed
from daicho.terms.numbers import resident_record_code_check_digit
from people import cast_of
from register.conftest import Import

CODES = [
    body + resident_record_code_check_digit(body) for body in (f"70000{n:05}" for n in range(40))
]


@pytest.mark.django_db
def test_codes_known_already_are_passed_over(allowed: Permit) -> None:
    assert record_codes.add(allowed, CODES) == 40
    assert record_codes.add(allowed, CODES[:5]) == 0
    assert record_codes.stock(allowed).left == 40


@pytest.mark.django_db
def test_a_residents_code_never_comes_into_the_stock(
    allowed: Permit, take_over: Import, tmp_path: Path
) -> None:
    take_over(town.write(tmp_path, [town.hanako(), town.taro()]))
    assert record_codes.add(allowed, ["12345678903", CODES[0]]) == 1


@pytest.mark.django_db
def test_one_wrong_code_adds_none(allowed: Permit) -> None:
    with pytest.raises(Malformed):
        record_codes.add(allowed, [CODES[0], "12345678904"])
    assert record_codes.stock(allowed).left == 0


@pytest.mark.django_db
def test_an_empty_stock_is_told_and_refuses(allowed: Permit) -> None:
    (found,) = record_codes.stock(allowed).findings
    assert (found.code, found.refuses) == ("std4-3-1.stock_empty", True)
    with pytest.raises(record_codes.NoCodeLeft):
        record_codes.give(uuid4())


def _give(record_id: UUID) -> str:
    try:
        with transaction.atomic():
            return record_codes.give(record_id)
    finally:
        connection.close()


@pytest.mark.durable
def test_clerks_at_once_get_different_codes(durable: str) -> None:
    filling = permit(cast_of().system_operator.acting(), "data.migration", clock.today())
    record_codes.add(filling, CODES)
    with ThreadPoolExecutor(8) as clerks:
        given = list(clerks.map(_give, [uuid4() for _ in CODES]))
    assert sorted(given) == sorted(CODES)
