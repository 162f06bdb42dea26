"""個人番号の生成要求: for whom the mayor asks that a number be made (番号法7条, 8条)."""

from datetime import date

from daicho.law.rule import rule
from daicho.terms.changes.effects import What

# Who comes from another town was given a code there, and that mayor has asked already; a cancelled
# closing asks nothing that was not asked at the entry.
_ENTERED_FIRST = ("born", "moved_in_from_abroad", "entered_ex_officio")


@rule(cites=["MNA 7(1)", "MNA 8(1)"], since=date(2015, 10, 5))
def number_must_be_requested(
    what: str, reason: str, state: str, has_code: bool, *, on: date
) -> bool:
    """市町村長は、住民票に住民票コードを記載した者の個人番号とすべき番号の生成を、機構に求める。

    Once the code of someone never numbered is entered, the mayor sends it to J-LIS, which makes the
    number from it. `reason` is the 異動事由, `state` a code of 個人番号の状態.
    """
    return what == What.OPENS and reason in _ENTERED_FIRST and state == "pending" and has_code
