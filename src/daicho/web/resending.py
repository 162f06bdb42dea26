"""送り直し: what a form carried, given back on an error page so that it can be sent once more.

Only what our own page sent is given back, and only to whom it came from; nothing goes without the
clerk's own press. A 個人番号 or a password is never given back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.middleware.csrf import get_token

from daicho.law.receptions.numbers_in_text import holds_number
from daicho.web.asking import Request

# Where an error would take away what was typed, with the act that is asked for where a field had to
# be left out: the form, to type it anew. None: a form that would say something else without it.
_FORMS: Mapping[str, str | None] = {
    "counter:change": "edit",
    "counter:receive": None,
    "counter:remark": None,
}
_SECRET = ("individual_number", "password")
_OF_THE_PAGE = "csrfmiddlewaretoken"
_ACT = "do"


@dataclass(frozen=True)
class Resending:
    """送り直せる内容: fields in their order, with a fresh token; `left_out`: some are not there."""

    token: str
    fields: tuple[tuple[str, str], ...]
    left_out: bool


def of(request: HttpRequest) -> Resending | None:
    """送り直し: what can be sent again; None where nothing was typed, or who sent it is unsure."""
    match = request.resolver_match
    route = match.view_name if match else ""
    if request.method != "POST" or route not in _FORMS or not is_own(request):
        return None
    if getattr(cast(Request, request), "unreadable", None) is not None:
        return None
    everything = [(name, text) for name, texts in request.POST.lists() for text in texts]
    typed = [(name, str(text)) for name, text in everything if name != _OF_THE_PAGE]
    fields = [one for one in typed if not _is_secret(*one)]
    left_out = len(fields) < len(typed)
    if left_out:
        act = _FORMS[route]
        if act is None:
            return None
        fields = [*(one for one in fields if one[0] != _ACT), (_ACT, act)]
    return Resending(get_token(request), tuple(fields), left_out)


def _is_secret(name: str, text: str) -> bool:
    return bool(text) and (name.endswith(_SECRET) or holds_number([text]))


def is_own(request: HttpRequest) -> bool:
    """自分の画面から: does the browser say that a page of this very server sent it?"""
    said = request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER") or ""
    try:
        from_there, own = urlsplit(said), urlsplit(request.build_absolute_uri("/"))
    except (ValueError, DisallowedHost):
        return False
    return (from_there.scheme, from_there.netloc) == (own.scheme, own.netloc)
