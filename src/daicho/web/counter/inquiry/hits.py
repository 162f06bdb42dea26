"""検索結果の行: a hit in the words of the screen."""

from dataclasses import dataclass
from datetime import date

from daicho.register.search.conditions import FIELDS
from daicho.register.search.hits import Hit
from daicho.register.visibility import Marks
from daicho.terms.ages import age
from daicho.terms.changes.closing_cells import LEAVING
from daicho.terms.dates import RegisterDate, display
from daicho.terms.records import code_text

_ENDS = {
    "ending": ("▲", "支援措置の期間が1か月以内に終了"),
    "ended": ("△", "支援措置の期間が終了(延長なし)"),
}
_PROCESSES = {"change": "異動抑止", "certificate": "発行抑止", "look": "照会抑止"}


@dataclass(frozen=True)
class Mark:
    """表示: a word and a sign, so that neither colour nor shape alone says it."""

    code: str
    sign: str
    text: str


def marks_of(marks: Marks) -> list[Mark]:
    """The marks of a person, the strongest first; the content of a protection is never told."""
    found = []
    if marks.protected:
        found.append(Mark("protected", "◆", "支援措置期間中"))
    if marks.provisionally_protected:
        found.append(Mark("protected", "◇", "仮支援措置期間中"))
    if marks.protection:
        found.append(Mark("protected", *_ENDS[marks.protection]))
    found += [Mark("suppressed", "■", _PROCESSES[one]) for one in marks.suppressed]
    return found


def plans_of(state: str, closing_reason: str, planned_on: RegisterDate | None) -> list[Mark]:
    """転出予定の表示: of a resident who has said that they move out; of anybody else nothing."""
    if state not in ("", "living") or closing_reason not in LEAVING:
        return []
    day = f" {planned_on.in_wareki()}" if planned_on else ""
    return [Mark("planned", "▷", f"転出予定{day}")]


@dataclass(frozen=True)
class Line:
    """検索結果の行: what stands in one row."""

    hit: Hit
    marks: list[Mark]
    born: str
    age: int | None
    sex: str
    state: str
    closed: bool
    past: list[tuple[str, str]]


def line(hit: Hit, on: date) -> Line:
    """A hit as it is shown on the day `on`."""
    born = hit.born_on
    closed = hit.state != "living"
    return Line(
        hit=hit,
        marks=[
            *marks_of(hit.marks),
            *plans_of(hit.state, hit.closing_reason, hit.closing_event_on),
        ],
        born=display(born, "born_on", foreign=hit.foreign) if born else "",
        age=age(born, on=on) if born and not closed else None,
        sex=code_text("sex", hit.sex),
        state=f"除票 {code_text('closing_reason', hit.closing_reason)}" if closed else "住民",
        closed=closed,
        past=[(FIELDS[field], text) for field, text in hit.past],
    )
