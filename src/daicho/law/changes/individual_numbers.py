"""個人番号: for whom the mayor asks that one be made (番号法7条, 8条), and who brings one along."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes.effects import What
from daicho.terms.records import Cell, Record

# Who comes from another town was given a code there, and that mayor has asked already; a cancelled
# closing asks nothing that was not asked at the entry.
_ENTERED_FIRST = ("born", "moved_in_from_abroad", "entered_ex_officio")
# Whose code was left out could not be asked for before; asked twice, the 機構 gives the same.
_CODE_ENTERED = "record_code_entered"

_NOT_TYPED = finding(
    "brra22.number_not_typed",
    refuses=False,
    cites=["BRRA 22(2)", "BRRA 7[8-2]"],
    what="国内から転入する者のうち、個人番号が空欄の者が{count}人います。",
    remedy="転出証明書又は転出証明書情報の個人番号を入力してください。空欄のまま進めると、個人番号の状態は"
    "「なし」となります。",
    on_item="individual_number",
)

_MISSING = finding(
    "mna7.number_missing",
    refuses=True,
    cites=["MNA 7(1)", "MNA 7(2)"],
    what="個人番号の指定に、個人番号がありません。",
    remedy="機構からの通知をもう一度受け取ってください。番号のない指定は記録できません。",
)
_ASSIGNED_ALREADY = finding(
    "mna7.assigned_already",
    refuses=True,
    cites=["MNA 7(1)", "MNA 7(2)"],
    what="通知された個人番号は、すでにその者の個人番号として記載されています。",
    remedy="同じ通知がもう一度届いたものです。することはありません。",
)

_FORMER = finding(
    "mna7.former_number",
    refuses=True,
    cites=["MNA 7(2)"],
    what="通知された個人番号は、その者の従前の個人番号で、変更によりもう有効ではありません。",
    remedy="古い通知が後から届いたものであれば、することはありません。そうでなければ、機構に照会してください。",
)
NOTHING_LEFT = frozenset({_ASSIGNED_ALREADY.code, _FORMER.code})
"""することのない拒否: of a number that is told again, or comes late."""


@rule(cites=["MNA 7(1)", "MNA 7(2)"], since=date(2015, 10, 5))
def assigned_with_number(has_number: bool, *, on: date) -> Finding | None:
    """個人番号の指定は、機構から通知された番号を、その者の個人番号として行う。

    An assignment comes with the number of each person it names.
    """
    return None if has_number else _MISSING()


@rule(cites=["MNA 7(1)", "MNA 7(2)"], since=date(2015, 10, 5))
def assigned_once(is_held_already: bool, *, on: date) -> Finding | None:
    """すでに指定した番号の通知が重ねて届いても、指定は一度である。

    The very number that the person has is not assigned a second time: it is a repeat of its notice.
    """
    return _ASSIGNED_ALREADY() if is_held_already else None


@rule(cites=["MNA 7(2)"], since=date(2015, 10, 5))
def assigned_anew(is_former: bool, *, on: date) -> Finding | None:
    """変更により終わった個人番号を、再びその者に指定することはない。

    A number that another has replaced does not come back: its notice is one that came late.
    """
    return _FORMER() if is_former else None


@rule(cites=["BRRA 22(2)", "BRRA 7[8-2]"], since=date(2015, 10, 5))
def number_not_typed(from_abroad: bool, without: int, *, on: date) -> Finding | None:
    """国内から転入をする者の個人番号は、転出証明書に記載されている。

    Who comes from another town has a number, which its certificate says; one that is not entered
    asks. `without` counts the movers with none, who had none here before either.
    """
    return _NOT_TYPED(count=without) if without and not from_abroad else None


def has_no_number(mover: Mapping[str, Cell], befores: Mapping[UUID, Record]) -> bool:
    """番号の空欄: whether who enters states to have no number, and none is kept from before."""
    before = befores.get(UUID(str(mover["record_id"])))
    is_kept = before is not None and before.individual_number_state == "held"
    return mover.get("individual_number_state") == "none" and not is_kept


@rule(cites=["MNA 7(1)", "MNA 8(1)"], since=date(2015, 10, 5))
def number_must_be_requested(
    what: str, reason: str, state: str, has_code: bool, *, on: date
) -> bool:
    """市町村長は、住民票に住民票コードを記載した者の個人番号とすべき番号の生成を、機構に求める。

    Once the code of someone never numbered is entered, the mayor sends it to J-LIS, which makes the
    number from it. `reason` is the 異動事由, `state` a code of 個人番号の状態.
    """
    is_first = (what == What.OPENS and reason in _ENTERED_FIRST) or reason == _CODE_ENTERED
    return is_first and state == "pending" and has_code
