"""カードの失効: for which reasons a card no longer proves its person."""

from collections.abc import Mapping
from datetime import date

from daicho.law.own_log.withheld import SINCE
from daicho.law.rule import rule
from daicho.law.tables import Row, table

_BY = frozenset({"hand", "record"})
_CLOSED = "record_closed"
_ROWS = table("own_log_stops").keyed()


def _checked(row: Row) -> Row:
    row.only("code", "name", "by")
    if row.text("by") not in _BY or (row.text("by") == "record") != (row.text("code") == _CLOSED):
        raise row.wrong(f"by is one of {sorted(_BY)}, and the record tells of {_CLOSED} alone")
    if not row.because:
        raise row.wrong("a card is stopped for a reason that is written down")
    return row


_BY_HAND = [row for row in map(_checked, _ROWS) if row.text("by") == "hand"]
REVOKED: Mapping[str, str] = {row.text("code"): row.text("name") for row in _BY_HAND}
"""失効の理由: those that are written down, by code."""


@rule(cites=["BRRA 36-2(1)", "PIPA 77(2)"], since=SINCE)
def stopped_by_record(was_closed: bool, on: date) -> bool:
    """カードは、その者の住民票が消除されたとき使えなくなり、再び住民になっても元に戻らない。

    Is a card stopped since its person's record was closed, at any moment after the card was
    registered? What came later, a new residence or a cancelled closing, does not matter.
    """
    return was_closed and _ROWS.find(_CLOSED, on) is not None
