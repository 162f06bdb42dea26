"""記載事項: which items a certificate prints for whom, by the tables of items and requesters."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from daicho.law.citation import Article
from daicho.law.rule import Finding, finding, rule, words
from daicho.law.tables import Row, table
from daicho.terms.records import item_of

SINCE = date(2008, 5, 1)
"""平成20年5月1日: from that day requests are judged by who asks (BRRA 12 to 12-3 as they stand)."""


How = Literal["shown", "omitted", "absent"]
"""記載の別: what the form does with an item; omitted prints 【省略】, absent has no box."""


@dataclass(frozen=True)
class Entry:
    """記載の決定: one item of one person on the form, and the article it rests on."""

    item: str
    how: How
    article: Article


ITEMS = table("certificate_items").keyed()
REQUESTERS = table("requesters_items").keyed()

_SIDES = frozenset({"resident", "third", "official"})
for _row in ITEMS:
    _row.only(
        *("code", "name", "columns", "copy", "moved_out", "sides", "holders", "closed_only"),
        "unprintable",
    )
    _row.texts("sides", among=_SIDES)
    _row.flag("closed_only")
    for _column in _row.texts("columns"):
        item_of(_column)
    if _row.text("copy") not in ("shown", "asked", "absent"):
        raise _row.wrong("copy is shown, asked or absent")
    if _row.text("moved_out") not in ("shown", "absent"):
        raise _row.wrong("moved_out is shown or absent")
    if _row.text("holders") not in ("both", "japanese", "foreign"):
        raise _row.wrong("holders is both, japanese or foreign")
    if _row.text("unprintable") not in ("refuse", "cut", "blank"):
        raise _row.wrong("unprintable is refuse, cut or blank")
for _row in REQUESTERS:
    _row.only("code", "name", "side", "closed", "numbers", "named")
    _row.flag("closed")
    if _row.text("named") not in ("visitor", "principal", "household", "nobody"):
        raise _row.wrong("named is visitor, principal, household or nobody")
    if _row.text("side") not in _SIDES or _row.text("numbers") not in ("handed", "posted", "never"):
        raise _row.wrong("side and numbers are words of the table")
words(row.text("name") for row in (*ITEMS, *REQUESTERS))

NUMBERS = ("individual_number", "record_code")
"""番号: the two items that name a person to every authority."""

_NOT_FOR_THEM = finding(
    "brra12.item_not_for_requester",
    refuses=True,
    cites=["BRRA 12-2(1)", "BRRA 12-3(7)"],
    what="{requester}の請求では、{item}を記載できません。",
    remedy="その事項を求めずに交付するか、本人等の請求を案内してください。",
    on_item="asked",
)
_OF_THE_DEAD = finding(
    "brra15-4.number_of_dead",
    refuses=True,
    cites=["BRRA 15-4", "CC 31"],
    what="死亡した方（失踪宣告を受けた方を含む）の{item}は記載できません。",
    remedy="その事項を求めずに交付してください。",
    on_item="asked",
)
_NECESSITY = finding(
    "brra12-3.necessity",
    refuses=False,
    cites=["BRRA 12-2(1)", "BRRA 12-3(7)"],
    what="{requester}の請求で、{item}の記載が求められています。",
    remedy="利用の目的に必要と認めるときだけ記載し、その理由を受付に記録してください。",
    on_item="asked",
)
_NO_SUCH_ITEM = finding(
    "std5-1.item_not_printed",
    refuses=True,
    cites=["STD 5.1"],
    what="求められた事項に、この証明書に記載できないものがあります。",
    remedy="記載できる事項から選び直してください。",
    on_item="asked",
)


def item_row(code: str, on: date) -> Row | None:
    """記載事項の行: the row of an item on that day, None where there is none."""
    return ITEMS.find(code, on)


def requester_row(code: str, on: date) -> Row:
    """請求者の行: the row of a requester; a code of no row is a fault of ours."""
    row = REQUESTERS.find(code, on)
    assert row is not None, f"requesters_items.toml has no {code!r} on {on}"
    return row


def item_names(on: date) -> dict[str, str]:
    """記載事項の名: of every item that can be specially asked for on that day, in order."""
    return {row.text("code"): row.text("name") for row in ITEMS.on(on) if row.text("copy") == ASKED}


ASKED = "asked"


class Holder(Protocol):
    """記録されている者: what of a record says which items it has."""

    @property
    def is_foreign(self) -> bool:
        """外国人住民: whether the record is of one."""
        ...

    @property
    def is_living(self) -> bool:
        """住民: whether the record is not closed."""
        ...


def is_holder(row: Row, of: Holder) -> bool:
    """対象者: whether records of such persons have the item."""
    return row.text("holders") != ("japanese" if of.is_foreign else "foreign")


def is_held(row: Row, of: Holder) -> bool:
    """記載の有無: whether a copy of this person's record has the item at all."""
    return is_holder(row, of) and not (row.flag("closed_only") and of.is_living)


@rule(cites=["BRRA 12(5)", "BRRA 12-2(1)", "BRRA 12-3(7)", "STD 5.1", "CC 31"], since=SINCE)
def may_be_asked(item: str, requester: str, died: bool, *, on: date) -> Finding | None:
    """個人番号及び住民票コードは、第三者及び国等の請求並びに死亡した者の写しには記載しない。

    What may be specially asked for depends on who asks: numbers only by the person's own side and
    never of the dead, nor of who is deemed dead; other items beyond the basic ones by others only
    as far as they need them.
    """
    row, by = item_row(item, on), requester_row(requester, on)
    if row is None or row.text("copy") != ASKED:
        return _NO_SUCH_ITEM()
    if by.text("side") not in row.texts("sides"):
        return _NOT_FOR_THEM(requester=by.text("name"), item=row.text("name"))
    if died and item in NUMBERS:
        return _OF_THE_DEAD(item=row.text("name"))
    if by.text("side") != "resident":
        return _NECESSITY(requester=by.text("name"), item=row.text("name"))
    return None


@rule(cites=["BRRA 12(5)", "STD 5.1"], since=SINCE)
def copy_shows(item: str, is_asked: bool, *, on: date) -> How:
    """特別の請求がない限り、世帯主及び続柄、本籍及び筆頭者、番号等の記載を省略した写しを交付する。

    A copy shows the basic items, leaves the others out unless they are specially asked for, and
    has no box for what only the 記載事項証明書 certifies.
    """
    row = item_row(item, on)
    if row is None or row.text("copy") == "absent":
        return "absent"
    return "shown" if is_asked or row.text("copy") == "shown" else "omitted"


@rule(cites=["BRRO 23", "BRRO 24(1)"], since=SINCE)
def moved_out_certificate_shows(item: str, *, on: date) -> How:
    """転出証明書には、個人番号及び住民票コードを含む政令で定める事項を記載する。

    The 転出証明書 shows all that the next town enters, numbers included; nothing is left out.
    """
    row = item_row(item, on)
    return "shown" if row is not None and row.text("moved_out") == "shown" else "absent"


@rule(cites=["BRRA 12(4)", "BRRA 12(5)"], since=SINCE)
def is_posted_to_principal(requester: str, asks_number: bool, *, on: date) -> bool:
    """個人番号又は住民票コードを記載した写しを任意代理人が請求したときは、本人に送付する。

    A copy with a number that an agent asks for goes by post to the person, not over the counter.
    """
    return asks_number and requester_row(requester, on).text("numbers") == "posted"
