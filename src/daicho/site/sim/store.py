"""模擬の記憶: what one party keeps, as its database would; a backup is a copy of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, Self

from daicho.network.protocol.holding import Held
from daicho.network.protocol.links import Received, Sent
from daicho.network.protocol.message import Message, Stream, Turn
from daicho.network.protocol.parties import Party


class Resident(NamedTuple):
    """住民: of a municipality's register: its record_id, whether it is open, since when; `as_of` is
    the day of the last that was recorded; `number` the 個人番号, blank while it is not known."""

    record_id: str
    is_open: bool
    since: int
    as_of: int
    items: Mapping[str, str]
    number: str = ""


class Entry(NamedTuple):
    """発送の記録: what has, or gets, a place on a line; `digest` is that of the log with it."""

    message_id: str
    origin: Party
    signed: str
    digest: str


@dataclass
class Store:
    """記憶: everything that outlives a crash.

    `logs`: per neighbour what was handed over, by place, and behind it what waits for a place.
    `digests`: those of a neighbour's log, by place. `refusals`: what was not taken of it.
    `seen`: by turn which message came, and when it was made, since one sent again passes again.
    `told`: which places of our log to it, refused there, were noted or their senders told.
    `stopped`: at which place a neighbour's log stands, since when. `carried`: what was carried out,
    by its sender and id, with its outcome; `effects`: how often, by what carries it out.
    `unasked`: neighbours that were not asked yet how far they are, since an old backup came back;
    `unsaid`: what waits for that, to get its turn.
    `states`: what is known of one's own messages. `refused`: those to be sent again. `forwarded`:
    whose notice one of them tells on. `numbers`: by code what the centre made, the last one counts.
    """

    epoch: int
    sent: dict[Party, Sent] = field(default_factory=dict)
    logs: dict[Party, list[Entry]] = field(default_factory=dict)
    digests: dict[Party, list[str]] = field(default_factory=dict)
    received: dict[Party, Received] = field(default_factory=dict)
    refusals: dict[Party, dict[int, str]] = field(default_factory=dict)
    stopped: dict[Party, tuple[int, int]] = field(default_factory=dict)
    unasked: set[Party] = field(default_factory=set)
    unsaid: dict[Party, list[tuple[Party, str, Any, str]]] = field(default_factory=dict)
    told: dict[Party, set[int]] = field(default_factory=dict)
    turns: dict[Stream, Turn] = field(default_factory=dict)
    seen: dict[tuple[Stream, Turn], tuple[str, int]] = field(default_factory=dict)
    done: dict[Stream, Turn] = field(default_factory=dict)
    waiting: dict[Stream, dict[Turn, tuple[Message, str]]] = field(default_factory=dict)
    newest: dict[Party, int] = field(default_factory=dict)
    carried: dict[tuple[Party, str], str] = field(default_factory=dict)
    effects: dict[tuple[Party, str], int] = field(default_factory=dict)
    own: dict[str, Message] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    forwarded: dict[str, tuple[Party, str]] = field(default_factory=dict)
    held: dict[tuple[str, Party], Held] = field(default_factory=dict)
    numbers: dict[str, list[str]] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)
    papers: set[int] = field(default_factory=set)

    def copy(self) -> Self:
        """控え: as it is now; the values in it never change, what holds them does."""
        copied: dict[str, Any] = {one.name: _copy(getattr(self, one.name)) for one in fields(self)}
        return type(self)(**copied)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(one) for key, one in value.items()}
    if isinstance(value, (list, set)):
        return value.copy()
    return value
