"""不開示の理由: on what a decision not to disclose may rest (個人情報保護法78条から82条)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import Article, printed
from daicho.law.disclosure_requests.requesters import SINCE
from daicho.law.rule import rule
from daicho.law.tables import Row, table

OUTCOMES: Mapping[str, str] = {
    "full": "全部開示",
    "partial": "部分開示",
    "none": "不開示",
    "existence_refused": "存否を明らかにしない",
}
"""決定: 82条1項, 79条, 82条2項 and 81条, by code."""

SHOWS = frozenset({"full", "partial"})
"""開示する決定: those under which anything is shown."""

_OUTCOMES = frozenset(OUTCOMES)


@dataclass(frozen=True)
class Ground:
    """不開示の理由: one row of `nondisclosure_grounds.toml`; `words` stand in the notice."""

    code: str
    name: str
    words: str
    outcomes: tuple[str, ...]
    cites: tuple[Article, ...]

    @property
    def cited(self) -> str:
        """The articles as printed."""
        return printed(self.cites)


def _ground(row: Row) -> Ground:
    row.only("code", "name", "words", "outcomes")
    return Ground(
        row.text("code"),
        row.text("name"),
        row.text("words"),
        row.texts("outcomes", _OUTCOMES),
        row.cites,
    )


_GROUNDS = tuple((row, _ground(row)) for row in table("nondisclosure_grounds").keyed())


def grounds(on: date) -> tuple[Ground, ...]:
    """不開示の理由一覧: those of that day, in order."""
    return tuple(one for row, one in _GROUNDS if row.in_force(on))


_TEXTS = table("disclosure_texts").keyed()
for _row in _TEXTS:
    _row.only("code", "text")


def text(code: str, on: date) -> str:
    """定型文: of the notice, as it stood on that day."""
    row = _TEXTS.find(code, on)
    assert row is not None, f"disclosure_texts.toml has no {code} on {on}"
    return row.text("text")


@rule(cites=["PIPA 81", "PIPA 82(1)", "PIPA 82(2)"], since=SINCE)
def told(outcome: str, chosen: Collection[str], *, on: date) -> tuple[str, ...]:
    """開示しない旨の決定は、その理由とともに通知する。存否を答えないときは、有無が分かることを書かない。

    The grounds of what is not shown as the notice tells them, each with its article; of a refusal
    to say whether there is anything only that, since its ground would tell it.
    """
    if outcome == "existence_refused":
        row = _TEXTS.find(outcome, on)
        assert row is not None, "the words of 81条 hold as long as the rule"
        return (f"{row.text('text')}({printed(row.cites)})",)
    return tuple(f"{one.words}({one.cited})" for one in grounds(on) if one.code in chosen)
