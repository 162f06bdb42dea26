"""点検の条件の控え: the last searches of this auditor, in the server-side session alone.

Whom somebody checks belongs in no address. What was typed is kept as codes and a record's
reference, with the number at which the search ends; it is gone with the session.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib.sessions.backends.base import SessionBase

from daicho.access.permits import Permit
from daicho.access.trailing import queries
from daicho.access.trailing.conditions import Conditions

SESSION_KEY = "trails"
KEPT_MOST = 5
_DAYS = ("since", "until")
_CODES = ("kind", "event", "office", "terminal", "purpose")


@dataclass(frozen=True)
class Kept:
    """条件の控え: what was asked, under a number that an address may carry."""

    search_id: UUID
    typed: Mapping[str, str]
    upto: int  # the newest trail row when it was asked

    @property
    def initial(self) -> dict[str, Any]:
        """For the form, to be typed over."""
        days = {name: date.fromisoformat(self.typed[name]) for name in _DAYS if name in self.typed}
        return {**self.typed, **days}

    def conditions(self, permit: Permit) -> Conditions:
        """点検の条件: as they are looked for."""
        said = self.typed
        login, person = said.get("login", ""), said.get("person", "")
        codes = {name: said.get(name, "") for name in _CODES}
        days = {name: date.fromisoformat(said[name]) for name in _DAYS if name in said}
        return Conditions(
            person=UUID(person) if person else None,
            operator=queries.operator_named(permit, login) if login else None,
            since=days.get("since"),
            until=days.get("until"),
            refused="refused" in said,
            number_seen="number_seen" in said,
            **codes,
        )


def keep(session: SessionBase, cleaned: Mapping[str, Any], upto: int) -> Kept:
    """Keep conditions as the newest; the same conditions are kept once."""
    typed = {name: _text(value) for name, value in cleaned.items() if value}
    others = [one for one in kept(session) if one.typed != typed][: KEPT_MOST - 1]
    newest = Kept(uuid4(), typed, upto)
    session[SESSION_KEY] = [
        [str(one.search_id), dict(one.typed), one.upto] for one in (newest, *others)
    ]
    return newest


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "on" if value is True else str(value)


def kept(session: SessionBase) -> list[Kept]:
    """The conditions of this session, the newest first."""
    return [
        Kept(UUID(search_id), typed, upto)
        for search_id, typed, upto in session.get(SESSION_KEY, [])
    ]


def kept_as(session: SessionBase, search_id: UUID | str) -> Kept | None:
    """The conditions kept under that number, or None."""
    return next((one for one in kept(session) if str(one.search_id) == str(search_id)), None)
