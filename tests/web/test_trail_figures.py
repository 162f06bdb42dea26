"""点検の図: bars that count every use once, in the hours and days of Japan."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.web.console.trails.figures import HEIGHT, figures

NIGHT = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)  # half past midnight of the 22nd in Japan


@given(seconds=st.lists(st.integers(0, 400 * 86_400), min_size=2, max_size=20))
def test_every_use_is_counted_once_in_each_figure(seconds: list[int]) -> None:
    for figure in figures([NIGHT + timedelta(seconds=one) for one in seconds]):
        assert sum(one.count for one in figure.bars) == len(seconds)
        assert max(one.height for one in figure.bars) == HEIGHT
        assert all((one.height > 0) is (one.count > 0) for one in figure.bars)
        assert figure.width == 10 * len(figure.bars)


@pytest.mark.parametrize(
    ("days", "titles", "count", "because"),
    [
        ([0], [], 0, "one use needs no figure"),
        ([0, 0.2], ["1時間ごとの件数"], 24, "one day, hour by hour"),
        ([0, 1], ["1時間ごとの件数"], 48, "two days"),
        ([0, 6], ["日ごとの件数", "時刻ごとの件数"], 7, "a week, day by day"),
        ([0, 300], ["月ごとの件数", "時刻ごとの件数"], 11, "a year, month by month"),
    ],
)
def test_a_figure_is_as_fine_as_the_time_it_shows(
    days: Sequence[float], titles: list[str], count: int, because: str
) -> None:
    found = figures([NIGHT + timedelta(days=one) for one in days])
    assert [one.title for one in found] == titles, because
    assert not found or len(found[0].bars) == count, because


def test_the_day_of_japan_counts() -> None:
    (found,) = figures([NIGHT, NIGHT])
    assert found.told == (
        "1時間ごとの件数。11月22日0時から11月22日23時まで。最も多いのは11月22日0時の2件。"
    )
