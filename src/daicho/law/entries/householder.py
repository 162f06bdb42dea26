"""続柄と年齢: the householder's age, and what a relationship says of the sex."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from daicho.law.entries.ages import YEARS_MAX, years_on
from daicho.law.entries.case import ACT_IN_FORCE_ON, Case
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import table
from daicho.terms.ages import age
from daicho.terms.dates import RegisterDate
from daicho.terms.malformed import Malformed
from daicho.terms.relationships import parse

_CHILD = finding(
    "brra7.householder_child",
    refuses=False,
    cites=["BRRA 7[4]", "STD 11.1"],
    what="世帯主が{years}歳未満です。",
    remedy="世帯主となる者を確かめてください。誤りがなければ、そのまま進められます。",
    on_item="relationship",
)
_MINOR = finding(
    "brra7.householder_minor",
    refuses=False,
    cites=["BRRA 7[4]", "CC 4"],
    what="世帯主が未成年者です。",
    remedy="世帯主となる者を確かめてください。誤りがなければ、そのまま進められます。",
    on_item="relationship",
)
_SEX = finding(
    "std1-1-11.sex",
    refuses=False,
    cites=["STD 1.1.11", "STD 11.1"],
    what="続柄と性別が合いません。",
    remedy="続柄と性別を確かめてください。誤りがなければ、そのまま進められます。",
    on_item="relationship",
)

_SEXES = table("relationship_sexes").keyed()
for _row in _SEXES:
    _row.only("code", "sex")
    parse(_row.text("code"))
    if _row.text("sex") not in ("1", "2"):
        raise _row.wrong("sex is 1 or 2")


@rule(cites=["BRRA 7[4]", "CC 4", "STD 11.1"], since=ACT_IN_FORCE_ON)
def householder_age(born: RegisterDate, *, on: date) -> Finding | None:
    """世帯主は、世帯を主宰する者である。年少の者や未成年者を世帯主とするときは注意喚起する。

    A householder presides over the household; one who is a child, or a minor, asks and never
    blocks. Nothing where the birth leaves the age open.
    """
    years = age(born, on=on)
    if years is None:
        return None
    if years < years_on("householder_able", on):
        return _CHILD(years=years_on("householder_able", on))
    return _MINOR() if years < years_on("adult", on) else None


@rule(cites=["STD 1.1.11", "STD 11.1"], since=ACT_IN_FORCE_ON)
def relationship_sex(relationship: str, sex: str, *, on: date) -> Finding | None:
    """夫・父・兄・弟などの続柄は男、妻・母・姉・妹などの続柄は女のものである。

    Some words (夫, 父, 兄) are for men, some (妻, 母, 姉) for women; one that does not fit the
    sex asks. A blank sex fits every word.
    """
    said = _sex_said(relationship, on)
    return _SEX() if said and sex and said != sex else None


def check(case: Case) -> Iterator[Finding]:
    """続柄の審査: only of a living resident."""
    record = case.record
    if not case.living or not record.relationship:
        return
    if record.relationship == "世帯主":
        born = record.born_on
        if born is not None and case.on.year - born.sort_on.year <= YEARS_MAX + 1:
            found = householder_age(born, on=case.on)
            if found is not None:
                yield found
        return
    said = _sex_said(record.relationship, case.on)
    if said and record.sex and said != record.sex:
        found = relationship_sex(record.relationship, record.sex, on=case.on)
        assert found is not None, "the rule reads the same table"
        yield found


def _sex_said(relationship: str, on: date) -> str:
    last = _last_word(relationship)
    row = _SEXES.find(last, on) if last in _WORDS else None
    return row.text("sex") if row else ""


_WORDS = frozenset(row.text("code") for row in _SEXES)


@lru_cache(maxsize=4_096)
def _last_word(relationship: str) -> str:
    try:
        return parse(relationship).words[-1]
    except Malformed:
        return ""
