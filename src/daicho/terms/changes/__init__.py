"""異動: the changes themselves, one file a kind; what a ledger row's body says.

`KINDS` maps the stem of each kind to its class. `read` gives the statement of a body, bringing old
versions up to the present one; one example of every (kind, v) is kept for ever.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, Self
from uuid import UUID

from daicho.terms.changes.born import Born
from daicho.terms.changes.cancelled import Cancelled
from daicho.terms.changes.corrected import Corrected
from daicho.terms.changes.declared_missing import DeclaredMissing
from daicho.terms.changes.died import Died
from daicho.terms.changes.effects import Effect, Scene
from daicho.terms.changes.householder_changed import HouseholderChanged
from daicho.terms.changes.imported import Imported
from daicho.terms.changes.move_in_notice_received import MoveInNoticeReceived
from daicho.terms.changes.moved_in import MovedIn
from daicho.terms.changes.moved_out import MovedOut
from daicho.terms.changes.moved_out_closed import MovedOutClosed
from daicho.terms.changes.moved_within import MovedWithin
from daicho.terms.changes.number_assigned import NumberAssigned
from daicho.terms.changes.number_change_requested import NumberChangeRequested
from daicho.terms.changes.record_code_changed import RecordCodeChanged


class Change(Protocol):
    """異動: what every kind offers that a person states (all but `Imported`)."""

    kind: ClassVar[str]
    v: ClassVar[int]

    @property
    def record_ids(self) -> tuple[UUID, ...]: ...
    @property
    def household_numbers(self) -> tuple[str, ...]: ...
    def effects(self, scene: Scene) -> tuple[Effect, ...]: ...
    def to_body(self) -> dict[str, Any]: ...
    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self: ...


_KINDS: tuple[type[Change], ...] = (
    MovedIn,
    MovedWithin,
    MovedOut,
    MovedOutClosed,
    MoveInNoticeReceived,
    HouseholderChanged,
    Born,
    Died,
    DeclaredMissing,
    Corrected,
    RecordCodeChanged,
    NumberChangeRequested,
    NumberAssigned,
    Cancelled,
)
KINDS: Mapping[str, type[Change]] = {one.kind: one for one in _KINDS}
"""異動の種別: every kind that is stated, by its stem, in the order of the Act."""


def read(kind: str, v: int, body: Mapping[str, Any]) -> Change:
    """The statement in a ledger row's body; KeyError for a kind this program does not know."""
    return KINDS[kind].from_body(v, body["said"])


__all__ = [
    "KINDS",
    "Born",
    "Cancelled",
    "Change",
    "Corrected",
    "DeclaredMissing",
    "Died",
    "Effect",
    "HouseholderChanged",
    "Imported",
    "MoveInNoticeReceived",
    "MovedIn",
    "MovedOut",
    "MovedOutClosed",
    "MovedWithin",
    "NumberAssigned",
    "NumberChangeRequested",
    "RecordCodeChanged",
    "Scene",
    "read",
]
