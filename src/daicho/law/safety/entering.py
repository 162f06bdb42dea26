"""入れる者: who may sign in on a day: neither too early nor after the last day, and a
contractor's person only while contract, pledge and training are all in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.law.safety.responsibles import TREES
from daicho.law.tables import Row, table


@dataclass(frozen=True)
class Kind:
    """操作者の区分: a kind of person who may be given an account."""

    code: str
    name: str
    is_contractor: bool
    trees: tuple[str, ...]  # with whose affairs such a person may be charged


@dataclass(frozen=True)
class EngagementFacts:
    """従事の根拠: the last day of the contract, the day of the pledge, how long training holds."""

    contract_until: date
    pledged_on: date | None
    trained_until: date | None


def _kind(row: Row) -> Kind:
    row.only("code", "name", "is_contractor", "trees")
    trees = row.texts("trees", frozenset(TREES))
    return Kind(row.text("code"), row.text("name"), row.flag("is_contractor"), trees)


KINDS: Mapping[str, Kind] = {
    row.text("code"): _kind(row) for row in table("operator_kinds").keyed()
}
"""操作者の区分の一覧: every kind by code (`law/tables/operator_kinds.toml`)."""

_ENDED = finding(
    "access.operator_ended",
    refuses=True,
    cites=["BRRA 36-2(1)", "STD 10.3"],
    what="この操作者IDの利用は終わっています。",
    remedy="利用を続ける必要があるときは、操作権限の管理担当に登録を依頼してください。",
)
_NOT_YET = finding(
    "access.operator_not_yet",
    refuses=True,
    cites=["BRRA 36-2(1)", "STD 10.3"],
    what="この操作者IDは{from_on}から利用できます。",
    remedy="その日になってからサインインしてください。"
    "早める必要があるときは、操作権限の管理担当に依頼してください。",
)
_NO_CONTRACT = finding(
    "access.no_contract",
    refuses=True,
    cites=["MNA 11", "BRRA 36-2(1)"],
    what="有効な契約が登録されていない受託者の担当者は、利用できません。",
    remedy="情報セキュリティ管理者又は事務取扱責任者に、契約の登録を依頼してください。",
)
_NO_PLEDGE = finding(
    "access.no_pledge",
    refuses=True,
    cites=["MNA 11", "BRRA 36-2(1)"],
    what="秘密を守る誓約が登録されていない受託者の担当者は、利用できません。",
    remedy="誓約書を提出し、情報セキュリティ管理者又は事務取扱責任者に登録を依頼してください。",
)
_NO_TRAINING = finding(
    "access.no_training",
    refuses=True,
    cites=["MNA 11", "BRRA 36-2(1)"],
    what="研修の有効な受講が登録されていない受託者の担当者は、利用できません。",
    remedy="研修を受け、情報セキュリティ管理者又は事務取扱責任者に登録を依頼してください。",
)

_OTHER_SIDE = finding(
    "access.contractor_stays",
    refuses=True,
    cites=["MNA 11", "BRRA 36-2(1)"],
    what="受託者側の者の区分を、職員の区分に変えることはできません。",
    remedy="職員になったときは、この操作者を終わらせ、新しい操作者として登録してください。",
    on_item="kind",
)
_DAYS = finding(
    "access.account_days",
    refuses=True,
    cites=["STD 10.3"],
    what="利用の最後の日が、初日より前になっています。",
    remedy="最後の日は{from_on}以後の日にするか、決まっていなければ空けてください。",
    on_item="until_on",
)
_PAST = finding(
    "access.account_until_in_past",
    refuses=True,
    cites=["STD 10.3"],
    what="利用の最後の日が過ぎた日になっています。",
    remedy="最後の日は{on}以後の日にしてください。もう終わった者は、終わらせる操作で登録します。",
    on_item="until_on",
)
_OVER = finding(
    "access.account_over",
    refuses=True,
    cites=["STD 10.3", "BRRA 36-2(1)"],
    what="利用が終わった操作者の、利用の最後の日は変えられません。",
    remedy="また利用するときは、新しい操作者として登録してください。",
    on_item="until_on",
)


def is_contractor(kind: str) -> bool:
    """受託者側の者か: does an account of that kind need contract, pledge and training?

    A kind that stands in no table is asked for them: who is unknown does not enter.
    """
    return KINDS[kind].is_contractor if kind in KINDS else True


@rule(cites=["BRRA 36-2(1)", "MNA 11", "STD 10.3"], since=date(1967, 11, 10))
def hinders(
    kind: str,
    is_active: bool,
    from_on: date | None,
    until_on: date | None,
    engagement: EngagementFacts | None,
    on: date,
) -> Finding | None:
    """利用の期間の前後の者と、契約・誓約・研修のいずれかを欠く受託者の担当者は、利用できない。

    Nobody signs in before the first day or after the last one, and a contractor's person only
    while contract, pledge and training are all in force; None means that nothing hinders.
    """
    if not is_active or (until_on is not None and until_on < on):
        return _ENDED()
    if from_on is not None and on < from_on:
        return _NOT_YET(from_on=from_on)
    return _engaged(engagement, on) if is_contractor(kind) else None


def _engaged(engagement: EngagementFacts | None, on: date) -> Finding | None:
    if engagement is None or engagement.contract_until < on:
        return _NO_CONTRACT()
    if engagement.pledged_on is None or engagement.pledged_on > on:
        return _NO_PLEDGE()
    if engagement.trained_until is None or engagement.trained_until < on:
        return _NO_TRAINING()
    return None


def is_over(is_active: bool, until_on: date | None, on: date) -> bool:
    """終わった者か: has the account ended, by an act or by its last day?"""
    return not is_active or (until_on is not None and until_on < on)


@rule(cites=["MNA 11", "BRRA 36-2(1)"], since=date(1967, 11, 10))
def stays(kind_before: str, kind: str, on: date) -> Finding | None:
    """受託者側の者の登録を職員の登録に変えて、契約、誓約、研修を求めないことにはしない。

    An account of a contractor's person stays one: what it is asked for is not lifted by a change.
    """
    del on  # so it was on every day
    return _OTHER_SIDE() if is_contractor(kind_before) and not is_contractor(kind) else None


@rule(cites=["STD 10.3", "BRRA 36-2(1)"], since=date(1967, 11, 10))
def account_days(
    from_on: date | None, until_on: date | None, until_before: date | None, over: bool, on: date
) -> Finding | None:
    """利用の期間は先に向けて定め、終わった者の期間は変えない。

    The days of an account are set for the days to come; whose account is over does not come back
    by another last day. `until_before` is the last day as it stood, None where none was set.
    """
    if over:
        return _OVER() if until_on != until_before else None
    if from_on is not None and until_on is not None and until_on < from_on:
        return _DAYS(from_on=from_on)
    return _PAST(on=on) if until_on is not None and until_on < on else None
