"""分析の点検: what became of each use that stood out, who judges it, and who signs a month."""

from collections.abc import Collection, Mapping
from datetime import date

from daicho.law.rule import COUNT_MAX, Finding, finding, rule
from daicho.law.safety.watching.limits import limits

_CITES = ("STD 10.2", "MNA 12", "BRRA 36-2(1)")
_SINCE = date(2015, 10, 5)

ASKING = "asking"
"""確認中: not yet a judgement."""
OUTCOMES: Mapping[str, str] = {
    ASKING: "確認中",
    "proper": "業務による利用",
    "mistaken": "誤操作",
    "improper": "不適切な利用の疑い(調査へ)",
}
"""判断: the closed list; what is said beyond it stands in the papers of the inquiry."""
SUSPECTED = "improper"
"""不適切な利用の疑い: what nobody takes back and signs away alone."""

_CONCERNED = finding(
    "watching.concerned",
    refuses=True,
    cites=_CITES,
    what="自分に係る利用があるため、その判断も、この月の署名もできません。",
    remedy="係りのない、ほかの監査担当、情報セキュリティ管理者又は上の責任者に依頼してください。",
)
_OPEN = finding(
    "watching.open",
    refuses=True,
    cites=_CITES,
    what="判断していないか、確認中のままの利用が{findings}件あります。",
    remedy="すべての利用を判断してから署名してください。",
)
_MEANWHILE = finding(
    "watching.judged_meanwhile",
    refuses=True,
    cites=_CITES,
    what="この画面を開いた後に、ほかの担当者が{changed}件の判断をしています。",
    remedy="下に示した今の判断を確かめ、変えるものだけを選び直してください。",
)
_WITHDREW = finding(
    "watching.withdrew",
    refuses=True,
    cites=_CITES,
    what="不適切な利用の疑いを自分で取り下げたため、この月の署名はできません。",
    remedy="取り下げた判断を、ほかの監査担当、情報セキュリティ管理者又は上の責任者が確かめて"
    "署名してください。",
)
_SIGNED = finding(
    "watching.signed",
    refuses=True,
    cites=_CITES,
    what="この月の点検は署名されているため、変えられません。",
    remedy="署名の後に分かったことは、調査の記録に残してください。",
)
_OVERDUE = finding(
    "watching.overdue",
    refuses=False,
    cites=_CITES,
    what="{month_on}の属する月の利用記録の分析が、期限を過ぎても署名されていません。",
    remedy="監査担当、情報セキュリティ管理者又は上の責任者が、点検して署名してください。",
)
_NOT_MADE = finding(
    "watching.not_made",
    refuses=False,
    cites=_CITES,
    what="{month_on}の属する月の利用記録の分析が、まだ作られていません。",
    remedy="自動の処理が失敗していないか、システム運用担当が利用記録の「エラー」を確かめてください。",
)


@rule(cites=_CITES, since=_SINCE)
def may_judge(judge: int, concerned: Collection[int], is_signed: bool, on: date) -> Finding | None:
    """目に付いた利用は、その利用をした者でない者が判断する。

    Nobody judges a use of his own, and nobody a use of a month that has been signed for.
    """
    del on  # so it was on every day
    if is_signed:
        return _SIGNED()
    return _CONCERNED() if judge in concerned else None


@rule(cites=_CITES, since=_SINCE)
def may_sign(
    signer: int, concerned: Collection[int], undecided: int, is_signed: bool, on: date
) -> Finding | None:
    """月の点検は、すべての利用を判断した後、係りのない者が一度だけ署名する。

    A month is signed for once, after all was judged, by somebody whose uses are not among it.
    """
    hindered = may_judge(signer, concerned, is_signed, on)
    if hindered is not None:
        return hindered
    return _OPEN(findings=min(undecided, COUNT_MAX)) if undecided else None


@rule(cites=_CITES, since=_SINCE)
def overdue(month_on: date, ended_on: date, is_signed: bool, on: date) -> Finding | None:
    """月ごとの分析は、期限までに点検して署名する。

    A month that ended on `ended_on` is signed for within the days of the table.
    """
    if is_signed or (on - ended_on).days <= limits(on).days_to_sign:
        return None
    return _OVERDUE(month_on=month_on)


@rule(cites=_CITES, since=_SINCE)
def as_shown(changed: int, on: date) -> Finding | None:
    """判断と署名は、今ある判断を見た上でする。

    Nothing is judged or signed over a judgement that somebody made after the page was shown.
    """
    del on  # so it was on every day
    return _MEANWHILE(changed=min(changed, COUNT_MAX)) if changed else None


@rule(cites=_CITES, since=_SINCE)
def withdrawn(signer: int, withdrew: Collection[int], on: date) -> Finding | None:
    """不適切な利用の疑いを取り下げた者は、その月の署名をしない。

    Who took a suspicion back does not sign for its month, so that two have seen that it was none.
    """
    del on  # as above
    return _WITHDREW() if signer in withdrew else None


@rule(cites=_CITES, since=_SINCE)
def not_made(month_on: date, ended_on: date, on: date) -> Finding | None:
    """終わった月の利用記録は、日を置かずに分析する。

    A month that was trailed in and has no analysis some days after its end is told of.
    """
    is_late = (on - ended_on).days > limits(on).days_to_make
    return _NOT_MADE(month_on=month_on) if is_late else None
