"""画面の日時: moments in the words of a clerk; every date of a screen is 和暦 (1.1.9)."""

from datetime import datetime

from django import template
from django.utils.timezone import localtime

from daicho.terms.dates import wareki

register = template.Library()


@register.filter
def wareki_moment(at: datetime) -> str:
    """和暦の日時: the day and the minute in Japan, 令和8年11月22日 12:05."""
    there = localtime(at)
    return f"{wareki(there.date())} {there:%H:%M}"
