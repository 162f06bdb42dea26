"""データの持出し: by an approved request alone, with what it says and no more, sealed, counted."""

import argparse
import os
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daicho.access import clock
from daicho.access.data_exports import folders, queries
from daicho.access.data_exports.gate import NotMade
from daicho.access.models import DataExport, DataExportStep, Trail
from daicho.access.permits import permit
from daicho.law.data_exports import export_leaves
from daicho.law.data_exports.kinds import KINDS
from daicho.register import exporting
from daicho.register.extracting import rows, whole
from daicho.register.extracting.conditions import Conditions, born_between, kept
from daicho.site.commands import export, open_file
from daicho.site.serving import timetable
from daicho.site.trouble import Trouble
from daicho.terms.ages import age
from daicho.terms.dates import certain
from daicho.web.counter.exports import pages
from people import Cast
from tidy.tree import ROOT
from web.emergencies import says
from web.exports import (
    ASKED,
    approved,
    asked,
    decided,
    get,
    lines_of,
    passphrase_in,
    post,
    request_of,
    taken,
)
from web.masked import mask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
ComeIn = Callable[..., Client]
HANAKO, NABE, AWAY = "000000000000108", "000000000000124", "000000000000140"


@pytest.fixture(autouse=True)
def found_by_an_index() -> None:
    """An extraction reads the table through: that is what it is for."""


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.EXPORT_FOLDER = str(tmp_path / "exports")
    return tmp_path / "exports"


@pytest.fixture
def system(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.system_operator)


@pytest.fixture
def manager(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.security_manager, Client())


def refused() -> str:
    """The finding of the newest refusal, as the trail has it."""
    return Trail.objects.filter(event="data_export_refused").latest("id").finding


def test_a_file_leaves_once_another_has_given_leave(
    cast: Cast, few_live_here: None, system: Client, manager: Client, folder: Path
) -> None:
    request_no = asked(system)
    assert "exports.no_leave" in says(post(system, "make_export", request_no))
    assert "exports.own" not in says(get(system, "export", request_no))
    assert decided(system, request_no).status_code == 403
    assert "架空の案内を送るため" in says(get(manager, "export", request_no))
    assert decided(manager, request_no).status_code == 302
    made = post(system, "make_export", request_no)
    passphrase = passphrase_in(made)
    content = taken(system, request_no)
    lines, found = lines_of(content, passphrase)
    assert lines[0] == ["宛名番号", "氏", "名", "住所の町字"]
    by_number = {line[0]: line for line in lines[1:]}
    assert HANAKO in by_number
    assert AWAY not in by_number, "only who lives here was asked for"
    assert by_number[NABE] == [NABE, "渡邉", "恵", ""], "under 支援措置: by name and number alone"
    assert found.rows == len(lines) - 1
    said = {"made_by": "system", "asked_by": "system", "approved_by": "kacho"}
    assert said.items() <= found.said.items()
    assert found.said["ground"] == "架空の案内を送るため"
    assert b"123456789018" not in content
    kept = DataExport.objects.get()
    assert (kept.rows, kept.digest, kept.terminal) == (found.rows, found.sha256, "S901")
    assert kept.size_bytes == len(content)
    row = Trail.objects.get(event="data_exported")
    assert row.detail == {
        "leave": request_no, "kind": "mailing", "rows": found.rows, "columns": 4,
        "digest": found.sha256,
    }  # fmt: skip
    assert row.subject_count == found.rows
    assert Trail.objects.filter(event="data_export_handed_over").count() == 1
    assert [one.stat().st_mode & 0o777 for one in folder.iterdir()] == [0o600]
    assert "exports.no_more_times" in says(post(system, "make_export", request_no))
    assert f"{found.rows}行" in says(get(manager, "exports"))


def test_sent_twice_it_is_made_once_and_its_passphrase_shown_once(
    cast: Cast, few_live_here: None, system: Client
) -> None:
    request_no = approved(cast, times_most=3).pk
    number = str(uuid4())
    passphrase = passphrase_in(post(system, "make_export", request_no, request_id=number))
    again = says(post(system, "make_export", request_no, request_id=number))
    assert passphrase not in again
    assert "最初の一度だけ" in again
    assert DataExport.objects.count() == 1


def test_bulk_from_another_room_is_refused_before_anything_is_read(
    cast: Cast, few_live_here: None, come_in: ComeIn, folder: Path
) -> None:
    request_no = approved(cast, rows_most=1000).pk
    supervisor = come_in(cast.supervisor)
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        answer = says(post(supervisor, "make_export", request_no))
    assert "exports.room" in answer
    assert "情報システム室の端末だけ" in answer
    assert refused() == "exports.room"
    assert not [one["sql"] for one in asked_for if "register_recordversion" in one["sql"]]
    assert not DataExport.objects.exists()
    assert list(folder.iterdir()) == []
    system = come_in(cast.system_operator, Client())
    passphrase_in(post(system, "make_export", request_no))
    assert Trail.objects.get(event="data_exported").subject_count == 0, "of bulk other rows say"


def test_after_the_days_nothing_is_made_or_handed_over(
    cast: Cast, few_live_here: None, come_in: ComeIn, folder: Path
) -> None:
    row = approved(cast, times_most=2)
    passphrase_in(post(come_in(cast.system_operator), "make_export", row.pk))
    made = DataExport.objects.get()
    with clock.fixed(clock.now() + timedelta(days=1)):
        system = come_in(cast.system_operator, Client())
        assert "exports.no_leave" in says(post(system, "hand_over_export", row.pk, made.pk))
        assert "exports.no_leave" in says(post(system, "make_export", row.pk))
    assert list(folder.iterdir()) == [], "what may not be handed over any more is gone"


def test_what_a_killed_process_left_is_swept_and_what_is_not_ours_stays(
    cast: Cast, few_live_here: None, system: Client, folder: Path
) -> None:
    folder.mkdir(mode=0o755)
    left, young = folder / f"{uuid4()}.sealed.part", folder / f"{uuid4()}.sealed"
    foreign = folder / "notes.sealed"
    for one in (left, young, foreign):
        one.write_bytes(b"sealed under a key that nobody has")
    for one, days in ((left, 2), (foreign, 2), (young, 0)):
        at = (clock.now() - timedelta(days=days)).timestamp()
        os.utime(one, (at, at))
    passphrase_in(post(system, "make_export", approved(cast).pk))
    made = folders.place_of(folder, DataExport.objects.get().pk)
    assert set(folder.iterdir()) == {young, foreign, made}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_is_swept_beside_another_making_stops_nobody(folder: Path) -> None:
    """A file may get its name, or go, between the look into the folder and at the file."""
    gone = folder / f"{uuid4()}.sealed.part"
    assert folders._may_stay(gone)


def test_what_may_not_be_taken_any_more_is_told_so_though_it_is_swept(
    cast: Cast, few_live_here: None, come_in: ComeIn, folder: Path
) -> None:
    row = approved(cast)
    passphrase_in(post(come_in(cast.system_operator), "make_export", row.pk))
    made = DataExport.objects.get()
    with clock.fixed(clock.now() + timedelta(days=1)):
        timetable.attempt()
        assert list(folder.iterdir()) == []
        system = come_in(cast.system_operator, Client())
        assert "exports.no_leave" in says(post(system, "hand_over_export", row.pk, made.pk))


def test_a_file_that_is_lost_is_not_offered(
    cast: Cast, few_live_here: None, system: Client, folder: Path
) -> None:
    row = approved(cast, times_most=2)
    passphrase_in(post(system, "make_export", row.pk))
    made = DataExport.objects.get()
    address = reverse("counter:hand_over_export", args=[row.pk, made.pk])
    assert address in get(system, "export", row.pk).content.decode()
    folders.place_of(folder, made.pk).unlink()
    assert address not in get(system, "export", row.pk).content.decode()


def test_one_line_too_many_leaves_no_file(
    cast: Cast, few_live_here: None, system: Client, folder: Path
) -> None:
    row = approved(cast, rows_most=2)
    assert "exports.too_many_rows" in says(post(system, "make_export", row.pk))
    assert list(folder.iterdir()) == []
    assert not DataExport.objects.exists()


def test_what_takes_too_long_ends_with_words_and_is_not_counted(
    cast: Cast, few_live_here: None, system: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = approved(cast)
    monkeypatch.setattr(export_leaves, "SECONDS_MOST", 0)
    assert "exports.too_long" in says(post(system, "make_export", row.pk))
    assert refused() == "exports.too_long"
    assert list(folder.iterdir()) == []
    assert not DataExport.objects.exists()
    monkeypatch.undo()
    passphrase_in(post(system, "make_export", row.pk))
    with connection.cursor() as cursor:  # the transaction of the test is that of the work
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("4min",), "no statement ends sooner than the whole"


def test_the_web_server_in_front_waits_longer_than_the_program() -> None:
    """It would send its own error, and take the passphrase of a file that was made along."""
    example = (ROOT / "docs/operating/nginx/daicho.conf").read_text("utf-8")
    found = re.search(r"location ~ (\S+) \{ proxy_read_timeout (\d+)s;", example)
    assert found is not None
    assert re.search(found[1], reverse("counter:make_export", args=[12]))
    assert int(found[2]) >= export_leaves.SECONDS_MOST + 30


def test_who_gave_leave_does_not_make_it_and_another_does_not_take_it(
    cast: Cast, few_live_here: None, system: Client, manager: Client, come_in: ComeIn
) -> None:
    row = approved(cast)
    assert "exports.by_decider" in says(post(manager, "make_export", row.pk))
    passphrase_in(post(system, "make_export", row.pk))
    made = DataExport.objects.get()
    supervisor = come_in(cast.supervisor, Client())
    assert "exports.anothers" in says(post(supervisor, "hand_over_export", row.pk, made.pk))
    clerk = come_in(cast.clerk, Client())
    assert post(clerk, "hand_over_export", row.pk, made.pk).status_code == 403
    assert post(system, "hand_over_export", row.pk, uuid4()).status_code == 404


def test_a_decision_of_who_asked_is_none_however_it_was_written(cast: Cast, system: Client) -> None:
    row = request_of(cast)
    DataExportStep.objects.create(request=row, is_end=False, is_approved=True, by=row.asked_by)
    assert "exports.no_leave" in says(post(system, "make_export", row.pk))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"columns": []}, "項目を一つ以上選んでください。"),
        ({"columns": ["born_on"]}, "この種類にない項目です。"),
        ({"columns": ["registered_domicile"]}, "この種類にない項目です。"),
        ({"rows_most": "0"}, "1から1000000までの数字"),
        ({"until_on": "R9.11.22"}, "exports.period"),
        ({"ground": "番号 123456789018 の者"}, "個人番号と思われる12桁の数字"),
        ({"age_from": "65"}, "両方入力してください。"),
    ],
)
def test_what_cannot_be_asked_is_told_and_kept_nowhere(
    system: Client, typed: dict[str, str | list[str]], told: str
) -> None:
    response = post(system, "ask_export", "mailing", **{**ASKED, **typed})
    assert response.status_code == 422
    assert told in says(response)
    assert not Trail.objects.filter(event="data_export_leave").exists()


def test_whom_one_chooses_by_age_or_ward_are_none_who_are_withheld(
    cast: Cast, few_live_here: None
) -> None:
    taking = permit(cast.system_operator.acting(), "exports.take", clock.today())
    columns = ("address_number", "born_on")
    everybody = {line[0]: line[1] for _, line in rows.stream(taking, columns, Conditions())}
    assert everybody[NABE] == ""
    of_ages = Conditions(ages_on=clock.today(), age_from=40, age_until=60)
    assert [line[0] for _, line in rows.stream(taking, columns, of_ages)] == [HANAKO]
    ward = Conditions(ward="072036")
    assert NABE not in {line[0] for _, line in rows.stream(taking, columns, ward)}
    nameless = [line for _, line in rows.stream(taking, ("born_on",), Conditions())]
    assert [] not in nameless
    assert [""] not in nameless, "who would be a blank line is none"


@pytest.mark.parametrize("day", ["2026-11-22", "2028-02-29", "2027-02-28"])
@pytest.mark.parametrize(("least", "most"), [(0, 0), (20, 24), (65, None)])
def test_the_days_of_birth_are_those_of_the_ages(day: str, least: int, most: int | None) -> None:
    on = clock.today().fromisoformat(day)
    first, last = born_between(Conditions(ages_on=on, age_from=least, age_until=most))
    one = timedelta(days=1)
    assert age(certain(last), on=on) == least
    assert age(certain(last + one), on=on) in (least - 1, None)
    if most is not None:
        assert age(certain(first), on=on) == most
        assert age(certain(first - one), on=on) == most + 1


def test_the_whole_register_leaves_sealed_under_leave(
    cast: Cast,
    few_live_here: None,
    tmp_path: Path,
    settings: LazySettings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = permit(cast.system_operator.acting(), "data.export", clock.today())
    mailing = approved(cast)
    with pytest.raises(NotMade) as no:
        whole.write(out, mailing.pk, tmp_path)
    assert [one.code for one in no.value.findings] == ["exports.not_by_command"]
    row = approved(cast, kind="whole_register", columns=[], conditions={})
    assert export._sealed(out, row.pk, tmp_path) == 0
    told = capsys.readouterr().out
    passphrase = told.partition("合い言葉 ")[2].partition("\n")[0]
    plain = exporting.write(out, tmp_path).file.read_bytes()
    typed = tmp_path / "typed"
    typed.write_text(passphrase.lower())
    opened = argparse.Namespace(
        file=tmp_path / whole.FILE, out=tmp_path / "opened.csv", passphrase_file=typed
    )
    assert open_file.run(opened) == 0
    assert opened.out.read_bytes() == plain
    assert opened.out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Trouble, match="もうあります"):
        open_file.run(opened)
    export.needs_leave(None)  # a made-up town
    settings.POLICY_PACK = "standard"
    export.needs_leave(row.pk)
    with pytest.raises(Trouble, match="別の者が許可した"):
        export.needs_leave(None)


def test_who_does_not_see_all_is_told_so_at_the_command(
    cast: Cast, few_live_here: None, tmp_path: Path
) -> None:
    mask(cast.system_operator, "residence_status")
    out = permit(cast.system_operator.acting(), "data.export", clock.today())
    row = approved(cast, kind="whole_register", columns=[], conditions={})
    for request_no in (None, row.pk):
        with pytest.raises(Trouble, match="根拠"):
            export.written(out, tmp_path, request_no)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", [one.code for one in KINDS if not one.by_command])
def test_every_column_of_a_kind_comes_out(cast: Cast, few_live_here: None, code: str) -> None:
    taking = permit(cast.system_operator.acting(), "exports.take", clock.today())
    columns = next(one.columns for one in KINDS if one.code == code)
    found = [line for _, line in rows.stream(taking, columns, Conditions(residents_only=False))]
    assert found
    assert {len(line) for line in found} == {len(columns)}


def test_more_requests_than_a_page_are_reached(
    cast: Cast, system: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SHOWN_MOST", 2)
    numbers = [request_of(cast).pk for _ in range(3)]

    def shown(typed: str) -> tuple[list[int], str]:
        page = system.get(reverse("counter:exports"), {"before": typed}).content.decode()
        found = [
            one for one in numbers if f'href="{reverse("counter:export", args=[one])}"' in page
        ]
        return found, page.partition('href="?before=')[2].partition('"')[0]

    assert shown("") == (numbers[1:], str(numbers[1]))
    assert shown(str(numbers[1])) == (numbers[:1], "")
    assert shown("x") == shown("-1") == shown("9" * 30) == shown("")


@pytest.mark.parametrize(
    ("least", "most", "told"),
    [
        (65, None, "令和8年11月22日に65歳以上"),
        (None, 5, "令和8年11月22日に5歳以下"),
        (20, 24, "令和8年11月22日に20歳から24歳まで"),
    ],
)
def test_ages_are_told_as_one_says_them(least: int | None, most: int | None, told: str) -> None:
    asked_for = Conditions(ages_on=date(2026, 11, 22), age_from=least, age_until=most)
    assert told in pages.conditions_told(kept(asked_for))
