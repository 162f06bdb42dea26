"""Keys of another register open nothing and write nothing; the database sees to it too."""

from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

import databases
from daicho.access.permits import look
from daicho.law.safety.acquiring import IMPORTED
from daicho.vault import custody, keys, numbers, rekeying, versions
from daicho.vault.keys import KeyTrouble
from vault.made_up import all_come_back, made_up, of_the_import, of_the_keys, put, quiet

pytestmark = pytest.mark.durable


def test_a_key_file_of_another_register_opens_nothing_and_writes_nothing(
    durable: str, own_file: Path, tmp_path: Path, settings: Settings
) -> None:
    held = put(2)
    before = _rows(durable)
    other = tmp_path / "other.json"
    keys.create(other)
    settings.VAULT_KEY_FILE = str(other)
    permit, ((record_id, number), _) = of_the_import(), held.items()
    for attempt in (
        lambda: numbers.put(permit, {uuid4(): number}, IMPORTED),
        lambda: numbers.get(permit, record_id),
        lambda: numbers.find(permit, number),
        lambda: rekeying.prove(of_the_keys()),
        lambda: rekeying.make(of_the_keys(), "file") and rekeying.change(of_the_keys(), quiet),
    ):
        with pytest.raises(KeyTrouble, match="この台帳のものではありません"):
            attempt()
    assert _rows(durable) == before
    settings.VAULT_KEY_FILE = str(own_file)
    assert all_come_back(held)


def test_a_process_with_other_keys_in_memory_writes_nothing(
    durable: str, own_file: Path, tmp_path: Path, settings: Settings
) -> None:
    other = tmp_path / "other.json"
    keys.create(other)
    settings.VAULT_KEY_FILE = str(other)
    custody.ring()  # read while the database knew of no key
    settings.VAULT_KEY_FILE = str(own_file)
    held = put(1)
    settings.VAULT_KEY_FILE = str(other)
    with pytest.raises(KeyTrouble, match="この台帳のものではありません"):
        numbers.put(of_the_import(), made_up(1), IMPORTED)
    settings.VAULT_KEY_FILE = str(own_file)
    assert all_come_back(held)


def test_a_lost_key_file_is_told_and_none_is_made(durable: str, own_file: Path) -> None:
    put(1)
    own_file.rename(own_file.with_name("safe.json"))
    custody.forget()
    with pytest.raises(KeyTrouble, match="鍵ファイルを読めません"):
        rekeying.prove(of_the_keys())
    assert not own_file.exists()


def test_an_older_file_without_the_newest_key_is_told(durable: str, own_file: Path) -> None:
    put(1)
    before = own_file.read_text()
    rekeying.make(of_the_keys(), "file")
    rekeying.change(of_the_keys(), quiet)
    own_file.write_text(before)
    custody.forget()
    with pytest.raises(KeyTrouble, match="版 2"):
        rekeying.prove(of_the_keys())


def test_numbers_of_before_there_were_fingerprints_prove_their_key(
    durable: str, own_file: Path, tmp_path: Path, settings: Settings
) -> None:
    held = put(2)
    with psycopg.connect(databases.the_server().url(durable, "superuser")) as superuser:
        superuser.execute("UPDATE vault.key_version SET fingerprint = ''")
    other = tmp_path / "other.json"
    keys.create(other)
    settings.VAULT_KEY_FILE = str(other)
    with pytest.raises(KeyTrouble, match="この台帳のものではありません"):
        rekeying.prove(of_the_keys())
    assert versions.registered()[0].fingerprint == ""
    settings.VAULT_KEY_FILE = str(own_file)
    rekeying.prove(of_the_keys())
    assert versions.registered()[0].fingerprint == keys.KeyFile(own_file).versions()[1]
    assert all_come_back(held)


# --- what the database allows ------------------------------------------------------------------


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM vault.key_version",
        "UPDATE vault.key_version SET state = 'retired'",
        "DELETE FROM vault.key_version",
        "SELECT vault.must_be_current(1, '')",
        "SELECT vault.by_key_job(1, 'vault_rekey')",
        "SELECT vault.promote(1, 2)",
        "SELECT * FROM vault.outdated(1, '00000000-0000-0000-0000-000000000000', 10)",
        "SELECT * FROM vault.sample(1, 1)",
        "SELECT vault.retire(1, 1)",
    ],
)
def test_app_reaches_no_keys_past_the_functions_and_no_function_without_its_trail_row(
    durable: str, own_file: Path, attempt: str
) -> None:
    put(1)
    with (
        psycopg.connect(databases.the_server().url(durable, "app")) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(attempt)


def test_only_the_job_of_the_keys_takes_many_at_once(durable: str, own_file: Path) -> None:
    put(1)
    with transaction.atomic():
        trail_id = look(of_the_import(), "vault_rekey", "test", detail={"version": 1})
        with pytest.raises(Exception, match="one job"), transaction.atomic():
            versions.outdated(trail_id, UUID(int=0), 10)


@pytest.mark.parametrize("call", ["vault.find(%s, %s::bytea[])", "vault.held(%s, %s::bytea[])"])
def test_the_program_before_would_look_under_one_key_only_and_is_refused(
    durable: str, own_file: Path, call: str
) -> None:
    put(1)
    rekeying.make(of_the_keys(), "file")
    rekeying.promote(of_the_keys())
    with transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(of_the_import(), "vault_find", "test")
        with pytest.raises(DatabaseError, match="knows no versions"), transaction.atomic():
            cursor.execute(f"SELECT {call}", [trail_id, [b"x"]])


def _rows(database: str) -> list[tuple[object, ...]]:
    with psycopg.connect(databases.the_server().url(database, "superuser")) as superuser:
        numbers_held = superuser.execute("SELECT * FROM vault.number ORDER BY record_id")
        rows = list(numbers_held)
        return rows + list(superuser.execute("SELECT * FROM vault.key_version ORDER BY version"))
