"""Keys are changed while people work; whatever is cut off is begun again, and nothing is lost."""

import json
import os
import signal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

import databases
from daicho.access.permits import look
from daicho.law.safety.acquiring import IMPORTED
from daicho.vault import custody, keys, numbers, rekeying, versions
from daicho.vault.keys import KeyTrouble
from vault.conftest import NEEDS_SOFTHSM
from vault.made_up import (
    CHANGER,
    WORKER,
    all_come_back,
    beside,
    made_up,
    of_the_import,
    of_the_keys,
    put,
    quiet,
)

pytestmark = pytest.mark.durable


def states() -> dict[int, str]:
    return {one.number: one.state for one in versions.registered()}


def damage(database: str, record_id: UUID) -> None:
    """As an administrator could behind the program's back."""
    with psycopg.connect(databases.the_server().url(database, "superuser")) as superuser:
        superuser.execute(
            "UPDATE vault.number SET ciphertext = set_byte(ciphertext, 20,"
            " get_byte(ciphertext, 20) # 1) WHERE record_id = %s",
            [record_id],
        )


def test_the_first_number_registers_its_key(durable: str, own_file: Path) -> None:
    assert versions.registered() == ()
    put(1)
    (first,) = versions.registered()
    assert (first.number, first.state, first.keeper) == (1, "current", "file")
    assert first.fingerprint == keys.KeyFile(own_file).versions()[1]


def test_a_change_moves_every_number_and_the_old_key_is_destroyed(
    durable: str, own_file: Path
) -> None:
    held = put(7)
    made = rekeying.make(of_the_keys(), "file")
    assert (made.number, states()) == (2, {1: "current", 2: "made"})
    told: list[int] = []
    done = rekeying.change(of_the_keys(), told.append, size=3)
    assert (done.version, done.row_count, done.left_count) == (2, 7, 0)
    assert told == [3, 6, 7]
    assert versions.counts() == {2: 7}
    assert states() == {1: "old", 2: "current"}
    assert all_come_back(held)
    gone = rekeying.retire(of_the_keys(), 1, "unyo")
    assert gone.were_here
    assert list(keys.load(own_file).encrypt) == [2]
    assert all_come_back(held), "after the old key is gone"


def test_what_stood_in_the_file_before_is_kept_beside_it_until_its_key_is_destroyed(
    durable: str, own_file: Path
) -> None:
    put(1)
    before = own_file.read_text()
    rekeying.make(of_the_keys(), "file")
    (copy,) = keys.copies(own_file)
    assert copy.read_text() == before
    assert copy.stat().st_mode & 0o077 == 0
    rekeying.change(of_the_keys(), quiet)
    rekeying.retire(of_the_keys(), 1, "unyo")
    assert keys.copies(own_file) == []


def test_a_version_with_numbers_is_not_destroyed(durable: str, own_file: Path) -> None:
    held = put(3)
    rekeying.make(of_the_keys(), "file")
    rekeying.promote(of_the_keys())
    with pytest.raises(KeyTrouble, match="3 件"):
        rekeying.retire(of_the_keys(), 1, "unyo")
    with pytest.raises(KeyTrouble, match="使用中"):
        rekeying.retire(of_the_keys(), 2, "unyo")
    with pytest.raises(KeyTrouble, match="版 9 はありません"):
        rekeying.retire(of_the_keys(), 9, "unyo")
    assert states() == {1: "old", 2: "current"}
    assert all_come_back(held)


def test_the_certificate_of_a_destruction_says_what_when_and_who(
    durable: str, own_file: Path
) -> None:
    put(1)
    fingerprint = versions.registered()[0].fingerprint
    rekeying.make(of_the_keys(), "file")
    rekeying.change(of_the_keys(), quiet)
    rekeying.retire(of_the_keys(), 1, "unyo")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT job, detail FROM access_trail WHERE event = 'vault_key_retired' ORDER BY id"
        )
        rows = cursor.fetchall()
    assert [(job, detail["what"]) for job, detail in map(_read, rows)] == [
        ("vault_keys", "closed"),
        ("vault_keys", "destroyed"),
    ]
    _, said = _read(rows[1])
    assert (said["version"], said["fingerprint"], said["operator"]) == (1, fingerprint, "unyo")


def test_every_number_that_was_sealed_anew_is_named_in_the_trail(
    durable: str, own_file: Path
) -> None:
    held = put(5)
    rekeying.make(of_the_keys(), "file")
    rekeying.change(of_the_keys(), quiet, size=2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.record_ids FROM access_trail t JOIN access_trailsubjects s"
            " ON s.trail_id = t.id WHERE t.event = 'vault_rekeyed'"
        )
        named = [one for (record_ids,) in cursor.fetchall() for one in record_ids]
    assert sorted(named) == sorted(held)


def test_people_read_and_write_while_keys_are_changed(durable: str, own_file: Path) -> None:
    others, theirs = put(40), put(3)
    lines = "\n".join(f"{one} {number}" for one, number in theirs.items())
    with beside(WORKER, durable, lines) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n", worker.communicate()[1]
        for version in (2, 3):
            rekeying.make(of_the_keys(), "file")
            rekeying.change(of_the_keys(), quiet, size=4)
            rekeying.retire(of_the_keys(), version - 1, "unyo")
        said, trouble = worker.communicate("", timeout=60)
    assert worker.returncode == 0, trouble
    assert int(said.split()[1]) > 0, "it has worked at all"
    assert versions.counts() == {3: 43}
    assert all_come_back({**others, **theirs})


def test_killed_in_the_middle_it_loses_nothing_and_goes_on(durable: str, own_file: Path) -> None:
    held = put(200)
    rekeying.make(of_the_keys(), "file")
    with beside(CHANGER, durable) as changer:
        assert changer.stdout is not None
        for expected in ("2\n", "4\n"):
            assert changer.stdout.readline() == expected
        os.kill(changer.pid, signal.SIGKILL)
        changer.communicate()
    counted = versions.counts()
    assert sum(counted.values()) == 200
    assert 4 <= counted[2] < 200, "some are under each key"
    assert all_come_back(held)
    with pytest.raises(KeyTrouble, match="件あります"):
        rekeying.retire(of_the_keys(), 1, "unyo")
    custody.forget()
    assert rekeying.change(of_the_keys(), quiet).left_count == 0
    assert versions.counts() == {2: 200}
    assert all_come_back(held)


def test_cut_off_after_the_key_was_made_the_same_version_is_completed(
    durable: str, own_file: Path
) -> None:
    put(1)
    keys.KeyFile(own_file).make(2)
    before = keys.KeyFile(own_file).versions()
    made = rekeying.make(of_the_keys(), "file")
    assert made.number == 2
    assert keys.KeyFile(own_file).versions() == before


def test_cut_off_before_the_key_was_destroyed_it_is_destroyed_by_the_same_command(
    durable: str, own_file: Path
) -> None:
    put(1)
    rekeying.make(of_the_keys(), "file")
    rekeying.change(of_the_keys(), quiet)
    with transaction.atomic():
        detail: dict[str, int | str] = {"version": 1, "what": "closed"}
        trail_id = look(of_the_keys(), "vault_key_retired", "test", detail=detail)
        assert versions.retire(trail_id, 1) == 0
    assert 1 in keys.load(own_file).encrypt
    assert rekeying.retire(of_the_keys(), 1, "unyo").were_here
    assert list(keys.load(own_file).encrypt) == [2]


def test_only_one_new_version_waits_at_a_time(durable: str, own_file: Path) -> None:
    put(1)
    rekeying.make(of_the_keys(), "file")
    with pytest.raises(KeyTrouble, match="版 2 がもう作られています"):
        rekeying.make(of_the_keys(), "file")


def test_what_was_sealed_before_the_change_is_kept_under_the_new_key(
    durable: str, own_file: Path
) -> None:
    put(1)
    ((record_id, number),) = made_up(1).items()
    sealed = numbers.seal(record_id, number)
    rekeying.make(of_the_keys(), "file")
    rekeying.promote(of_the_keys())
    numbers.put_sealed(of_the_import(), [sealed], IMPORTED)
    assert versions.counts() == {1: 1, 2: 1}
    assert all_come_back({record_id: number})


def test_whether_a_number_is_held_is_never_answered_by_half_the_keys(
    durable: str, own_file: Path
) -> None:
    held = put(2)
    old = [numbers.seal(one, number).blind_index for one, number in held.items()]
    rekeying.make(of_the_keys(), "file")
    rekeying.change(of_the_keys(), quiet)
    with pytest.raises(KeyTrouble, match="やり直して"):
        numbers.held(of_the_import(), old)
    anew = [numbers.seal(one, number).blind_index for one, number in held.items()]
    assert numbers.held(of_the_import(), anew) == set(anew)


def test_a_number_that_cannot_be_opened_stays_and_is_told(durable: str, own_file: Path) -> None:
    held = put(4)
    broken = next(iter(held))
    damage(durable, broken)
    rekeying.make(of_the_keys(), "file")
    done = rekeying.change(of_the_keys(), quiet)
    assert (done.row_count, done.unreadable, done.left_count) == (3, (broken,), 1)
    assert versions.counts() == {1: 1, 2: 3}
    assert all_come_back({one: number for one, number in held.items() if one != broken})


# --- from the file to hardware -----------------------------------------------------------------


@NEEDS_SOFTHSM
def test_the_keys_move_from_the_file_into_hardware_while_people_work(
    durable: str, own_token: str, own_file: Path
) -> None:
    others, theirs = put(12), put(2)
    lines = "\n".join(f"{one} {number}" for one, number in theirs.items())
    with beside(WORKER, durable, lines) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n", worker.communicate()[1]
        assert rekeying.make(of_the_keys(), "token").number == 2
        assert rekeying.change(of_the_keys(), quiet, size=5).left_count == 0
        rekeying.retire(of_the_keys(), 1, "unyo")
        _, trouble = worker.communicate("", timeout=60)
    assert worker.returncode == 0, trouble
    assert {one.number: one.keeper for one in versions.registered()} == {1: "file", 2: "token"}
    assert keys.load(own_file).encrypt == {}
    own_file.unlink()
    custody.forget()
    assert all_come_back({**others, **theirs}), "the token is enough"


def _read(row: tuple[str, str]) -> tuple[str, dict[str, object]]:
    job, detail = row
    return job, json.loads(detail)
