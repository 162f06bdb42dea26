"""番号の照合: the numbers that a party's vault holds, as digests that only who asks can compare.

`python -P -m daicho.site.sim.real.digesting FOLDER`; the key of the digests comes on standard
input. Writes a line of JSON: 住民票コード to digest. No number leaves the process.
"""

import hashlib
import hmac
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID, uuid4

_AT_ONCE = 500
_OF_A_TOWN = """
SELECT resident_record_code, record_id FROM register_current
WHERE state = 'living' AND resident_record_code <> '' ORDER BY record_id
"""
_ABOVE = "SELECT code, subject_id FROM network_subjectcode ORDER BY subject_id"


def main() -> None:
    """Of one party, as a command beside the nation that serves it."""
    from daicho.site import installation

    key = sys.stdin.buffer.read()
    with installation.opened(Path(sys.argv[1]), "sim --real"):
        json.dump(_digests(key), sys.stdout)


def digest(key: bytes, number: str) -> str:
    """照合の値: of a number, for who has the key."""
    return hmac.digest(key, number.encode(), hashlib.sha256).hex()


def _digests(key: bytes) -> dict[str, str]:
    """Of everybody who has a number."""
    places = _places()
    held = {one: digest(key, number) for some in _numbers(places) for one, number in some.items()}
    return {code: held[place] for code, place in places.items() if place in held}


def _places() -> dict[str, UUID]:
    """Under which id the vault has the number of who has a code."""
    from django.apps import apps
    from django.db import connection

    from daicho.network.deeds.subjects import number_id

    is_town = apps.is_installed("daicho.register")
    with connection.cursor() as cursor:
        cursor.execute(_OF_A_TOWN if is_town else _ABOVE)
        return {code: one if is_town else number_id(one) for code, one in cursor.fetchall()}


def _numbers(places: Mapping[str, UUID]) -> Iterator[Mapping[UUID, str]]:
    from django.apps import apps
    from django.db import transaction

    from daicho.access import clock
    from daicho.access.permits import system_permit
    from daicho.vault.batches import Batch

    is_town = apps.is_installed("daicho.register")
    job = "identification_sending" if is_town else "identification_holding"
    every = sorted(set(places.values()))
    for first in range(0, len(every), _AT_ONCE):
        with transaction.atomic():
            batch = Batch(system_permit(job, clock.today(), uuid4()))
            yield batch.numbers_of(every[first : first + _AT_ONCE])


if __name__ == "__main__":
    main()
