"""職権修正の審査: what only a correction asks (標準仕様書4.2.3, 1.1.5)."""

from collections.abc import Iterator
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import Corrected, Scene
from daicho.terms.changes.corrected import CORRECTABLE
from daicho.terms.changes.household_cells import HOUSEHOLDER

_NOT_HERE = finding(
    "std4-2-3-1.not_correctable",
    refuses=True,
    cites=["STD 4.2.3.1"],
    what="修正では変えられない項目が含まれています。",
    remedy="世帯、世帯主、住民票コード、個人番号、消除に関する項目は、それぞれの異動で変えてください。",
)
_NOTHING = finding(
    "std4-2-3-1.nothing_corrected",
    refuses=True,
    cites=["STD 4.2.3.1", "STD 4.2.3.3"],
    what="修正する項目がない者が含まれています。",
    remedy="修正後の内容を入力してください。変えるところがなければ、修正は要りません。",
)
_ONLY_NOTE = finding(
    "std1-1-5.only_note",
    refuses=True,
    cites=["STD 1.1.5"],
    what="除票の記載は修正できません。",
    remedy="除票の誤りは、項目を変えずに、留意事項を入力してください。",
    on_item="note",
)
_HEAD = finding(
    "std4-2-3-1.householder",
    refuses=True,
    cites=["STD 4.2.3.1", "STD 4.1.4.1"],
    what="修正によって、世帯主の続柄を改め、又は世帯主を定めることはできません。",
    remedy="世帯主変更を行ってください。職権によることもできます。",
    on_item="relationship",
)


@rule(cites=["STD 4.2.3.1"], since=date(1967, 11, 10))
def not_correctable(item: str, *, on: date) -> Finding | None:
    """修正は、異動によって変わる項目を除く記載事項について行う。

    A correction is of the items of a record but those that changes of other kinds, or the program
    itself, keep. Asked of the column of an `item`.
    """
    return None if item in CORRECTABLE else _NOT_HERE()


@rule(cites=["STD 4.2.3.1", "STD 4.2.3.3", "STD 1.1.5"], since=date(1967, 11, 10))
def what_is_corrected(living: bool, states: bool, has_note: bool, *, on: date) -> Finding | None:
    """誤りは項目を修正し、履歴に残す。除票の誤りは、上書きせずに留意事項を入力することで正す。

    A resident's record is corrected by items, a closed one by a note alone. `states`: it says new
    cells of the person.
    """
    if living:
        return None if states else _NOTHING()
    return None if has_note and not states else _ONLY_NOTE()


@rule(cites=["STD 4.2.3.1", "STD 4.1.4.1"], since=date(1967, 11, 10))
def householder_kept(before: str, after: str, *, on: date) -> Finding | None:
    """世帯主が変わるときは、修正ではなく世帯主変更とする。

    Who is 世帯主, or becomes it, does so by a change of householder. The 続柄 before and after.
    """
    return _HEAD() if before != after and HOUSEHOLDER in (before, after) else None


def judge(change: Corrected, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """職権修正の審査: every finding that only a correction has."""
    return tuple(dict.fromkeys(one for one in _found(change, scene, on) if one is not None))


def _found(change: Corrected, scene: Scene, on: date) -> Iterator[Finding | None]:
    differing = change.corrections(scene)
    for record_id, cells in change.items.items():
        before = scene.befores[record_id]
        yield from (not_correctable(column, on=on) for column in cells)
        states = bool(differing[record_id])
        yield what_is_corrected(before.is_living, states, bool(change.note), on=on)
        word = cells.get("relationship", before.relationship)
        yield householder_kept(before.relationship, str(word or ""), on=on)
