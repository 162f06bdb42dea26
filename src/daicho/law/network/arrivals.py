"""届いた通知の記載 (番号法7条): what must hold before a notice changes the register."""

from datetime import date

from daicho.law.rule import Finding, finding, rule

_NOT_OF_PERSON = finding(
    "mna7.not_of_person",
    refuses=True,
    cites=["MNA 7(1)", "MNA 8(1)"],
    what="機構から通知された番号は、この人の今の住民票コードから生成されたものではありません。",
    remedy="求めた後に住民票コードを変更していれば、その者に有効な番号を機構に照会してください。"
    "心当たりがないときは、緊急時の手順によります。",
)


@rule(cites=["MNA 7(1)", "MNA 8(1)"], since=date(2015, 10, 5))
def is_of_person(has_that_code: bool, *, on: date) -> Finding | None:
    """市町村長は、機構から通知された個人番号とすべき番号を、その者の個人番号として指定する。

    A number is made from one code: it becomes that of the resident who has this very code.
    """
    return None if has_that_code else _NOT_OF_PERSON()
