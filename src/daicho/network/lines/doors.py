"""門前の拒否を数える: kept in memory and written now and then, so that nobody waits for it."""

from collections import Counter
from threading import Lock

from django.db import connection

from daicho.access import clock
from daicho.network.lines.arrays import columns

_ADD = """
INSERT INTO network_doorcount AS d ("on", peer, fault, count)
SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::bigint[])
ON CONFLICT ("on", peer, fault) DO UPDATE SET count = d.count + EXCLUDED.count
"""


class Doors:
    """数え手: of one process; what it counted since it last wrote is lost with it."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()

    def count(self, peer: str, fault: str) -> None:
        """数える: of which neighbour (blank where nobody knows) which fault."""
        with self._lock:
            self._counted[peer, fault] += 1

    def write(self) -> None:
        """書く: what was counted, by the day."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        rows = [(peer, fault, count) for (peer, fault), count in sorted(counted.items())]
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [clock.today(), *columns(rows, 3)])
