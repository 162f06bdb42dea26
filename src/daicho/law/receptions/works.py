"""受付の種類と根拠: the closed tables of works and of what each may rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import Article
from daicho.law.purposes import PURPOSES
from daicho.law.rule import Finding, finding, rule, words
from daicho.law.tables import Row, table
from daicho.terms.changes.reasons import BASES

PARTIES = frozenset({"notifier", "applicant", "requester", "data_subject", "sender", "nobody"})
"""受付の相手: about whom a 受付 asks; see `reception_bases.toml`."""

_PURPOSES = frozenset(one.code for one in PURPOSES)


@dataclass(frozen=True)
class Basis:
    """受付の根拠: on what a work may rest, about whom it asks, and for which purpose it opens."""

    work: str
    code: str
    name: str
    party: str
    purpose: str
    cites: tuple[Article, ...]


@dataclass(frozen=True)
class Work:
    """受付の種類: a work, with the kinds of change that may be recorded under it."""

    code: str
    name: str
    kinds: tuple[str, ...]
    cites: tuple[Article, ...]


def _work(row: Row) -> Work:
    row.only("code", "name", "kinds")
    return Work(row.text("code"), row.text("name"), row.texts("kinds"), row.cites)


def _basis(row: Row) -> Basis:
    row.only("code", "work", "basis", "party", "purpose")
    code = row.text("basis")
    if row.text("code") != f"{row.text('work')}.{code}" or code not in BASES:
        raise row.wrong("code is the work and one of the bases, joined by a full stop")
    if row.text("party") not in PARTIES or row.text("purpose") not in _PURPOSES:
        raise row.wrong("party or purpose stands in no table")
    return Basis(
        row.text("work"), code, BASES[code], row.text("party"), row.text("purpose"), row.cites
    )


_WORKS = tuple((row, _work(row)) for row in table("receptions").keyed())
_BASES = tuple((row, _basis(row)) for row in table("reception_bases").keyed())

NAMES: Mapping[str, str] = {one.code: one.name for _, one in _WORKS}
"""受付の種類の名: of every work of every day, by code."""

words(NAMES.values())

_BASIS = finding(
    "brra8.basis",
    refuses=True,
    cites=["BRRA 8"],
    what="この受付は、選ばれた根拠では行えません。",
    remedy="届出、申出、通知、請求、職権の別を確かめて選び直してください。",
    on_item="basis",
)


def works(on: date) -> tuple[Work, ...]:
    """受付の種類一覧: the works of that day, in the order of the first screen."""
    return tuple(one for row, one in _WORKS if row.in_force(on))


def work(code: str, on: date) -> Work | None:
    """受付の種類: the work with that code on that day, or None."""
    return next((one for one in works(on) if one.code == code), None)


def is_received(kind: str, on: date) -> bool:
    """受付による異動: whether a change of that kind comes from a 受付; a closing on the planned day
    of moving out does not."""
    return any(kind in one.kinds for one in works(on))


def bases(work: str, on: date) -> tuple[Basis, ...]:
    """受付の根拠一覧: on what that work may rest on that day, the usual one first."""
    return tuple(one for row, one in _BASES if one.work == work and row.in_force(on))


def basis(work: str, code: str, on: date) -> Basis:
    """受付の根拠: that basis of that work; `lawful_basis` was asked before whether there is one."""
    return next(one for one in bases(work, on) if one.code == code)


@rule(cites=["BRRA 8"], since=date(1967, 11, 10))
def lawful_basis(work: str, basis: str, *, on: date) -> Finding | None:
    """住民票の記載等は、届出に基づき、又は職権で行う。

    An entry rests on a notification or is made ex officio; which of 届出, 申出, 通知, 請求 and 職権
    a work may rest on stands in a table.
    """
    return None if any(one.code == basis for one in bases(work, on)) else _BASIS()
