"""A 住民票コード is given once, at random, and never twice, however many clerks ask at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

import town
from daicho.access import clock
from daicho.access.models import Trail
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted
from daicho.register import record_codes
from daicho.terms.malformed import Malformed
from daicho.terms.numbers import resident_record_code_check_digit
from people import Cast, cast_of, given
from register.conftest import Import

CODES = [
    body + resident_record_code_check_digit(body) for body in (f"70000{n:05}" for n in range(40))
]


def _numbering(cast: Cast) -> Permit:
    """Leave of who has the right of 付番."""
    officer = given(cast.system_operator, "numbering_officer")
    return permit(officer.acting(), "numbering.stock", clock.today())


@pytest.fixture
def numbering(cast: Cast) -> Permit:
    return _numbering(cast)


@pytest.mark.django_db
def test_codes_known_already_are_passed_over(numbering: Permit) -> None:
    assert record_codes.add(numbering, CODES) == 40
    assert record_codes.add(numbering, CODES[:5]) == 0
    assert record_codes.stock(numbering).left == 40


@pytest.mark.django_db
def test_who_has_not_the_right_of_numbering_adds_none(cast: Cast, allowed: Permit) -> None:
    with pytest.raises(NotPermitted):
        record_codes.add(allowed, CODES)
    refused = Trail.objects.latest("id")
    assert (refused.event, refused.purpose) == ("not_permitted", "data.migration")
    with pytest.raises(NotPermitted):
        permit(cast.system_operator.acting(), "numbering.stock", clock.today())
    assert record_codes.stock(allowed).left == 0


@pytest.mark.django_db
def test_the_trail_says_for_which_work_codes_were_added(numbering: Permit) -> None:
    record_codes.add(numbering, CODES[:3])
    row = Trail.objects.get(event="record_codes_added")
    assert (row.purpose, row.article, row.job) == ("numbering.stock", "STD 4.3.1", "")
    assert (row.detail, row.subject_count) == ({"rows": 3}, 0)


@pytest.mark.django_db
def test_a_residents_code_never_comes_into_the_stock(
    numbering: Permit, take_over: Import, tmp_path: Path
) -> None:
    take_over(town.write(tmp_path, [town.hanako(), town.taro()]))
    assert record_codes.add(numbering, ["12345678903", CODES[0]]) == 1


@pytest.mark.django_db
def test_one_wrong_code_adds_none(numbering: Permit) -> None:
    with pytest.raises(Malformed):
        record_codes.add(numbering, [CODES[0], "12345678904"])
    assert record_codes.stock(numbering).left == 0


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
    record_codes.add(_numbering(cast_of()), CODES)
    with ThreadPoolExecutor(8) as clerks:
        given = list(clerks.map(_give, [uuid4() for _ in CODES]))
    assert sorted(given) == sorted(CODES)
