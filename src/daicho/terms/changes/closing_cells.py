"""除票の欄: the cells of a record that closes (standard 1.1.5)."""

from collections.abc import Mapping

from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.records import ITEMS, Cell, Record, difference, laid_on, to_row

LEAVING = ("moved_out", "moved_out_abroad")
"""転出の消除事由: of these a resident may have plans before the record closes."""

_OF_CLOSING = tuple(one.column for one in ITEMS if one.closed_only)


def closes(
    before: Record, scene: Scene, reason: str, cells: Mapping[str, Cell], remark: str = ""
) -> Effect:
    """消除: the effect that closes a record, `cells` what it then says of its closing.

    All that it says of its closing stands in the effect, also what was planned before: a plan
    whose day is still to come has not taken effect when the record closes earlier.
    """
    processed_on = scene.when.processed_on.isoformat()
    after = laid_on(before, {**cells, "processed_on": processed_on})
    row = to_row(after)
    said = {column: row[column] for column in _OF_CLOSING if row[column] not in ("", None)}
    laid = {**difference(before, after), **said, "state": after.state}
    return Effect(before.record_id, What.CLOSES, reason, laid, remark)
