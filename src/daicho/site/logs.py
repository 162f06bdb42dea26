"""記録(JSON): one line of JSON for each event on standard error, without personal data.

What an exception *says* may hold what a person typed or what the database holds (PostgreSQL quotes
the offending row), so a logged exception is its class, its SQLSTATE and its frames, never its text.
"""

import logging
import logging.config
import sys
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any

import structlog
from gunicorn.glogging import Logger
from structlog.typing import EventDict, Processor, WrappedLogger

FRAMES_MAX = 12


def exception_without_text(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by class, SQLSTATE and frames."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:  # as `log.exception` says it: the one that is being handled
        exc_info = sys.exc_info()
    if isinstance(exc_info, tuple) and exc_info[1] is not None:
        event["exception"] = _described(exc_info[1], exc_info[2])
    elif isinstance(exc_info, BaseException):
        event["exception"] = _described(exc_info, exc_info.__traceback__)
    return event


def _described(exc: BaseException, traceback: TracebackType | None) -> dict[str, Any]:
    frames = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in extract_tb(traceback)[-FRAMES_MAX:]
    ]
    cause = exc.__cause__
    return {
        "class": type(exc).__name__,
        "sqlstate": getattr(exc, "sqlstate", None) or getattr(cause, "sqlstate", None),
        "frames": frames,
    }


def configure() -> None:
    """Send the program's and its libraries' log through one JSON formatter."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        exception_without_text,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                # its lines hold the text of forms and of SQL errors
                "django.db.backends": {"level": "ERROR"},
                # it tells which authenticator somebody used
                "fido2": {"level": "WARNING"},
                # a line for each parcel; `daicho.network` tells what matters
                "httpx": {"level": "WARNING"},
            },
        }
    )


class WebServerLog(Logger):  # type: ignore[misc]  # the library has no types
    """gunicorn's own words, without what a visitor sent: it quotes lines it cannot read."""

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        if str(msg).startswith("Invalid request"):
            msg, args = "a request that is not HTTP was turned away", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, _msg: Any, *_args: Any, **kwargs: Any) -> None:
        super().error("a request failed in the web server", **kwargs)

    def debug(self, _msg: Any, *_args: Any, **_kwargs: Any) -> None:
        """What it tells developers quotes requests."""
