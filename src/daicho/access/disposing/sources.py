"""廃棄の対象: of each kind that the program lets go, who keeps it and where it stands.

The database knows the ids of a month, whether the month is still needed, and deletes them, by three
functions named after the kind (`disposal.reception_ids`, `disposal.reception_held`,
`disposal.destroy_reception`); whoever keeps a kind names it here when
its app is loaded. Where the month is that in which something ended, one more says what ended when
(`disposal.disclosure_ended`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date


def _nothing() -> None:
    """Where nobody changes what is kept, and nothing else is made of it."""


@dataclass(frozen=True)
class Source:
    """廃棄の対象: one kind of the table of periods.

    `oldest` gives a day that is not behind the oldest row, None where there is none; `tables` are
    those whose files are written anew once rows of the kind are deleted. `hold` keeps everybody
    from changing them until the transaction of a line ends; `renew` makes anew, in that same
    transaction, what was made of rows that are gone now. `after` is another kind that goes first:
    a month waits for what is kept of it (`disposal.closed_record_waits`).
    """

    kind: str
    oldest: Callable[[], date | None]
    tables: tuple[str, ...]
    hold: Callable[[], None] = _nothing
    renew: Callable[[], None] = _nothing
    after: str = ""


_named: dict[str, Source] = {}


def name(source: Source) -> None:
    """Name a kind that is kept here; once, at the start."""
    _named[source.kind] = source


def sources() -> Mapping[str, Source]:
    """Every kind that is kept in this role, by its code."""
    return _named
