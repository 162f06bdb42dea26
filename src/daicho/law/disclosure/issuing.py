"""交付: what must be so at the moment in which a certificate leaves the register."""

from datetime import date

from daicho.law.rule import Finding, finding, rule

SINCE = date(1967, 11, 10)

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
