"""要求: a request as our screens see it, with its number and its actor."""

from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.crypto import constant_time_compare
from django.utils.datastructures import MultiValueDict

from daicho.access import presences
from daicho.access.acting import Actor
from daicho.access.presences import Over, Present

BROWSER_KEY = f"{settings.COOKIE_PREFIX}daicho_terminal_key{settings.COOKIE_SUFFIX}"
"""The cookie by which a browser is known as that of a registered terminal."""

BY_ITSELF = frozenset({"console:emergency_state", "counter:export_progress"})
"""ひとりでに聞く宛先: a page asks them while nobody touches it, and is locked all the same."""

UNREADABLE = (SuspiciousOperation, MultiPartParserError, UnreadablePostError)


class NoLength(SuspiciousOperation):
    """長さのない送信: what is sent says nowhere how long it is, so that none of it is read."""


class Request(HttpRequest):
    """要求: what `middleware` adds to Django's request; never instantiated, only annotated.

    `request_id` is the number under which log, trail and screens speak of it (問合せ番号).
    `actor` is false until an operator has signed in and is at a terminal where there is a right.
    """

    request_id: UUID
    actor: Actor | None
    presence: Present | Over | None
    unreadable: Exception | None
    failure: BaseException | None


def numbered(request: HttpRequest) -> Request:
    """Give the request its number: the form's own, so that a double submit repeats it."""
    asked = cast(Request, request)
    asked.unreadable, asked.failure = _not_to_be_read(asked), None
    if asked.unreadable is not None:
        # told before a byte of it is read: what asks later finds an empty form
        asked.__dict__.update(_post=QueryDict(), _files=MultiValueDict())
    asked.request_id = _form_number(asked) or uuid4()
    return asked


def _not_to_be_read(asked: Request) -> Exception | None:
    if asked.META.get("HTTP_TRANSFER_ENCODING"):
        return NoLength()
    is_large = _length(asked) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return RequestDataTooBig() if is_large else None


def _form_number(asked: Request) -> UUID | None:
    if asked.method != "POST":
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


def presence_of(request: HttpRequest) -> Present | Over | None:
    """The presence that the session names, asked once a request; None where nobody signed in."""
    kept = request.__dict__
    if "presence" not in kept:
        kept["presence"] = _asked(cast(Request, request))
    found: Present | Over | None = kept["presence"]
    return found


def _asked(request: Request) -> Present | Over | None:
    named = request.session.get(SESSION_KEY)
    session_key = request.session.session_key
    if named is None or session_key is None:
        return None
    browser_key = request.COOKIES.get(BROWSER_KEY, "")
    match = request.resolver_match
    found = presences.current(
        int(named),
        session_key,
        browser_key,
        request.request_id,
        by_itself=match is not None and match.view_name in BY_ITSELF,
    )
    if isinstance(found, Present) and not _knows_the_password_of(found.operator, request):
        return Over("password_changed")
    return found


def _knows_the_password_of(operator: AbstractBaseUser, request: Request) -> bool:
    said = str(request.session.get(HASH_SESSION_KEY, ""))
    hashes = [operator.get_session_auth_hash(), *operator.get_session_auth_fallback_hash()]
    return any(constant_time_compare(said, one) for one in hashes)


def present(request: HttpRequest) -> Present | None:
    """The presence of the request, where it is in force."""
    found = presence_of(request)
    return found if isinstance(found, Present) else None


def user_of(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Who is signed in: present at this very session, or nobody."""
    found = present(request)
    return found.operator if found else AnonymousUser()


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor: present, at a terminal in use where the operator has a right today."""
    found = present(request)
    return found.actor if found else None
