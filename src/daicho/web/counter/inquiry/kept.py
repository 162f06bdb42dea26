"""前回の検索条件 (2.1.1): the last ones of this operator, in the server-side session alone.

They are names and birthdays of whoever was looked for, and belong to no work once its visitor has
gone. So they live as long as the working day of one operator and are in no table of their own: the
session ends at sign-out or after ten hours, and with it what was kept.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib.sessions.backends.base import SessionBase

from daicho.register.places.dictionary import municipality_name
from daicho.register.search.conditions import FIELDS, worded

SESSION_KEY = "searches"
KEPT_MOST = 5
NEVER_KEPT = "individual_number"


@dataclass(frozen=True)
class Kept:
    """検索条件の控え: what was typed, under a number that an address may carry."""

    search_id: UUID
    typed: dict[str, str]

    @property
    def told(self) -> list[tuple[str, str]]:
        """What was asked for, in words: (field, value)."""
        return [(FIELDS[name], _told(name, text)) for name, text in self.typed.items()]


def _told(name: str, text: str) -> str:
    return municipality_name(text) or text if name == "ward" else worded(name, text)


def keep(session: SessionBase, typed: dict[str, str]) -> Kept:
    """Keep conditions as the newest; the same conditions are kept once."""
    filled = {name: text for name, text in typed.items() if text and name != NEVER_KEPT}
    others = [one for one in kept(session) if one.typed != filled][: KEPT_MOST - 1]
    newest = Kept(uuid4(), filled)
    session[SESSION_KEY] = [[str(one.search_id), one.typed] for one in (newest, *others)]
    return newest


def kept(session: SessionBase) -> list[Kept]:
    """The conditions of this session, the newest first."""
    return [Kept(UUID(search_id), typed) for search_id, typed in session.get(SESSION_KEY, [])]


def kept_as(session: SessionBase, search_id: UUID | str) -> Kept | None:
    """The conditions kept under that number, or None."""
    return next((one for one in kept(session) if str(one.search_id) == str(search_id)), None)
