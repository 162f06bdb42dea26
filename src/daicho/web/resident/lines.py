"""一覧の行: one use, or one question, in the words of the language that was chosen."""

from dataclasses import dataclass

from daicho.access.own_log.queries import OwnLook
from daicho.access.own_log.questions import Question
from daicho.access.trailing.wording import cited
from daicho.law.own_log import words
from daicho.web.resident.texts import TEXTS, day, moment


@dataclass(frozen=True)
class Line:
    """行: `office` is blank where a machine worked or no name is told; `unnamed` says which."""

    trail_id: int
    at: str
    what: str
    office: str
    unnamed: str
    cited: str
    number_seen: bool


def line(used: OwnLook, language: str) -> Line:
    """一つの利用: as a page shows it."""
    return Line(
        trail_id=used.id,
        at=moment(used.at, language),
        what=words(used.event, used.purpose, used.capacity).in_(language),
        office=used.office,
        unnamed=_unnamed(used.is_untold, language),
        cited=cited(used.article),
        number_seen=used.number_seen,
    )


@dataclass(frozen=True)
class QuestionLine:
    """質問の行: `answered` is blank while it waits; then `due` counts."""

    at: str
    what: str
    office: str
    unnamed: str
    text: str
    answer: str
    answered: str
    due: str
    is_overdue: bool


def told_question(one: Question, language: str) -> QuestionLine:
    """一つの質問: as a page shows it; who answered and whose use it was is not among it."""
    return QuestionLine(
        at=moment(one.used_at, language),
        what=words(one.event, one.purpose).in_(language),
        office=one.office,
        unnamed=_unnamed(one.is_untold, language),
        text=one.text,
        answer=one.answer,
        answered=moment(one.answered_at, language) if one.answered_at else "",
        due=day(one.due_on, language),
        is_overdue=one.is_overdue,
    )


def _unnamed(is_untold: bool, language: str) -> str:
    return TEXTS["some_counter" if is_untold else "machine"].in_(language)
