"""照会の事務: which purpose an address stands for, and leave to use one of its functions.

The clerk chooses the work once, on the first screen; every address below carries it, so that two
tabs may stand for two visitors, and no look asks again. Where someone was received it is the 受付
whose number the address carries, and whose work and basis say the purpose.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.http import Http404

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.permits import Permit
from daicho.law import purposes
from daicho.law import receptions as law
from daicho.law.citation import Article
from daicho.register.receiving.receptions import Reception, reception


def _part(purpose: str) -> str:
    return purpose.removeprefix("inquiry.").replace(".", "-")


_OF_INQUIRIES = ("inquiry.", "protection.", "emergency.", "network.")
WORKS: Mapping[str, str] = {
    _part(one.code): one.code
    for one in purposes.PURPOSES
    if one.code.startswith(_OF_INQUIRIES) and "search" in one.functions
}
"""照会の事務: part of the address to code of the purpose, in the order of the table: the counter's
own inquiries, those of other divisions, that of 支援措置, of messages, and the emergencies. No 受付
says their purpose."""

OPENS_BLANK = frozenset({"moved_in"})
"""白紙から入力する受付: whose residents are, as a rule, not in the register yet."""


@dataclass(frozen=True)
class Work:
    """照会の事務: what a screen's header says of the purpose, and what may be done under it."""

    code: str
    name: str
    cited: str
    functions: tuple[str, ...]
    permit: Permit
    reception: Reception | None = None

    @property
    def opens_blank(self) -> bool:
        """Can its change be entered before any resident is found?"""
        return self.reception is not None and self.reception.work in OPENS_BLANK


def opens(held: Collection[str]) -> tuple[tuple[str, str], ...]:
    """開ける照会: part of the address and code of each inquiry among the purposes that are held."""
    return tuple((part, code) for part, code in WORKS.items() if code in held)


def work_for(actor: Actor, code: str, function: str) -> Work:
    """The work with that code, or of the 受付 with that UUID, for one function.

    404 for none, also for a 受付 of another office; NotPermitted, trailed, where it has ended or
    the function is not one of the purpose's row (search, record, household, history, form).
    """
    on = clock.today()
    received = _reception(actor, code)
    if received is None and code not in WORKS:
        raise Http404
    purpose = received.purpose if received else WORKS[code]
    at_work = actor.under(received.reception_id) if received else actor
    permit = permits.permit(at_work, purpose, on)
    row = purposes.purpose(purpose, on)
    if function not in row.functions:
        permits.refuse(actor, purpose, purposes.not_seen(purpose, on))
    if received:
        _demand_open(actor, received, on)
    return Work(code, row.name, cited(row.cites), row.functions, permit, received)


def _reception(actor: Actor, code: str) -> Reception | None:
    try:
        return reception(actor, UUID(code))
    except ValueError:
        return None


def _demand_open(actor: Actor, received: Reception, on: date) -> None:
    ended = law.still_open(received.taken_on, received.is_answered, received.is_ended, on=on)
    if ended is not None:
        permits.refuse(actor, received.purpose, ended)


def cited(cites: tuple[Article, ...]) -> str:
    """The articles with each statute named once: 住民基本台帳法第22条第1項、第8条."""
    by_statute = groupby(cites, key=lambda one: one.statute_key)
    groups = [list(group) for _, group in by_statute]
    return "、".join(
        "、".join([first.japanese, *(one.place_japanese.lstrip() for one in rest)])
        for first, *rest in groups
    )
