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

_NOT_TYPED = finding(
    "brra22.number_not_typed",
    refuses=False,
    cites=["BRRA 22(2)", "BRRA 7[8-2]"],
    what="国内から転入する者のうち、個人番号が空欄の者が{count}人います。",
    remedy="転出証明書又は転出証明書情報の個人番号を入力してください。空欄のまま進めると、個人番号の状態は"
    "「なし」となります。",
    on_item="individual_number",
)


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
    return what == What.OPENS and reason in _ENTERED_FIRST and state == "pending" and has_code
