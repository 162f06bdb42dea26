"""住民票コードの変更請求の受付: who may ask, and what he must have shown (法30条の4)."""

from collections.abc import Iterator
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import table

WORK = "record_code_changed"
"""受付の種類: that of a change of the code."""

_REQUESTERS = table("record_code_requesters").keyed()
for _row in _REQUESTERS:
    _row.only("code", "needs_authority")
    _row.flag("needs_authority")

_NOT_BY_OTHERS = finding(
    "brra30-4.requester",
    refuses=True,
    cites=["BRRA 30-4(1)"],
    what="住民票コードの変更は、本人又は法定代理人でない者から請求できません。",
    remedy="本人に来庁してもらうか、法定代理人による請求として受け付けてください。",
    on_item="capacity",
)
_IDENTITY = finding(
    "brra30-4.identity",
    refuses=True,
    cites=["BRRA 30-4(2)"],
    what="住民票コードの変更を請求する者の本人確認が、できていません。",
    remedy="個人番号カード、運転免許証など、本人であることの分かる書類の提示を求めてください。",
    on_item="identity",
)
_AUTHORITY = finding(
    "brra30-4.authority",
    refuses=True,
    cites=["BRRA 30-4(2)"],
    what="法定代理人であることが、確かめられていません。",
    remedy="戸籍の証明書、登記事項証明書など、法定代理人であることの分かる書類の提示を求めてください。",
    on_item="authority",
)


@rule(cites=["BRRA 30-4(1)", "BRRA 30-4(2)"], since=date(2002, 8, 5))
def may_ask_for_code(
    capacity: str, identity_confirmed: bool, authority_confirmed: bool, *, on: date
) -> tuple[Finding, ...]:
    """住民票コードの変更は、住民基本台帳に記録されている者が、本人であることを明らかにして請求する。

    The person, or a legal representative who shows that he is one, asks; who it is, is confirmed.
    """
    row = _REQUESTERS.find(capacity, on)
    if row is None:
        return (_NOT_BY_OTHERS(),)
    unproven = row.flag("needs_authority") and not authority_confirmed
    found = (None if identity_confirmed else _IDENTITY(), _AUTHORITY() if unproven else None)
    return tuple(one for one in found if one is not None)


def may_stand(work: str, capacity: str, on: date) -> bool:
    """請求できる資格: whether the form of the 受付 of that work offers it."""
    return work != WORK or _REQUESTERS.find(capacity, on) is not None


def judge(
    work: str,
    capacity: str,
    *,
    identity_confirmed: bool,
    authority_confirmed: bool,
    on: date,
) -> Iterator[Finding]:
    """請求する者の審査: nothing for any other work."""
    if work == WORK:
        yield from may_ask_for_code(capacity, identity_confirmed, authority_confirmed, on=on)
