"""実演の住民: a made-up town through the door of migration, into a register that is empty.

Beside its residents the town has made-up 住民票コード to give to the children born in it.
"""

import secrets
import tempfile
from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.conf import settings

from daicho.access import clock
from daicho.access.permits import Permit, system_permit
from daicho.site.demo import operators, town
from daicho.site.demo.materials.places import MUNICIPALITIES
from daicho.site.trouble import on_disk, say
from daicho.terms import numbers

SEED = 1
RECORD_CODES = 3_000
"""備えの件数: made-up 住民票コード that the town is given whenever few are left."""


def ensure(data: Path, residents: int) -> None:
    """Give an empty register its made-up residents, and a made-up town its codes to give.

    A register that holds anyone gets no residents; one whose demo has ended gets nothing.
    """
    if not apps.is_installed("daicho.register"):
        return
    from daicho.register import queries

    permit = system_permit("demo", clock.today(), uuid4())
    if residents > 0 and not queries.holds_anything(permit):
        _move_in(permit, data, residents)
    if operators.have_ended():
        return
    # After the residents: none of their codes comes into the stock. In a nation the centre
    # designates them, as it does for everybody, and is told of all who live here.
    if settings.NEIGHBOURS:
        _tell_above(permit)
    else:
        ensure_record_codes(permit)


def _tell_above(permit: Permit) -> None:
    from daicho.recording import telling

    telling.tell_all(permit)


def ensure_record_codes(permit: Permit) -> int:
    """架空の備え: fill a stock that is empty or low; gives how many codes were added.

    Only a made-up town may have them: to anyone else codes come from above.
    """
    from daicho.register import record_codes

    if not record_codes.stock(permit).findings:
        return 0
    bodies = {f"{secrets.randbelow(10**10):010}" for _ in range(RECORD_CODES)}
    bodies -= {figure * 10 for figure in "0123456789"}  # all figures alike are never a number
    codes = [body + numbers.resident_record_code_check_digit(body) for body in sorted(bodies)]
    return record_codes.add(permit, codes)


def _move_in(permit: Permit, data: Path, residents: int) -> None:
    from daicho.site import migration

    say(f"架空の住民 {residents:,} 人を作っています…")
    with on_disk(data), tempfile.TemporaryDirectory(dir=data) as folder:
        file = Path(folder) / "town.csv"
        with file.open("w", encoding="utf-8", newline="") as written:
            town.write_town(
                written,
                municipality=settings.MUNICIPALITY,
                residents=residents,
                seed=SEED,
                on=clock.today(),
            )
        report = data / "imports" / "demo"
        outcome = migration.run(permit, file, report, trial=False)
    assert outcome.refused_lines == 0, f"the made-up town is not lawful: {report}"


def ensure_certifier() -> None:
    """架空の認証者: the mayor of a made-up town, in whose name its certificates go out."""
    if not apps.is_installed("daicho.certificates"):
        return
    from daicho.certificates import certifiers

    town_of = MUNICIPALITIES[settings.MUNICIPALITY]
    certifiers.ensure_made_up(town_of["name"], town_of["prefecture"])
