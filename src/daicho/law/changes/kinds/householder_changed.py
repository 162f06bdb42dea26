"""世帯主変更の審査: what only a change of householder asks (住民基本台帳法25条)."""

from collections.abc import Sequence
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import HouseholderChanged, Scene
from daicho.terms.changes.household_cells import HOUSEHOLDER

_STRANGER = finding(
    "std4-1-4-1.not_a_member",
    refuses=True,
    cites=["STD 4.1.4.1", "STD 11.1"],
    what="世帯員でない者が{count}人含まれています。",
    remedy="世帯を開き直し、今の世帯員だけについて続柄を入力してください。",
    on_item="relationship",
)
_LEFT_OUT = finding(
    "std1-2-1.member_left_out",
    refuses=True,
    cites=["STD 1.2.1", "STD 4.1.4.2"],
    what="新しい続柄が入力されていない世帯員が{count}人います。",
    remedy="世帯主の変更は世帯員全員の記載を変えます。全員の続柄を入力してください。",
    on_item="relationship",
)
_NOBODY = finding(
    "brra25.no_householder",
    refuses=True,
    cites=["BRRA 25", "STD 4.1.4.1"],
    what="新しい世帯主が選ばれていません。",
    remedy="世帯員のうち一人の続柄を世帯主としてください。",
    on_item="relationship",
)
_UNCHANGED = finding(
    "brra25.nothing_changed",
    refuses=True,
    cites=["BRRA 25", "STD 11.1"],
    what="世帯主も、世帯員の続柄も、今の記載と変わりません。",
    remedy="新しい世帯主と、世帯員の新しい続柄を入力してください。",
    on_item="relationship",
)


@rule(cites=["STD 4.1.4.1", "STD 4.1.4.2", "STD 1.2.1", "STD 11.1"], since=date(1967, 11, 10))
def members_named(strangers: int, left_out: int, *, on: date) -> tuple[Finding, ...]:
    """世帯主変更では、その世帯の世帯員全員について、世帯主との続柄を設定する。

    A change of householder says the relationship of every member of the household and of nobody
    else. Counts of persons: named who are no members, members who are not named.
    """
    found = (
        _STRANGER(count=strangers) if strangers else None,
        _LEFT_OUT(count=left_out) if left_out else None,
    )
    return tuple(one for one in found if one is not None)


@rule(cites=["BRRA 25", "STD 4.1.4.1"], since=date(1967, 11, 10))
def householder_named(relationships: Sequence[str], *, on: date) -> Finding | None:
    """世帯主の変更があった者は、新しい世帯主を届け出る。

    Who notifies that the householder has changed says who it is now.
    """
    return None if HOUSEHOLDER in relationships else _NOBODY()


@rule(cites=["BRRA 25", "STD 11.1"], since=date(1967, 11, 10))
def something_changes(changed: int, *, on: date) -> Finding | None:
    """世帯主にも続柄にも変更がない届出は、世帯変更届ではない。

    A change of householder that leaves every 続柄 as it is changes nothing and is none. `changed`
    counts the members who get another.
    """
    return None if changed else _UNCHANGED()


def judge(change: HouseholderChanged, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """世帯主変更の審査: every finding that only a change of householder has."""
    words = change.relationships
    members = {one.record_id: one.relationship for one in scene.members[change.household_number]}
    named = set(words)
    nobody = householder_named(list(words.values()), on=on)
    found = members_named(len(named - set(members)), len(set(members) - named), on=on)
    changed = sum(members.get(one) != word for one, word in words.items())
    unchanged = something_changes(changed, on=on)
    return (*found, *(one for one in (nobody, unchanged) if one is not None))
