"""場所の限度: how many connections there may be at once, of all and of each."""

import asyncio
from collections.abc import Callable


class Room:
    """場所: connections by whose they are; where there is none left, whoever came first goes.

    Who means well is through within milliseconds, and who holds a place is the one to lose it: so
    nobody is kept out by those who do nothing.
    """

    def __init__(self, most: int, most_each: int, put_out: Callable[[str], None]) -> None:
        self._most = most
        self._most_each = most_each
        self._put_out = put_out
        self._in: dict[asyncio.Task[None], str] = {}

    def enter(self, one: asyncio.Task[None], whose: str) -> None:
        """A connection comes in; another may have to go."""
        own = [it for it, of in self._in.items() if of == whose]
        if len(own) >= self._most_each:
            self._end(own[0])
        elif len(self._in) >= self._most:
            self._end(next(iter(self._in)))
        self._in[one] = whose

    def leave(self, one: asyncio.Task[None]) -> None:
        """It is here no longer."""
        self._in.pop(one, None)

    def _end(self, one: asyncio.Task[None]) -> None:
        self._put_out(self._in.pop(one))
        one.cancel()
