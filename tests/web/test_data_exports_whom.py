"""持出しの対象者: the trail names everybody who stands in a file, in one of bulk too (10.2)."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.analysing.counting import USES
from daicho.access.data_exports import folders, subjects
from daicho.access.data_exports.subjects import Subjects
from daicho.access.models import Trail
from daicho.access.own_log import queries as own_log
from daicho.access.permits import permit, system_permit
from daicho.access.trailing import finding
from daicho.access.trailing.conditions import Conditions
from daicho.register import exporting
from daicho.register.extracting import whole
from people import Cast
from web.desk import rows, who
from web.emergencies import says
from web.exports import approved, get, lines_of, passphrase_in, post, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november", "few_live_here")]
ComeIn = Callable[..., Client]
HANAKO, AWAY = "000000000000108", "000000000000140"
NAMED = "data_export_subjects"


@pytest.fixture(autouse=True)
def found_by_an_index() -> None:
    """An extraction reads the table through: that is what it is for."""


@pytest.fixture(autouse=True)
def in_pairs(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two persons stand in a row of the trail, so that the few of the town need several."""
    settings.EXPORT_FOLDER = str(tmp_path / "exports")
    monkeypatch.setattr(subjects, "ROW_MOST", 2)


def named() -> list[list[UUID]]:
    """Whom the rows of bulk files name, row by row."""
    ids = Trail.objects.filter(event=NAMED).order_by("id").values_list("pk", flat=True)
    return [list(finding.subjects(one) or ()) for one in ids]


def everybody(*, residents_only: bool = False) -> list[UUID]:
    found = rows("SELECT record_id, state FROM register_current")
    return [one for one, state in found if state in ("", "living") or not residents_only]


def test_everybody_in_a_bulk_file_is_named_and_nobody_else(cast: Cast, come_in: ComeIn) -> None:
    system = come_in(cast.system_operator)
    request_no = approved(cast, rows_most=1000).pk
    passphrase = passphrase_in(post(system, "make_export", request_no))
    lines, _ = lines_of(taken(system, request_no), passphrase)
    numbers = {line[0] for line in lines[1:]}
    parts = named()
    assert [one for part in parts for one in part] == sorted(map(who, numbers))
    assert {len(part) for part in parts[:-1]} == {2}
    assert who(AWAY) not in {one for part in parts for one in part}, "only who lives here"
    made = Trail.objects.get(event="data_exported")
    of_it = Trail.objects.filter(event=NAMED)
    assert {one.request_id for one in of_it} == {made.request_id}, "the rows of one file"
    assert sum(one.detail["rows"] for one in of_it) == made.detail["rows"]
    asked = Conditions(person=who(HANAKO), event=NAMED)
    (found,) = finding.page(asked, finding.newest(), None, 10)
    assert found.operator_id == cast.system_operator.operator.pk, "the auditor finds it by her"
    asking = system_permit("own_log", clock.today(), uuid4())
    ever = timedelta(days=20_000)  # the database has a clock of its own
    told = own_log.looks(asking, who(HANAKO), asking.on - ever, asking.on + ever)
    assert found.id in {one.id for one in told.shown}, "and so does she"


def test_a_file_that_was_not_made_names_nobody(
    cast: Cast, come_in: ComeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = approved(cast, rows_most=1000)
    monkeypatch.setattr("daicho.law.data_exports.export_leaves.SECONDS_MOST", 0)
    system = come_in(cast.system_operator)
    assert "exports.too_long" in says(post(system, "make_export", row.pk))
    assert named() == []


def test_the_whole_register_names_everybody_once(cast: Cast, tmp_path: Path) -> None:
    with connection.cursor() as cursor:  # a second line of somebody
        cursor.execute("SELECT count(*) FROM register_recordversion")
        (versions,) = cursor.fetchone()
    out = permit(cast.system_operator.acting(), "data.export", clock.today())
    row = approved(cast, kind="whole_register", columns=[], conditions={})
    made = whole.write(out, row.pk, tmp_path)
    assert made.rows == versions
    found = [one for part in named() for one in part]
    assert sorted(found) == sorted(everybody())
    assert len(everybody()) > len(everybody(residents_only=True)), "除票 too"


def test_whose_a_line_is_stands_beside_it_and_not_in_it(cast: Cast) -> None:
    lines: list[bytes] = []
    of_whom: list[UUID] = []
    count = exporting.copied(lines.append, of_whom.append)
    assert count == len(of_whom) == len(lines) - 1
    assert not [one for one in of_whom if str(one).encode() in b"".join(lines)]


def test_each_is_put_by_once_where_the_lines_follow_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subjects, "_MEMORY_BYTES", 16)  # all but the first go to disk
    first, second, third = sorted(uuid4() for _ in range(3))
    with Subjects() as of_whom:
        for one in (first, first, second, third, third):
            of_whom.add(one)
        assert list(of_whom.parts()) == [[first, second], [third]]


def test_who_waits_is_told_how_many_lines_are_written(
    cast: Cast, come_in: ComeIn, tmp_path: Path
) -> None:
    system, request_no = come_in(cast.system_operator), approved(cast).pk
    address = reverse("counter:export_progress", args=[request_no])
    page = get(system, "export", request_no).content.decode()
    assert f'hx-get="{address}"' in page
    assert "/htmx-2." in page, "by itself: the page brings what asks for it"

    def told() -> str:
        return says(get(system, "export_progress", request_no)).strip()

    assert told() == ""
    folder = tmp_path / "exports"
    folder.mkdir()
    with folders.telling(folder, request_no) as tell:
        tell(1_999)
        assert told() == "", "every thousandth line"
        tell(2_000)
        now = clock.now().timestamp()  # the disk has a clock of its own
        os.utime(folder / f"{request_no}.lines", (now, now))
        assert told() == "2000行を書きました。"
        with clock.fixed(clock.now() + timedelta(minutes=2)):
            assert told() == "", "whoever wrote it was killed"
    assert told() == ""
    assert list(folder.iterdir()) == []


def test_the_rows_that_name_are_no_uses_of_their_own() -> None:
    """A file of a town would count as hundreds of uses, and as a look at everybody."""
    assert NAMED not in USES
    assert "data_exported" in USES
