"""時計: the only clock of the program.

The business day is the day in Japan; moments are stored in UTC. The pure rings have no clock at
all: they are told the day (`on=`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

_fixed_at: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _fixed_at or datetime.now(UTC)  # noqa: TID251  this is the clock


def today() -> date:
    """The business day (処理日): the calendar day in Japan."""
    return now().astimezone(TOKYO).date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Stop the clock at an aware `moment`; for tests and for rehearsing a day."""
    global _fixed_at  # noqa: PLW0603  one process has one clock
    assert moment.tzinfo is not None, "a moment without its zone is no moment"
    before, _fixed_at = _fixed_at, moment.astimezone(UTC)
    try:
        yield
    finally:
        _fixed_at = before
