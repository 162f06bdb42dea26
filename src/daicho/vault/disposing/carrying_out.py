"""廃棄の実施: the numbers of an approved list are destroyed, batch by batch.

Each batch is a transaction of its own that first keeps everybody from changing the records and asks
again whether they are still not needed. Cut off anywhere, the same call goes on where it was; what
is done is never done again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from daicho.access.people.registering import refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.retention import disposing
from daicho.vault.disposing import proofs, rows, sources
from daicho.vault.disposing.steps import step, there, trail

LINES_AT_ONCE = 100
Progress = Callable[[int], None]
"""途中経過: is told how many lines are still to be carried out."""


@dataclass(frozen=True)
class CarriedOut:
    """廃棄の結果: lines whose numbers are gone now, and lines that were kept as needed again."""

    destroyed_count: int
    kept_count: int


def quietly(_left_count: int) -> None:
    """Nobody looks at the progress."""


def carry_out(permit: Permit, list_id: int, progress: Progress = quietly) -> CarriedOut:
    """廃棄: all that an approved list has left; then the list is closed. Raises Refused."""
    demand_work(permit, "disposal_work")
    destroyed = kept = 0
    while batch := _batch(permit, list_id):
        destroyed, kept = destroyed + batch.destroyed_count, kept + batch.kept_count
        progress(there(list_id).left_count)
    _finish(permit, list_id)
    return CarriedOut(destroyed, kept)


def _batch(permit: Permit, list_id: int) -> CarriedOut | None:
    """One batch, or None where nothing is left."""
    with step(permit, "carry_out", list_id, done_as="disposal_finished") as done:
        if done:
            return None
        listed = there(list_id)
        refuse([disposing.may_carry_out(listed.facts, on=permit.on)])
        its = sources.source()
        its.hold()
        trail_id = trail(permit, "disposal_batch", detail={"list": list_id})
        waiting = rows.to_destroy(trail_id, list_id, LINES_AT_ONCE)
        if not waiting:
            return None
        now = its.kept(waiting, permit.on)
        due = [one for one in waiting if now[one].is_due(permit.on)]
        needed = [one for one in waiting if not now[one].is_due(permit.on)]
        if due:
            detail: dict[str, int | str] = {"list": list_id, "rows": len(due)}
            rows.destroy(trail(permit, "disposal_done", due, detail), list_id)
        if needed:
            detail = {"list": list_id, "rows": len(needed)}
            rows.keep(trail(permit, "disposal_kept", needed, detail), list_id)
        return CarriedOut(len(due), len(needed))


def _finish(permit: Permit, list_id: int) -> None:
    with step(permit, "carry_out", list_id, done_as="disposal_finished") as done:
        if done:
            return
        listed = there(list_id)
        refuse([disposing.may_carry_out(listed.facts, on=permit.on)])
        digest = proofs.digest_of_outcomes(listed, rows.lines(list_id))
        detail: dict[str, int | str] = {
            "list": list_id,
            "rows": listed.done_count,
            "digest": digest.hex(),
        }
        rows.finish(trail(permit, "disposal_finished", detail=detail), list_id)
