"""世帯員の並び順: the order in which a household's members are written (standard 5.2)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from daicho.terms.relationships import Kin, Relationship, is_child_line

_LEADS = frozenset({Kin.CHILD, Kin.SIBLING, Kin.RELATIVE})
_OUTSIDERS = frozenset({Kin.CONNECTED, Kin.LODGER})
_RANKS = {
    Kin.HOUSEHOLDER: (1, 1),
    Kin.SPOUSE: (1, 2),
    Kin.CHILD: (1, 3),
    Kin.PARENT: (3, 1),
    Kin.SIBLING: (3, 2),
    Kin.GRANDPARENT: (3, 3),
    Kin.CONNECTED: (4, 2),
    Kin.LODGER: (4, 3),
}
_LAST = (9, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Member:
    """世帯員: what the order asks of one member.

    `born_on` is the internal day of birth (never a guess that is printed); `position` the stored
    place, None for one who has just joined. `family` is any mark that members of one family share
    and others do not (their 戸籍, say): it tells whose wife a 子の妻 is where there are two 子.
    """

    relationship: Relationship | None
    born_on: date | None
    address_number: str
    heads_family_register: bool = False
    position: int | None = None
    family: str = ""

    @property
    def seniority(self) -> tuple[date, str]:
        """生年月日の順、宛名番号の順: the elder first, unknown births last."""
        return self.born_on or date.max, self.address_number.zfill(15)


def household_order(members: Iterable[Member]) -> tuple[Member, ...]:
    """並び順: stored places are kept; those without one follow at the end, ranked among themselves.

    A household where nobody has a place is ranked as a whole. To rank anew, clear the positions.
    """
    placed: list[tuple[int, Member]] = []
    joined: list[Member] = []
    for member in members:
        if member.position is None:
            joined.append(member)
        else:
            placed.append((member.position, member))
    placed.sort(key=lambda pair: (pair[0], pair[1].seniority))
    return (*(member for _, member in placed), *ranked(joined))


def ranked(members: Iterable[Member]) -> tuple[Member, ...]:
    """順位: `members` by 第1–第4順位, stored places disregarded; without 続柄 last.

    A family (a child or other relative with spouse and children) stands together under its head.
    Whose spouse or child one is follows from `family`, else the eldest whom the 続柄 fits.
    """
    families = [_Family(member) for member in sorted(members, key=lambda m: m.seniority)]
    heads = [family for family in families if not _follows(family, families)]
    heads.sort(key=lambda family: (_rank(family), family.head.seniority))
    return tuple(member for family in heads for member in _written(family))


@dataclass(eq=False, slots=True)
class _Family:
    head: Member
    spouses: list["_Family"] = field(default_factory=list)
    others: list["_Family"] = field(default_factory=list)

    @property
    def has_followers(self) -> bool:
        return bool(self.spouses or self.others)


def _follows(family: _Family, families: Sequence[_Family]) -> bool:
    """Puts `family` under the head it belongs to; False if it stands by itself."""
    its_heads = _possible_heads(family.head, families)
    if not its_heads or its_heads[0] is family:
        return False
    if family.head.relationship is not None and family.head.relationship.is_spouse:
        head = next((one for one in its_heads if not one.spouses), its_heads[0])
        head.spouses.append(family)
    else:
        its_heads[0].others.append(family)
    return True


def _possible_heads(member: Member, families: Sequence[_Family]) -> list[_Family]:
    relationship = member.relationship
    if relationship is None:
        return []
    if relationship.kin in _OUTSIDERS:
        alike = [one for one in families if one.head.relationship == relationship]
        return [one for one in alike if member.family and one.head.family == member.family]
    fitting = [one for one in families if _leads(one.head.relationship, relationship)]
    marked = [one for one in fitting if member.family and one.head.family == member.family]
    return marked or fitting


def _leads(head: Relationship | None, relationship: Relationship) -> bool:
    return head is not None and head.kin in _LEADS and head.words == relationship.family_head


def _rank(family: _Family) -> tuple[int, int, int, int]:
    """(順位, place in it, place among 親族, 筆頭者 or 世代), small first."""
    relationship = family.head.relationship
    if relationship is None:
        return _LAST
    register = 0 if family.head.heads_family_register else 1
    if relationship.kin is Kin.RELATIVE:
        return _rank_of_relative(relationship, register, has_family=family.has_followers)
    if relationship.kin is Kin.CHILD and family.has_followers:
        return 2, 1, 0, 0
    if relationship.kin is Kin.SIBLING and family.has_followers:
        return 4, 1, 4, 1
    by_register = relationship.kin in (Kin.PARENT, Kin.GRANDPARENT)
    return *_RANKS[relationship.kin], 0, register if by_register else 0


def _rank_of_relative(
    relationship: Relationship, register: int, *, has_family: bool
) -> tuple[int, int, int, int]:
    if is_child_line(relationship):
        return 2, 2, 0, 0
    in_law = relationship.through_spouse
    if in_law in (Kin.PARENT, Kin.GRANDPARENT):
        return 4, 1, _RANKS[in_law][1], register
    if in_law is Kin.SIBLING and not has_family:
        return 4, 1, _RANKS[in_law][1], 0
    return 4, 1, 4, len(relationship.words)


def _written(family: _Family) -> Iterator[Member]:
    yield family.head
    for spouse in family.spouses:
        yield spouse.head
    for other in family.others:
        yield from _written(other)
    for spouse in family.spouses:
        for other in (*spouse.spouses, *spouse.others):
            yield from _written(other)
