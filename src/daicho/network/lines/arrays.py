"""配列: rows as columns, for statements that take many rows at once (`unnest`)."""

from collections.abc import Collection
from typing import Any


def columns(rows: Collection[tuple[Any, ...]], count: int) -> list[list[Any]]:
    """列: of so many, in the order of the rows."""
    return [[row[at] for row in rows] for at in range(count)]
