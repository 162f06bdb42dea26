"""発行番号 (標準仕様書 5.5): the running number of a terminal on a day, drawn once each.

A number is drawn before the paper is set, in a transaction of its own: what is refused afterwards
leaves a gap, which is lawful, and two clerks never wait for each other's papers.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

# Printers are not registered yet: each terminal has its own, the first.
PRINTER = "P001"

# Not waited for until it is on the disk: whatever is issued under the number is committed later,
# and that commit takes the number along; one that was lost with a crash is on no paper.
_NEXT = """
WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO certificates_serial (terminal, "on", last) SELECT %s, %s, 1 FROM soon
ON CONFLICT (terminal, "on") DO UPDATE SET last = certificates_serial.last + 1
RETURNING last
"""


@dataclass(frozen=True)
class IssueNumber:
    """発行番号: day, terminal, printer and running number; the paper adds the municipality."""

    issued_on: date
    terminal: str
    serial: int
    printer: str = PRINTER

    def __str__(self) -> str:
        """Of letters that any file name and the two-dimensional code can hold."""
        return f"{self.issued_on:%Y%m%d}-{self.terminal}-{self.printer}-{self.serial:03}"


def draw(terminal: str, on: date) -> IssueNumber:
    """The next number of that terminal on that day, in a transaction of its own: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [terminal, on])
        (serial,) = cursor.fetchone()
    return IssueNumber(on, terminal, int(serial))
