"""特定個人情報ファイルの門: whoever makes or reads a file that holds numbers comes through here."""

from collections.abc import Iterator
from contextlib import contextmanager

from daicho.access.filing import leaves
from daicho.access.people.registering import alone
from daicho.access.permits import Permit, look, trail_refusal
from daicho.access.refusals import Refused
from daicho.law.filing import number_files


class NotMade(Refused):
    """作成の拒否: by the gate."""


@contextmanager
def trailed(permit: Permit) -> Iterator[None]:
    """拒否の記録: stands around the transaction of the work, which a refusal rolls back; only then
    is the refusal trailed, in a transaction of its own, and raised on."""
    try:
        yield
    except NotMade as refused:
        trail_refusal(
            permit, refused.findings, event="number_file_refused", door="filing.gate", leave=""
        )
        raise


def may_make(permit: Permit, file: str, rows: int) -> int:
    """作成: leave to put the numbers of so many persons into a file of the table, or to take them
    from one; trailed, in the transaction of the work. Gives the number of the permit, 0 where the
    file is the law's own. Raises NotMade, naming the article; `trailed` tells of it."""
    assert rows >= 0, "nobody is put into a file less than not at all"
    alone(f"number file {file}")  # of two at once the second sees what the first has used up
    held = next(iter(leaves.in_force(file, permit.on)), None)
    leave = held[1] if held else None
    found = number_files.may_make(file, permit.functions, rows, leave, on=permit.on)
    if found is not None:
        raise NotMade([found])
    row = number_files.number_file(file, permit.on)
    permit_id = held[0] if held and row is not None and not row.by_law else 0
    detail: dict[str, int | str] = {"file": file, "rows": rows, "leave": permit_id}
    look(permit, leaves.MADE, "filing.gate", detail=detail)
    return permit_id
