"""示さない利用: which uses of a record its person is not shown, and why.

The reasons stand in `tables/own_log_withheld.toml`. A use that is held back leaves no gap: it is
neither counted nor hinted. Who decides on a request for disclosure (開示請求) sees it, and why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law import purposes
from daicho.law.disclosure import REQUESTERS
from daicho.law.rule import rule
from daicho.law.tables import Row, table

SINCE = date(2023, 4, 1)
"""初日: from which the 個人情報保護法 holds for municipalities."""

_SIDES: Mapping[str, str] = {row.text("code"): row.text("side") for row in REQUESTERS}


@dataclass(frozen=True)
class Looked:
    """利用: the facts of one use, by which it is judged; codes only.

    `capacity`: of whoever asked for a paper (`requesters.toml`), blank where there is none or it is
    not known. `is_reviewed`: of an emergency. `beside`: the reason of a paper that this use was on
    the way to (`on_the_way`), blank where there is none.
    """

    event: str
    purpose: str = ""
    is_refused: bool = False
    capacity: str = ""
    is_reviewed: bool = True
    beside: str = ""


@dataclass(frozen=True)
class Way:
    """利用の経緯: what a use was part of.

    `work`: the kind of work, as its purpose begins. `operator`: None where a machine worked.
    `reception`: the id of the 受付, blank where the trail names none.
    """

    work: str
    operator: int | None
    day: date
    reception: str = ""


@dataclass(frozen=True)
class Reason:
    """示さない理由: its code, name and articles; `spreads` to what was `on_the_way`."""

    code: str
    name: str
    cited: str
    because: str
    spreads: bool


_WHEN: Mapping[str, Callable[[Looked], bool]] = {
    "always": lambda _: True,
    "refused": lambda one: one.is_refused,
    "official": lambda one: side(one.capacity) == "official",
    "not_reviewed": lambda one: not one.is_reviewed,
}
_ROWS = table("own_log_withheld").keyed()
_PURPOSES = frozenset(one.code for one in purposes.PURPOSES)


def _reason(row: Row) -> Reason:
    row.only("code", "name", "when", "events", "purposes", "spreads")
    if row.text("when") not in _WHEN:
        raise row.wrong(f"when must be one of {', '.join(_WHEN)}")
    if not row.because:
        raise row.wrong("a use is held back for a reason that is written down")
    if not _listed(row, "purposes") <= _PURPOSES:
        raise row.wrong("purposes: one of them stands in no table")
    if row.text("when") == "always" and not _listed(row, "events") | _listed(row, "purposes"):
        raise row.wrong("a row that is about every use has a condition")
    cited = "、".join(dict.fromkeys(one.japanese for one in row.cites))
    return Reason(row.text("code"), row.text("name"), cited, row.because, row.flag("spreads"))


def _listed(row: Row, name: str) -> frozenset[str]:
    return frozenset(row.texts(name)) if name in row.entries else frozenset()


REASONS: Mapping[str, Reason] = {row.text("code"): _reason(row) for row in _ROWS}
"""示さない理由一覧: every reason by code, in the order in which they are asked."""


def _spreading() -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for row in _ROWS:
        if row.flag("spreads"):
            if not (events := _listed(row, "events")):
                raise row.wrong("what spreads is found by its events")
            found |= events
    return found


SPREADING = _spreading()
"""経緯まで示さない利用: the events of every row that spreads."""


def side(capacity: str) -> str:
    """請求した側: "resident" (本人等), "third" or "official"; blank where it is not known."""
    return _SIDES.get(capacity, "")


@rule(cites=["PIPA 78(1)", "STD 3.4"], since=SINCE)
def withheld(looked: Looked, on: date) -> str | None:
    """本人に示す利用の一覧には、本人や第三者を害し、又は監査・調査を妨げる利用を載せない。

    The code of the reason for which a use is held back from its person's list; None: it is shown.
    """
    for row in _ROWS.on(on):
        if _is_about(row, looked) and _WHEN[row.text("when")](looked):
            return row.text("code")
    beside = _ROWS.find(looked.beside, on) if looked.beside else None
    return looked.beside if beside is not None and beside.flag("spreads") else None


@rule(cites=["PIPA 78(1)", "STD 3.4"], since=SINCE)
def on_the_way(use: Way, paper: Way, on: date) -> bool:
    """示さない証明書のためにした利用とは、同じ受付の同じ種類の事務の利用をいう。

    Was a use part of the work on a paper? Under the same 受付, whoever did it and on whatever day;
    where the trail does not name both, of the same operator on the same day.
    """
    del on  # so it was on every day of its force
    if use.work != paper.work:
        return False
    if use.reception and paper.reception:
        return use.reception == paper.reception
    return use.operator is not None and (use.operator, use.day) == (paper.operator, paper.day)


def _is_about(row: Row, looked: Looked) -> bool:
    events, named = _listed(row, "events"), _listed(row, "purposes")
    return not events | named or looked.event in events or looked.purpose in named
