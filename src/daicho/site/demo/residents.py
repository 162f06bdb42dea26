"""実演の住民: a made-up town through the door of migration, into a register that is empty."""

import tempfile
from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.conf import settings

from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.site.demo import town
from daicho.site.demo.materials.places import MUNICIPALITIES
from daicho.site.trouble import on_disk, say

SEED = 1


def ensure(data: Path, residents: int) -> None:
    """Give an empty register its made-up residents; one that holds anything is left alone."""
    if not apps.is_installed("daicho.register") or residents <= 0:
        return
    from daicho.register import queries
    from daicho.site import migration

    permit = system_permit("demo", clock.today(), uuid4())
    if queries.holds_anything(permit):
        return
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
