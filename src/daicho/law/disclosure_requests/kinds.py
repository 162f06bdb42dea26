"""開示請求の種類: what can be asked for, by whom, for which days (個人情報保護法76条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import Article
from daicho.law.disclosure_requests import requesters
from daicho.law.disclosure_requests.requesters import SINCE
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import Row, table


@dataclass(frozen=True)
class Kind:
    """開示請求の種類: one row of `disclosure_requests.toml`."""

    code: str
    name: str
    what: str
    requesters: tuple[str, ...]
    asks_period: bool
    period: str
    extension: str
    cites: tuple[Article, ...]


def _kind(row: Row) -> Kind:
    row.only("code", "name", "what", "requesters", "asks_period", "period", "extension")
    return Kind(
        row.text("code"),
        row.text("name"),
        row.text("what"),
        row.texts("requesters", frozenset(requesters.NAMES)),
        row.flag("asks_period"),
        row.text("period"),
        row.text("extension"),
        row.cites,
    )


_KINDS = tuple((row, _kind(row)) for row in table("disclosure_requests").keyed())

NAMES: Mapping[str, str] = {one.code: one.name for _, one in _KINDS}
"""開示請求の種類の名: of every row, of every day, by code."""

_KIND = finding(
    "pipa76.kind",
    refuses=True,
    cites=["PIPA 76(1)"],
    what="何の開示を請求するかが選ばれていません。",
    remedy="請求書を見て、開示を請求する情報を選んでください。",
    on_item="kind",
)
_REQUESTER = finding(
    "pipa76.requester",
    refuses=True,
    cites=["PIPA 76(1)", "PIPA 76(2)"],
    what="この受付の資格では、この情報の開示を請求できません。",
    remedy="資格を確かめて、受け付け直してください。",
)
_PERIOD = finding(
    "pipa77.period",
    refuses=True,
    cites=["PIPA 77(1)"],
    what="開示を請求する期間が正しく入力されていません。",
    remedy="最初の日と、今日以前の最後の日を、この順に入力してください。",
    on_item="since_on",
)
_ASKED = finding(
    "pipa77.asked",
    refuses=True,
    cites=["PIPA 77(1)"],
    what="この受付による開示請求は、もう記録されています。",
    remedy="開示請求の一覧から開いてください。別の請求は、新しく受け付けてください。",
)
_ENDANGERS = finding(
    "pipa78.may_endanger",
    refuses=False,
    cites=["PIPA 78(1)[1]", "PIPA 81"],
    what="本人は、支援措置又は抑止の対象です。代理人からの請求なので、開示が本人を害するおそれがあります。",
    remedy="請求者が支援措置の相手方でないか、支援措置の責任者に確かめてください。"
    "請求者には、支援措置があるともないとも答えないでください。"
    "通知書に理由を書かずに断るには、「存否を明らかにしない」を選びます。",
)
_MARKED = finding(
    "pipa78.marked",
    refuses=False,
    cites=["PIPA 78(1)[1]", "BRRA 12(6)"],
    what="本人は、支援措置又は抑止の対象です。",
    remedy="請求者が確かに本人であるか、本人確認書類の写真と見比べてもう一度確かめてください。",
)


_OTHER_NAME = finding(
    "pipa77.other_name",
    refuses=False,
    cites=["PIPA 76(1)", "PIPA 77(2)"],
    what="請求者(代理人の請求では本人)の氏名が、この記載の氏名と違います。",
    remedy="別の人の記録を開いていないか、請求書と本人確認書類で確かめてください。"
    "別の人の記録であれば、開示せず、受け付け直してください。",
)


def kinds(on: date) -> tuple[Kind, ...]:
    """開示請求の種類一覧: those of that day, in order."""
    return tuple(one for row, one in _KINDS if row.in_force(on))


def kind(code: str, on: date) -> Kind | None:
    """開示請求の種類: that with the code on that day, or None."""
    return next((one for one in kinds(on) if one.code == code), None)


@rule(cites=["PIPA 76(1)", "PIPA 76(2)", "PIPA 77(1)"], since=SINCE)
def may_ask(
    kind: str, capacity: str, since_on: date | None, until_on: date | None, *, on: date
) -> tuple[Finding, ...]:
    """開示請求には、開示請求に係る保有個人情報を特定するに足りる事項を記載する。

    A request names a kind of the table that this requester may ask for and, where the kind has
    days, a first and a last day that lie in the past.
    """
    its = next((one for one in kinds(on) if one.code == kind), None)
    if its is None:
        return (_KIND(),)
    if capacity not in its.requesters or requesters.requester(capacity, on) is None:
        return (_REQUESTER(),)
    if not its.asks_period:
        return ()
    is_clear = since_on is not None and until_on is not None and since_on <= until_on <= on
    return () if is_clear else (_PERIOD(),)


@rule(cites=["PIPA 77(1)"], since=SINCE)
def one_request(is_asked: bool, *, on: date) -> Finding | None:
    """開示請求は、請求書を提出してする。

    One 受付 makes one request: another is received anew.
    """
    del on  # so it was on every day of its force
    return _ASKED() if is_asked else None


@rule(cites=["PIPA 76(1)", "PIPA 77(2)"], since=SINCE)
def named(is_named: bool, *, on: date) -> Finding | None:
    """開示するのは、請求した本人の情報である。

    Whoever is said to be the person is compared by name with the record that was chosen.
    """
    del on
    return None if is_named else _OTHER_NAME()


@rule(cites=["PIPA 78(1)[1]", "PIPA 81", "BRRA 12(6)"], since=SINCE)
def endangers(capacity: str, is_marked: bool, *, on: date) -> Finding | None:
    """開示が本人の生命、健康、生活又は財産を害するおそれがないかを、決定の前に確かめる。

    Of a person under a protective measure or a suppression it is told before anything is decided,
    and the more where somebody asks in their place.
    """
    if not is_marked:
        return None
    its = requesters.requester(capacity, on)
    return _ENDANGERS() if its is None or its.may_endanger else _MARKED()
