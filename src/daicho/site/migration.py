"""移行の実行: an import with its report and its progress, and the end of the demo's accounts."""

import sys
import time
from pathlib import Path

from django.conf import settings

from daicho.access import staff
from daicho.access.permits import Permit
from daicho.register import importing
from daicho.register.importing import report


def run(permit: Permit, file: Path, folder: Path, *, trial: bool) -> importing.Outcome:
    """Import `file`, leave the report in `folder`; a real town ends the demo's accounts."""

    def keep(outcome: importing.Outcome) -> None:
        report.write(folder, file, outcome, trial=trial)
        if outcome.accepted and not outcome.fictitious and not trial:
            # in the import's transaction: no real resident beside an account of the demo
            staff.end_demo()

    return importing.run(
        permit,
        file,
        ward=settings.MUNICIPALITY,
        trial=trial,
        keep_refusals=keep,
        progress=_Progress(),
    )


class _Progress:
    """途中経過: what is done and how fast, on standard error, every second at the most."""

    def __init__(self) -> None:
        self._began = self._told = time.monotonic()

    def __call__(self, what: str, lines: int) -> None:
        now = time.monotonic()
        if now - self._told < 1 and what == "読取り":
            return
        self._told = now
        sys.stderr.write(f"{what} {lines:,} 行 {now - self._began:.0f} 秒\n")
        sys.stderr.flush()
