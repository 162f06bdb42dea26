"""What goes out can come in again, to the byte; no 個人番号 goes out."""

from pathlib import Path

import psycopg
import pytest
from django.db import connection

import databases
import town
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.register import exporting, importing, rebuilding
from daicho.site.demo.town import write_town
from people import Cast, cast_of
from register.conftest import Import

PROTECTED = {
    "suppressions": "certificate:error:2024-04-01:",
    "protected_from_on": "2024-04-01",
    "protected_until_on": "2025-03-31",
}


@pytest.fixture
def going_out(cast: Cast) -> Permit:
    return permit(cast.system_operator.acting(), "data.export", clock.today())


def _export(permit: Permit, folder: Path) -> bytes:
    folder.mkdir()
    return exporting.write(permit, folder).file.read_bytes()


def test_the_lines_come_out_as_they_went_in(
    take_over: Import, going_out: Permit, tmp_path: Path
) -> None:
    lines = [town.hanako(), town.hanako_moved(**PROTECTED), town.taro()]
    lines[0]["remark"] = lines[0]["individual_number"] = ""  # said once, on the last line
    file = town.write(tmp_path, lines)
    take_over(file)
    numbers_left_out = [{**one, "individual_number": ""} for one in lines]
    expected = town.write(tmp_path, numbers_left_out, "expected.csv").read_bytes()
    assert _export(going_out, tmp_path / "out") == expected


def test_two_exports_are_equal_and_trailed_with_their_digest(
    take_over: Import, going_out: Permit, tmp_path: Path
) -> None:
    take_over(town.write(tmp_path, [town.hanako(), town.taro()]))
    one, two = _export(going_out, tmp_path / "one"), _export(going_out, tmp_path / "two")
    assert one == two
    assert b"123456789018" not in one
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT detail->>'rows', detail->>'digest' FROM access_trail WHERE event = 'export'"
        )
        rows = cursor.fetchall()
    assert rows[0] == rows[1]
    assert rows[0][0] == "2"


def test_an_export_is_written_whole_or_not_at_all(going_out: Permit, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    _export(going_out, folder)
    assert [file.name for file in folder.iterdir()] == ["register.csv"]
    assert (folder / "register.csv").stat().st_mode & 0o777 == 0o600


def test_the_register_is_what_its_ledger_says(
    allowed: Permit, take_over: Import, tmp_path: Path
) -> None:
    take_over(town.write(tmp_path, [town.hanako(), town.hanako_moved(), town.taro()]))
    found = rebuilding.check(allowed)
    assert (found.persons, found.equal) == (2, True)


@pytest.mark.parametrize("table", ["register_current", "register_household"])
def test_a_spoilt_projection_is_found_and_made_anew(
    allowed: Permit, take_over: Import, tmp_path: Path, table: str
) -> None:
    take_over(town.write(tmp_path, [town.hanako(), town.taro()]))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET ward = '000000'")  # noqa: S608  our own names
    assert not rebuilding.check(allowed).equal
    rebuilding.rebuild(allowed)
    assert rebuilding.check(allowed).equal


def test_an_export_read_into_the_register_it_came_from_changes_nothing(
    take_over: Import, going_out: Permit, tmp_path: Path
) -> None:
    file = tmp_path / "made_up.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        write_town(opened, municipality=town.WARD, residents=150, seed=3, on=clock.today())
    _, faults = take_over(file)
    assert faults == set()
    _export(going_out, tmp_path / "out")
    again, faults = take_over(tmp_path / "out" / "register.csv")
    assert faults == set()
    assert (again.accepted, again.unchanged, again.fictitious) == (0, again.lines, True)


def test_a_number_that_somebody_has_already_is_refused(take_over: Import, tmp_path: Path) -> None:
    take_over(town.write(tmp_path, [town.hanako(), town.taro()]))
    other = town.hanako(
        address_number="000000000000124",
        household_number="000000000000213",
        resident_record_code="24727059608",
    )
    outcome, faults = take_over(town.write(tmp_path, [other], "other.csv"))
    assert outcome.accepted == 0
    assert (2, "import.number_twice") in faults


@pytest.mark.durable
def test_a_person_who_was_taken_away_behind_the_programs_back_is_missed(
    durable: str, tmp_path: Path
) -> None:
    migrating = permit(cast_of().system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, [town.hanako(), town.taro()])
    importing.run(migrating, file, ward=town.WARD, trial=False, keep_refusals=lambda _outcome: None)
    url = databases.the_server().url(durable, "superuser")
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")  # no trigger sees it
        for table in ("register_recordversion", "register_current", "register_household"):
            superuser.execute(f"DELETE FROM {table}")  # noqa: S608  our own names
    found = rebuilding.check(migrating)
    assert (found.persons, len(found.versions_differ), found.equal) == (2, 2, False)
