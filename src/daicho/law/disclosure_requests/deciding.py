"""開示請求の進め方: who takes which step when, and what a decision must say (77条〜83条)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law import periods
from daicho.law.disclosure_requests import grounds
from daicho.law.disclosure_requests.grounds import OUTCOMES, SHOWS
from daicho.law.disclosure_requests.requesters import SINCE
from daicho.law.rule import Finding, finding, rule

STATES: Mapping[str, str] = {
    "examined": "審査中",
    "mending": "補正を待っている",
    "decided": "決定済み(通知・開示の前)",
    "given": "通知・開示を済ませた",
    "withdrawn": "取下げ",
}
"""開示請求の状態: by code, derived from the steps."""

OPEN = frozenset({"examined", "mending"})
"""決定前の状態: those in which the clock runs or waits."""


_FORM = "form"
"""形式上の不備: the ground of a request that nobody mended."""


@dataclass(frozen=True)
class Standing:
    """開示請求の今: the facts by which each step is judged.

    `mended_by` is the day by which a 補正 is waited for, None where none is.
    `handled_by` are those who received it or took a step before the decision. `held_back`: is there
    anything that would not be shown? `is_upset`: it was decided, has not been given, and cannot be
    given any more (`changed_since`). `hides_own`: would the decider leave out a use of their own?
    """

    state: str  # a key of STATES
    handled_by: frozenset[int] = frozenset()
    is_extended: bool = False
    is_overdue: bool = False
    held_back: bool = False
    mended_by: date | None = None
    is_upset: bool = False
    hides_own: bool = False


_NOT_OPEN = finding(
    "pipa82.decided",
    refuses=True,
    cites=["PIPA 82(1)", "PIPA 82(2)"],
    what="この開示請求は、もう決定されたか、取り下げられています。",
    remedy="画面を開き直して、今の状態を確かめてください。",
)
_OTHER_STEP = finding(
    "pipa82.request_used",
    refuses=True,
    cites=["PIPA 82(1)", "STD 11.1"],
    what="この画面からは、別の操作がすでに記録されています。この操作は記録していません。",
    remedy="開示請求の画面を開き直して、もう一度操作してください。",
)
_MENDING = finding(
    "pipa77.mending",
    refuses=True,
    cites=["PIPA 77(3)"],
    what="補正を求めている間なので、この操作はできません。",
    remedy="補正を受け取った日を記録してから、進めてください。",
)
_NOT_MENDING = finding(
    "pipa77.not_mending",
    refuses=True,
    cites=["PIPA 77(3)"],
    what="補正を求めていないので、補正の受取りは記録できません。",
    remedy="画面を開き直して、今の状態を確かめてください。",
)
_MENDING_DAY = finding(
    "pipa77.mending_day",
    refuses=True,
    cites=["PIPA 77(3)"],
    what="補正の期限が、明日以後の日になっていません。",
    remedy="補正に足りる期間を置いた日を入力してください。",
    on_item="until_on",
)
_REASON = finding(
    "pipa83.reason",
    refuses=True,
    cites=["PIPA 83(2)", "PIPA 77(3)"],
    what="理由が入力されていません。",
    remedy="請求者に通知する理由を、具体的に入力してください。",
    on_item="reason",
)
_EXTENDED = finding(
    "pipa83.extended",
    refuses=True,
    cites=["PIPA 83(2)"],
    what="期限は、もう延長されています。延長は一度だけです。",
    remedy="延長後の期限までに決定してください。",
)
_TOO_LATE = finding(
    "pipa83.too_late",
    refuses=True,
    cites=["PIPA 83(1)", "PIPA 83(2)"],
    what="期限が過ぎているので、延長できません。",
    remedy="すぐに決定し、遅れた理由を請求者に説明してください。",
)
_DAYS = finding(
    "pipa83.days",
    refuses=True,
    cites=["PIPA 83(2)"],
    what="延長は、1日から{most}日までです。",
    remedy="必要な日数だけを入力してください。",
    on_item="days",
)
_OWN = finding(
    "pipa82.own",
    refuses=True,
    cites=["PIPA 82(1)", "PIPA 66(1)"],
    what="この請求を受け付けた者や、補正・延長をした者は、決定できません。",
    remedy="審査・決裁を担当する、別の者に決定を依頼してください。",
)
_OWN_USE = finding(
    "pipa82.own_use",
    refuses=True,
    cites=["PIPA 82(1)", "PIPA 66(1)"],
    what="開示しないことにする利用の中に、決定する者自身の利用があります。自分の利用を開示しない決定はできません。",
    remedy="この利用をしていない、別の者に決定を依頼してください。",
)
_OUTCOME = finding(
    "pipa82.outcome",
    refuses=True,
    cites=["PIPA 82(1)", "PIPA 82(2)", "PIPA 81"],
    what="決定が選ばれていません。",
    remedy="全部開示、部分開示、不開示、存否を明らかにしない、のどれかを選んでください。",
    on_item="outcome",
)
_NO_GROUND = finding(
    "pipa82.no_ground",
    refuses=True,
    cites=["PIPA 78(1)", "PIPA 79(1)", "PIPA 82(2)"],
    what="開示しない理由が、この決定のものとして選ばれていません。",
    remedy="開示しない情報がどの理由に当たるかを選んでください。全部開示のときは、理由を選ばないでください。",
    on_item="grounds",
)
_NOT_FULL = finding(
    "pipa79.not_full",
    refuses=True,
    cites=["PIPA 78(1)", "PIPA 79(1)"],
    what="開示しない記録があるので、全部開示にはできません。",
    remedy="部分開示とし、開示しない記録の理由を選んでください。",
    on_item="outcome",
)
_UNCONFIRMED = finding(
    "pipa78.unconfirmed",
    refuses=True,
    cites=["PIPA 78(1)[1]", "PIPA 81"],
    what="本人が支援措置又は抑止の対象ですが、開示が本人を害しないことを確かめた印がありません。",
    remedy="支援措置の責任者に確かめ、印を付けてから決定してください。害するおそれがあるときは開示しないでください。",
    on_item="confirmed",
)
_NOTHING_LEFT_OUT = finding(
    "pipa79.nothing_left_out",
    refuses=True,
    cites=["PIPA 79(1)"],
    what="開示しない内容がないので、部分開示にはできません。",
    remedy="開示しない行に印を付けるか、全部開示としてください。",
    on_item="outcome",
)
_NOT_DECIDED = finding(
    "pipa87.not_decided",
    refuses=True,
    cites=["PIPA 82(1)", "PIPA 87(1)"],
    what="まだ決定されていないか、取り下げられているので、通知も開示もできません。",
    remedy="決定を待ってから、印刷してください。",
)
_NO_GLYPH = finding(
    "pipa87.no_glyph",
    refuses=True,
    cites=["PIPA 87(1)", "STD 5.8"],
    what="書体にない文字があるため、通知書を印刷できません。",
    remedy="画面の内容を見て手書き等で通知書を作り、情報システム担当に文字の追加を依頼してください。",
)
_CHANGED = finding(
    "pipa87.changed",
    refuses=True,
    cites=["PIPA 79(1)", "PIPA 87(1)"],
    what="決定の後に、開示しない記録が加わりました。全部開示の決定のままでは印刷できません。",
    remedy="審査・決裁を担当する者に知らせ、もう一度決定を受けてください。通知書を渡した後なら、写しは渡さないでください。",
)
_MARKED_SINCE = finding(
    "pipa87.marked_since",
    refuses=True,
    cites=["PIPA 78(1)[1]", "PIPA 81", "PIPA 87(1)"],
    what="決定の後に、本人が支援措置又は抑止の対象になりました。この決定のままでは印刷できません。",
    remedy="審査・決裁を担当する者に知らせ、もう一度決定を受けてください。"
    "請求者には、支援措置があるともないとも答えないでください。",
)


@rule(cites=["PIPA 82(1)", "STD 11.1"], since=SINCE)
def one_step(is_same: bool, *, on: date) -> Finding | None:
    """一つの画面から進める一歩は、一つである。

    One form takes one step: sent twice it is the first again, and never another.
    """
    del on
    return None if is_same else _OTHER_STEP()


@rule(cites=["PIPA 77(3)"], since=SINCE)
def may_ask_mending(
    state: str, until_on: date | None, has_reason: bool, *, on: date
) -> tuple[Finding, ...]:
    """開示請求書に形式上の不備があると認めるときは、相当の期間を定めて、補正を求めることができる。

    A request that is wanting in form may be sent back to be mended, by a day that is given, and
    with what is wanting.
    """
    found = [] if state in OPEN else [_NOT_OPEN()]
    found += [_MENDING()] if state == "mending" else []
    found += [] if until_on is not None and until_on > on else [_MENDING_DAY()]
    return (*found, *(() if has_reason else (_REASON(),)))


@rule(cites=["PIPA 77(3)", "PIPA 83(1)"], since=SINCE)
def may_mend(state: str, *, on: date) -> Finding | None:
    """補正がされたときは、期間は再び進む。

    What was asked to be mended is received once; then the clock goes on.
    """
    del on  # so it was on every day of its force
    return None if state == "mending" else _NOT_MENDING()


@rule(cites=["PIPA 83(2)"], since=SINCE)
def may_extend(
    standing: Standing,
    days: int,
    has_reason: bool,
    extension: str = "disclosure_extended",
    *,
    on: date,
) -> tuple[Finding, ...]:
    """事務処理上の困難その他正当な理由があるときは、期間を三十日以内に限り延長し、理由を通知する。

    Once, before the period is over, by at most thirty days, with a reason that is told.
    """
    most = periods.period(extension, on).period_days
    wanting = (
        (_NOT_OPEN(), standing.state not in OPEN),
        (_EXTENDED(), standing.is_extended),
        (_TOO_LATE(), standing.is_overdue and not standing.is_extended),
        (_DAYS(most=most), not 1 <= days <= most),
        (_REASON(), not has_reason),
    )
    return tuple(one for one, is_wanting in wanting if is_wanting)


def _outcome(standing: Standing, outcome: str, chosen: Collection[str], on: date) -> Finding | None:
    """What speaks against that outcome as it stands."""
    if outcome not in OUTCOMES:
        return _OUTCOME()
    is_waited_for = standing.mended_by is not None and on <= standing.mended_by
    # what is wanting in form is refused where nobody mended it in time
    may_wait = outcome != "none" or (is_waited_for and _FORM in chosen)
    if standing.state == "mending" and may_wait:
        return _MENDING()
    if outcome == "full" and standing.held_back:
        return _NOT_FULL()
    return _NOTHING_LEFT_OUT() if outcome == "partial" and not standing.held_back else None


@rule(cites=["PIPA 78(1)", "PIPA 79(1)", "PIPA 81", "PIPA 82(1)", "PIPA 82(2)"], since=SINCE)
def may_decide(
    standing: Standing, decider: int, outcome: str, chosen: Collection[str], *, on: date
) -> tuple[Finding, ...]:
    """開示請求に対しては、不開示情報を除いて開示し、開示しない部分はその理由とともに通知する。

    Somebody decides who has not handled the request before, once, and again only where what was
    decided cannot be given any more; nobody leaves out what they did themselves. Whatever is not
    shown has a ground of the table that stands under that outcome, and where anything is held back
    the decision is not one of full disclosure, nor one of partial disclosure where nothing is.
    """
    if standing.state not in OPEN and not (standing.state == "decided" and standing.is_upset):
        return (_NOT_OPEN(),)
    if decider in standing.handled_by:
        return (_OWN(),)
    if standing.hides_own:
        return (_OWN_USE(),)
    if wrong := _outcome(standing, outcome, chosen, on):
        return (wrong,)
    fitting = {one.code for one in grounds.grounds(on) if outcome in one.outcomes}
    has_grounds = bool(chosen) and fitting.issuperset(chosen)
    is_right = not chosen if outcome == "full" else has_grounds
    return () if is_right else (_NO_GROUND(),)


@rule(cites=["PIPA 78(1)[1]", "PIPA 81"], since=SINCE)
def confirmed(is_asked: bool, is_confirmed: bool, *, on: date) -> Finding | None:
    """本人の生命、健康、生活又は財産を害するおそれがある情報は、開示しない。

    Before anything of a person under a protective measure or a suppression is shown, the decider
    says to have asked whether that would do them harm.
    """
    del on
    return _UNCONFIRMED() if is_asked and not is_confirmed else None


@rule(cites=["PIPA 78(1)[1]", "PIPA 79(1)", "PIPA 87(1)"], since=SINCE)
def changed_since(
    outcome: str, held_back: bool, is_asked: bool, is_confirmed: bool, *, on: date
) -> Finding | None:
    """開示は、決定の時に分からなかった、本人を害するおそれや不開示情報があれば、そのままは行わない。

    What keeps a decision from being given as it is: something is held back since of what was to be
    shown in full, or the person came under a measure or suppression of which nobody has asked.
    """
    del on
    if is_asked and not is_confirmed and outcome in SHOWS:
        return _MARKED_SINCE()
    return _CHANGED() if outcome == "full" and held_back else None


@rule(cites=["PIPA 82(1)", "PIPA 82(2)", "PIPA 87(1)"], since=SINCE)
def may_give(state: str, *, on: date) -> Finding | None:
    """開示は、決定の後に、文書の閲覧又は写しの交付により行う。

    Notice and what is disclosed are given after the decision, again if need be.
    """
    del on
    return None if state in ("decided", "given") else _NOT_DECIDED()


@rule(cites=["PIPA 87(1)", "STD 5.8"], since=SINCE)
def printable(has_every_glyph: bool, *, on: date) -> Finding | None:
    """開示は、内容を正しく写した文書により行う。

    A notice is printed whole: never with another character in the place of one that the font lacks.
    """
    del on
    return None if has_every_glyph else _NO_GLYPH()


@rule(cites=["PIPA 76(1)", "PIPA 82(1)"], since=SINCE)
def may_withdraw(state: str, *, on: date) -> Finding | None:
    """開示請求は、決定があるまでは、取り下げることができる。

    Until it is decided a request may be taken back by whoever made it.
    """
    del on
    return None if state in OPEN else _NOT_OPEN()
