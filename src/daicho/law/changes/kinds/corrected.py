"""職権修正の審査: what only a correction asks (標準仕様書4.2.3, 1.1.5)."""

from collections.abc import Iterator
from datetime import date

from daicho.law.entries.case import asked
from daicho.law.entries.names import READINGS_SINCE_ON
from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import Corrected, Scene
from daicho.terms.changes.corrected import CORRECTABLE
from daicho.terms.changes.household_cells import HOUSEHOLDER
from daicho.terms.changes.reasons import BASES

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
_READING_WITHOUT_NOTICE = finding(
    "brra7.reading_without_notice",
    refuses=False,
    cites=["BRRA 7[1-2]", "STD 4.2.3.1"],
    what="戸籍の通知によらずに、氏名の振り仮名を修正する者が{count}人います。",
    remedy="戸籍に記載された振り仮名を確かめてください。通知を受けているときは、根拠を通知に改めてください。"
    "この住民票の誤記であれば、そのまま進められます。",
    on_item="family_name_reading",
)
_READINGS = frozenset({"family_name_reading", "given_name_reading"})


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


@rule(cites=["BRRA 7[1-2]", "STD 4.2.3.1"], since=READINGS_SINCE_ON)
def reading_without_notice(basis: str, count: int, *, on: date) -> Finding | None:
    """氏名の振り仮名は戸籍に記載されたものであり、その修正は、戸籍の通知による。

    The reading of a name is that of the family register: to correct it without a notice from
    there asks. `basis` is 届出, 職権, 申出, 通知 or 請求; `count` of those whose reading changes.
    """
    return _READING_WITHOUT_NOTICE(count=count) if count and basis != "通知" else None


def judge_reading(change: Corrected, scene: Scene, basis: str, *, on: date) -> tuple[Finding, ...]:
    """振り仮名の修正の審査: `basis` is a code of `BASES`."""
    differing = change.corrections(scene)
    count = sum(not _READINGS.isdisjoint(cells) for cells in differing.values())
    found = asked(reading_without_notice, BASES[basis], count, on=on)
    return (found,) if found else ()


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
