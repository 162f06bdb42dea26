"""異動の審査: what the law says of a change before it is recorded; a module for each kind's own."""

from collections.abc import Callable, Mapping, Sequence

from daicho.law.changes import common, moved_in
from daicho.law.rule import Finding
from daicho.terms.changes import Change, MovedIn
from daicho.terms.changes.effects import When
from daicho.terms.changes.recorded import Touched
from daicho.terms.records import Record

# A kind that is not here asks nothing of its own.
_OF_A_KIND: Mapping[type, Callable[..., tuple[Finding, ...]]] = {MovedIn: moved_in.judge}


def judge(
    change: Change,
    when: When,
    basis: str,
    touched: Sequence[Touched],
    after: Mapping[str, Sequence[Record]],
) -> tuple[Finding, ...]:
    """異動の審査: every finding on a change, its kind's own first; see `common.judge`."""
    of_its_kind = _OF_A_KIND.get(type(change))
    own = of_its_kind(change, on=when.processed_on) if of_its_kind else ()
    return (*own, *common.judge(change.kind, when, basis, touched, after))
