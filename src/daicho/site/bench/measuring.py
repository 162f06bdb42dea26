"""測る: the times of a work and of its floor, taken in turn so that both see the same machine."""

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

WARM_UP = 5
SMALL_TOWN = 1_000  # there a run only shows that everything runs
ROUNDS_OF_SMALL_TOWN = 1


@dataclass(frozen=True)
class Figure:
    """One row of the table: milliseconds unless `unit` says otherwise; memory of this process."""

    work: str
    unit: str
    p50: float
    p99: float
    floor_p50: float
    ratio: float
    memory_mb: float

    def row(self) -> dict[str, str | float]:
        """The row as JSON."""
        return asdict(self)


def rounds(most: int, residents: int) -> int:
    """How often a work is done: as often as its figure needs, and in a small town once."""
    return most if residents >= SMALL_TOWN else min(most, ROUNDS_OF_SMALL_TOWN)


def warm_up(often: int) -> int:
    """How often a work is done before it is timed: no oftener than it is timed afterwards."""
    return min(WARM_UP, often)


def in_turn(work: str, one: Callable[[], object], floor: Callable[[], object], n: int) -> Figure:
    """Time `one` and `floor`, `n` times each, one after the other."""
    for _ in range(warm_up(n)):
        one()
        floor()
    times = [(_milliseconds(one), _milliseconds(floor)) for _ in range(n)]
    ones, floors = zip(*times, strict=True)
    return figure(work, "ms", sorted(ones), statistics.median(floors))


def figure(work: str, unit: str, ordered: list[float], floor_p50: float) -> Figure:
    """The row of values in rising order."""
    p50 = statistics.median(ordered)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    ratio = round(p50 / floor_p50, 2) if floor_p50 else 0.0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figure(
        work, unit, round(p50, 3), round(p99, 3), round(floor_p50, 3), ratio, round(memory, 1)
    )


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000
