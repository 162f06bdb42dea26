"""世帯の審査: what the living members of one household must be to each other.

`judge` takes light members, so that an import can stream a few columns. The rules below take plain
values; a check looks first and asks a rule only where there may be something to say.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from daicho.law.entries.ages import YEARS_MAX, years_on
from daicho.law.entries.case import ACT_IN_FORCE_ON
from daicho.law.entries.names import own_names
from daicho.law.migration import Source, judged
from daicho.law.rule import Finding, finding, rule
from daicho.terms.ages import age, birthday
from daicho.terms.dates import RegisterDate
from daicho.terms.malformed import Malformed
from daicho.terms.records import Record
from daicho.terms.relationships import Kin, Relationship, parse

_CHECK_ALL = "世帯主と続柄を確かめ、誤っている者の記載を直してください。"
_GO_ON = "確かめて、誤りがなければ、そのまま進められます。"

_TWO_HOUSEHOLDERS = finding(
    "brra7.two_householders",
    refuses=True,
    cites=["BRRA 7[4]"],
    what="一つの世帯に世帯主が{count}人います。",
    remedy=_CHECK_ALL,
    on_item="relationship",
)
_NO_HOUSEHOLDER = finding(
    "std1-1-10.no_householder",
    refuses=False,
    cites=["STD 1.1.10", "BRRA 25"],
    what="世帯主が設定されていない世帯です。",
    remedy="世帯主の変更の届出を案内してください。世帯主未設定のまま進めることもできます。",
    on_item="relationship",
)
_TWO_SPOUSES = finding(
    "std11-1.two_spouses",
    refuses=True,
    cites=["STD 11.1", "STD 1.1.11"],
    what="世帯主の配偶者が{count}人います。",
    remedy=_CHECK_ALL,
    on_item="relationship",
)
_TWO_ADDRESSES = finding(
    "std11-1.two_addresses",
    refuses=True,
    cites=["STD 11.1", "BRRA 7[7]"],
    what="一つの世帯に、住所の異なる世帯員がいます。",
    remedy="住所を確かめてください。住所が異なる者は、別の世帯としてください。",
    on_item="address",
)
_TWO_BUILDINGS = finding(
    "std11-1.two_buildings",
    refuses=False,
    cites=["STD 11.1", "BRRA 7[7]"],
    what="一つの世帯に、方書の異なる世帯員がいます。",
    remedy="方書を確かめ、同じ住居であれば表記をそろえてください。",
    on_item="address_building",
)
_HOUSEHOLDER_NAMES = finding(
    "std1-2-1.householder_names",
    refuses=True,
    cites=["STD 1.2.1", "BRRA 7[4]"],
    what="世帯主の氏名が、世帯主本人の氏名と異なる世帯員が{count}人います。",
    remedy="世帯主の氏名を確かめ、世帯員全員の記載を直してください。",
    on_item="householder_name",
)
_PARENT_AGE = finding(
    "std11-1.parent_age",
    refuses=False,
    cites=["STD 11.1"],
    what="親子の年齢差が{years}年に満たないか、子が年上です。",
    remedy="生年月日と続柄を確かめてください。" + _GO_ON,
    on_item="born_on",
)
_SPOUSE_AGE = finding(
    "std11-1.spouse_age",
    refuses=False,
    cites=["STD 11.1", "CC 731"],
    what="配偶者が{years}歳未満です。",
    remedy="生年月日と続柄を確かめてください。" + _GO_ON,
    on_item="born_on",
)
_REGISTERS_DIFFER = finding(
    "brra7.family_registers_differ",
    refuses=False,
    cites=["BRRA 7[5]", "STD 11.1"],
    what="夫婦の戸籍の表示（本籍・筆頭者）が異なります。",
    remedy="届出と戸籍の通知を確かめてください。" + _GO_ON,
    on_item="registered_domicile",
)
_MINORS_ONLY = finding(
    "std11-1.minors_only",
    refuses=False,
    cites=["STD 11.1", "CC 4"],
    what="世帯員が未成年者だけの世帯です。",
    remedy="養育する者の有無と居住の実態を確かめてください。" + _GO_ON,
    on_item="born_on",
)
_POSITION_TWICE = finding(
    "std5-2.position_twice",
    refuses=False,
    cites=["STD 5.2"],
    what="世帯員の並び順が同じ者がいます。",
    remedy="世帯員の並び順を直してください。",
    on_item="position",
)

_NO_REGISTER = ("", "なし", "不明")
_REGISTERED_SPOUSES = ("夫", "妻")


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdMember:
    """世帯員: what the rules of a household ask of one living record, the texts as stored.

    `names` are those that a householder's name may be written as (the 氏名; of foreign residents
    also the 通称), `address` the 住所 without 方書, `building` the 方書. The last four may be left
    out by who does not have them at hand: nothing is then said of them.
    """

    names: tuple[str, ...]
    relationship: str
    householder_name: str
    address: str
    building: str = ""
    born_on: RegisterDate | None = None
    sex: str = ""
    position: int | None = None
    registered_domicile: str = ""
    family_register_head: str = ""


def member_of(record: Record) -> HouseholdMember:
    """世帯員: the member that a record is."""
    address = record.address
    return HouseholdMember(
        names=own_names(record),
        relationship=record.relationship,
        householder_name=record.householder_name,
        address=address.text,
        building=address.building,
        born_on=record.born_on,
        sex=record.sex,
        position=record.position,
        registered_domicile=record.registered_domicile,
        family_register_head=record.family_register_head,
    )


@rule(cites=["BRRA 7[4]", "STD 1.1.10", "BRRA 25"], since=ACT_IN_FORCE_ON)
def householders(relationships: Sequence[str], *, on: date) -> Finding | None:
    """世帯には一人の世帯主があり、世帯主未設定を許容する。

    A household has one householder; two cannot be, none is lawful and asks. `relationships` are
    those of all living members.
    """
    count = relationships.count("世帯主")
    if count > 1:
        return _TWO_HOUSEHOLDERS(count=count)
    return _NO_HOUSEHOLDER() if count == 0 and relationships else None


@rule(cites=["STD 11.1", "STD 1.1.11"], since=ACT_IN_FORCE_ON)
def spouses(relationships: Sequence[str], *, on: date) -> Finding | None:
    """論理的に成立し得ない入力（世帯主の二人の配偶者）は、確定することができない。

    What cannot be, two spouses of the householder, with or without a marriage, is not recorded.
    """
    count = sum(_kin(one) is Kin.SPOUSE for one in relationships)
    return _TWO_SPOUSES(count=count) if count > 1 else None


@rule(cites=["STD 11.1", "BRRA 7[7]"], since=ACT_IN_FORCE_ON)
def addresses(places: Sequence[str], buildings: Sequence[str], *, on: date) -> Finding | None:
    """世帯は居住と生計を共にする者の集まりであり、世帯員の住所は同一である。

    The members of a household live together: another address refuses, another 方書 only asks, for
    its spelling may differ. Width and spaces do not count; blanks are nobody's address.
    """
    if len({_plain(place) for place in places if place}) > 1:
        return _TWO_ADDRESSES()
    return _TWO_BUILDINGS() if len({_plain(one) for one in buildings}) > 1 else None


@rule(cites=["STD 1.2.1", "BRRA 7[4]"], since=ACT_IN_FORCE_ON)
def householder_names(
    own_names: Sequence[str], written: Sequence[str], *, on: date
) -> Finding | None:
    """世帯主でない者については世帯主の氏名を記載する。世帯主の氏名は、世帯員全員で同じである。

    Each member's record names the householder, so all name the same. `own_names` are those of the
    householder, `written` what the other members' records say; blanks in names do not count.
    """
    own = {_folded(name) for name in own_names}
    count = sum(_folded(name) not in own for name in written)
    return _HOUSEHOLDER_NAMES(count=count) if count else None


@rule(cites=["STD 11.1"], since=ACT_IN_FORCE_ON)
def parent_age(parent_born_on: date, child_born_on: date, *, on: date) -> Finding | None:
    """親子の年齢差が小さい、又は子が年上である入力は、注意喚起する。

    A parent hardly older than the child, or younger, asks: an adoption can be so. The days are the
    first the parent's and the last the child's birth can have been.
    """
    years = years_on("parent_gap", on)
    return _PARENT_AGE(years=years) if child_born_on < birthday(parent_born_on, years) else None


@rule(cites=["STD 11.1", "CC 731"], since=ACT_IN_FORCE_ON)
def spouse_age(born: RegisterDate, sex: str, *, on: date) -> Finding | None:
    """婚姻適齢に達しない配偶者の入力は、注意喚起する。

    A spouse below the age of marriage asks: a marriage from before an amendment, or abroad, stands.
    """
    limit = years_on("marriage_female" if sex == "2" else "marriage_male", on)
    years = age(born, on=on)
    return _SPOUSE_AGE(years=limit) if years is not None and years < limit else None


@rule(cites=["BRRA 7[5]", "STD 11.1"], since=ACT_IN_FORCE_ON)
def family_registers(one: Sequence[str], other: Sequence[str], *, on: date) -> Finding | None:
    """夫婦の戸籍の表示が異なる入力は、注意喚起する。

    A married couple shares one family register; two different ones ask. `one` and `other` are
    (本籍, 筆頭者); なし, 不明 and blanks are not compared.
    """
    if any(text in _NO_REGISTER for text in (*one, *other)):
        return None
    differs = [_folded(text) for text in one] != [_folded(text) for text in other]
    return _REGISTERS_DIFFER() if differs else None


@rule(cites=["STD 11.1", "CC 4"], since=ACT_IN_FORCE_ON)
def minors_only(ages: Sequence[int | None], *, on: date) -> Finding | None:
    """世帯員が未成年者だけとなる入力は、注意喚起する。

    A household of minors alone asks. `ages` are those of all members, an open one None: then
    nothing is known.
    """
    adult = years_on("adult", on)
    only = ages and all(years is not None and years < adult for years in ages)
    return _MINORS_ONLY() if only else None


@rule(cites=["STD 5.2"], since=ACT_IN_FORCE_ON)
def positions(places: Sequence[int | None], *, on: date) -> Finding | None:
    """世帯員の並び順は、世帯員ごとに異なる。

    Each member has a place of their own; None is one who has no place yet.
    """
    held = [place for place in places if place is not None]
    return _POSITION_TWICE() if len(set(held)) < len(held) else None


def judge(
    members: Sequence[HouseholdMember], *, on: date, source: Source = "counter"
) -> tuple[Finding, ...]:
    """世帯の審査: every finding on the living members of one household by the law of `on`.

    Of a household as it would stand after the change; () for one without members. `source` as in
    `entries.judge`. Never raises: a 続柄 that cannot be read is the reader's to refuse.
    """
    if not members:
        return ()
    on = max(on, ACT_IN_FORCE_ON)
    return judged((one for one in _found(members, on) if one is not None), source)


def _found(members: Sequence[HouseholdMember], on: date) -> Iterator[Finding | None]:
    relationships = [one.relationship for one in members]
    if relationships.count("世帯主") != 1:
        yield householders(relationships, on=on)
    spouses_found = [one for one in members if _kin(one.relationship) is Kin.SPOUSE]
    if len(spouses_found) > 1:
        yield spouses(relationships, on=on)
    if len({(one.address, one.building) for one in members}) > 1:
        yield addresses([one.address for one in members], [one.building for one in members], on=on)
    heads = [one for one in members if one.relationship == "世帯主"]
    if len(heads) == 1:
        yield from _by_head(heads[0], members, spouses_found, on)
    yield from _parents(members, on)
    yield from _of_ages(members, on)
    if len({one.position for one in members}) < len(members):
        yield positions([one.position for one in members], on=on)


def _by_head(
    head: HouseholdMember,
    members: Sequence[HouseholdMember],
    its_spouses: Sequence[HouseholdMember],
    on: date,
) -> Iterator[Finding | None]:
    written = [one.householder_name for one in members if one is not head]
    if any(name not in head.names for name in written):
        yield householder_names(head.names, written, on=on)
    for spouse in its_spouses:
        if spouse.relationship in _REGISTERED_SPOUSES and _register(spouse) != _register(head):
            yield family_registers(_register(head), _register(spouse), on=on)


def _parents(members: Sequence[HouseholdMember], on: date) -> Iterator[Finding | None]:
    """One finding for each member who is too old for every parent the words allow."""
    gap = years_on("parent_gap", on)
    born: dict[str, list[tuple[date, date]]] = {}
    for one in members:
        if one.relationship and one.born_on is not None and one.born_on.bounds is not None:
            born.setdefault(one.relationship, []).append(one.born_on.bounds)
    for relationship, its_days in born.items():
        for parent, child in _parent_pairs(relationship):
            parents = its_days if parent == relationship else born.get(parent, ())
            children = its_days if child == relationship else born.get(child, ())
            eldest_on = min((first_on for first_on, _ in parents), default=None)
            if eldest_on is None:
                continue
            for _, last_on in children:
                if last_on.year - eldest_on.year <= gap:
                    yield parent_age(eldest_on, last_on, on=on)


def _of_ages(members: Sequence[HouseholdMember], on: date) -> Iterator[Finding | None]:
    youngest_year = on.year - YEARS_MAX - 1
    young = [one for one in members if one.born_on and one.born_on.sort_on.year >= youngest_year]
    if not young:
        return
    if len(young) == len(members):
        yield minors_only([age(one.born_on, on=on) for one in young if one.born_on], on=on)
    married = any(_kin(one.relationship) is Kin.SPOUSE for one in members)
    for one in young:
        kin = _read(one.relationship)
        is_spouse = kin is not None and kin.is_spouse
        if one.born_on and (is_spouse or (married and one.relationship == "世帯主")):
            yield spouse_age(one.born_on, one.sex, on=on)


@lru_cache(maxsize=4_096)
def _parent_pairs(relationship: str) -> tuple[tuple[str, str], ...]:
    """The pairs (続柄 of the parent, of the child) that `relationship` is the later word of.

    子 of 世帯主, 子の子 of 子, 世帯主 of 父, 妻 of 妻の母. Siblings of parents are left to the eye.
    """
    read = _read(relationship)
    if read is None or len(read.words) == 0:
        return ()
    *others, last = read.words
    other = "の".join(others) or "世帯主"
    if last == "子":
        return ((other, relationship),)
    return ((relationship, other),) if last in ("父", "母") else ()


@lru_cache(maxsize=4_096)
def _read(relationship: str) -> Relationship | None:
    try:
        return parse(relationship) if relationship else None
    except Malformed:
        return None


@lru_cache(maxsize=4_096)
def _kin(relationship: str) -> Kin | None:
    read = _read(relationship)
    return read.kin if read is not None else None


def _register(member: HouseholdMember) -> tuple[str, str]:
    return member.registered_domicile, member.family_register_head


def _folded(name: str) -> str:
    return "".join(name.split())


def _plain(place: str) -> str:
    """For comparison only, never kept: one width, no spaces."""
    return _folded(unicodedata.normalize("NFKC", place))
