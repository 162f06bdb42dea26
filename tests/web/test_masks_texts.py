"""自由な記載と表示しない項目: notes and remarks are read only by whom nothing is hidden from."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

import town
from certificates.counter import asked_for, signing, take_over
from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit
from daicho.access.refusals import NotPermitted
from daicho.certificates import certifiers
from daicho.law.safety.unseen import REMARK
from daicho.recording.unseen import number_is_for_others
from daicho.register import queries, remarks
from daicho.terms.changes import MovedIn
from people import Cast
from web.certifying import page, send
from web.desk import HANAKO, TARO, received, rows, who
from web.masked import mask

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]
TEXTS = {
    "history_remark": "帰化 戸籍 福島県隠町",
    "note": "特別永住者",
    "remark": "従前は隠町一番地",
}


@pytest.fixture(autouse=True)
def family(cast: Cast, tmp_path: Path) -> Iterator[None]:
    """花子 with texts of an older system, and 太郎 without any."""
    with signing(tmp_path / "key"):
        certifiers.ensure_made_up("郡山市", "福島県")
        of_taro = town.taro(remark="", note="", history_remark="")
        take_over(cast, town.write(tmp_path, [town.hanako(**TEXTS), of_taro]))
        yield


def read(cast: Cast, record_id: UUID) -> list[str]:
    """The texts of a person, as the clerk's inquiry shows them."""
    given = permit(cast.clerk.acting(), "inquiry.change", clock.today())
    version = queries.history(given, record_id).rows[0].version
    written = [one.text for one in remarks.of(given, record_id)]
    return [version.history_remark, version.note, *written]


@pytest.mark.parametrize("item", ["family_register", "record_code", "residence_status"])
def test_what_an_older_system_wrote_is_read_only_where_nothing_is_hidden(
    cast: Cast, item: str
) -> None:
    assert read(cast, who(HANAKO)) == list(TEXTS.values())
    mask(cast.clerk, item)
    assert read(cast, who(HANAKO)) == [REMARK] * 3


def test_a_remark_that_is_not_shown_is_not_written_anew(cast: Cast, come_in: ComeIn) -> None:
    mask(cast.clerk, "residence_status")
    client, reception = come_in(cast.clerk), received(cast.clerk, "corrected", "ex_officio")
    answer = client.get(reverse("counter:remark", args=[reception, who(HANAKO)]))
    assert answer.status_code == 403
    assert TEXTS["remark"] not in answer.content.decode()
    own = permit(cast.clerk.acting(), "change.ex_officio", clock.today())
    with pytest.raises(NotPermitted) as refused:
        recording.remark(own, who(HANAKO), "架空", 1)
    assert refused.value.finding.code == "access.item_masked"
    assert rows("SELECT text FROM register_remark") == [(TEXTS["remark"],)]


def test_where_none_stands_one_may_be_written(cast: Cast, come_in: ComeIn) -> None:
    mask(cast.clerk, "residence_status")
    client, reception = come_in(cast.clerk), received(cast.clerk, "corrected", "ex_officio")
    at = reverse("counter:remark", args=[reception, who(TARO)])
    assert client.get(at).status_code == 200
    said = {"text": "架空の備考", "seen": "0", "request_id": str(uuid4())}
    assert client.post(at, said).status_code == 302


@pytest.mark.parametrize("with_history", [{}, {"with_history": "on"}])
def test_a_paper_that_prints_a_remark_or_a_note_is_made_by_a_colleague(
    cast: Cast, come_in: ComeIn, with_history: dict[str, str]
) -> None:
    client, said = come_in(cast.clerk), {"form": "individual_copy", **with_history}
    assert send(client, "certificate", asked_for(cast.clerk), HANAKO, **said).status_code == 200
    mask(cast.clerk, "family_register")
    reception = asked_for(cast.clerk)
    for name in ("certificate", "print"):
        answer = page(send(client, name, reception, HANAKO, **said), 422)
        assert "access.item_masked" in answer
        assert "隠町" not in answer
    assert send(client, "certificate", reception, TARO, **said).status_code == 200
    assert send(client, "certificate", reception, HANAKO).status_code == 200, "it prints neither"


def test_a_number_that_the_place_does_not_show_is_for_a_colleague(cast: Cast) -> None:
    mover = {"record_id": str(uuid4()), "individual_number_state": "none"}
    change = MovedIn(
        from_abroad=False,
        becomes_foreign=False,
        evidence="certificate",
        planned_on="",
        joins=False,
        household_number="1",
        address={},
        movers=(mover,),
    )
    said = recording.Statement(
        change=change, occurred_on="2026-11-01", received_on=None, basis="notification"
    )
    own = permit(cast.clerk.acting(), "change.moved_in", clock.today())
    assert number_is_for_others(own, said, {}) is None
    cut = replace(own, sees=own.sees - {"individual_number"})
    found = number_is_for_others(cut, said, {})
    assert found is not None
    assert found.refuses
    ex_officio = permit(cast.clerk.acting(), "change.ex_officio", clock.today())
    assert number_is_for_others(ex_officio, said, {}) is None, "that work has no number at all"
