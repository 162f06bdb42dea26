"""交付: what must be so at the moment in which a certificate leaves the register."""

from datetime import date

from daicho.law.disclosure.items import requester_row
from daicho.law.rule import Finding, finding, rule

SINCE = date(1967, 11, 10)

COPIES_MOST = 20
"""部数の上限: under one 受付 that does not say how many. No figure of the law: a bound of ours."""

_NO_CERTIFIER = finding(
    "std1-3-9.no_certifier",
    refuses=True,
    cites=["STD 1.3.9", "STD 5.6"],
    what="今日の認証者(職名と氏名)が登録されていません。",
    remedy="認証者の登録を、情報システムの担当者に依頼してください。",
)
_ISSUED = finding(
    "std1-3-8.issued_already",
    refuses=True,
    cites=["STD 1.3.8", "STD 5.5"],
    what="この画面からは、すでに証明書を1通発行しています。もう1通は発行していません。",
    remedy="交付の結果の画面で発行番号を確かめてください。"
    "印刷できていないときは書損とし、もう一度発行してください。",
)
_NOT_ASKED = finding(
    "brra12.item_not_asked",
    refuses=True,
    cites=["BRRA 12(5)"],
    what="{item}の記載は、この受付では求められていません。",
    remedy="請求者に確かめてください。記載を求められたときは、その事項を求める受付を"
    "新しくしてから交付してください。",
    on_item="asked",
)
_TOO_MANY = finding(
    "std1-3-8.copies",
    refuses=True,
    cites=["STD 1.3.8"],
    what="この受付で交付できるのは、書損を除いて{most}部までです。",
    remedy="部数と、この受付で交付したものを確かめてください。"
    "さらに求められたときは、受付を新しくしてください。",
    on_item="copy_count",
)
_COPY_AGAIN = finding(
    "std1-3-8.copy_given",
    refuses=True,
    cites=["STD 1.3.8"],
    what="この証明書のこの部は、この受付ですでに発行しています。",
    remedy="交付の結果の画面から次の1部を発行するか、"
    "渡せないものを書損としてから発行し直してください。",
    on_item="copy_count",
)
_NOT_SPOILED = finding(
    "std1-3-8.not_spoiled",
    refuses=True,
    cites=["STD 1.3.8"],
    what="取り替える証明書が、この受付の書損にありません。",
    remedy="交付の結果の画面で、書損としたものから発行し直してください。",
)
_MIXED_UP = "来庁した人、請求者の資格、証明する人に取り違えがないことを確かめてください。"
_NAMES_DIFFER = {
    "visitor": finding(
        "brra12.visitor_not_certified",
        refuses=False,
        cites=["BRRA 12(1)"],
        what="本人の請求ですが、来庁した人の氏名が、証明する人の氏名のどれとも一致しません。",
        remedy=_MIXED_UP,
    ),
    "principal": finding(
        "brra12.principal_not_certified",
        refuses=False,
        cites=["BRRA 12(4)"],
        what="代理人の請求ですが、代理される人の氏名が、証明する人の氏名のどれとも一致しません。",
        remedy="委任状等の本人、請求者の資格、証明する人に取り違えがないことを確かめてください。",
    ),
    "household": finding(
        "brra12.visitor_not_of_household",
        refuses=False,
        cites=["BRRA 12(1)"],
        what="同一世帯の者の請求ですが、来庁した人の氏名が、その世帯の人の氏名のどれとも一致しません。",
        remedy=_MIXED_UP,
    ),
}
_SIGNER_NOT_IN_FORCE = finding(
    "certificate.signer_not_in_force",
    refuses=True,
    cites=["BRRA 36-2(1)"],
    what="署名に使う証明書が、有効期間の外にあります。",
    remedy="署名鍵と証明書の更新を、情報システムの担当者に依頼してください。",
)


@rule(cites=["STD 1.3.9", "STD 5.6"], since=SINCE)
def certifier_named(is_named: bool, *, on: date) -> Finding | None:
    """証明書には、交付の日の認証者の職名と氏名を記載する。

    A certificate names who certifies it on its day, never a title alone.
    """
    return None if is_named else _NO_CERTIFIER()


@rule(cites=["STD 1.3.8", "STD 5.5"], since=SINCE)
def one_of_a_form(is_issued: bool, *, on: date) -> Finding | None:
    """交付は一通ごとに発行番号を付けて記録し、一つの画面から発行する証明書は一通である。

    Each copy has a number and a row of its own: a form sent twice does not issue twice.
    """
    return _ISSUED() if is_issued else None


@rule(cites=["BRRA 12(5)"], since=SINCE)
def item_is_of_the_request(item: str, is_asked: bool, *, on: date) -> Finding | None:
    """特別の請求のあった事項に限り、省略せずに記載する。

    What was not asked for when the visitor was received is left out; `item` is its name.
    """
    return None if is_asked else _NOT_ASKED(item=item)


@rule(cites=["STD 1.3.8"], since=SINCE)
def copies_in_bounds(
    copy_no: int, copy_count: int, given: int, wanted: int | None, *, on: date
) -> Finding | None:
    """一つの受付で交付するのは、その請求の部数までである。

    No more copies leave than were asked for: `given` have left already, spoiled ones aside;
    `wanted` is the number asked for, None where nobody said one.
    """
    most = COPIES_MOST if wanted is None else wanted
    fits = 1 <= copy_no <= copy_count <= most and given < most
    return None if fits else _TOO_MANY(most=most)


@rule(cites=["STD 1.3.8"], since=SINCE)
def copy_is_given_once(is_given: bool, *, on: date) -> Finding | None:
    """同じ証明書の同じ部は、一つの受付で一度だけ交付する。書損としたものは交付に数えない。

    Each copy leaves once for one request; one that was spoiled was not given.
    """
    return _COPY_AGAIN() if is_given else None


@rule(cites=["STD 1.3.8"], since=SINCE)
def replaces_what_was_spoiled(is_spoiled: bool, *, on: date) -> Finding | None:
    """取り替えて交付できるのは、その受付で書損とした同じ証明書だけである。

    A copy stands in the place only of the same copy of the same request, marked as spoiled.
    """
    return None if is_spoiled else _NOT_SPOILED()


def named_by(requester: str, *, on: date) -> str:
    """照合する氏名: visitor, principal, household or nobody, as the table of requesters says."""
    return requester_row(requester, on).text("named")


@rule(cites=["BRRA 12(1)", "BRRA 12(4)"], since=date(2008, 5, 1))
def asks_for_the_certified(requester: str, is_named: bool, *, on: date) -> Finding | None:
    """写しの請求は、住民基本台帳に記録されている者が、自己又は同一の世帯に属する者について行う。

    Whoever asks as the person, for the person or as one of the household does so of those
    certified. `is_named`: the name that the table of requesters says is among them. Names may
    be written otherwise on a document: confirmed, not refused.
    """
    kind = _NAMES_DIFFER.get(named_by(requester, on=on))
    return kind() if kind and not is_named else None


@rule(cites=["BRRA 36-2(1)"], since=SINCE)
def signer_in_force(is_in_force: bool, *, on: date) -> Finding | None:
    """証明書は、有効な証明書による署名をして交付する。

    Nothing is signed with a key whose certificate, or whose authority's, has ended or not begun.
    """
    return None if is_in_force else _SIGNER_NOT_IN_FORCE()
