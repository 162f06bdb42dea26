"""日程: what the program does by itself while it serves people: the daily closing (STD 1.1.5, 9.1)
in a municipality, with the analysis of relations where it is switched on, and in every role the
end of sessions and of sealed files that have run out, the analysis of the trail of each month that
has ended (STD 10.2), and each month the list of what has been kept long enough.

This module is also gunicorn's configuration (`--config python:daicho.site.serving.timetable`):
each worker keeps the timetable in a thread of its own. An advisory lock lets one of them at a time
do the work; whoever comes second finds nothing left to do.
"""

import gc
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from daicho.access import clock
from daicho.site.serving import turns
from daicho.site.serving.workers import THREADS

if TYPE_CHECKING:
    from daicho.recording import ClosedDue

log = structlog.stdlib.get_logger("daicho.timetable")

# Settings of gunicorn, by its own names: a worker of its default kind serves one at a time, and is
# ended after thirty seconds, which a large file of an export takes.
worker_class = "gthread"
threads = THREADS

# The hours of Japan begin with those of the world, so the run of 0:01 is just after midnight there.
MINUTE = 1
AGAIN = timedelta(minutes=1)
LOCK = 5_211_240
ANALYSIS_LOCK = 5_211_244
RELATIONS_LOCK = 5_211_246
RETENTION_LOCK = 5_211_247


def next_run(now: datetime, *, failed: bool = False) -> datetime:
    """次の回: a minute past each hour, so just after midnight too; after a failure in a minute."""
    if failed:
        return now + AGAIN
    due = now.replace(minute=MINUTE, second=0, microsecond=0)
    return due if due > now else due + timedelta(hours=1)


def close_due(on: date) -> "ClosedDue | None":
    """日次の消除: all whose day has come by `on`; None while another worker is at it."""
    from daicho import recording
    from daicho.access.permits import system_permit

    with turns.alone(LOCK) as alone:
        if not alone:
            return None
        closed = recording.close_due(system_permit("daily_closing", on, uuid4()), on)
    codes = {one.code for findings in closed.refused for one in findings if one.refuses}
    log.info(
        "daily_closing",
        day=on.isoformat(),
        person_count=closed.person_count,
        refused_count=len(closed.refused),
        failed_count=closed.failed_count,
        waits=closed.waits,
        refused=sorted(codes),
    )
    return closed


def analyse_due(on: date) -> None:
    """月次の分析: of each month that ended before `on` and has none yet; nothing while another
    worker is at it."""
    from daicho.access.analysing import making
    from daicho.access.permits import system_permit

    with turns.alone(ANALYSIS_LOCK) as alone:
        if alone and (made := making.make_due(system_permit(making.JOB, on, uuid4()))):
            log.info("trail_analysis", months=[one.isoformat() for one in made])


def relate_due(on: date) -> None:
    """関係の分析: of each month that is due, where the extension is on; nothing while another
    worker is at it."""
    from daicho.access.permits import system_permit
    from daicho.access.relating import comparing, telling
    from daicho.register.relating import making

    if not telling.is_on():
        return
    with turns.alone(RELATIONS_LOCK) as alone:
        if alone and (made := making.make_due(system_permit(comparing.JOB, on, uuid4()))):
            log.info("trail_relations", months=[one.isoformat() for one in made])


def propose_due(on: date) -> None:
    """月次の廃棄の提案: what has been kept long enough by `on` is listed, once a month; nothing
    while another worker is at it."""
    from daicho.access.disposing import proposing
    from daicho.access.permits import system_permit

    with turns.alone(RETENTION_LOCK) as alone:
        if alone and (made := proposing.propose_due(system_permit(proposing.JOB, on, uuid4()))):
            log.info("retention_proposal", list=made)


def sweep_exports() -> None:
    """持出しのフォルダーの掃除: files that may not be taken any more go; a folder that is not to be
    changed is told in the log, and holds nothing else up."""
    from django.conf import settings

    from daicho.access.data_exports import folders

    try:
        if settings.EXPORT_FOLDER:
            folders.swept(Path(settings.EXPORT_FOLDER))
    except OSError:
        log.exception("exports_not_swept")


def attempt() -> bool:
    """Close what is due today, analyse the months that have ended and list what has been kept long
    enough; False, told in the log, where it failed (the database is lost) or somebody holds the
    register (an import), so that it is tried again soon."""
    from django.apps import apps
    from django.contrib.sessions.backends.db import SessionStore

    from daicho.access.trailing import failing

    closed, job = None, "daily_closing"
    try:
        SessionStore.clear_expired()
        sweep_exports()
        if apps.is_installed("daicho.register"):  # the municipality alone has whom to close
            closed = close_due(clock.today())
        job = "trail_analysis"
        analyse_due(clock.today())
        if apps.is_installed("daicho.register"):  # it alone knows who is related to whom
            job = "trail_relations"
            relate_due(clock.today())
        job = "retention_proposal"
        propose_due(clock.today())
    except Exception as trouble:  # whatever it was, the next hour comes
        log.exception("timetable_failed")
        failing.failed("serving.timetable", trouble, uuid4(), job=job)
        return False
    return closed is None or not closed.waits


def keep(stop: Event) -> None:
    """日程を守る: now, and then at each run, until `stop`; holds no connection in between."""
    from django.db import connection

    while not stop.is_set():
        succeeded = attempt()
        with suppress(Exception):  # of a database that is lost
            connection.close()
        now = clock.now()
        stop.wait((next_run(now, failed=not succeeded) - now).total_seconds())


def when_ready(_server: object) -> None:
    """Of gunicorn: all is loaded and no worker is there yet. What is loaded stays, so that no
    worker looks through it for garbage again and again, or has a copy of its own by looking."""
    _trail("serving_started")
    gc.collect()
    gc.freeze()


def on_exit(_server: object) -> None:
    """Of gunicorn: it ends in order. Where it is killed, the trail has only the next start."""
    _trail("serving_stopped")


def _trail(event: str) -> None:
    """Tell the trail; no connection stays open, least of all for workers that are forked later."""
    from django.db import connection

    from daicho.access.trailing import failing

    failing.serving(event)
    with suppress(Exception):  # of a database that is away
        connection.close()


def post_worker_init(_worker: object) -> None:
    """Of gunicorn: a worker is ready. Its threads end with it, whatever they are at: each
    household is closed, each batch of the trail sequenced, in a transaction of its own."""
    from daicho.site.serving import attesting, proving

    works = {"timetable": keep, "proving": proving.keep, "attesting": attesting.keep}
    for name, work in works.items():
        Thread(target=work, args=(Event(),), name=name, daemon=True).start()
