"""証明の可否: whether a certificate of these persons may be made at all, and on which form."""

from datetime import date

from daicho.law.disclosure.items import SINCE, requester_row
from daicho.law.disclosure.requests import Form, SpecialHistory
from daicho.law.rule import Finding, finding, rule

CLOSED_SINCE = date(2019, 6, 20)
"""令和元年6月20日: from that day the Act itself keeps and certifies 除票 (BRRA 15-2 to 15-4)."""

# Neither text nor article tells why: a refusal must not betray a 支援措置.
_WITHHELD = finding(
    "std5-1.withheld",
    refuses=True,
    cites=["STD 5.1"],
    what="この請求による証明書は、交付できません。",
    remedy="交付せずに、審査の担当者に引き継いでください。",
)
_CAUTION = finding(
    "std3-1.certificate_caution",
    refuses=False,
    cites=["STD 3.1"],
    what="証明書の交付に当たり、確認が必要な方が含まれています。",
    remedy="審査の担当者に確かめてから交付してください。",
)
_MIXED = finding(
    "std5-1.mixed",
    refuses=True,
    cites=["STD 5.1"],
    what="世帯連記式の写しに、住民と除票となった方を一緒に記載することはできません。",
    remedy="住民だけを選ぶか、除票となった方の写しを個人票で作成してください。",
)
_CLOSED_ALONE = finding(
    "std1-1-5.closed_on_individual_copy",
    refuses=True,
    cites=["STD 1.1.5", "STD 5.1"],
    what="除票の写しは、世帯連記式では作成できません。",
    remedy="個人票を選んでください。",
)
_NO_SAME_HOUSEHOLD = finding(
    "brra15-4.no_same_household",
    refuses=True,
    cites=["BRRA 15-4"],
    what="除票の写しを、同一世帯の者として請求することはできません。",
    remedy="請求の理由を確かめ、第三者の請求として受け付け直してください。",
    on_item="requester",
)
_NOT_CHOSEN = finding(
    "std1-1-4.special_history_not_chosen",
    refuses=True,
    cites=["STD 1.1.4"],
    what="履歴に、通常は記載しない事由の異動が含まれています。",
    remedy="その異動を記載するかしないかを選んでから、もう一度進めてください。",
    on_item="special_history",
)
_NOT_FOR_OTHERS = finding(
    "std1-1-4.special_history_not_for_them",
    refuses=True,
    cites=["STD 1.1.4"],
    what="通常は記載しない事由の異動を、{requester}の請求による写しに記載することはできません。",
    remedy="その異動を記載しない写しを作成してください。",
    on_item="special_history",
)
_ONE_PERSON = finding(
    "std1-1-3.one_person",
    refuses=True,
    cites=["STD 1.1.3"],
    what="個人票には、一人だけを記載します。",
    remedy="一人を選ぶか、世帯連記式を選んでください。",
    on_item="form",
)
_NOBODY = finding(
    "std5-1.nobody",
    refuses=True,
    cites=["STD 5.1"],
    what="証明する方が選ばれていません。",
    remedy="一人以上を選んでください。",
)
_TWO_HOUSEHOLDS = finding(
    "std5-1.two_households",
    refuses=True,
    cites=["STD 5.1", "STD 1.1.3"],
    what="異なる世帯の方を、一つの証明書に記載することはできません。",
    remedy="世帯ごとに作成してください。",
)
_NO_HISTORY = finding(
    "std1-1-3.no_history_on_household_copy",
    refuses=True,
    cites=["STD 1.1.3", "STD 5.1"],
    what="履歴を記載できるのは個人票だけです。",
    remedy="個人票を選ぶか、履歴の記載を外してください。",
    on_item="with_history",
)


@rule(cites=["STD 3.1", "STD 3.4", "STD 5.1"], since=SINCE)
def may_be_issued(protected: bool, suppressed: str, *, on: date) -> Finding | None:
    """支援措置の対象者又は発行を抑止された者を含む証明書は交付せず、理由を告げない。

    Whoever is protected, provisionally too, or held back is on no certificate, for anybody, and
    the refusal does not tell which it was; a suppression that only warns asks.
    """
    if protected or suppressed == "error":
        return _WITHHELD()
    return _CAUTION() if suppressed == "alert" else None


@rule(cites=["STD 5.1", "STD 1.1.5"], since=SINCE)
def persons_fit_form(
    form: Form, persons: int, closed: int, households: int, *, on: date
) -> Finding | None:
    """除票は個人票だけで証明し、一つの連記の写しに除票と住民を記載しない。

    A 個人票 holds one person; a 連記 copy and a 転出証明書 one household; a closed record is only
    on a 個人票 and never beside a living one. `persons`, `closed` and `households` are counts.
    """
    if persons == 0:
        return _NOBODY()
    if form == "individual_copy":
        return _ONE_PERSON() if persons > 1 else None
    if households > 1:
        return _TWO_HOUSEHOLDS()
    if form == "household_copy" and closed:
        return _MIXED() if closed < persons else _CLOSED_ALONE()
    return None


@rule(cites=["BRRA 15-4"], since=CLOSED_SINCE)
def may_ask_for_closed(requester: str, *, on: date) -> Finding | None:
    """除票の写しは、除票に記載されている者が請求でき、もと世帯員は第三者として申し出る。

    A closed record has no household: former members ask as third parties.
    """
    return None if requester_row(requester, on).flag("closed") else _NO_SAME_HOUSEHOLD()


@rule(cites=["STD 1.1.3", "STD 1.1.4"], since=SINCE)
def history_may_be_printed(
    form: Form, has_special: bool, choice: SpecialHistory, requester: str, *, on: date
) -> Finding | None:
    """履歴は個人票にだけ記載し、特別の事由の履歴は、明示して選ばない限り記載しない。

    Asked only where a history is asked for. Rows of a special cause (特別養子縁組, a change of sex)
    need the clerk's choice and are never printed for others than the person's own side.
    """
    if form != "individual_copy":
        return _NO_HISTORY()
    if not has_special or choice == "omitted":
        return None
    if choice == "":
        return _NOT_CHOSEN()
    by = requester_row(requester, on)
    own = by.text("side") == "resident"
    return None if own else _NOT_FOR_OTHERS(requester=by.text("name"))


@rule(cites=["STD 5.1"], since=SINCE)
def moving_out_is_printed(closed: bool, *, on: date) -> bool:
    """転出予定日が到来するまでの写しには、転出の予定を記載しない。

    Plans of moving out are on a copy only when the record has closed by them.
    """
    return closed
