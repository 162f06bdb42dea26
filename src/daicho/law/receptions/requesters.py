"""証明書の請求者: who may ask for a certificate and what must be made clear (12条〜12条の3)."""

from dataclasses import dataclass
from datetime import date

from daicho.law.disclosure import REQUESTERS
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import Row, table


@dataclass(frozen=True)
class Requester:
    """請求者の資格: in what capacity someone asks; the flags are those of `requesters.toml`."""

    code: str
    name: str
    needs_authority: bool
    needs_principal: bool
    needs_address: bool
    needs_reason: bool
    needs_body: bool


@dataclass(frozen=True)
class MadeClear:
    """明らかにした事項: what of a request was said and shown."""

    name: bool = True
    address: bool = True
    principal: bool = True
    body: bool = True
    reason: bool = True
    identity: bool = True
    authority: bool = True


def _requester(row: Row) -> Requester:
    flags = [name for name in Requester.__dataclass_fields__ if name not in ("code", "name")]
    row.only("code", *flags)
    code = row.text("code")
    named = REQUESTERS.find(code, row.since)
    if named is None:
        raise row.wrong("requesters_items.toml says what this requester may have shown")
    return Requester(code, named.text("name"), *(row.flag(name) for name in flags))


_REQUESTERS = tuple((row, _requester(row)) for row in table("requesters").keyed())

_CAPACITY = finding(
    "brra12.capacity",
    refuses=True,
    cites=["BRRA 12(1)", "BRRA 12-2(1)", "BRRA 12-3(1)"],
    what="証明書を請求できる者の資格が選ばれていません。",
    remedy="本人、同一世帯の者、代理人、第三者、公用などの別を確かめて選んでください。",
    on_item="capacity",
)
_NAME = finding(
    "brra12.name",
    refuses=True,
    cites=["BRRA 12(2)", "BRRA 12-2(2)", "BRRA 12-3(4)"],
    what="請求の任に当たっている者の氏名が入力されていません。",
    remedy="来庁した人の氏名を、本人確認書類のとおりに入力してください。",
    on_item="visitor_name",
)
_ADDRESS = finding(
    "brra12.address",
    refuses=True,
    cites=["BRRA 12(2)", "BRRA 12-3(4)"],
    what="請求の任に当たっている者の住所が入力されていません。",
    remedy="請求書のとおりに住所を入力してください。",
    on_item="visitor_address",
)
_PRINCIPAL = finding(
    "brra12.principal",
    refuses=True,
    cites=["BRRA 12(2)", "BRRA 12-3(4)"],
    what="誰の代理人として、又は誰の依頼により請求するかが入力されていません。",
    remedy="請求をする本人又は依頼者の氏名や名称を入力してください。",
    on_item="principal_name",
)
_BODY = finding(
    "brra12-2.body",
    refuses=True,
    cites=["BRRA 12-2(2)"],
    what="公用の請求をする機関の名称が入力されていません。",
    remedy="請求書のとおりに機関の名称を入力してください。",
    on_item="sender",
)
_REASON = finding(
    "brra12-3.reason",
    refuses=True,
    cites=["BRRA 12-2(2)", "BRRA 12-3(4)"],
    what="利用の目的が入力されていません。",
    remedy="請求書の利用の目的（公用のときは根拠の法令の条項でも可）を入力してください。",
    on_item="reason",
)
_IDENTITY = finding(
    "brra12.identity",
    refuses=True,
    cites=["BRRA 12(3)", "BRRA 12-2(3)", "BRRA 12-3(5)"],
    what="請求の任に当たっている者が本人であることを、確かめられていません。",
    remedy="本人確認書類の提示を求め、示された書類を選んでください。",
    on_item="identity",
)
_AUTHORITY = finding(
    "brra12.authority",
    refuses=True,
    cites=["BRRA 12(4)", "BRRA 12-3(4)"],
    what="依頼又は法令により請求の任に当たることが、書類で確かめられていません。",
    remedy="委任状、戸籍謄本等、資格者の証明書などの提示又は提出を求め、その書類を選んでください。",
    on_item="authority",
)


def requesters(on: date) -> tuple[Requester, ...]:
    """請求者の資格一覧: the capacities the form offers on that day, in order."""
    return tuple(one for row, one in _REQUESTERS if row.in_force(on))


def requester(code: str, on: date) -> Requester | None:
    """請求者の資格: the capacity with that code on that day, or None."""
    return next((one for one in requesters(on) if one.code == code), None)


@rule(cites=["BRRA 12", "BRRA 12-2", "BRRA 12-3"], since=date(2008, 5, 1))
def may_request(made_clear: MadeClear, capacity: str, *, on: date) -> tuple[Finding, ...]:
    """請求する者の氏名、住所、資格、利用の目的を明らかにさせ、本人であることと権限を確かめる。

    Who asks for a certificate says in what capacity and, where he is not the person or of the same
    household, for whom and to what end, and shows who he is and that he may.
    """
    its = requester(capacity, on)
    if its is None:
        return (_CAPACITY(),)
    wanting = (
        (_NAME, not made_clear.name),
        (_ADDRESS, its.needs_address and not made_clear.address),
        (_PRINCIPAL, its.needs_principal and not made_clear.principal),
        (_BODY, its.needs_body and not made_clear.body),
        (_REASON, its.needs_reason and not made_clear.reason),
        (_IDENTITY, not made_clear.identity),
        (_AUTHORITY, its.needs_authority and not made_clear.authority),
    )
    return tuple(kind() for kind, is_wanting in wanting if is_wanting)
