"""住民票コードの備え: a made-up town has made-up codes to give; a city's come by the command."""

from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from daicho.access import clock, staff
from daicho.access.models import Trail
from daicho.access.permits import Permit, system_permit
from daicho.register import record_codes
from daicho.site import roles
from daicho.site.demo import operators, residents
from daicho.terms import numbers
from people import PASSWORD, Cast, Player, given
from register.counter import in_stock

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


@pytest.fixture
def officer(cast: Cast) -> Player:
    """The operator of the machines, who was given the right of 付番 too."""
    return given(cast.system_operator, "numbering_officer")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(PASSWORD, "utf-8")
    return file


def _add(who: Player, secret: Path, *words: Path) -> str:
    said = StringIO()
    signed_in = ("--as", who.login, "--password-file", str(secret))
    call_command("record_codes", "add", *map(str, words), *signed_in, stdout=said, stderr=said)
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
    in_stock(*CODES[:99])
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


def test_who_has_the_right_adds_a_file_once_and_is_trailed(
    officer: Player, secret: Path, tmp_path: Path
) -> None:
    file = tmp_path / "codes.txt"
    file.write_text("\n".join(CODES) + "\n\n", "utf-8-sig")
    assert _add(officer, secret, file) == (
        "120 件を加えました(もうあるもの 0 件は除きました)。\n残りは 120 件です。\n"
    )
    assert _add(officer, secret, file).startswith("0 件を加えました(もうあるもの 120 件")
    trailed = Trail.objects.filter(event="record_codes_added").order_by("id")
    assert [(one.operator_id, one.purpose, one.detail["rows"]) for one in trailed] == [
        (officer.operator.pk, "numbering.stock", 120),
        (officer.operator.pk, "numbering.stock", 0),
    ]


@pytest.mark.parametrize("who", ["system_operator", "administrator", "contractor", "clerk"])
def test_who_has_not_the_right_adds_nothing(
    cast: Cast, allowed: Permit, secret: Path, tmp_path: Path, who: str
) -> None:
    file = tmp_path / "codes.txt"
    file.write_text("\n".join(CODES), "utf-8")
    with pytest.raises(CommandError, match=r"「住民票コードの備え」は.*根拠.*何も加えていません"):
        _add(getattr(cast, who), secret, file)
    refused = Trail.objects.latest("id")
    assert (refused.event, refused.purpose) == ("not_permitted", "numbering.stock")
    assert record_codes.stock(allowed).left == 0


def test_without_an_operator_nothing_is_added(allowed: Permit, tmp_path: Path) -> None:
    file = tmp_path / "codes.txt"
    file.write_text("\n".join(CODES), "utf-8")
    with pytest.raises(CommandError, match="--as"):
        call_command("record_codes", "add", str(file))
    assert record_codes.stock(allowed).left == 0


def test_what_is_left_is_told_to_a_watch_too() -> None:
    in_stock(*CODES[:3])
    said = StringIO()
    call_command("record_codes", "left", stdout=said, stderr=said)
    assert "残りは 3 件です。" in said.getvalue()


def test_the_command_reads_standard_input_and_tells_a_stock_that_is_low(
    officer: Player, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO("\r\n".join(CODES[:3]).encode())))
    said = _add(officer, secret)
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
    officer: Player,
    secret: Path,
    tmp_path: Path,
    allowed: Permit,
    content: bytes,
    message: str,
    because: str,
) -> None:
    file = tmp_path / "codes.txt"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        _add(officer, secret, file)
    assert record_codes.stock(allowed).left == 0, because


def test_a_file_that_is_not_there_is_told(officer: Player, secret: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="読めません"):
        _add(officer, secret, tmp_path / "nothing.txt")
