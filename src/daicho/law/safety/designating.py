"""従事者の指定: who is charged with the affairs of a tree, and who may charge whom with them."""

from collections.abc import Collection
from datetime import date

from daicho.law import purposes
from daicho.law.rule import Finding, finding, rule, words
from daicho.law.safety.entering import KINDS
from daicho.law.safety.responsibles import ROLES, TREES, Role, roles

DESIGNATES = "security_manager"
"""指定する担当: the post that comes with a role whose bearers designate for their own tree."""

words(TREES.values())
words(one.name for one in ROLES)
words(one.name for one in KINDS.values())
for _purpose in purposes.PURPOSES:
    assert not _purpose.tree or _purpose.tree in TREES, f"{_purpose.code}: {_purpose.tree}"

_NOT_DESIGNATED = finding(
    "access.not_designated",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="「{purpose}」は、「{tree}」の事務の従事者に指定された者だけが利用できます。",
    remedy="{designator}に、従事者の指定を依頼してください。",
)
_OTHER_TREE = finding(
    "access.designates_other_tree",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="「{tree}」の事務の従事者は、{designator}だけが指定します。",
    remedy="{designator}に、従事者の指定を依頼してください。",
)
_KIND = finding(
    "access.kind_not_chargeable",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="「{kind}」は、「{tree}」の事務の従事者に指定できません。",
    remedy="職員の中から指定してください。区分が違うときは、操作者の登録を直してください。",
)

_NO_ROLE = finding(
    "access.kind_bears_no_role",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="この区分の者は、「{tree}」の責任者の役割を負う職に就けません。",
    remedy="その系統の従事者になれる区分の者を選ぶか、役割を別の職に充ててください。",
)


def designators(tree: str, on: date) -> tuple[Role, ...]:
    """指定する役割: the roles of a tree whose bearers designate on that day."""
    return tuple(one for one in roles(on) if one.tree == tree and DESIGNATES in one.posts)


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=date(1967, 11, 10))
def designated(purpose: str, trees: Collection[str], on: date) -> Finding | None:
    """本人確認情報又は特定個人情報等を扱う事務は、その系統の責任者が指定した従事者だけが行う。

    Affairs of a tree are only for those whom its responsible has designated; None means that the
    person may, or that on that day nobody designated for them.
    """
    row = purposes.purpose(purpose, on=on)
    if not row.tree or row.tree in trees or not designators(row.tree, on):
        return None
    return _NOT_DESIGNATED(
        purpose=row.name, tree=TREES[row.tree], designator=designators(row.tree, on)[0].name
    )


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=date(2002, 8, 5))
def may_designate(roles_borne: Collection[str], tree: str, on: date) -> Finding | None:
    """従事者は、その系統の責任者の役割を負う者が指定する。

    Only who bears a designating role of that very tree designates for it.
    """
    who = designators(tree, on)
    if not who or any(one.code in roles_borne for one in who):
        return None
    return _OTHER_TREE(tree=TREES[tree], designator=who[0].name)


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=date(2002, 8, 5))
def chargeable(kind: str, tree: str, on: date) -> Finding | None:
    """従事者に指定できるのは、その系統の事務に充てられる区分の者に限る。

    Only persons of a kind that may be charged with the affairs of the tree are designated.
    """
    del on  # the kinds have no second version yet
    if tree in KINDS[kind].trees:
        return None
    return _KIND(kind=KINDS[kind].name, tree=TREES[tree])


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=date(1967, 11, 10))
def may_bear(kind: str, roles_of_position: Collection[str], on: date) -> Finding | None:
    """責任者の役割は、その系統の事務に充てられる区分の者だけが負う。

    Who may not be charged with the affairs of a tree answers for none of its roles either.
    """
    trees = KINDS[kind].trees if kind in KINDS else ()
    for one in roles(on):
        if one.code in roles_of_position and one.tree not in trees:
            return _NO_ROLE(tree=TREES[one.tree])
    return None
