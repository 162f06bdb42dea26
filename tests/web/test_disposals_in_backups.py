"""控えに残るもの: what a list of records says of the backups follows their keys, at each look."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

import backups
import beginnings
from access.conftest import apart  # noqa: F401  its fixture, by name
from access.conftest import stage as alone  # noqa: F401  its fixture, by name
from backups import of_the_backups
from daicho.access import clock
from daicho.access.backup_keys import files, steps
from daicho.access.disposing import carrying_out, lists, proofs
from people import Cast
from retention import approved, reception, worker
from web.emergencies import get, says

ComeIn = Callable[..., Client]
CLOSED, LEFT = "鍵の廃棄まで済み", "バックアップに残る"


@pytest.fixture
def durable(alone: str) -> str:  # noqa: F811  the fixture
    """A database on a server apart: a table is written anew only where nobody else is at it."""
    return alone


@pytest.fixture
def stage(durable: str) -> Cast:
    return beginnings.cast_again()


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    settings.BACKUP_KEY_FOLDER = str(tmp_path / "keys")
    return tmp_path / "keys"


def done(cast: Cast) -> int:
    """A list of all that is due, carried out."""
    list_id = approved(cast)
    carrying_out.carry_out(worker(cast), list_id)
    return list_id


def shown(list_id: int) -> str:
    """The line that the command shows of a list."""
    said = StringIO()
    call_command("record_disposal", "show", stdout=said)
    return next(one for one in said.getvalue().splitlines() if one.startswith(f"{list_id}\t"))


@pytest.mark.durable
def test_it_is_left_until_the_key_of_every_older_backup_is_destroyed(
    folder: Path, stage: Cast, come_in: ComeIn
) -> None:
    system = come_in(stage.system_operator)
    older = [steps.begin(of_the_backups()).backup_id for _ in range(2)]
    reception(date(2020, 1, 6))
    list_id = done(stage)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        newer = steps.begin(of_the_backups()).backup_id
    page = says(get(system, "retention", list_id))
    assert LEFT in page
    assert "廃棄の前に作った控え(バックアップ)の鍵が2個ここにあり" in page
    assert "残る(鍵 2、期間は " in shown(list_id)
    steps.destroy(of_the_backups(), older[0], "system")
    assert LEFT in says(get(system, "disposals"))
    steps.destroy(of_the_backups(), older[1], "system")
    assert list(files.kept(folder)) == [newer]
    page = says(get(system, "retention", list_id))
    assert f"{CLOSED}。" in page
    assert LEFT not in page
    assert "ほかの方法で作った控えを、このプログラムは知りません" in page
    assert "控えの保存期間は令和" in page, "what was made in another way has its period yet"
    assert CLOSED in says(get(system, "disposals"))
    assert f"{CLOSED}(期間は " in shown(list_id)
    certificate = proofs.certificate(lists.there(list_id), lists.lines(list_id), "072036")
    assert certificate["backups"] == {
        "closed": True,
        "keys_left": 0,
        "newest_at": None,
        "end_unknown": 0,
    }


@pytest.mark.durable
def test_a_backup_whose_end_nobody_told_of_counts_until_the_period_is_over(
    folder: Path, stage: Cast, come_in: ComeIn
) -> None:
    system = come_in(stage.system_operator)
    backups.one_was_made()
    elsewhere = steps.begin(of_the_backups()).backup_id
    (folder / f"{elsewhere}.json").rename(folder.parent / "in-a-safe.json")
    reception(date(2020, 1, 6))
    list_id = done(stage)
    page = says(get(system, "retention", list_id))
    assert LEFT in page
    assert "鍵の廃棄を確かめられない控えが2回分あります" in page
    assert "残る(鍵 0、終わりの分からない控え 2、" in shown(list_id)
    left = proofs.backups(lists.there(list_id), lists.lines(list_id), proofs.standing_now())
    assert left.until_on is not None
    over = clock.now() + (left.until_on - clock.today()) + timedelta(days=1)
    for moment, is_closed in ((over - timedelta(days=1), False), (over, True)):
        with clock.fixed(moment):
            assert left.are_closed is is_closed
