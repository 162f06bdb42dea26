"""点検の図: how the uses that were found lie in time, as bars to be seen before they are read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daicho.access import clock
from daicho.terms.dates import wareki

FEWEST = 2
HOURS = 24
BY_HOUR_DAYS = 2
BY_DAY_DAYS = 62
HEIGHT = 40


@dataclass(frozen=True)
class Bar:
    """棒: what it counts, in words; where it stands and how high it is, in the picture's units."""

    label: str
    count: int
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Figure:
    """図: bars from left to right; the same numbers stand beside it as a table."""

    title: str
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        """幅: in the picture's units, ten for each bar."""
        return 10 * len(self.bars)

    @property
    def most(self) -> Bar:
        """最も多い: the highest bar, the first of equal ones."""
        return max(self.bars, key=lambda one: one.count)

    @property
    def filled(self) -> tuple[Bar, ...]:
        """数のある棒: those that count anything."""
        return tuple(one for one in self.bars if one.count)

    @property
    def told(self) -> str:
        """図の説明: what it shows, for who does not see it."""
        most = self.most
        return (
            f"{self.title}。{self.bars[0].label}から{self.bars[-1].label}まで。"
            f"最も多いのは{most.label}の{most.count}件。"
        )


def figures(moments: Sequence[datetime]) -> tuple[Figure, ...]:
    """図: of the course of time, and of the hours of the day; nothing where one row says it all."""
    if len(moments) < FEWEST:
        return ()
    there = [one.astimezone(clock.TOKYO) for one in moments]
    course = _course(sorted(there))
    if course.title == _BY_HOUR:
        return (course,)
    return (course, drawn("時刻ごとの件数", _hours_of_day(there)))


_BY_HOUR = "1時間ごとの件数"


def _course(there: Sequence[datetime]) -> Figure:
    days = (there[-1].date() - there[0].date()).days + 1
    if days <= BY_HOUR_DAYS:
        return drawn(_BY_HOUR, _hours(there))
    return drawn(*(("日ごとの件数", _days(there)) if days <= BY_DAY_DAYS else _months(there)))


def _hours(there: Sequence[datetime]) -> Iterator[tuple[str, int]]:
    """Whole days, so that it is seen too when nothing was done."""
    counts = Counter(one.replace(minute=0, second=0, microsecond=0) for one in there)
    hour = there[0].replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(HOURS * ((there[-1].date() - there[0].date()).days + 1)):
        yield f"{hour.month}月{hour.day}日{hour.hour}時", counts[hour]
        hour += timedelta(hours=1)


def _days(there: Sequence[datetime]) -> Iterator[tuple[str, int]]:
    counts = Counter(one.date() for one in there)
    day, last = min(counts), max(counts)
    while day <= last:
        yield f"{day.month}月{day.day}日", counts[day]
        day += timedelta(days=1)


def _months(there: Sequence[datetime]) -> tuple[str, Iterator[tuple[str, int]]]:
    counts = Counter(one.date().replace(day=1) for one in there)

    def bars() -> Iterator[tuple[str, int]]:
        month, last = min(counts), max(counts)
        while month <= last:
            yield wareki(month).rpartition("月")[0] + "月", counts[month]
            month = (month + timedelta(days=32)).replace(day=1)

    return "月ごとの件数", bars()


def _hours_of_day(there: Sequence[datetime]) -> Iterator[tuple[str, int]]:
    counts = Counter(one.hour for one in there)
    return ((f"{hour}時", counts[hour]) for hour in range(HOURS))


def drawn(title: str, counted: Iterator[tuple[str, int]]) -> Figure:
    """図を描く: one bar for each of what was counted, at least one of them above nothing."""
    found = tuple(counted)
    most = max(count for _, count in found)
    return Figure(title, tuple(_bar(at, *one, most) for at, one in enumerate(found)))


def _bar(at: int, label: str, count: int, most: int) -> Bar:
    height = round(HEIGHT * count / most, 1)
    if count:
        height = max(height, 1.0)  # one among ten thousand is seen
    return Bar(label, count, 10 * at, round(HEIGHT - height, 1), height)
