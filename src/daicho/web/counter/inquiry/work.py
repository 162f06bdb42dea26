"""照会の事務: which purpose an address stands for, and leave to use one of its functions.

The clerk chooses the work once, on the first screen; every address below carries it, so that two
tabs may stand for two visitors, and no look asks again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.permits import Permit
from daicho.law import purposes
from daicho.law.citation import Article

WORKS: Mapping[str, str] = {"change": "inquiry.change", "certificate": "inquiry.certificate"}
"""照会の事務: part of the address to code of the purpose."""


@dataclass(frozen=True)
class Work:
    """照会の事務: what a screen's header says of the purpose, and what may be done under it."""

    code: str
    name: str
    cited: str
    functions: tuple[str, ...]
    permit: Permit


def work_for(actor: Actor, code: str, function: str) -> Work:
    """The work with that code, for one function; 404 for none, NotPermitted, trailed, for another.

    `function` is one of the functions of the purpose's row: search, record, household, history.
    """
    if code not in WORKS:
        raise Http404
    on = clock.today()
    purpose = WORKS[code]
    permit = permits.permit(actor, purpose, on)
    row = purposes.purpose(purpose, on)
    if function not in row.functions:
        permits.refuse(actor, purpose, purposes.not_seen(purpose, on))
    return Work(code, row.name, cited(row.cites), row.functions, permit)


def cited(cites: tuple[Article, ...]) -> str:
    """The articles with each statute named once: 住民基本台帳法第22条第1項、第8条."""
    by_statute = groupby(cites, key=lambda one: one.statute_key)
    groups = [list(group) for _, group in by_statute]
    return "、".join(
        "、".join([first.japanese, *(one.place_japanese for one in rest)])
        for first, *rest in groups
    )
