"""Two transactions at once: one is seen to wait for the other."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from django.db import connection

from vault.test_disposing_wholly import as_superuser

SECONDS_MOST = 30
_WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
Answer = TypeVar("Answer")


def alone(work: Callable[[], Answer]) -> Answer:
    """In a thread of its own, with a connection of its own."""
    try:
        return work()
    finally:
        connection.close()


def until_it_waits(database: str, other: "Future[Answer]") -> None:
    """The other has come to where it waits for this transaction."""
    until = time.monotonic() + SECONDS_MOST
    with as_superuser(database) as superuser:
        while superuser.execute(_WAITING).fetchone() == (0,):
            assert not other.done(), f"{other.result()}: it waited for nobody"
            assert time.monotonic() < until, "it waits for something else"
            threading.Event().wait(0.01)
