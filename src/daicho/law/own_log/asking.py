"""利用の理由の質問: who asks why a record was used, and who answers by when."""

from datetime import date, timedelta

from daicho.law.own_log.limits import limits
from daicho.law.own_log.withheld import SINCE
from daicho.law.rule import Finding, finding, rule

_CITES = ("PIPA 76(1)", "BRRA 36-2(1)")

_NOT_OF_LIST = finding(
    "own-log.not_of_list",
    refuses=True,
    cites=_CITES,
    what="この利用については質問できません。",
    remedy="質問できるのは、今の自分の一覧にある利用です。一覧を開き直して、選び直してください。",
)
_ASKED = finding(
    "own-log.asked",
    refuses=True,
    cites=_CITES,
    what="この利用の理由は、もう質問されています。",
    remedy="一つの利用に質問できるのは一度です。「質問と回答」を見てください。",
)
_NO_TEXT = finding(
    "own-log.no_text",
    refuses=True,
    cites=_CITES,
    what="文が入力されていません。",
    remedy="知りたいこと、又は答えを入力してから送信してください。",
    on_item="text",
)
_TOO_LONG = finding(
    "own-log.too_long",
    refuses=True,
    cites=_CITES,
    what="文が{text_characters}文字を超えています。",
    remedy="{text_characters}文字までにしてください。",
    on_item="text",
)
_NUMBER = finding(
    "own-log.number",
    refuses=True,
    cites=["MNA 12"],
    what="個人番号と思われる12桁の数字が入力されています。",
    remedy="その数字を消してください。質問にも回答にも、個人番号は書きません。",
    on_item="text",
)
_OWN_USE = finding(
    "own-log.own_use",
    refuses=True,
    cites=_CITES,
    what="自分がした利用についての質問には、自分で答えられません。",
    remedy="同じ所属の、この利用をしていない職員に依頼してください。",
)
_ANSWERED = finding(
    "own-log.answered",
    refuses=True,
    cites=_CITES,
    what="この質問には、もう回答しています。",
    remedy="画面を開き直して、回答を見てください。回答は一度だけで、書き換えられません。",
)
_OVERDUE = finding(
    "own-log.overdue",
    refuses=False,
    cites=_CITES,
    what="{due_on}までに答える質問に、まだ答えていません。",
    remedy="利用した者とは別の職員が、利用の記録と受付を確かめて答えてください。",
)


@rule(cites=_CITES, since=SINCE)
def may_ask(is_shown: bool, is_asked: bool, on: date) -> Finding | None:
    """本人は、自分に示された利用の一つ一つについて、その理由を一度質問できる。

    A person asks once about each use that the own list shows.
    """
    del on  # so it was on every day of its force
    if not is_shown:
        return _NOT_OF_LIST()
    return _ASKED() if is_asked else None


@rule(cites=_CITES, since=SINCE)
def may_answer(looker: int | None, answerer: int, is_answered: bool, on: date) -> Finding | None:
    """質問には、利用した者とは別の職員が一度答える。

    Somebody else than the operator whose use it was answers, once; a machine's use has no operator.
    """
    del on  # so it was on every day of its force
    if looker == answerer:
        return _OWN_USE()
    return _ANSWERED() if is_answered else None


@rule(cites=[*_CITES, "MNA 12"], since=SINCE)
def written(character_count: int, holds_number: bool, on: date) -> Finding | None:
    """質問と回答は、定めた文字数までの文で、個人番号を含めずに書く。

    A question or an answer has words, not more than the table says, and no number of a person.
    """
    most = limits(on).text_characters
    if not character_count:
        return _NO_TEXT()
    if holds_number:
        return _NUMBER()
    return _TOO_LONG(text_characters=most) if character_count > most else None


@rule(cites=_CITES, since=SINCE)
def due_on(asked_on: date, on: date) -> date:
    """質問には、定めた日数のうちに答える。

    The last day on which an answer is in time; the day of the question does not count.
    """
    return asked_on + timedelta(days=limits(on).answer_days)


@rule(cites=_CITES, since=SINCE)
def overdue(asked_on: date, on: date) -> Finding | None:
    """期限を過ぎた質問は、所属に知らせる。

    A question that has no answer by its last day is told to the office.
    """
    last_on = due_on(asked_on, on=on)
    return _OVERDUE(due_on=last_on) if last_on < on else None
