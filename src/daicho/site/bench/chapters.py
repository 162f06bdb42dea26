"""The chapters of `bench`, in order, and how a row is printed."""

from collections.abc import Iterator
from pathlib import Path

from daicho.site.bench import (
    certificates,
    clerks,
    migration,
    proof,
    recording,
    search,
    trail,
    trail_search,
    vault,
)
from daicho.site.bench.measuring import Figure

HEADER = f"{'work':<48}{'unit':>12}{'p50':>10}{'p99':>10}{'floor':>10}{'ratio':>8}{'MB':>8}\n"


def of_access(folder: Path, residents: int, trail_rows: int) -> Iterator[Figure]:
    """The rows of entering, trail and vault alone, which need no residents."""
    yield from clerks.of_entering(folder, residents)
    yield from trail.figures(residents)
    yield from proof.figures(residents)
    yield from vault.figures(folder, residents)
    yield from trail_search.figures(trail_rows, residents)
    yield from proof.of_all(residents)


def figures(folder: Path, residents: int, trail_rows: int) -> Iterator[Figure]:
    """Every row; `folder` is for files of the run, `trail_rows` how long its trail becomes."""
    yield from trail.figures(residents)
    yield from proof.figures(residents)
    yield from migration.figures(folder, residents)
    yield from search.figures(residents)
    yield from recording.figures(residents)
    yield from certificates.figures(residents)
    yield from clerks.figures(folder, residents)
    yield from vault.figures(folder, residents)
    yield from trail_search.figures(trail_rows, residents)
    yield from proof.of_all(residents)


def line(row: Figure) -> str:
    """One row as a line."""
    ratio = f"{row.ratio:.2f}" if row.ratio else "-"
    return (
        f"{row.work:<48}{row.unit:>12}{row.p50:>10.2f}{row.p99:>10.2f}{row.floor_p50:>10.2f}"
        f"{ratio:>8}{row.memory_mb:>8.0f}\n"
    )
