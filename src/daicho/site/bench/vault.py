"""個人番号の速さ: one number put in, taken out and found, with a key file and with hardware.

The key file is the installation's own. Hardware is SoftHSM, where it is installed: its token takes
the place of the file by a change of keys, as in an installation, so this chapter comes last.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from daicho.access import clock
from daicho.access.permits import Permit, look, system_permit
from daicho.law.safety.acquiring import IMPORTED
from daicho.site.bench import softhsm
from daicho.site.bench.measuring import Figure, in_turn, rounds
from daicho.vault import custody, numbers, rekeying

ROUNDS = 400
NUMBER = "123456789018"
LABEL = "daicho-bench"


def figures(folder: Path, residents: int) -> Iterator[Figure]:
    """The rows of this chapter; `folder` is for the token's files."""
    often = rounds(ROUNDS, residents)
    permit = system_permit("migration_import", clock.today(), uuid4())
    record_id = uuid4()
    numbers.put(permit, {record_id: NUMBER}, IMPORTED)
    yield from _with("key file", permit, record_id, often)
    if not softhsm.is_installed():
        return
    softhsm.configure(folder)
    softhsm.make_token(LABEL)
    settings.VAULT_PKCS11 = str(softhsm.MODULE)
    settings.VAULT_TOKEN, settings.VAULT_PIN = LABEL, softhsm.PIN
    job = system_permit(rekeying.JOB, clock.today(), uuid4())
    rekeying.make(job, "token")
    rekeying.promote(job)
    numbers.put(permit, {record_id: NUMBER}, IMPORTED)
    yield from _with("SoftHSM", permit, record_id, often)


def _with(keeper: str, permit: Permit, record_id: UUID, often: int) -> Iterator[Figure]:
    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            look(permit, "vault_get", "bench", record_ids=[record_id], number_seen=True)
            cursor.execute("SELECT 1")

    assert custody.ring().held, "the vault has keys"
    put, found = {record_id: NUMBER}, numbers.find
    yield in_turn(
        f"vault: take out one, {keeper}", lambda: numbers.get(permit, record_id), bare, often
    )
    yield in_turn(
        f"vault: put one in, {keeper}", lambda: numbers.put(permit, put, IMPORTED), bare, often
    )
    yield in_turn(f"vault: find by number, {keeper}", lambda: found(permit, NUMBER), bare, often)
