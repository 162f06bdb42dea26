"""世帯の欄: the cells of who heads a household, which every member's record repeats (1.2.1)."""

from collections.abc import Iterable, Iterator, Mapping

from daicho.terms.changes.effects import Effect, What
from daicho.terms.records import Cell, Record

HOUSEHOLDER = "世帯主"


def householder_cells(householder: Record | None) -> dict[str, Cell]:
    """世帯主の氏名: as the records of the members show it; blank where there is none (1.1.10)."""
    if householder is None:
        return {"householder_name": "", "householder_name_kana": ""}
    name = householder.common_name or householder.name.joined
    return {"householder_name": name, "householder_name_kana": householder.name_kana.joined}


def householder_of(members: Iterable[Record]) -> Record | None:
    """世帯主: the member who heads the household, or None."""
    return next((one for one in members if one.relationship == HOUSEHOLDER), None)


def left_behind(
    members: Iterable[Record], *, leaving: Iterable[Record], processed: Mapping[str, Cell]
) -> Iterator[Effect]:
    """残る世帯員 (4.0.4): what becomes of those whose householder leaves.

    One who stays alone becomes 世帯主 ex officio; two or more stand without one until they
    notify, their 続柄 blank. A household that keeps its householder is not touched.
    """
    gone = {one.record_id for one in leaving}
    staying = [one for one in members if one.record_id not in gone]
    if not staying or householder_of(staying) is not None:
        return
    if householder_of(members) is None:
        return  # it stood without one before
    for one in staying:
        alone = len(staying) == 1
        head = householder_cells(one if alone else None)
        relationship = HOUSEHOLDER if alone else ""
        cells = {**head, "relationship": relationship, **processed}
        yield Effect(one.record_id, What.CHANGES, "householder_changed", cells)
