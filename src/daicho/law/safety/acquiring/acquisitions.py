"""個人番号の取得の審査: what must be known and shown before a number goes into the vault."""

from collections.abc import Iterator
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.law.safety.acquiring import checks, exemptions
from daicho.law.safety.acquiring.acquired import Acquired
from daicho.law.safety.acquiring.sources import source

NUMBERS_SINCE = date(2015, 10, 5)
"""番号法の施行の日: from when anybody had a number to give."""
SHOWN_SINCE = date(2023, 4, 1)
"""個人情報保護法の適用の日: from when its 62条 binds municipalities."""

_NO_SOURCE = finding(
    "mna19.no_source",
    refuses=True,
    cites=["MNA 19", "MNA 20", "MNA 15"],
    what="個人番号を、番号法19条の定める誰から取得したかが分かりません。",
    remedy="取得元を、転出証明書、本人・代理人、機構の回答の中から選んでください。"
    "どれにも当たらない番号は、収集することができません。",
    on_item="acquired_from",
)
_NO_CERTIFICATE = finding(
    "mna19.no_certificate",
    refuses=True,
    cites=["BRRA 22(2)", "MNA 19[7]"],
    what="転出証明書のない転入ですが、個人番号の取得元が転出証明書となっています。",
    remedy="転入の証明を確かめるか、取得元を本人・代理人又は機構の回答に直してください。",
    on_item="acquired_from",
)
_NO_GIVER = finding(
    "mna16.no_giver",
    refuses=True,
    cites=["MNA 16", "MNA 19[3]"],
    what="個人番号を提供した者が、本人か代理人かが選ばれていません。",
    remedy="本人、法定代理人、任意代理人などの別を確かめて選んでください。",
    on_item="given_by",
)
_NUMBER_UNCHECKED = finding(
    "mna16.number_not_checked",
    refuses=True,
    cites=["MNA 16", "MNO 12(1)"],
    what="入力した個人番号が本人のものであることを、確かめられていません。",
    remedy="個人番号カード、番号入りの住民票の写しなどの提示を求めて、示された書類を選んでください。"
    "確かめられないときは、個人番号を空欄にしてください。",
    on_item="number_document",
)
_IDENTITY_UNCHECKED = finding(
    "mna16.identity_not_checked",
    refuses=True,
    cites=["MNA 16", "MNO 12(1)"],
    what="個人番号を提供した者の身元を、番号法16条の書類で確かめられていません。",
    remedy="写真付きの公的な書類を一点、ないときは資格確認書などを二点選んでください。"
    "説明や学生証だけでは足りません。",
    on_item="identity_document",
)
_NO_AUTHORITY = finding(
    "mna16.no_authority",
    refuses=True,
    cites=["MNA 16", "MNO 12(2)"],
    what="代理人から個人番号の提供を受けますが、代理権を書類で確かめられていません。",
    remedy="法定代理人は戸籍謄本など、任意代理人は委任状の提示を求めて、示された書類を選んでください。"
    "同一世帯の者も、ほかの者の番号では代理人です。",
    on_item="authority_document",
)
_BY_INQUIRY = finding(
    "mna16.by_inquiry",
    refuses=False,
    cites=["MNA 16", "MNO 12(1)"],
    what="個人番号を、書類によらずに、照会や庁内のファイルで確かめることとしています。",
    remedy="書類の提示が難しい事情を確かめてください。事情があれば、このまま進められます。",
    on_item="number_document",
)
_NOT_SHOWN = finding(
    "pipa62.purpose_not_shown",
    refuses=True,
    cites=["PIPA 62"],
    what="個人番号の利用目的を、本人にあらかじめ明示したかが選ばれていません。",
    remedy="届書の記載や掲示を示して利用目的を明示し、「明示した」を選んでください。"
    "明示を要しない場合は、その理由を選んでください。",
    on_item="purpose_shown",
)


@rule(cites=["MNA 19", "MNA 20", "MNA 15", "STD 4.4"], since=NUMBERS_SINCE)
def lawful_source(acquired: Acquired | None, on: date) -> Finding | None:
    """特定個人情報は、番号法19条各号のいずれかに当たる場合のほか、収集してはならない。

    A number is taken from a source of the table that a clerk may name, and from no other.
    """
    its = source(acquired.source, on) if acquired else None
    return None if its is not None and its.at_counter else _NO_SOURCE()


@rule(cites=["BRRA 22(2)", "MNA 19[7]"], since=NUMBERS_SINCE)
def certificate_at_hand(acquired: Acquired, has_certificate: bool, on: date) -> Finding | None:
    """転出証明書から取得した番号は、転入届に添えられた転出証明書又は転出証明書情報にある。

    What is said to stand on the certificate of another town needs that certificate.
    """
    del on  # so it was on every day of its force
    return _NO_CERTIFICATE() if acquired.source == "certificate" and not has_certificate else None


@rule(cites=["MNA 16", "MNO 12(1)", "MNO 12(2)"], since=NUMBERS_SINCE)
def identity_checked(acquired: Acquired, on: date) -> tuple[Finding, ...]:
    """本人又は代理人から個人番号の提供を受けるときは、番号と、提供した者の身元及び代理権を確かめる。

    Of a number that the person gives, or who acts for him: the number is shown to be his, who gives
    it shows who he is and, where it is another's, that he may act. The person's own card does both;
    whatever comes from an authority is not checked so.
    """
    its = source(acquired.source, on)
    if its is None or not its.from_person:
        return ()
    for_another = checks.is_for_another(acquired.given_by, on)
    number = checks.shows(acquired.number_document, on)
    identity = checks.card_is_enough(acquired, on) or checks.identity_shown(acquired.identity, on)
    authority = {one.code for one in checks.authority_documents(on)} & set(acquired.authority)
    wanting = (
        (_NO_GIVER, for_another is None),
        (_NUMBER_UNCHECKED, not number),
        (_IDENTITY_UNCHECKED, not identity),
        (_NO_AUTHORITY, bool(for_another) and not authority),
        (_BY_INQUIRY, number == "inquiry"),
    )
    return tuple(kind() for kind, is_wanting in wanting if is_wanting)


@rule(cites=["PIPA 62"], since=SHOWN_SINCE)
def purpose_shown(acquired: Acquired, on: date) -> Finding | None:
    """本人から直接書面で取得するときは、四つの場合を除き、あらかじめ利用目的を明示する。

    Who gives a number in writing is shown the purpose before, unless one of the exemptions holds.
    """
    its = source(acquired.source, on)
    is_asked = its is not None and its.from_person
    return _NOT_SHOWN() if is_asked and not exemptions.is_known(acquired.shown, on) else None


def judge(acquired: Acquired | None, has_certificate: bool, on: date) -> Iterator[Finding]:
    """個人番号の取得の審査: what the law says of one number before it goes into the vault.

    `acquired` is None where nobody said whence it came; `has_certificate`: the change rests on a
    転出証明書, on one that serves as it, or on 転出証明書情報.
    """
    unknown = lawful_source(acquired, on)
    if acquired is None or unknown is not None:
        yield from (one for one in (unknown,) if one is not None)
        return
    found = (
        certificate_at_hand(acquired, has_certificate, on),
        *identity_checked(acquired, on),
        purpose_shown(acquired, on) if on >= SHOWN_SINCE else None,
    )
    yield from (one for one in found if one is not None)
