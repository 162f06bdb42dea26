"""年齢: one table of births and days, after 年齢計算ニ関スル法律 and 民法143条2項."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.terms.ages import age, age_at_end_of, age_by_internal_day, birthday, reached_on
from daicho.terms.dates import certain, parse_register_date

# birth, day, age during the day, age at its end
AGES: list[tuple[str, str, int | None, int | None, str]] = [
    ("2000-05-10", "2020-05-08", 19, 19, "two days before"),
    ("2000-05-10", "2020-05-09", 19, 20, "full at the end of the day before the birthday"),
    ("2000-05-10", "2020-05-10", 20, 20, "on the birthday"),
    ("2000-05-10", "2000-05-10", 0, 0, "on the day of birth"),
    ("2000-05-10", "2000-05-09", None, 0, "not yet born during the day before"),
    ("2000-05-10", "2000-05-08", None, None, "not yet born"),
    ("2018-04-01", "2024-03-31", 5, 6, "born on 1 April: six before the school year begins"),
    ("2018-04-02", "2024-03-31", 5, 5, "born on 2 April: six only on 1 April"),
    ("2000-01-01", "2019-12-31", 19, 20, "over the turn of the year"),
    ("2000-02-29", "2001-02-27", 0, 0, "leap day, common year: not yet"),
    ("2000-02-29", "2001-02-28", 0, 1, "leap day, common year: the year ends with February"),
    ("2000-02-29", "2001-03-01", 1, 1, "leap day, common year: all day long from 1 March"),
    ("2000-02-29", "2004-02-28", 3, 4, "leap day, leap year: the day before the birthday"),
    ("2000-02-29", "2004-02-29", 4, 4, "leap day, leap year: the birthday"),
    ("2000-03-01", "2004-02-28", 3, 3, "1 March, leap year: two days before"),
    ("2000-03-01", "2004-02-29", 3, 4, "1 March, leap year: the day before is the leap day"),
    ("2000-03-01", "2005-02-28", 4, 5, "1 March, common year"),
    ("昭和35年 月日不詳", "2020-06-01", None, None, "59 or 60"),
    ("昭和35年 月日不詳", "2020-12-30", None, 60, "the last birthday possible is 31 December"),
    (
        "昭和35年 月日不詳",
        "2020-12-31",
        60,
        None,
        "all 60; one born on 1 January turns 61 at its end",
    ),
    ("昭和35年 月日不詳", "2021-01-01", None, None, "60 or, born on 1 January, 61"),
    ("昭和35年5月 日不詳", "2020-04-29", 59, 59, "no birthday of that month yet"),
    ("昭和35年5月 日不詳", "2020-04-30", 59, None, "one born on the 1st is 60 as the day ends"),
    ("昭和35年5月 日不詳", "2020-05-15", None, None, "within the month"),
    ("昭和35年5月 日不詳", "2020-05-31", 60, 60, "every birthday of the month is past"),
    ("昭和35年5月上旬", "2020-05-10", 60, 60, "every birthday of the ten days is past"),
    ("昭和35年5月上旬", "2020-05-05", None, None, "within the ten days"),
    ("昭和35年春", "2020-06-01", None, None, "where a season begins and ends is nowhere said"),
    ("昭和35年春", "2020-12-31", 60, None, "but the year is certain"),
    ("平成31年2月29日", "2029-02-28", None, 10, "the birthday is 28 February or 1 March"),
    ("平成31年2月29日", "2029-03-01", 10, 10, "both are past"),
    ("昭和64年 月日不詳", "2019-01-07", 30, 30, "昭和64年 had seven days"),
    ("昭和35年頃", "2020-12-31", None, None, "about: no age is certain"),
    ("推定昭和35年5月1日", "2020-12-31", None, None, "presumed: no age is certain"),
    ("年月日不詳", "2020-12-31", None, None, "nothing is known"),
]


@pytest.mark.parametrize(("born", "on", "during", "at_end", "because"), AGES)
def test_age(born: str, on: str, during: int | None, at_end: int | None, because: str) -> None:
    value, day = parse_register_date(born), date.fromisoformat(on)
    assert (age(value, on=day), age_at_end_of(value, on=day)) == (during, at_end), because


REACHED = [
    ("2000-05-10", 20, "2020-05-09", "the day before the birthday"),
    ("2000-02-29", 1, "2001-02-28", "leap day in a common year"),
    ("2000-02-29", 4, "2004-02-28", "leap day in a leap year"),
    ("2000-01-01", 18, "2017-12-31", "over the turn of the year"),
    ("2018-04-01", 6, "2024-03-31", "the last child of the school year"),
]


@pytest.mark.parametrize(("born", "years", "day", "because"), REACHED)
def test_an_age_is_reached_on(born: str, years: int, day: str, because: str) -> None:
    assert reached_on(date.fromisoformat(born), years).isoformat() == day, because


BIRTHS = st.dates(date(1873, 1, 1), date(2100, 12, 31))


@given(BIRTHS, st.integers(0, 130))
def test_age_turns_at_the_end_of_the_day_it_is_reached(born_on: date, years: int) -> None:
    value, day = certain(born_on), reached_on(born_on, years)
    assert age_at_end_of(value, on=day) == years
    assert age(value, on=birthday(born_on, years)) == years
    assert age(value, on=day) == (years - 1 if years else None)


def test_the_internal_day_gives_an_age_for_statistics_where_none_is_certain() -> None:
    born = parse_register_date("昭和35年頃")
    assert age_by_internal_day(born, on=date(2020, 6, 1)) == 60
    assert age(born, on=date(2020, 6, 1)) is None
