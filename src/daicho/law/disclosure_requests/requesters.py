"""開示請求をする者: in what capacity someone asks, and what must be shown (76条・77条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import Article
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import Row, table

SINCE = date(2023, 4, 1)


@dataclass(frozen=True)
class Requester:
    """請求する者の資格: one row of `disclosure_requesters.toml`."""

    code: str
    name: str
    needs_authority: bool
    needs_principal: bool
    may_endanger: bool
    cites: tuple[Article, ...]


@dataclass(frozen=True)
class MadeClear:
    """明らかにした事項: what was said and shown by whoever asks."""

    name: bool = True
    address: bool = True
    principal: bool = True
    identity: bool = True
    authority: bool = True


def _requester(row: Row) -> Requester:
    row.only("code", "name", "needs_authority", "needs_principal", "may_endanger")
    return Requester(
        row.text("code"),
        row.text("name"),
        row.flag("needs_authority"),
        row.flag("needs_principal"),
        row.flag("may_endanger"),
        row.cites,
    )


_REQUESTERS = tuple((row, _requester(row)) for row in table("disclosure_requesters").keyed())

NAMES: Mapping[str, str] = {one.code: one.name for _, one in _REQUESTERS}
"""資格の名: of every row, of every day, by code."""

_CAPACITY = finding(
    "pipa76.capacity",
    refuses=True,
    cites=["PIPA 76(1)", "PIPA 76(2)"],
    what="開示請求ができる者の資格が選ばれていません。",
    remedy="本人か、法定代理人か、本人の委任による代理人かを確かめて選んでください。"
    "ほかの者は、開示を請求できません。",
    on_item="capacity",
)
_NAME = finding(
    "pipa77.name",
    refuses=True,
    cites=["PIPA 77(1)"],
    what="開示請求をする者の氏名が入力されていません。",
    remedy="来庁した人の氏名を、本人確認書類のとおりに入力してください。",
    on_item="visitor_name",
)
_ADDRESS = finding(
    "pipa77.address",
    refuses=True,
    cites=["PIPA 77(1)"],
    what="開示請求をする者の住所又は居所が入力されていません。",
    remedy="請求書のとおりに住所を入力してください。決定はこの住所に通知します。",
    on_item="visitor_address",
)
_PRINCIPAL = finding(
    "pipa76.principal",
    refuses=True,
    cites=["PIPA 76(2)", "PIPA 77(2)"],
    what="誰の代理人として請求するかが入力されていません。",
    remedy="本人の氏名を入力してください。",
    on_item="principal_name",
)
_IDENTITY = finding(
    "pipa77.identity",
    refuses=True,
    cites=["PIPA 77(2)"],
    what="開示請求をする者が本人又はその代理人であることを、書類で確かめられていません。",
    remedy="来庁した人の本人確認書類の提示を求め、示された書類を選んでください。",
    on_item="identity",
)
_AUTHORITY = finding(
    "pipa77.authority",
    refuses=True,
    cites=["PIPA 76(2)", "PIPA 77(2)"],
    what="代理人であることが、書類で確かめられていません。",
    remedy="戸籍謄本等、登記事項証明書又は委任状の提示又は提出を求め、その書類を選んでください。",
    on_item="authority",
)


def requesters(on: date) -> tuple[Requester, ...]:
    """請求する者の資格一覧: the capacities of that day, in order."""
    return tuple(one for row, one in _REQUESTERS if row.in_force(on))


def requester(code: str, on: date) -> Requester | None:
    """請求する者の資格: the capacity with that code on that day, or None."""
    return next((one for one in requesters(on) if one.code == code), None)


@rule(cites=["PIPA 76(1)", "PIPA 76(2)", "PIPA 77(1)", "PIPA 77(2)"], since=SINCE)
def may_request_disclosure(
    made_clear: MadeClear, capacity: str, *, on: date
) -> tuple[Finding, ...]:
    """何人も、自己を本人とする保有個人情報の開示を請求でき、代理人は本人に代わって請求できる。

    Anybody may ask for what is held of themself, a guardian or an authorised agent for the person;
    who asks gives name and address and shows who they are and that they may.
    """
    its = requester(capacity, on)
    if its is None:
        return (_CAPACITY(),)
    wanting = (
        (_NAME, not made_clear.name),
        (_ADDRESS, not made_clear.address),
        (_PRINCIPAL, its.needs_principal and not made_clear.principal),
        (_IDENTITY, not made_clear.identity),
        (_AUTHORITY, its.needs_authority and not made_clear.authority),
    )
    return tuple(kind() for kind, is_wanting in wanting if is_wanting)
