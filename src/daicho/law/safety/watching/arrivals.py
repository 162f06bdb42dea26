"""到着: how many requests of one address are answered, in a memory that never grows.

Each address has two places in a table of moments; of both the earlier one counts, so that who
shares one place with a flood is not held back with it. A moment says until when what came is paid
for (GCRA): nothing is kept of an address, and nothing is ever cleared away.
"""

from array import array
from ipaddress import IPv4Address, IPv6Address, ip_address
from math import ceil

_SLOT_BITS = 12
SLOTS = 1 << _SLOT_BITS
_TABLES = 2
_NETWORK_BITS = 64  # of IPv6: one line of a customer has that many addresses
UNREADABLE = "unreadable"
"""読めない宛先: all that a header said in no way in which an address is written."""


class Arrivals:
    """到着の数え: so many a minute in the long run, so many at once; of one process."""

    def __init__(self, a_minute: int, at_once: int) -> None:
        self._seconds_each = 60 / a_minute
        self._seconds_ahead = (at_once - 1) * self._seconds_each
        self._paid_until = array("d", bytes(8 * SLOTS * _TABLES))

    def seconds_to_wait(self, address: str, now: float) -> int:
        """待つ秒数: 0 where the request may be answered, and is counted; `now` goes forward only.

        Blank stands for the machine itself, which is not held back.
        """
        if not address:
            return 0
        # keyed anew in each process: nobody chooses an address that shares its place with another.
        # Each place by figures of its own: with the same ones two addresses would share both
        spread = hash(address)
        places = [SLOTS * one + (spread >> one * _SLOT_BITS) % SLOTS for one in range(_TABLES)]
        paid_until = max(min(self._paid_until[one] for one in places), now)
        too_early = paid_until - now - self._seconds_ahead
        if too_early > 0:
            return ceil(too_early)
        paid_until += self._seconds_each
        for one in places:
            self._paid_until[one] = max(self._paid_until[one], paid_until)
        return 0


def whose(remote: str, told: str | None) -> str:
    """宛先: by whom a request is counted; blank where that cannot be told.

    `remote` is the other end of the connection, blank for a socket of this machine. `told` is what
    a header says that the web server in front sets, None where none is believed; it is looked at
    only where that server, on this very machine, is the other end. Of several addresses the last
    was put there by it.
    """
    if not _is_near(remote):
        return _written(remote)
    return "" if told is None else _written(told.rpartition(",")[2])


def _is_near(remote: str) -> bool:
    try:
        return not remote or ip_address(remote).is_loopback
    except ValueError:
        return False


def _written(said: str) -> str:
    try:
        found: IPv4Address | IPv6Address = ip_address(said.strip())
    except ValueError:
        return UNREADABLE
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return f"{int(found) >> (128 - _NETWORK_BITS):x}"
        found = found.ipv4_mapped
    return str(found)
