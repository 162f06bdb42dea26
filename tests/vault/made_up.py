"""Made-up numbers for the vault, and processes that work with it beside a test."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

import databases
from daicho.access import clock
from daicho.access.permits import Permit, system_permit
from daicho.law.safety.acquiring import IMPORTED
from daicho.terms.numbers import individual_number_check_digit
from daicho.vault import numbers, rekeying
from processes import environment

# Reads, looks up and replaces the numbers it is given, over and over, until its input ends.
WORKER = """
import sys, threading
from uuid import UUID, uuid4
import django
django.setup()
from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.law.safety.acquiring import IMPORTED
from daicho.vault import numbers
from daicho.vault.keys import KeyTrouble
lines = [line.split() for line in sys.argv[1].splitlines()]
held = {UUID(record_id): number for record_id, number in lines}
permit = system_permit("migration_import", clock.today(), uuid4())
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
def is_held(record_id, number):
    index = numbers.seal(record_id, number).blind_index
    return numbers.held(permit, [index]) == {index}
print("ready", flush=True)
rounds = 0
while not ended.is_set():
    for record_id, number in held.items():
        assert numbers.get(permit, record_id) == number, "another number came back"
        assert record_id in numbers.find(permit, number), "a number was not found"
        numbers.put(permit, {record_id: number}, IMPORTED)
        for attempt in range(5):
            try:
                numbers.put_sealed(permit, [numbers.seal(record_id, number)], IMPORTED)
                assert is_held(record_id, number), "a number held was not held"
                break
            except KeyTrouble:  # the key changed between two calls: begun anew, as it says
                assert attempt < 4, "it never ends"
    rounds += 1
print("rounds", rounds, flush=True)
"""
# Changes to the newest key, a few rows at a time, and tells of each batch.
CHANGER = """
import django
django.setup()
from uuid import uuid4
from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.vault import numbers, rekeying
permit = system_permit(rekeying.JOB, clock.today(), uuid4())
rekeying.change(permit, lambda rows: print(rows, flush=True), size=2)
"""


def made_up(count: int) -> dict[UUID, str]:
    """That many records, each with a number of its own that nobody has."""
    bodies = [f"{35_000_000_000 + 7 * n}" for n in range(count)]
    return {uuid4(): body + individual_number_check_digit(body) for body in bodies}


def of_the_import() -> Permit:
    """A permit under which numbers go in and out."""
    return system_permit("migration_import", clock.today(), uuid4())


def of_the_keys() -> Permit:
    """The permit of whoever changes keys."""
    return system_permit(rekeying.JOB, clock.today(), uuid4())


def quiet(_rows: int) -> None:
    """Nobody looks at the progress."""


def all_come_back(held: Mapping[UUID, str]) -> bool:
    """Whether each number is given for its record, and the record for its number."""
    permit = of_the_import()
    return all(
        numbers.get(permit, one) == number and one in numbers.find(permit, number)
        for one, number in held.items()
    )


def put(count: int) -> dict[UUID, str]:
    """Put that many numbers into the vault."""
    held = made_up(count)
    numbers.put(of_the_import(), held, IMPORTED)
    return held


def beside(script: str, database: str, *words: str) -> "subprocess.Popen[str]":
    """Another process on the same database, with the keys that this test has set."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *words],
        env={**environment(), **_settings(database)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def pin_file(beside: str) -> Path:
    """The token's PIN in a file as an editor writes it, with the end of its line."""
    file = Path(beside).with_name("pin")
    file.write_text(f"{settings.VAULT_PIN}\n")
    file.chmod(0o600)
    return file


def _settings(database: str) -> Mapping[str, str]:
    own = {
        "DATABASE_URL": databases.the_server().url(database, "app"),
        "DAICHO_VAULT_KEY_FILE": settings.VAULT_KEY_FILE,
        "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
        "DAICHO_ROLE": "municipality",
    }
    if settings.VAULT_PKCS11:
        own["DAICHO_VAULT_PKCS11"] = settings.VAULT_PKCS11
        own["DAICHO_VAULT_TOKEN"] = settings.VAULT_TOKEN
        own["DAICHO_VAULT_PIN_FILE"] = str(pin_file(settings.VAULT_KEY_FILE))
    return {name: value for name, value in {**os.environ, **own}.items() if name in own}
