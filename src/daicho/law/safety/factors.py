"""認証の要素: what is refused of what a person shows, or would register, to come in."""

from datetime import date

from daicho.law.rule import Finding, finding, rule

_CITES = ["BRRA 36-2(1)", "MNA 12", "STD 10.3"]

WRONG = finding(
    "access.answer_wrong",
    refuses=True,
    cites=_CITES,
    what="認証できないか、利用が停止されています。",
    remedy="もう一度確かめてください。続けて間違えると停止します。",
)
NO_LEAVE = finding(
    "access.no_leave",
    refuses=True,
    cites=_CITES,
    what="認証の方法を登録する許可がありません。",
    remedy="操作権限の管理担当に、本人であることを示して登録の許可を依頼してください。",
)
OWN_LEAVE = finding(
    "access.own_leave",
    refuses=True,
    cites=_CITES,
    what="自分に登録の許可を与えること、自分のパスワードを作り直すことはできません。",
    remedy="ほかの管理担当に依頼してください。",
)
ANOTHER_GIVER = finding(
    "access.another_giver",
    refuses=True,
    cites=_CITES,
    what="登録の許可と、パスワードの再発行又は認証の方法の取消しとを、同じ担当者だけで行うことは"
    "できません。",
    remedy="本人が次にサインインするまでは、別の管理担当が許可し、又は再発行してください。",
)
KEY_SUSPENDED = finding(
    "access.key_suspended",
    refuses=True,
    cites=_CITES,
    what="この認証器は、複製された疑いがあるため停止しています。",
    remedy="すぐに情報システム担当に連絡し、新しい認証器の登録の許可を受けてください。",
)
KEY_NOT_LISTED = finding(
    "access.key_not_listed",
    refuses=True,
    cites=_CITES,
    what="この認証器の機種は、使ってよいものとして登録されていません。",
    remedy="情報システム担当から渡された認証器を使ってください。",
)
KEY_NOT_PROVEN = finding(
    "access.key_not_proven",
    refuses=True,
    cites=_CITES,
    what="この認証器の機種を、製造者の証明で確かめられませんでした。",
    remedy="情報システム担当から渡された認証器を使ってください。",
)
KEY_NOT_READ = finding(
    "access.key_not_read",
    refuses=True,
    cites=_CITES,
    what="認証器の登録を確かめられませんでした。何も登録していません。",
    remedy="この画面からもう一度登録してください。本人の確認ができる認証器が必要です。",
)
CODE_WRONG = finding(
    "access.code_wrong",
    refuses=True,
    cites=_CITES,
    what="表示された6桁の数字と一致しません。何も登録していません。",
    remedy="機器の時刻を確かめ、今表示されている数字を入力してください。",
)
LAST_FACTOR = finding(
    "access.last_factor",
    refuses=True,
    cites=_CITES,
    what="最後の認証の方法は、自分では削除できません。",
    remedy="ほかの方法を登録してから削除するか、操作権限の管理担当に依頼してください。",
)


_SINCE = date(1967, 11, 10)


@rule(cites=_CITES, since=_SINCE)
def may_come_in(is_right: bool, is_suspended: bool, is_listed: bool, on: date) -> Finding | None:
    """本人と確かめられない者、複製の疑いのある認証器や認められない機種を示した者には、利用させない。

    Who is not proven to be the person does not come in, nor who shows an authenticator that may
    have been copied, or one of a model that is not accepted any more.
    """
    if not is_right:
        return WRONG()
    if is_suspended:
        return KEY_SUSPENDED()
    return None if is_listed else KEY_NOT_LISTED()


@rule(cites=_CITES, since=_SINCE)
def may_register(has_leave: bool, shown: str, on: date) -> Finding | None:
    """認証の要素は、許可を受けた本人が、確かめられたものだけを登録する。

    A factor is registered with leave only, and only where what is shown is proven; `shown` names
    what is wrong with it, and is blank where nothing is.
    """
    if not has_leave:
        return NO_LEAVE()
    return (
        {
            "code_wrong": CODE_WRONG,
            "key_not_read": KEY_NOT_READ,
            "key_not_proven": KEY_NOT_PROVEN,
            "key_not_listed": KEY_NOT_LISTED,
        }[shown]()
        if shown
        else None
    )


@rule(cites=_CITES, since=_SINCE)
def may_open_the_way(is_oneself: bool, has_opened_another: bool, on: date) -> Finding | None:
    """登録の許可と、パスワードの再発行又は要素の取消しとは、本人でない別の者がそれぞれ行う。

    Nobody gives himself leave or a fresh password, and nobody alone opens both ways into the
    account of another.
    """
    if is_oneself:
        return OWN_LEAVE()
    return ANOTHER_GIVER() if has_opened_another else None


@rule(cites=_CITES, since=_SINCE)
def may_remove(is_own: bool, is_last: bool, is_demanded: bool, on: date) -> Finding | None:
    """二つ目の要素が求められるときは、本人が最後の要素を取り消すことはできない。

    Where a second factor is demanded, nobody ends the last one of his own.
    """
    return LAST_FACTOR() if is_own and is_last and is_demanded else None
