"""年齢: ages by 年齢計算ニ関スル法律, counted from the day of birth itself.

A year of age is full at the end of the day before the birthday (民法143条2項). Which of the two
readings a rule needs, during a day or at its end, its own article says. A dead person has no age:
callers pass the day of death as `on`.
"""

from datetime import date, timedelta

from daicho.terms.dates import RegisterDate


def birthday(born_on: date, years: int) -> date:
    """応当日: the first day on which a person born on `born_on` is `years` old all day long.

    1 March for those born on 29 February where the year has no such day: 民法143条2項 lets the
    year end with the last day of February.
    """
    year = born_on.year + years
    if (born_on.month, born_on.day) == (2, 29):
        return date(year, 2, 28) + timedelta(days=1)
    return born_on.replace(year=year)


def reached_on(born_on: date, years: int) -> date:
    """年齢到達日: the day at whose end a person born on `born_on` becomes `years` old."""
    return birthday(born_on, years) - timedelta(days=1)


def age(born: RegisterDate, *, on: date) -> int | None:
    """満年齢: full years of age during the day `on`.

    None where the birth is so uncertain that two ages are possible or the age is open (頃, 推定,
    年月日不詳), and before the birth.
    """
    if born.bounds is None:
        return None
    eldest, youngest = (_age(day, on) for day in born.bounds)
    return eldest if eldest == youngest and youngest >= 0 else None


def age_at_end_of(born: RegisterDate, *, on: date) -> int | None:
    """当日終了時の満年齢: full years of age when the day `on` ends, so one more on the day before
    the birthday than `age`. None as there.
    """
    return age(born, on=on + timedelta(days=1))


def age_by_internal_day(born: RegisterDate, *, on: date) -> int:
    """内部日付による年齢: age reckoned from `sort_on`, for statistics and order only.

    Never printed, never the ground of a right or a duty. Negative before the birth.
    """
    return _age(born.sort_on, on)


def _age(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
