"""異動: the changes themselves, one file a chapter; what a ledger row's body says.

`KINDS` maps the stem of each kind to its class. A body is read by `read(kind, v, body)`, which
brings old versions up to the present one; one example of every (kind, v) is kept for ever.
"""

from collections.abc import Mapping
from typing import Any, Protocol, Self

from daicho.terms.changes.imported import Imported


class Change(Protocol):
    """異動: what every kind offers."""

    kind: str
    v: int

    def to_body(self) -> dict[str, Any]: ...
    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self: ...


KINDS: Mapping[str, type[Imported]] = {Imported.kind: Imported}


def read(kind: str, v: int, body: Mapping[str, Any]) -> Imported:
    """The change that a ledger row holds; KeyError for a kind this program does not know."""
    return KINDS[kind].from_body(v, body)


__all__ = ["KINDS", "Change", "Imported", "read"]
