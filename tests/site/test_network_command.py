"""manage network tell_all: who may and what it says; what a town of a nation does at its start."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from daicho.access import staff
from daicho.network.models import Due
from daicho.register.models import RecordCode
from daicho.site import roles
from daicho.site.demo import operators, residents
from people import PASSWORD, Cast, Player
from register.counter import Family, family_here

pytestmark = pytest.mark.django_db
NEIGHBOURS = {"07": "https://127.0.0.1:8403"}


@pytest.fixture
def family(three_live_here: None) -> Family:
    return family_here()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(PASSWORD, "utf-8")
    return file


def _tells(who: Player, secret: Path) -> str:
    said = StringIO()
    words = ("tell_all", "--as", who.login, "--password-file", str(secret))
    call_command("network", *words, stdout=said, stderr=said)
    return said.getvalue()


def _waiting() -> int:
    return Due.objects.filter(kind="identification_information").count()


def test_the_operator_of_the_machines_tells_of_all_once(
    family: Family, cast: Cast, secret: Path
) -> None:
    first = _tells(cast.system_operator, secret)
    assert first == "3 人の本人確認情報を送信待ちに入れました。\n"
    assert _tells(cast.system_operator, secret).startswith("0 人の")
    assert _waiting() == 3


@pytest.mark.parametrize("who", ["administrator", "supervisor", "clerk"])
def test_nobody_else_may(family: Family, cast: Cast, secret: Path, who: str) -> None:
    said = r"「全住民の本人確認情報の通知」は.*根拠.*何も入れていません"
    with pytest.raises(CommandError, match=said):
        _tells(getattr(cast, who), secret)
    assert _waiting() == 0


def test_a_made_up_town_with_neighbours_tells_above_and_makes_up_no_codes(
    family: Family, tmp_path: Path
) -> None:
    (tmp_path / "secrets").mkdir()
    with override_settings(ROLE=roles.load("municipality"), NEIGHBOURS=NEIGHBOURS):
        operators.ensure(tmp_path)
        for _ in range(2):
            residents.ensure(tmp_path, 0)
    assert _waiting() == 3
    assert not RecordCode.objects.filter(record_id=None).exists()


def test_a_demo_that_has_ended_tells_of_nobody_by_itself(family: Family, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    with override_settings(ROLE=roles.load("municipality"), NEIGHBOURS=NEIGHBOURS):
        operators.ensure(tmp_path)
        staff.end_demo()
        residents.ensure(tmp_path, 0)
    assert _waiting() == 0
