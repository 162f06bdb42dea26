"""異動の審査: what the law says of a change before it is recorded; a module for each kind's own."""

from collections.abc import Callable, Mapping, Sequence

from daicho.law.changes import (
    bases,
    common,
    door,
    individual_numbers,
    lateness,
    order,
    reentry,
)
from daicho.law.changes.kinds import (
    born,
    cancelled,
    corrected,
    householder_changed,
    move_in_notice_received,
    moved_in,
    moved_out,
    moved_out_closed,
    moved_within,
    number_assigned,
    number_change_requested,
    record_code_changed,
)
from daicho.law.rule import Finding
from daicho.terms.changes import (
    Born,
    Cancelled,
    Change,
    Corrected,
    HouseholderChanged,
    MovedIn,
    MovedOut,
    MovedOutClosed,
    MovedWithin,
    MoveInNoticeReceived,
    NumberAssigned,
    NumberChangeRequested,
    RecordCodeChanged,
    Scene,
)
from daicho.terms.changes.recorded import Touched
from daicho.terms.records import Record

__all__ = ["OF_A_KIND", "door", "individual_numbers", "judge", "reentry"]

OF_A_KIND: Mapping[type, Callable[..., tuple[Finding, ...]]] = {
    MovedIn: moved_in.judge,
    MovedWithin: moved_within.judge,
    MovedOut: moved_out.judge,
    MovedOutClosed: moved_out_closed.judge,
    MoveInNoticeReceived: move_in_notice_received.judge,
    HouseholderChanged: householder_changed.judge,
    Born: born.judge,
    Corrected: corrected.judge,
    RecordCodeChanged: record_code_changed.judge,
    NumberChangeRequested: number_change_requested.judge,
    NumberAssigned: number_assigned.judge,
    Cancelled: cancelled.judge,
}
"""種別ごとの審査: a kind that is not here asks nothing of its own."""

_BY_BASIS: Mapping[type, Callable[..., tuple[Finding, ...]]] = {
    MovedIn: moved_in.judge_special,
    MovedOut: moved_out.judge_special,
    Corrected: corrected.judge_reading,
    RecordCodeChanged: record_code_changed.judge_basis,
    NumberChangeRequested: number_change_requested.judge_ground,
}
"""根拠による審査: what a kind asks beside, by what the change rests on."""


def judge(
    change: Change,
    scene: Scene,
    basis: str,
    touched: Sequence[Touched],
    after: Mapping[str, Sequence[Record]],
) -> tuple[Finding, ...]:
    """異動の審査: every finding on a change, its kind's own first; see `common.judge`."""
    on = scene.when.processed_on
    of_its_kind = OF_A_KIND.get(type(change))
    own = of_its_kind(change, scene, on=on) if of_its_kind else ()
    of_its_basis = _BY_BASIS.get(type(change))
    by_basis = of_its_basis(change, scene, basis, on=on) if of_its_basis else ()
    wrong_basis = bases.basis_not_lawful(change.kind, basis, on=on)
    return (
        *((wrong_basis,) if wrong_basis else ()),
        *own,
        *by_basis,
        *lateness.judge(change, scene, basis, on=on),
        *order.judge(change, scene, on=on),
        *common.judge(change.kind, scene.when, basis, touched, after),
    )
