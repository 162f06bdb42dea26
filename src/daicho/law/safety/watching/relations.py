"""関係のある者の利用: looks of an operator at himself, his relatives, neighbours or colleagues.

Only of operators who were told, and only of what they did afterwards. That a look stands here says
that somebody asks for what work it was, never that it was wrong.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.rule import COUNT_MAX, Finding, NoLawOnThatDay, finding, rule
from daicho.law.tables import table

_CITES = ("STD 10.2", "MNA 12", "BRRA 36-2(1)")
_SINCE = date(2015, 10, 5)

OWN, RELATIVE, COLLEAGUE, NEIGHBOUR = "own", "relative", "colleague", "neighbour"
RELATIONS = (OWN, RELATIVE, COLLEAGUE, NEIGHBOUR)
"""関係: the closest first; of several the closest is told."""

_BESIDE = "この月の{looks}件のうち、受付のある事務での利用は{received}件です。"
_ASK = "参照番号と操作者で利用記録を検索し、どの事務のためであったかを操作者に確かめてください。"

_FOUND = {
    OWN: finding(
        "watching.own_record",
        refuses=False,
        cites=_CITES,
        what=f"操作者が、自分の記録を見ています。{_BESIDE}",
        remedy=_ASK,
    ),
    RELATIVE: finding(
        "watching.relative",
        refuses=False,
        cites=_CITES,
        what="操作者が、今若しくは以前に同じ世帯であった者、又は同じ戸籍の者の記録を見ています。"
        f"{_BESIDE}",
        remedy=_ASK,
    ),
    COLLEAGUE: finding(
        "watching.colleague",
        refuses=False,
        cites=_CITES,
        what=f"操作者が、ほかの操作者本人の記録を見ています。{_BESIDE}",
        remedy=_ASK,
    ),
    NEIGHBOUR: finding(
        "watching.neighbour",
        refuses=False,
        cites=_CITES,
        what=f"操作者が、同じ番地又は同じ建物に住む者の記録を見ています。{_BESIDE}",
        remedy=_ASK,
    ),
}
_NOT_TOLD = finding(
    "watching.not_told",
    refuses=True,
    cites=["PIPA 61(1)", "MNA 12", "STD 10.2"],
    what="この操作者は、関係の分析の説明をまだ確認していないため、本人の記録を登録できません。",
    remedy="本人が「関係の分析の説明」の画面で確認した後に、登録してください。",
)


@dataclass(frozen=True)
class Notice:
    """説明の文: what an operator is told before anything of him is analysed, by its version."""

    version: int
    paragraphs: tuple[str, ...]


_NOTICES = table("relation_notices").keyed()
for _row in _NOTICES:
    _row.only("code", "version", "paragraphs")
    if not _row.texts("paragraphs"):
        raise _row.wrong("a notice says something")
if len({_row.number("version") for _row in _NOTICES}) != len(_NOTICES.rows):
    raise ValueError("relation_notices.toml: two notices have one version")


def notice(on: date) -> Notice:
    """説明の文: the one of a day; raises NoLawOnThatDay where there was none."""
    row = _NOTICES.find("notice", on)
    if row is None:
        raise NoLawOnThatDay(f"relation_notices.toml has no notice in force on {on}")
    return Notice(row.number("version"), row.texts("paragraphs"))


@rule(cites=_CITES, since=_SINCE)
def closest(found: Collection[str], on: date) -> str:
    """関係が二つ以上あるときは、最も近いものとする。

    Of several relations the closest counts, so that one look is told once; blank where none is.
    """
    del on  # so it was on every day
    return next((one for one in RELATIONS if one in found), "")


@rule(cites=_CITES, since=_SINCE)
def related(relation: str, looks: int, received: int, *, on: date) -> Finding | None:
    """自分、親族、隣人又は同僚の記録の利用を分析する。

    A look at the record of oneself, a relative, a colleague or a neighbour stands out, beside it
    how many of the looks had a 受付 behind them.
    """
    del on  # as above
    if not looks or not relation:
        return None
    return _FOUND[relation](**figures(looks, received))


def figures(looks: int, received: int) -> Mapping[str, int]:
    """件数: as the words of a finding have them."""
    return {"looks": min(looks, COUNT_MAX), "received": min(received, COUNT_MAX)}


@rule(cites=["PIPA 61(1)", "MNA 12", "STD 10.2"], since=_SINCE)
def may_name(is_told: bool, on: date) -> Finding | None:
    """操作者本人の記録は、その操作者に説明した後でなければ登録しない。

    An operator's own record is named only after that operator has been told what it is for.
    """
    del on  # as above
    return None if is_told else _NOT_TOLD()


@rule(cites=["PIPA 61(1)", "MNA 12", "STD 10.2"], since=_SINCE)
def is_analysed(has_been_told: bool, has_record: bool, on: date) -> bool:
    """説明を受け、本人の記録が登録された操作者の利用だけを、関係について分析する。

    Only of who was told, and whose own record is named, are the looks compared.
    """
    del on  # as above
    return has_been_told and has_record
