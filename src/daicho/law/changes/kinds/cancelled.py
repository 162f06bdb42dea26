"""異動の取消しの審査: what only a cancellation asks (標準仕様書4.6.0.1)."""

from collections.abc import Iterator
from datetime import date

from daicho.law.changes.door import household_is_free
from daicho.law.entries.case import asked
from daicho.law.record_codes import code_returns
from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import Cancelled, Scene
from daicho.terms.changes.cancelled import NOT_CANCELLABLE

_NO_KIND = finding(
    "std4-6-0-1.not_cancellable",
    refuses=True,
    cites=["STD 4.6.0.1"],
    what="取り消すことのできない異動です。",
    remedy="取消しを取り消すときは、もとの異動を改めて入力してください。"
    "移行した履歴の誤りは、職権修正で正してください。個人番号の誤りは、個人番号の変更を求めて正します。",
)
_NOT_LAST = finding(
    "std4-6-0-1.not_last",
    refuses=True,
    cites=["STD 4.6.0.1", "STD 11.1"],
    what="取り消そうとする異動の後に、別の異動がある者が含まれています。",
    remedy="後の異動から順に取り消してください。",
)
_TWICE = finding(
    "std4-6-0-1.twice",
    refuses=True,
    cites=["STD 4.6.0.1", "STD 11.1"],
    what="すでに取り消された異動です。",
    remedy="履歴を開き直して、取消しを確かめてください。",
)
_NOT_ITS = finding(
    "std4-6-0-1.not_touched",
    refuses=True,
    cites=["STD 4.6.0.1"],
    what="取り消そうとする異動の異動者でない者が含まれています。",
    remedy="その異動の異動者の全部又は一部を選んでください。",
)
_NO_HOUSEHOLD = finding(
    "std4-6-0-1.new_household",
    refuses=True,
    cites=["STD 4.6.0.1"],
    what="元の世帯が元の住所にないため、異動前の世帯に戻せない者が{count}人います。",
    remedy="元の住所に新しい世帯を作ります。新しい世帯番号を付けてください。",
    on_item="household_number",
)


@rule(cites=["STD 4.6.0.1", "STD 11.1"], since=date(1967, 11, 10))
def cancellable(
    kind: str, touched: bool, cancelled: bool, last: bool, *, on: date
) -> Finding | None:
    """異動の取消しは、取り消していない最後の異動について、異動前の状態の履歴を追加して行う。

    What is cancelled is the last change of a person that is in force, once; a cancellation itself
    is not, nor what the 機構 made, which does not count as the last either. Asked of each person:
    did the change touch them, is it cancelled, is it their last.
    """
    if kind in NOT_CANCELLABLE:
        return _NO_KIND()
    if not touched:
        return _NOT_ITS()
    if cancelled:
        return _TWICE()
    return None if last else _NOT_LAST()


@rule(cites=["STD 4.6.0.1"], since=date(1967, 11, 10))
def returns_to_household(homeless: int, has_new: bool, *, on: date) -> Finding | None:
    """住所に係る異動の取消しでは、元の世帯に戻し、元の世帯がなければ元の住所に新たな世帯を作る。

    Who is back from a change of address is of the former household again, or of a new one at the
    old address where it has gone. Persons without it; whether a new 世帯番号 is given.
    """
    return _NO_HOUSEHOLD(count=homeless) if homeless and not has_new else None


def judge(change: Cancelled, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """取消しの審査: every finding that only a cancellation has."""
    return tuple(dict.fromkeys(one for one in _found(change, scene, on) if one is not None))


def _found(change: Cancelled, scene: Scene, on: date) -> Iterator[Finding | None]:
    undone = scene.undone
    if undone is None:
        return
    for one in change.record_ids:
        yield cancellable(
            undone.kind,
            one in undone.effects,
            one in undone.cancelled,
            undone.last_of.get(one) == undone.change_id,
            on=on,
        )
        if (effect := undone.effects.get(one)) is not None:
            yield asked(code_returns, effect.reason, on=on)
    homeless = len(change.homeless(scene))
    yield returns_to_household(homeless, bool(change.household_number), on=on)
    taken = bool(homeless and scene.members.get(change.household_number))
    yield household_is_free(not taken, on=on)
