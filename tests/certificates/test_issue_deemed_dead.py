"""失踪宣告: who is deemed dead is certified without numbers; a closing ex officio is no death."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from certificates.counter import TARO, asked_for, issued, open_counter, order, signing, text, who
from daicho.access import clock
from daicho.access.permits import permit
from daicho.access.refusals import Refused
from daicho.terms.changes import Cancelled, DeclaredMissing
from daicho.terms.changes.recorded import Recorded
from people import Cast
from register.counter import Clerk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counter(few_live_here: None, cast: Cast, tmp_path: Path) -> Iterator[None]:
    with signing(tmp_path / "key"):
        open_counter(cast, tmp_path)
        yield


@pytest.fixture
def clerk(cast: Cast) -> Clerk:
    return Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


def _declared(clerk: Clerk) -> Recorded:
    return clerk.record(DeclaredMissing(record_ids=(who(TARO),)), basis="ex_officio")


def test_no_number_of_who_was_declared_missing_is_certified(cast: Cast, clerk: Clerk) -> None:
    _declared(clerk)
    reception = asked_for(cast.clerk, visitor_name="架空　太郎", asked=("record_code",))
    asked = order(reception, TARO, form="individual_copy", asked=frozenset({"record_code"}))
    with pytest.raises(Refused) as refused:
        issued(cast.clerk, asked)
    assert [one.code for one in refused.value.findings] == ["brra15-4.number_of_dead"]
    read = text(issued(cast.clerk, order(reception, TARO, form="individual_copy")).pdf)
    assert "住民票の除票の写し" in read


def test_whose_declaration_was_taken_back_has_a_code_again(cast: Cast, clerk: Clerk) -> None:
    done = _declared(clerk)
    back = Cancelled(cancels=done.change_id, record_ids=(who(TARO),))
    clerk.record(back, basis="ex_officio")
    reception = asked_for(cast.clerk, visitor_name="架空　太郎", asked=("record_code",))
    asked = order(reception, TARO, form="individual_copy", asked=frozenset({"record_code"}))
    assert "98765432103" in text(issued(cast.clerk, asked).pdf)
