"""住民票コードの備え: a made-up town has made-up codes to give; a city's come by the command."""

from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from daicho.access import clock, staff
from daicho.access.permits import Permit, system_permit
from daicho.register import record_codes
from daicho.site import roles
from daicho.site.demo import operators, residents
from daicho.terms import numbers
from register.counter import rows

pytestmark = pytest.mark.django_db

CODES = [
    body + numbers.resident_record_code_check_digit(body)
    for body in (f"70000{n:05}" for n in range(120))
]


@pytest.fixture
def allowed() -> Permit:
    return system_permit("record_codes", clock.today(), uuid4())


@pytest.fixture
def made_up_town(tmp_path: Path) -> Path:
    """A demo's operators, without residents."""
    (tmp_path / "secrets").mkdir()
    with override_settings(ROLE=roles.load("municipality")):
        operators.ensure(tmp_path)
    return tmp_path


def _add(*words: str | Path) -> str:
    said = StringIO()
    call_command("record_codes", "add", *map(str, words), stdout=said, stderr=said)
    return said.getvalue()


def test_a_made_up_town_can_give_codes_and_is_not_given_more_while_it_has_some(
    made_up_town: Path, allowed: Permit
) -> None:
    residents.ensure(made_up_town, 0)
    left = record_codes.stock(allowed).left
    assert residents.RECORD_CODES - 20 < left <= residents.RECORD_CODES
    code = record_codes.give(uuid4())
    assert numbers.parse_resident_record_code(code) == code
    residents.ensure(made_up_town, 0)
    assert record_codes.stock(allowed).left == left - 1


def test_a_stock_that_runs_low_is_filled_again(made_up_town: Path, allowed: Permit) -> None:
    record_codes.add(allowed, CODES[:99])
    residents.ensure(made_up_town, 0)
    assert record_codes.stock(allowed).left > residents.RECORD_CODES


def test_a_demo_that_has_ended_gets_no_made_up_codes(made_up_town: Path, allowed: Permit) -> None:
    staff.end_demo()
    residents.ensure(made_up_town, 0)
    assert record_codes.stock(allowed).left == 0


def test_a_register_of_its_own_operators_gets_no_made_up_codes(
    tmp_path: Path, allowed: Permit
) -> None:
    assert operators.have_ended()
    residents.ensure(tmp_path, 0)
    assert record_codes.stock(allowed).left == 0


def test_the_command_adds_a_file_once_says_how_many_are_left_and_is_trailed(
    tmp_path: Path,
) -> None:
    file = tmp_path / "codes.txt"
    file.write_text("\n".join(CODES) + "\n\n", "utf-8-sig")
    assert _add(file) == (
        "120 件を加えました(もうあるもの 0 件は除きました)。\n残りは 120 件です。\n"
    )
    assert _add(file).startswith("0 件を加えました(もうあるもの 120 件")
    trailed = rows(
        "SELECT job, detail FROM access_trail WHERE event = 'record_codes_added' ORDER BY id"
    )
    assert trailed == [("record_codes", '{"rows": 120}'), ("record_codes", '{"rows": 0}')]


def test_the_command_reads_standard_input_and_tells_a_stock_that_is_low(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO("\r\n".join(CODES[:3]).encode())))
    said = _add()
    assert "残りは 3 件です。" in said
    assert "目安は100件" in said


@pytest.mark.parametrize(
    ("content", "message", "because"),
    [
        (f"{CODES[0]}\n\n{CODES[1][:-1]}x\n".encode(), "3 行目", "the line is told"),
        (b"\n", "1件もありません", "nothing is in it"),
        (b"\xff\xfe", "文字のファイルではありません", "it is no text"),
    ],
)
def test_a_wrong_file_adds_nothing(
    tmp_path: Path, allowed: Permit, content: bytes, message: str, because: str
) -> None:
    file = tmp_path / "codes.txt"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        _add(file)
    assert record_codes.stock(allowed).left == 0, because


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="読めません"):
        _add(tmp_path / "nothing.txt")
