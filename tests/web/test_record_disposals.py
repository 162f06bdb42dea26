"""記録の廃棄の画面: from the list to the certificate, and nothing of it is left in any file."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

import backups
import beginnings
import ended
from access.conftest import apart  # noqa: F401  its fixture, by name
from access.conftest import stage as alone  # noqa: F401  its fixture, by name
from daicho.access import clock
from daicho.access.disposing import lists
from daicho.access.models import DisposalHold, Trail
from daicho.law.retention.kinds import NAMES
from daicho.register.models import Reception
from people import PASSWORD, Cast
from retention import files_with, reception
from web.emergencies import get, post, says

ComeIn = Callable[..., Client]
MARKER = "廃棄　確認子"


@pytest.fixture
def durable(alone: str) -> str:  # noqa: F811  the fixture
    """A database on a server apart: in the run's own, whatever another worker has open would keep
    a table from being written anew."""
    return alone


@pytest.fixture
def stage(durable: str) -> Cast:
    return beginnings.cast_again()


@pytest.fixture
def system(stage: Cast, come_in: ComeIn) -> Client:
    return come_in(stage.system_operator)


@pytest.fixture
def manager(stage: Cast, come_in: ComeIn) -> Client:
    return come_in(stage.security_manager, Client())


def proposed(client: Client) -> int:
    response = post(client, "propose_retention")
    assert response.status_code == 302, says(response)
    return lists.lists()[0].list_id


def decided(client: Client, list_id: int, do: str = "approve") -> HttpResponse:
    return post(client, "decide_retention", list_id, shown=lists.digest(list_id).hex(), do=do)


@pytest.mark.durable
def test_from_the_list_to_the_certificate_and_no_file_holds_it_any_more(
    durable: str, stage: Cast, system: Client, manager: Client, tmp_path: Path
) -> None:
    backups.one_was_made()
    reception(date(2020, 1, 6), MARKER)
    stays = reception(clock.today(), "架空　残子")
    assert files_with(durable, MARKER), "the search finds what is there"
    list_id = proposed(system)
    page = says(get(manager, "retention", list_id))
    assert "受付の記録" in page
    assert "令和2年1月" in page
    assert "住民基本台帳法第36条の2第1項" in page
    assert MARKER not in page
    assert post(system, "carry_out_retention", list_id).status_code == 422
    assert decided(system, list_id).status_code == 403
    assert decided(manager, list_id).status_code == 302
    assert post(system, "carry_out_retention", list_id).status_code == 302
    assert [one.reception_id for one in Reception.objects.all()] == [stays]
    assert files_with(durable, MARKER) == []
    assert files_with(durable, "架空　残子"), "what stays is there"
    assert "バックアップに残る。" in says(get(system, "retention", list_id))
    assert "受付の記録 2020-01 1件" in says(get(manager, "retention_certificate", list_id))
    assert "記録 1" in says(get(manager, "disposals"))
    _is_signed(stage, list_id, tmp_path)


def _is_signed(cast: Cast, list_id: int, folder: Path) -> None:
    (folder / "password").write_text(PASSWORD)
    own = ("--as", cast.system_operator.login, "--password-file", str(folder / "password"))
    file, said = folder / "proof.json", StringIO()
    words = ("certificate", str(list_id), "--out", str(file))
    call_command("record_disposal", *words, *own, stdout=said, stderr=said)
    proof = json.loads(file.read_text("utf-8"))
    assert (proof["destroyed_count"], proof["decided_by_name"]) == (1, "課長 律(kacho)")
    assert (folder / "proof.json.sig").exists()
    call_command("record_disposal", "show", stdout=said)
    assert f"{list_id}\t廃棄済み\t1\t0\t1" in said.getvalue()


@pytest.mark.django_db
def test_lines_are_taken_off_and_what_is_approved_can_be_stopped(
    cast: Cast, come_in: ComeIn
) -> None:
    system, manager = come_in(cast.system_operator), come_in(cast.security_manager, Client())
    for month in (1, 2, 3):
        reception(date(2020, month, 6))
    list_id = proposed(system)
    first = lists.lines(list_id)[0].line_id
    typed = {"line": str(first), "reason": "disputed"}
    assert post(manager, "take_off_retention", list_id, **typed).status_code == 302
    assert post(manager, "take_off_retention", list_id, **typed).status_code == 422
    assert decided(manager, list_id).status_code == 302
    assert post(system, "stop_retention", list_id).status_code == 403
    assert post(manager, "stop_retention", list_id).status_code == 302
    assert post(system, "carry_out_retention", list_id).status_code == 302
    page = says(get(system, "retention", list_id))
    assert "請求、争訟又は調査に関わる" in page
    assert "残した（責任者が止めた）" in page
    assert "この一覧で廃棄した記録はありません。" in page
    assert Reception.objects.count() == 3


@pytest.mark.django_db
def test_a_responsible_holds_months_back_and_lifts_it(cast: Cast, come_in: ComeIn) -> None:
    system, manager = come_in(cast.system_operator), come_in(cast.security_manager, Client())
    reception(date(2020, 1, 6))
    typed = {"kind": "reception", "first_on": "R2.1.6", "last_on": "R1.12.1", "reason": "disputed"}
    assert post(manager, "hold_retention", **typed).status_code == 422, "from later to earlier"
    typed["last_on"] = "R2.1.31"
    assert post(manager, "hold_retention", **typed).status_code == 302
    assert post(manager, "hold_retention", **typed).status_code == 302, "pressed twice"
    page = says(get(system, "disposals"))
    assert '記録の廃棄の差止め <span class="day">1件' in page
    assert "令和2年1月" in page
    assert "差止めを解く" not in page
    assert post(system, "propose_retention").status_code == 422, "nothing is due"
    (held,) = DisposalHold.objects.all()
    assert post(system, "lift_retention", hold=str(held.pk)).status_code == 403
    for nothing in ("", "x", "²", "9" * 30, "9" * 18):
        assert post(manager, "lift_retention", hold=nothing).status_code == 404
    assert "差止めを解く" in says(get(manager, "disposals"))
    assert post(manager, "lift_retention", hold=str(held.pk)).status_code == 302
    assert post(manager, "lift_retention", hold=str(held.pk)).status_code == 302, "pressed twice"
    assert proposed(system)
    told = Trail.objects.filter(event__in=("retention_held", "retention_hold_ended"))
    assert [one.detail["since"] for one in told] == ["2020-01", "2020-01"]


@pytest.mark.django_db
def test_every_kind_of_record_has_its_period_and_can_be_held(cast: Cast, come_in: ComeIn) -> None:
    manager = come_in(cast.security_manager)
    page = says(get(manager, "disposals"))
    typed = {"first_on": "H29.6.1", "last_on": "H29.6.1", "reason": "disputed"}
    for kind in (*ended.KINDS, "outbox", "inbox"):
        name = NAMES[kind]
        assert page.count(name) == 2, f"{name}: its period, and the choice of what is held"
        assert post(manager, "hold_retention", kind=kind, **typed).status_code == 302
        assert name in says(get(manager, "disposals")).partition("差し止める記録")[0]
    assert "まだ行わない" not in page, "nothing is planned alone"


@pytest.mark.django_db
def test_who_looks_changes_nothing(cast: Cast, come_in: ComeIn) -> None:
    reception(date(2020, 1, 6))
    list_id = proposed(come_in(cast.system_operator))
    auditor = come_in(cast.auditor, Client())
    assert get(auditor, "retention", list_id).status_code == 200
    assert get(auditor, "retention_certificate", list_id).status_code == 404
    assert get(auditor, "retention", 10**30).status_code == 404
    for step in ("decide", "carry_out", "take_off", "stop"):
        assert post(auditor, f"{step}_retention", list_id).status_code == 403
    for step in ("propose", "hold", "lift"):
        assert post(auditor, f"{step}_retention").status_code == 403
