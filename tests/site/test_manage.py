"""manage: what is promised is there and explains itself in Japanese; who may sign in is listed."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, load_command_class

from daicho.access import clock
from daicho.site.cli import COMMANDS
from daicho.site.commands.manage import SHOWN
from daicho.site.management import OwnCommand
from people import Cast
from processes import call

ROOT = Path(__file__).parents[2]
OWN = sorted(
    file.stem
    for file in (ROOT / "src/daicho/site/management/commands").glob("*.py")
    if file.stem != "__init__"
)
PAGES = [ROOT / "README.md", ROOT / "README.ja.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROMISED = re.compile(r"\./daicho ([a-z][a-z-]*)(?: --data \S+)?(?: ([a-z_]+))?")


def _promised() -> set[tuple[str, str]]:
    """The commands that the pages name, each with the word behind it."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES if page.exists())
    return set(PROMISED.findall(text))


def test_every_command_that_a_page_promises_is_there() -> None:
    found = _promised()
    assert {first for first, _ in found} <= set(COMMANDS)
    managed = {word for first, word in found if first == "manage" and word}
    assert {"close_due", "record_codes", "operators"} <= managed
    assert managed <= set(SHOWN)


def test_every_command_of_ours_is_shown_and_has_japanese_help() -> None:
    assert set(OWN) <= set(SHOWN)
    for name in OWN:
        assert isinstance(load_command_class("daicho.site", name), OwnCommand), name


@pytest.mark.parametrize("name", ["operator", "operators", "close_due", "certifier"])
def test_its_help_is_in_japanese_throughout(name: str) -> None:
    run = call("manage", name, "--help")
    assert run.returncode == 0, run.stderr
    assert "使い方" in run.stdout
    for english in ("usage", "options", "Show", "Verbosity", "settings", "Skip"):
        assert english not in run.stdout


def _list() -> list[str]:
    out = StringIO()
    call_command("operators", stdout=out)
    return out.getvalue().splitlines()


def test_the_operators_are_listed_with_office_and_post(cast: Cast) -> None:
    from daicho.access.models import Trail

    clerk = cast.clerk.operator
    lines = _list()
    assert lines[0].split("\t") == ["操作者ID", "氏名", "所属", "担当", "停止の終わり"]
    row = next(line.split("\t") for line in lines if line.startswith(f"{clerk.login}\t"))
    assert row[1:3] == [clerk.name, f"{clerk.office.code} {clerk.office.name}"]
    assert row[4] == ""
    assert cast.clerk.password not in "\n".join(lines)
    trailed = Trail.objects.latest("id")
    assert (trailed.job, trailed.detail) == ("operators", {"rows": len(lines) - 1})


def test_the_list_says_who_is_locked_and_who_has_ended(cast: Cast) -> None:
    from daicho.access import staff

    clerk, auditor = cast.clerk.operator, cast.auditor.operator
    clerk.locked_until = clock.now() + timedelta(minutes=30)
    clerk.save(update_fields=["locked_until"])
    staff.end(auditor.login)
    rows = {line.split("\t")[0]: line.split("\t")[4] for line in _list()}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", rows[clerk.login])
    assert rows[auditor.login] == "終わり"


def test_a_lock_that_is_over_is_no_lock(cast: Cast) -> None:
    clerk = cast.clerk.operator
    clerk.locked_until = clock.now() - timedelta(minutes=1)
    clerk.save(update_fields=["locked_until"])
    assert next(line for line in _list() if line.startswith(clerk.login)).endswith("\t")
