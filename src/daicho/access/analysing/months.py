"""月: a month of the calendar of Japan, by which the trail is analysed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from daicho.access import clock


@dataclass(frozen=True)
class Month:
    """月: by its first day."""

    first_on: date

    @property
    def last_on(self) -> date:
        """末日."""
        return self.next_on - timedelta(days=1)

    @property
    def next_on(self) -> date:
        """翌月の初日."""
        return (self.first_on + timedelta(days=31)).replace(day=1)

    @property
    def ends_at(self) -> datetime:
        """終わりの時: the first moment after it."""
        return midnight(self.next_on)

    def has_settled(self, on: date) -> bool:
        """落ち着いた月: has a whole day passed since it ended?"""
        return self.next_on < on

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        count = (self.next_on - self.first_on).days
        return tuple(self.first_on + timedelta(days=n) for n in range(count))

    @property
    def before(self) -> "Month":
        """前の月."""
        return month_of(self.first_on - timedelta(days=1))


def month_of(on: date) -> Month:
    """月を求める: that in which a day lies."""
    return Month(on.replace(day=1))


def midnight(on: date) -> datetime:
    """日の始まり: the moment at which a day begins in Japan."""
    return datetime.combine(on, time.min, clock.TOKYO)
