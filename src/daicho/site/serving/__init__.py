"""配信: the web workers as a child of the command that owns the database, and their timetable."""

from daicho.site.serving.child import STOP_SECONDS_MAX
from daicho.site.serving.workers import web

__all__ = ["STOP_SECONDS_MAX", "web"]
