"""What goes wrong while keys are changed: nothing stops, nothing is lost, nothing is left lying."""

import os
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import Settings

import databases
from daicho.access.permits import look
from daicho.law.safety.acquiring import IMPORTED
from daicho.site.database import grants
from daicho.vault import custody, keys, numbers, rekeying, versions
from daicho.vault.keys import KeyTrouble
from vault.conftest import NEEDS_SOFTHSM
from vault.made_up import (
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


def changed(kind: str = "file") -> None:
    """To a new version, with nothing left under the one before."""
    rekeying.make(of_the_keys(), kind)
    assert rekeying.change(of_the_keys(), quiet).left_count == 0


def behind_its_back(database: str, statement: str, *given: object) -> None:
    """As an administrator of the database could."""
    with psycopg.connect(databases.the_server().url(database, "superuser")) as superuser:
        superuser.execute(statement, given)


def ends() -> list[str]:
    """What the certificates of destruction say, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT detail ->> 'what' FROM access_trail WHERE event = 'vault_key_retired'"
            " ORDER BY id"
        )
        return [what for (what,) in cursor.fetchall()]


# --- a running server ----------------------------------------------------------------------------


@NEEDS_SOFTHSM
def test_destroying_a_key_in_hardware_stops_no_server(
    durable: str, own_token: str, own_file: Path
) -> None:
    # its handle to the key dies in the token, before the database has told it anything
    theirs = put(2)
    changed("token")
    rekeying.retire(of_the_keys(), 1, "unyo")
    lines = "\n".join(f"{one} {number}" for one, number in theirs.items())
    with beside(WORKER, durable, lines) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n", worker.communicate()[1]
        for version in (2, 3):
            changed("token")
            rekeying.retire(of_the_keys(), version, "unyo")
        _, trouble = worker.communicate("", timeout=60)
    assert worker.returncode == 0, trouble
    assert all_come_back(theirs)


def test_a_server_gives_up_a_key_that_is_destroyed(durable: str, own_file: Path) -> None:
    # who keeps it in memory could still open a copy of the database
    put(1)
    changed()
    assert 1 in custody.ring().held
    of_a_server = dict(custody._rings)
    rekeying.retire(of_the_keys(), 1, "unyo")
    custody._rings.update(of_a_server)
    numbers.find(of_the_import(), "123456789018")
    assert list(custody.ring().held) == [2]


def test_a_server_with_other_keys_in_memory_says_so_when_it_opens_a_number(
    durable: str, own_file: Path, settings: Settings
) -> None:
    # it read them while the database knew of no key; «damaged» would lead the operator astray
    other = own_file.with_name("other.json")
    keys.create(other)
    settings.VAULT_KEY_FILE = str(other)
    custody.ring()
    settings.VAULT_KEY_FILE = str(own_file)
    ((record_id, _),) = put(1).items()
    settings.VAULT_KEY_FILE = str(other)
    with pytest.raises(KeyTrouble, match="この台帳のものではありません"):
        numbers.get(of_the_import(), record_id)


def test_indexes_of_before_and_after_a_change_are_not_asked_together(
    durable: str, own_file: Path
) -> None:
    # together they cover all versions in use, yet the old one is looked for under one key only
    (one, number), (other, its_number) = made_up(2).items()
    numbers.put(of_the_import(), {one: number}, IMPORTED)
    before = numbers.seal(one, number).blind_index
    changed()
    after = numbers.seal(other, its_number).blind_index
    with pytest.raises(KeyTrouble, match="やり直して"):
        numbers.held(of_the_import(), [before, after])


def test_another_process_that_sealed_after_a_change_is_answered(
    durable: str, own_file: Path
) -> None:
    # the asking process has the keys of before: it reads them again instead of refusing
    held = put(1)
    before = dict(custody._rings)
    changed()
    indexes = [numbers.seal(one, number).blind_index for one, number in held.items()]
    custody._rings.clear()
    custody._rings.update(before)
    assert numbers.held(of_the_import(), indexes) == set(indexes)


# --- destroying --------------------------------------------------------------------------------


def test_a_copy_that_others_may_read_is_removed_too(durable: str, own_file: Path) -> None:
    # it is the one that most needs to go
    put(1)
    changed()
    (copy,) = keys.copies(own_file)
    copy.chmod(0o644)
    assert rekeying.retire(of_the_keys(), 1, "unyo").were_here
    assert not copy.exists()


def test_what_is_half_written_is_removed_too(durable: str, own_file: Path) -> None:
    # the first half of a file may hold a whole key
    put(1)
    halves = [own_file.with_name(f"own_keys.{one}") for one in ("before_9.json", "json.part")]
    text = own_file.read_text()
    changed()
    for half in halves:
        half.write_text(text[:-20])
    rekeying.retire(of_the_keys(), 1, "unyo")
    assert [half for half in halves if half.exists()] == []


def test_a_copy_that_cannot_be_removed_is_named_and_nothing_is_certified(
    durable: str, own_file: Path
) -> None:
    put(1)
    changed()
    (copy,) = keys.copies(own_file)
    copy.unlink()
    copy.mkdir()  # as good as a file that root itself may not remove
    with pytest.raises(KeyTrouble, match=r"own_keys\.before_2\.json"):
        rekeying.retire(of_the_keys(), 1, "unyo")
    assert ends() == ["closed"]
    copy.rmdir()
    rekeying.retire(of_the_keys(), 1, "unyo")
    assert ends() == ["closed", "closed", "gone"], "the first attempt destroyed it"


def test_killed_between_file_and_copies_the_copies_go_by_the_same_command(
    durable: str, own_file: Path
) -> None:
    # the version is in the file no longer: looking there alone would find nothing to do
    put(1)
    changed()
    (copy,) = keys.copies(own_file)
    text = copy.read_text()
    rekeying.retire(of_the_keys(), 1, "unyo")
    copy.write_text(text)
    copy.chmod(0o600)
    assert rekeying.retire(of_the_keys(), 1, "unyo").were_here
    assert keys.copies(own_file) == []
    assert ends()[-1] == "destroyed"


def test_a_version_destroyed_before_is_not_said_never_to_have_been_here(
    durable: str, own_file: Path
) -> None:
    put(1)
    changed()
    for _ in range(2):
        rekeying.retire(of_the_keys(), 1, "unyo")
    assert ends() == ["closed", "destroyed", "closed", "gone"]


# --- making ------------------------------------------------------------------------------------


def test_a_half_written_copy_is_not_taken_for_the_copy(durable: str, own_file: Path) -> None:
    put(1)
    before = own_file.read_text()
    own_file.with_name("own_keys.before_2.json").write_text("{")
    rekeying.make(of_the_keys(), "file")
    (copy,) = keys.copies(own_file)
    assert copy.read_text() == before


def test_a_copy_with_other_keys_is_not_overwritten(durable: str, own_file: Path) -> None:
    # it may be the only one that opens an old backup
    put(1)
    other = own_file.with_name("own_keys.before_2.json")
    keys.create(other)
    text, before = other.read_text(), own_file.read_text()
    with pytest.raises(KeyTrouble, match=r"own_keys\.before_2\.json"):
        rekeying.make(of_the_keys(), "file")
    assert (other.read_text(), own_file.read_text()) == (text, before)
    assert [one.number for one in versions.registered()] == [1]


def test_a_version_that_was_made_and_lost_is_closed_and_another_is_made(
    durable: str, own_file: Path
) -> None:
    # neither new nor change could go on, and neither would say what can
    held = put(2)
    before = own_file.read_text()
    rekeying.make(of_the_keys(), "file")
    own_file.write_text(before)
    custody.forget()
    for attempt in (
        lambda: rekeying.change(of_the_keys(), quiet),
        lambda: rekeying.make(of_the_keys(), "file"),
    ):
        with pytest.raises(KeyTrouble, match="retire 2"):
            attempt()
    assert not rekeying.retire(of_the_keys(), 2, "unyo").were_here
    assert ends() == ["closed", "not_here"]
    assert rekeying.make(of_the_keys(), "file").number == 3
    assert rekeying.change(of_the_keys(), quiet).row_count == 2
    assert all_come_back(held)


# --- what the database gives and takes -----------------------------------------------------------


def test_no_ciphertext_leaves_to_be_changed_that_the_trail_does_not_name(
    durable: str, own_file: Path
) -> None:
    held = put(3)
    rekeying.make(of_the_keys(), "file")
    rekeying.promote(of_the_keys())
    with transaction.atomic():
        detail = {"version": 2}
        trail_id = look(of_the_keys(), "vault_rekey", "test", detail=detail)
        found = versions.outdated(trail_id, UUID(int=0), 1000)
        assert sorted(found) == sorted(held), "names only"
        named = look(of_the_keys(), "vault_rekeyed", "test", record_ids=found[:1], detail=detail)
        assert [one.record_id for one in versions.sealed(named, "vault_rekeyed")] == found[:1]
        with pytest.raises(Exception, match="takes nothing out"), transaction.atomic():
            versions.sealed(trail_id, "vault_rekey")
        theirs = look(of_the_import(), "vault_rekeyed", "test", record_ids=found, detail=detail)
        with pytest.raises(Exception, match="one job"), transaction.atomic():
            versions.sealed(theirs, "vault_rekeyed")


def test_damaged_numbers_do_not_keep_the_keys_from_being_proven(
    durable: str, own_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    held = put(30)
    first = min(held)
    behind_its_back(durable, "UPDATE vault.key_version SET fingerprint = ''")
    behind_its_back(
        durable,
        "UPDATE vault.number SET ciphertext = set_byte(ciphertext, 20,"
        " get_byte(ciphertext, 20) # 1) WHERE record_id = %s",
        first,
    )
    custody.forget()
    assert rekeying.prove(of_the_keys()) == (first,)
    assert str(first) in caplog.text
    assert versions.registered()[0].fingerprint == keys.KeyFile(own_file).versions()[1]


def test_no_key_is_registered_over_numbers_whose_versions_are_unknown(
    durable: str, own_file: Path
) -> None:
    # any key would be the first: one that opens none of them would be written with
    put(2)
    behind_its_back(durable, "DELETE FROM vault.key_version")
    custody.forget()
    for attempt in (
        lambda: rekeying.prove(of_the_keys()),
        lambda: rekeying.make(of_the_keys(), "file"),
        lambda: numbers.put(of_the_import(), made_up(1), IMPORTED),
    ):
        with pytest.raises(KeyTrouble, match="登録されていません"):
            attempt()
    assert versions.registered() == ()


def test_the_program_before_puts_in_no_number_of_which_nobody_knows_whence_it_came(
    durable: str, own_file: Path
) -> None:
    ((record_id, number),) = made_up(1).items()
    sealed = numbers.seal(record_id, number)
    index = numbers.sealed_as(sealed.blind_index)[1]
    with transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(of_the_import(), "vault_put", "test", record_ids=[record_id])
        with pytest.raises(ProgrammingError, match="does not exist"), transaction.atomic():
            cursor.execute(
                "SELECT vault.put(%s, %s::uuid[], %s::bytea[], 1, %s::bytea[], 1)",
                [trail_id, [record_id], [sealed.ciphertext], [index]],
            )
    assert numbers.get(of_the_import(), record_id) is None


def test_a_start_grants_again_where_the_vault_opens_for_others_than_the_law_says(
    durable: str, own_file: Path
) -> None:
    # a job that a new version brings would be refused until somebody migrates
    assert not grants.unfinished("owner")
    behind_its_back(durable, "DELETE FROM vault.opens_for WHERE code = 'vault_keys'")
    assert grants.unfinished("owner")


def test_what_only_the_owner_may_see_is_not_asked_as_app(durable: str) -> None:
    assert not grants.unfinished("default")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_copy_stays_its_readers(durable: str, own_file: Path) -> None:
    put(1)
    os.chown(own_file, 12_345, 12_345)
    rekeying.make(of_the_keys(), "file")
    assert {one.stat().st_uid for one in keys.copies(own_file)} == {12_345}
