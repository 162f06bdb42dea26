"""特定個人情報ファイルの画面: what the table names, and leave to make it, by two persons."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

import town
from daicho.access import clock
from daicho.access.filing import gate
from daicho.access.models import FilePermit, FilePermitStep, Trail
from daicho.access.permits import Permit, permit
from daicho.access.refusals import Refused
from daicho.law.filing.number_files import FILES
from daicho.law.purposes import PURPOSES, SYSTEM_JOBS
from daicho.register import importing
from people import Cast
from tidy.tree import PACKAGE
from web.emergencies import get, post, says

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
ComeIn = Callable[..., Client]
ASKED = {"file": "number_check", "from_on": "R8.11.22", "until_on": "R8.11.30", "rows_most": "10"}


@pytest.fixture
def system(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.system_operator)


@pytest.fixture
def manager(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.security_manager, Client())


def asked(client: Client, **typed: str) -> FilePermit:
    response = post(client, "ask_number_file", **{**ASKED, **typed})
    assert response.status_code == 302, says(response)
    return FilePermit.objects.latest("id")


def decided(client: Client, row: FilePermit, do: str = "approve", **typed: str) -> HttpResponse:
    return post(client, "decide_number_file", row.pk, do=do, **typed)


def extracting(cast: Cast) -> Permit:
    """As a function that extracts numbers will ask; there is none yet."""
    given = permit(cast.system_operator.acting(), "files.ask", clock.today())
    return replace(given, functions=frozenset({"number_extraction"}))


def codes(cast: Cast, file: str = "number_check", rows: int = 1) -> list[str]:
    """What refuses the making of a file now, also as the trail has it."""
    given = extracting(cast)
    with pytest.raises(Refused) as refused, gate.trailed(given), transaction.atomic():
        gate.may_make(given, file, rows)
    found = [one.code for one in refused.value.findings]
    row = Trail.objects.filter(event="number_file_refused").latest("id")
    assert (row.finding, row.door) == (found[0], "filing.gate")
    return found


def test_a_file_is_made_only_under_leave_that_another_gave(
    cast: Cast, system: Client, manager: Client
) -> None:
    assert codes(cast) == ["mna29.no_leave"]
    row = asked(system)
    assert codes(cast) == ["mna29.no_leave"], "asking opens nothing"
    assert "許可待ち" in says(get(manager, "number_file", row.pk))
    assert decided(manager, row).status_code == 302
    assert gate.may_make(extracting(cast), "number_check", 10) == row.pk
    made = Trail.objects.get(event="number_file_made")
    assert made.detail == {"file": "number_check", "rows": 10, "leave": row.pk}
    assert codes(cast, rows=1) == ["mna29.too_many_rows"], "ten persons were all it was for"
    assert codes(cast, file="succession") == ["mna29.no_leave"]
    assert codes(cast, file="mailing_list") == ["mna29.no_such_file"]
    with clock.fixed(clock.now() + timedelta(days=9)):
        assert codes(cast) == ["mna29.no_leave"], "its days are over"
    assert post(system, "end_number_file", row.pk).status_code == 302
    assert codes(cast) == ["mna29.no_leave"], "it was given back"
    assert "終わり" in says(get(system, "number_files"))
    steps = Trail.objects.filter(event="number_file_permit").order_by("id")
    assert [one.detail["what"] for one in steps] == ["asked", "approved", "ended"]


def test_who_asks_does_not_approve_and_a_decision_is_one(
    cast: Cast, system: Client, manager: Client
) -> None:
    row = asked(system)
    assert "許可する" not in says(get(system, "number_file", row.pk))
    assert decided(system, row).status_code == 403
    assert decided(manager, row, "shred").status_code == 422
    assert decided(manager, row, "refuse").status_code == 302
    assert "mna29.decided" in says(decided(manager, row))
    assert "mna29.not_endable" in says(post(system, "end_number_file", row.pk))
    assert FilePermitStep.objects.count() == 1


def test_a_decision_of_who_asked_is_none_however_it_was_written(cast: Cast, system: Client) -> None:
    row = asked(system)
    FilePermitStep.objects.create(permit=row, is_end=False, is_approved=True, by=row.asked_by)
    assert codes(cast) == ["mna29.no_leave"]
    assert "許可されなかった" in says(get(system, "number_file", row.pk))


def test_sent_twice_each_step_is_taken_once(system: Client, manager: Client) -> None:
    number, again = str(uuid4()), str(uuid4())
    rows = [asked(system, request_id=number) for _ in range(2)]
    assert rows[0] == rows[1]
    other = asked(system)
    sent = post(system, "ask_number_file", **ASKED, request_id=number)
    assert f"/number-files/{rows[0].pk}/" in sent["Location"], "not to the one asked for since"
    for _ in range(2):
        assert decided(manager, rows[0], request_id=again).status_code == 302
    assert list(FilePermit.objects.order_by("id")) == [rows[0], other]
    assert FilePermitStep.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"file": "resident_register"}, "ファイルを選んでください。"),
        ({"rows_most": "0"}, "1以上の数字"),
        ({"rows_most": "多数"}, "1以上の数字"),
        ({"rows_most": "1001"}, "mna29.rows"),
        ({"until_on": "R9.11.22"}, "mna29.period"),
        ({"from_on": ""}, "最初の日を入力してください。"),
    ],
)
def test_what_cannot_be_asked_is_told_and_kept_nowhere(
    system: Client, typed: dict[str, str], told: str
) -> None:
    response = post(system, "ask_number_file", **{**ASKED, **typed})
    assert response.status_code == 422
    assert told in says(response)
    assert not FilePermit.objects.exists()


def test_the_page_lists_the_table_with_its_articles(cast: Cast, come_in: ComeIn) -> None:
    auditor = come_in(cast.auditor)
    page = says(get(auditor, "number_files"))
    assert "住民基本台帳ファイル（個人番号を含む）" in page
    assert "番号法第29条" in page
    assert "許可を求める" not in page
    assert get(auditor, "ask_number_file").status_code == 403
    assert get(auditor, "number_file", 999).status_code == 404
    assert get(auditor, "number_file", 10**30).status_code == 404


def test_the_import_of_numbers_names_the_registers_own_file(cast: Cast, tmp_path: Path) -> None:
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, [town.hanako(), town.taro(born_on="2005-10-10")])
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    (row,) = Trail.objects.filter(event="number_file_made")
    assert row.detail == {"file": "resident_register", "rows": 2, "leave": 0}
    importing.run(moving, file, ward=town.WARD, trial=True, keep_refusals=lambda _: None)
    assert Trail.objects.filter(event="number_file_made").count() == 1, "a trial takes none over"


def test_every_function_of_the_table_is_one_of_the_program_or_is_said_not_to_be() -> None:
    known = {it for one in PURPOSES for it in one.functions} | {one.code for one in SYSTEM_JOBS}
    named = {it for one in FILES for it in one.functions}
    assert named - known == {"number_extraction"}


def _opens_many() -> Iterator[str]:
    """The modules that take numbers out of the vault in a loop of their own."""
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        loops = (ast.For, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.While)
        for loop in (one for one in ast.walk(tree) if isinstance(one, loops)):
            calls = (ast.unparse(it.func) for it in ast.walk(loop) if isinstance(it, ast.Call))
            if any(one in ("numbers.get", "vault.get") for one in calls):
                yield path.relative_to(PACKAGE).as_posix()


def test_nobody_takes_out_many_numbers_but_for_one_paper() -> None:
    assert set(_opens_many()) == {"certificates/issuing/door.py"}, (
        "whoever takes out the numbers of many makes a file with numbers: ask filing.gate first"
    )
