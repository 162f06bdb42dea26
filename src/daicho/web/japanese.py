"""画面の日時: moments in the words of a clerk; every date of a screen is 和暦 (1.1.9)."""

from datetime import date, datetime

from django import template
from django.utils.timezone import localtime

from daicho.terms.dates import wareki

register = template.Library()


@register.filter
def wareki_moment(at: datetime) -> str:
    """和暦の日時: the day and the minute in Japan, 令和8年11月22日 12:05."""
    there = localtime(at)
    return f"{wareki(there.date())} {there:%H:%M}"


@register.filter
def wareki_day(day: date | None) -> str:
    """和暦の日: 令和8年11月22日; blank where there is none."""
    return wareki(day) if day else ""
