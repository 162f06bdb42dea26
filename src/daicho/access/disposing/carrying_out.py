"""廃棄の実施: what the lines of an approved list stand for is deleted, and its traces in the files.

Each line, and each table that is then written anew, is a transaction of its own. Cut off anywhere,
the same call goes on where it was; what is done is never done again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from daicho.access.disposing import lists, proofs
from daicho.access.disposing.deciding import key
from daicho.access.disposing.lists import WAY, there
from daicho.access.disposing.sources import sources
from daicho.access.disposing.steps import Unfit, step, who
from daicho.access.models import DisposalOutcome, DisposalStep
from daicho.access.people.registering import alone, refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.retention import disposing

BYTES_BY_DAY = 500_000_000
"""画面からの廃棄の上限: a larger table is written anew at night, by the command: nobody else reads
or writes it meanwhile, and the web server ends what takes half a minute."""
Progress = Callable[[int], None]
"""途中経過: is told how many lines are still to be carried out."""


@dataclass(frozen=True)
class CarriedOut:
    """廃棄の結果: rows that are gone now, and lines that were kept, being other than approved."""

    destroyed_count: int
    kept_count: int


def quietly(_left_count: int) -> None:
    """Nobody looks at the progress."""


def carry_out_by_day(permit: Permit, list_id: int, bytes_most: int = BYTES_BY_DAY) -> CarriedOut:
    """画面からの廃棄: only where no table is so large that the counter would stand still."""
    demand_work(permit, "retention_work")
    with step(WAY, permit, "carry_out", list_id, done_as="retention_finished") as done:
        there(list_id)
        if not done and lists.size_bytes(_tables(list_id, "", "destroyed")) > bytes_most:
            raise Unfit("large")
    return carry_out(permit, list_id)


def carry_out(permit: Permit, list_id: int, progress: Progress = quietly) -> CarriedOut:
    """廃棄: all that an approved list has left; then the list is closed. Raises Refused."""
    demand_work(permit, "retention_work")
    destroyed = kept = 0
    while (line := _line(permit, list_id)) is not None:
        destroyed, kept = destroyed + line.destroyed_count, kept + line.kept_count
        progress(there(list_id).left_count)
    for table in _tables(list_id, "destroyed"):
        _rewrite(permit, list_id, table)
    _finish(permit, list_id)
    return CarriedOut(destroyed, kept)


def _line(permit: Permit, list_id: int) -> CarriedOut | None:
    """One line, or None where none is left."""
    with step(WAY, permit, "carry_out", list_id, done_as="retention_finished") as done:
        if done:
            return None
        alone(key(list_id))
        refuse([disposing.may_carry_out(there(list_id).facts, on=permit.on)])
        line = next((one for one in lists.lines(list_id) if one.waits), None)
        if line is None:
            return None
        detail = {"list": list_id, "rows": line.row_count}
        trail_id = WAY.trail(permit, "retention_done", detail=detail)
        source = sources()[line.kind]
        lists.patiently()
        source.hold()
        count = lists.destroy(line.kind, trail_id, line.line_id)
        if count:
            source.renew()
        if count is None:
            WAY.trail(permit, "retention_kept", detail=detail)
        DisposalOutcome.objects.create(
            line_id=line.line_id,
            outcome="kept" if count is None else "destroyed",
            row_count=count or 0,
        )
        return CarriedOut(count or 0, int(count is None))


def _tables(list_id: int, *outcomes: str) -> list[str]:
    """The tables of the lines with such an outcome: where anything is deleted, or is to be."""
    lines = lists.lines(list_id)
    gone = {one.kind for one in lines if not one.taken_off and one.outcome in outcomes}
    known = sources()
    return [table for kind in sorted(gone) for table in known[kind].tables]


def _rewrite(permit: Permit, list_id: int, table: str) -> None:
    with step(WAY, permit, "carry_out", list_id, done_as="retention_finished") as done:
        if done:
            return
        alone(key(list_id))
        refuse([disposing.may_carry_out(there(list_id).facts, on=permit.on)])
        if not lists.is_rewritten(table, list_id):
            detail: dict[str, int | str] = {"list": list_id, "table": table}
            trail_id = WAY.trail(permit, "retention_rewritten", detail=detail)
            lists.rewrite(trail_id, list_id, table)


def _finish(permit: Permit, list_id: int) -> None:
    with step(WAY, permit, "carry_out", list_id, done_as="retention_finished") as done:
        if done:
            return
        alone(key(list_id))
        listed = there(list_id)
        refuse([disposing.may_carry_out(listed.facts, on=permit.on)])
        _nothing_is_left(list_id)
        digest = proofs.digest_of_outcomes(listed, lists.lines(list_id))
        detail: dict[str, int | str] = {
            "list": list_id,
            "rows": listed.done_count,
            "digest": digest.hex(),
        }
        DisposalStep.objects.create(
            list_id=list_id,
            is_end=True,
            by_id=who(permit).operator_id,
            trail_id=WAY.trail(permit, "retention_finished", detail=detail),
            digest=digest,
        )


def _nothing_is_left(list_id: int) -> None:
    """Raise Unfit where a row, or a file that may still hold one, is left of what was deleted."""
    gone = [one for one in lists.lines(list_id) if one.outcome == "destroyed"]
    if any(lists.found_of(one.kind, one.month)[0] for one in gone):
        raise Unfit("left")
    if not all(lists.is_rewritten(table, list_id) for table in _tables(list_id, "destroyed")):
        raise Unfit("busy")
