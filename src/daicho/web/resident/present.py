"""本人の在席: who has come in with a card, in which language; apart from every operator's session.

It ends after some minutes without a request, with the browser, when the card is revoked, and when
the record is closed. What is kept is in the session alone: whose record, by which card, since when
nothing was asked, and the language.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from daicho.access import clock
from daicho.access.own_log import cards
from daicho.access.own_log.cards import Proved
from daicho.access.permits import Permit, system_permit
from daicho.law import extensions
from daicho.law.own_log.limits import limits
from daicho.law.own_log.wording import LANGUAGES
from daicho.web import errors
from daicho.web.asking import Request
from daicho.web.resident.texts import DEFAULT

P = ParamSpec("P")
Screen = Callable[Concatenate[Request, P], HttpResponse]
ResidentScreen = Callable[Concatenate[Request, UUID, P], HttpResponse]

EXTENSION = "my_data_my_log"
JOB = "own_log"
_WHO, _CARD, _SEEN = "resident", "resident_card", "resident_seen"
_LANGUAGE = "resident_language"


def is_on() -> bool:
    """拡張: is it switched on?"""
    return EXTENSION in extensions.extensions_on(settings.EXTENSIONS)


def switched_on(screen: Screen[P]) -> Screen[P]:
    """The screen is there only where the extension is on, and never for an operator."""

    @wraps(screen)
    def answer(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not is_on():
            raise Http404
        if SESSION_KEY in request.session:
            return errors.forbidden(request, PermissionError())
        return screen(request, *args, **kwargs)

    return answer


def residents(screen: ResidentScreen[P]) -> Screen[P]:
    """The screen is for who came in with a card; others are led to where that is done."""

    @wraps(screen)
    def answer(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        was_in = is_in(request)
        record_id = _current(request)
        if record_id is None:
            told = "?told=ended" if was_in else ""
            return redirect(f"{reverse('resident:sign_in')}{told}")
        return screen(request, record_id, *args, **kwargs)

    return switched_on(answer)


def begin(request: Request, proved: Proved) -> None:
    """入る: in a session of its own, with nothing of what was there before but the language."""
    language = language_of(request)
    request.session.flush()
    request.session[_WHO] = str(proved.record_id)
    request.session[_CARD] = proved.card_id
    request.session[_SEEN] = clock.now().timestamp()
    request.session[_LANGUAGE] = language


def end(request: Request) -> None:
    """終わる: nothing is left but the language."""
    language = language_of(request)
    request.session.flush()
    request.session[_LANGUAGE] = language


def speak(request: Request, language: str) -> None:
    """言葉を選ぶ: for this session; anything unknown changes nothing."""
    if language in LANGUAGES:
        request.session[_LANGUAGE] = language


def language_of(request: Request) -> str:
    """選んだ言葉: one of LANGUAGES."""
    said = str(request.session.get(_LANGUAGE, DEFAULT))
    return said if said in LANGUAGES else DEFAULT


def permit(request: Request) -> Permit:
    """許可: of the machine's job, under which a person is shown the own list and nothing else."""
    return system_permit(JOB, clock.today(), request.request_id)


def is_in(request: Request) -> bool:
    """Has somebody come in with a card?"""
    return _WHO in request.session


def _current(request: Request) -> UUID | None:
    said, card_id, seen = (request.session.get(one) for one in (_WHO, _CARD, _SEEN))
    if said is None or card_id is None or seen is None:
        return None
    now = clock.now().timestamp()
    is_idle = abs(now - float(seen)) >= limits(clock.today()).idle_minutes * 60
    if is_idle or not cards.is_in_use(int(card_id)):
        end(request)
        return None
    request.session[_SEEN] = now
    return UUID(str(said))
