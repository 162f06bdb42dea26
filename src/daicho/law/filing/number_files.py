"""特定個人情報ファイルの作成の制限: a file with numbers is of the table, and made under a permit.

The register's own file is the law's. Any other is asked for by one person and approved by another,
a responsible of 特定個人情報等, for a period and up to a number of persons.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import Article
from daicho.law.rule import Finding, finding, rule, words
from daicho.law.safety import grounds
from daicho.law.safety.designating import designators
from daicho.law.tables import Row, table

SINCE = date(2015, 10, 5)
TREE = "specific_personal_information"
"""作成を許可する責任者の系統: a row of the trees of responsibles."""

STATES: Mapping[str, str] = {
    "asked": "許可待ち",
    "refused": "許可されなかった",
    "approved": "許可",
    "ended": "終わり",
}
"""許可の状態: by code; whether its days have come or gone is asked of them."""


@dataclass(frozen=True)
class NumberFile:
    """特定個人情報ファイル: one row of the table."""

    code: str
    name: str
    use: str
    functions: frozenset[str]
    by_law: bool
    ground: str
    days_most: int
    rows_most: int
    cites: tuple[Article, ...]
    since: date
    until: date | None


@dataclass(frozen=True)
class Leave:
    """作成の許可: the facts of one, by which each step is judged.

    `rows_most` counts persons, in all files that are made under it together; `rows_made` those who
    were put into files already.
    """

    file: str
    asked_by: int
    state: str  # a key of STATES
    from_on: date
    until_on: date
    rows_most: int
    rows_made: int = 0

    @property
    def rows_left(self) -> int:
        """残りの人数: so many persons may still be put into files."""
        return self.rows_most - self.rows_made

    def in_force(self, on: date) -> bool:
        """Does it let the file be made on that day?"""
        return self.state == "approved" and self.from_on <= on <= self.until_on


def _file(row: Row) -> NumberFile:
    row.only("code", "name", "use", "functions", "by_law", "ground", "days_most", "rows_most")
    by_law, most = row.flag("by_law"), (row.number("days_most"), row.number("rows_most"))
    if by_law == all(most) or by_law == any(most):
        raise row.wrong("the file of the law has no limits; any other has both")
    return NumberFile(
        code=row.text("code"),
        name=row.text("name"),
        use=row.text("use"),
        functions=frozenset(row.texts("functions")),
        by_law=by_law,
        ground=row.text("ground"),
        days_most=most[0],
        rows_most=most[1],
        cites=row.cites,
        since=row.since,
        until=row.until,
    )


FILES: tuple[NumberFile, ...] = tuple(_file(row) for row in table("number_files").keyed())
"""特定個人情報ファイルの一覧: every row of the table, of every day."""

words(one.name for one in FILES)
for _one in FILES:
    assert _one.ground in grounds.NAMES, f"{_one.code}: {_one.ground}"

_UNKNOWN = finding(
    "mna29.no_such_file",
    refuses=True,
    cites=["MNA 29"],
    what="特定個人情報ファイルの表にないため、個人番号を含むファイルは作れません。",
    remedy="番号を含まない形で足りるか確かめてください。"
    "番号が要るときは、{decider}に、表に加えるかどうかの判断を依頼してください。",
)
_NO_LEAVE = finding(
    "mna29.no_leave",
    refuses=True,
    cites=["MNA 29", "MNA 12"],
    what="「{file}」の作成の許可がないか、その期間が過ぎています。",
    remedy="「特定個人情報ファイル」の画面で許可を求め、{decider}の許可を受けてください。",
)
_TOO_MANY = finding(
    "mna29.too_many_rows",
    refuses=True,
    cites=["MNA 29"],
    what="「{file}」に入る人数が、許可された人数の残りを超えています。",
    remedy="必要な者だけに絞るか、必要な人数で許可を求め直してください。",
)
_BY_LAW = finding(
    "mna29.by_law",
    refuses=True,
    cites=["MNA 29", "BRRA 7[8-2]"],
    what="「{file}」は法律によって作るもので、作成の許可は要りません。",
    remedy="ほかのファイルが要るときは、そのファイルを選んでください。",
    on_item="file",
)
_PERIOD = finding(
    "mna29.period",
    refuses=True,
    cites=["MNA 29"],
    what="期間は、今日以後の日から始まり、{days}日を超えないようにしてください。",
    remedy="必要な間だけを入力してください。足りなければ、新しく求められます。",
    on_item="until_on",
)
_ROWS = finding(
    "mna29.rows",
    refuses=True,
    cites=["MNA 29"],
    what="人数は、1人から、このファイルの限度までにしてください。",
    remedy="必要な人数だけを入力してください。限度は表に示されています。",
    on_item="rows_most",
)
_OWN = finding(
    "mna29.own",
    refuses=True,
    cites=["MNA 29", "MNA 12"],
    what="自分が求めた作成を、自分で許可することはできません。",
    remedy="{decider}のうち、求めた者とは別の者に依頼してください。",
)
_NOT_RESPONSIBLE = finding(
    "mna29.not_responsible",
    refuses=True,
    cites=["MNA 29", "MNA 12"],
    what="特定個人情報ファイルの作成は、{decider}だけが許可します。",
    remedy="{decider}に依頼してください。",
)
_DECIDED = finding(
    "mna29.decided",
    refuses=True,
    cites=["MNA 29"],
    what="この求めは、もう決められています。",
    remedy="画面を開き直して、今の状態を確かめてください。",
)
_NOT_ENDABLE = finding(
    "mna29.not_endable",
    refuses=True,
    cites=["MNA 29"],
    what="終えられるのは、許可を待っているものか、許可されたものだけです。",
    remedy="画面を開き直して、今の状態を確かめてください。",
)


def number_file(code: str, on: date) -> NumberFile | None:
    """特定個人情報ファイル: the row with that code on that day, or None."""
    found = (one for one in FILES if one.code == code and one.since <= on)
    return next((one for one in found if one.until is None or on <= one.until), None)


def _decider(on: date) -> str:
    return designators(TREE, on)[0].name


@rule(cites=["MNA 29"], since=SINCE)
def may_make(
    file: str,
    functions: Collection[str],
    rows: int,
    leave: Leave | None,
    on: date,
) -> Finding | None:
    """個人番号利用事務等に必要な範囲を超えて、特定個人情報ファイルを作成してはならない。

    A file is made that the table names, by a function that it names, and, unless it is the law's
    own, under a permit in force and for no more persons than it has left; `rows` counts those in
    the file.
    """
    row = number_file(file, on)
    if row is None or row.functions.isdisjoint(functions):
        return _UNKNOWN(decider=_decider(on))
    if row.by_law:
        return None
    if leave is None or leave.file != file or not leave.in_force(on):
        return _NO_LEAVE(file=row.name, decider=_decider(on))
    return _TOO_MANY(file=row.name) if rows > leave.rows_left else None


@rule(cites=["MNA 29"], since=SINCE)
def may_ask(
    file: str, from_on: date, until_on: date, rows_most: int, on: date
) -> tuple[Finding, ...]:
    """特定個人情報ファイルの作成の許可は、必要な期間と人数に限って求める。

    What needs a permit is asked for, from today on, within the limits of its row.
    """
    row = number_file(file, on)
    if row is None:
        return (_UNKNOWN(decider=_decider(on)),)
    if row.by_law:
        return (_BY_LAW(file=row.name),)
    found = []
    if not on <= from_on <= until_on or (until_on - from_on).days >= row.days_most:
        found.append(_PERIOD(days=row.days_most))
    if not 0 < rows_most <= row.rows_most:
        found.append(_ROWS())
    return tuple(found)


@rule(cites=["MNA 29", "MNA 12"], since=SINCE)
def may_decide(
    leave: Leave, decider: int, roles_borne: Collection[str], on: date
) -> Finding | None:
    """作成は、求めた者とは別の、特定個人情報等の責任者の役割を負う者が、一度だけ決める。

    Another person than who asked, who bears the role of that tree, decides once.
    """
    if decider == leave.asked_by:
        return _OWN(decider=_decider(on))
    if not any(one.code in roles_borne for one in designators(TREE, on)):
        return _NOT_RESPONSIBLE(decider=_decider(on))
    return None if leave.state == "asked" else _DECIDED()


@rule(cites=["MNA 29"], since=SINCE)
def may_end(leave: Leave, on: date) -> Finding | None:
    """要らなくなった許可は、いつでも終える。

    What waits is taken back, what is approved is ended; once.
    """
    del on  # so it was on every day of its force
    return None if leave.state in ("asked", "approved") else _NOT_ENDABLE()
