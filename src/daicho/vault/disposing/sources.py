"""廃棄の根拠: who knows of a record whether its number is still needed.

The vault stands below the register and below what the other tiers hold; whoever keeps the records
of a role says so of them, and is named here when its app is loaded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from daicho.law.retention.of_numbers import Kept


@dataclass(frozen=True)
class Source:
    """廃棄の根拠を知るもの: `hold` keeps everybody from changing a record until the transaction
    ends; `kept` says of each of these records by what its number is held on a day."""

    hold: Callable[[], None]
    kept: Callable[[Sequence[UUID], date], "Mapping[UUID, Kept]"]


_named: list[Source] = []


class NoSource(RuntimeError):
    """廃棄の根拠がない: nobody in this role keeps records, so that no number is known to be due."""


def name(source: Source) -> None:
    """Name who keeps the records of this role; once, at the start."""
    _named[:] = [source]


def source() -> Source:
    """Who keeps the records of this role; raises NoSource."""
    if not _named:
        raise NoSource("個人番号の廃棄は、住民の記録を持つ役割だけで行えます。")
    return _named[0]
