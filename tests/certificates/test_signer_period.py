"""署名者の証明書の期限: told ahead, and asked before a number is taken."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from certificates import samples
from certificates.counter import HANAKO, asked_for, issued, open_counter, order, rows, signing
from daicho.access import clock
from daicho.access.refusals import Refused
from daicho.certificates import keys
from daicho.certificates.apps import AHEAD, signer_period
from people import Cast

LAST = samples.MADE_AT + timedelta(days=keys.DEMO_DAYS)


@pytest.fixture(autouse=True)
def key(tmp_path: Path) -> Iterator[None]:
    with signing(tmp_path / "key"):
        yield


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (samples.MADE_AT, ""),
        (LAST - AHEAD, ""),
        (LAST - AHEAD + timedelta(seconds=1), "終わりに近づいています"),
        (LAST, "終わりに近づいています"),
        (LAST + timedelta(seconds=1), "今を含みません"),
        (samples.MADE_AT - timedelta(days=2), "今を含みません"),
    ],
)
def test_the_end_of_the_signing_certificate_is_told_ahead(at: datetime, words: str) -> None:
    with clock.fixed(at):
        found = signer_period()
    assert [one.id for one in found] == (["daicho.W001"] if words else [])
    assert all(words in str(one.msg) and "令和18年" in str(one.msg) for one in found)


@pytest.mark.django_db
@pytest.mark.parametrize("at", [LAST + timedelta(days=1), samples.MADE_AT - timedelta(days=3)])
def test_nothing_is_issued_and_no_number_is_taken_out_of_the_period(
    cast: Cast, tmp_path: Path, at: datetime
) -> None:
    open_counter(cast, tmp_path)
    with clock.fixed(at), pytest.raises(Refused) as refused:
        issued(cast.clerk, order(asked_for(cast.clerk), HANAKO))
    assert [one.code for one in refused.value.findings] == ["certificate.signer_not_in_force"]
    assert rows("SELECT count(*) FROM certificates_serial") == [(0,)]
