"""要求: a request as our screens see it, with its number and its actor."""

from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from daicho.access import acting
from daicho.access.acting import Actor

TERMINAL = "terminal"
"""The session's key for the code of the chosen terminal."""

UNREADABLE = (SuspiciousOperation, MultiPartParserError, UnreadablePostError)


class Request(HttpRequest):
    """要求: what `middleware` adds to Django's request; never instantiated, only annotated.

    `request_id` is the number under which log, trail and screens speak of it (問合せ番号).
    `actor` is false until an operator has signed in and chosen a terminal of the own office.
    """

    request_id: UUID
    actor: Actor | None
    terminal_name: str
    unreadable: Exception | None
    failure: BaseException | None


def numbered(request: HttpRequest) -> Request:
    """Give the request its number: the form's own, so that a double submit repeats it."""
    asked = cast(Request, request)
    asked.unreadable, asked.failure = None, None
    asked.request_id = _form_number(asked) or uuid4()
    return asked


def _form_number(asked: Request) -> UUID | None:
    if asked.method != "POST":
        return None
    if _length(asked) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        # told before a byte of it is read: nobody fills the disk of a page that takes no files
        asked.unreadable = RequestDataTooBig()
        return None
    try:
        return UUID(asked.POST.get("request_id", ""))
    except ValueError:
        return None
    except UNREADABLE as trouble:
        asked.unreadable = trouble
        return None


def _length(asked: Request) -> int:
    said = str(asked.META.get("CONTENT_LENGTH") or 0)
    return int(said) if said.isascii() and said.isdecimal() else 0


def actor_of(request: Request) -> Actor | None:
    """The actor: signed in, at a terminal that is still in use in the operator's own office."""
    request.terminal_name = ""
    operator = request.user
    if not operator.is_authenticated:
        return None
    code = request.session.get(TERMINAL)
    terminal = acting.terminal_of(operator, code) if code else None
    if terminal is None:
        return None
    request.terminal_name = terminal.name
    return acting.actor(operator, terminal.code, request.request_id)
