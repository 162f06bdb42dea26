"""知らせる: the relay of a line wakes when something was handed over to it, and no other.

Of other processes it hears nothing, and looks by itself from time to time.
"""

from threading import Event

from daicho.network.protocol.parties import Party

_relays: dict[Party, Event] = {}


def listen(neighbour: Party, wake: Event) -> None:
    """聞く: this event is set when the line to that neighbour has something new."""
    _relays[neighbour] = wake


def wake(neighbour: Party) -> None:
    """知らせる: once what was handed over is committed."""
    if neighbour in _relays:
        _relays[neighbour].set()
