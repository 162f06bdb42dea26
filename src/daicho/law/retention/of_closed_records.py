"""除票の保存: 150 years from the closing, and five where these had run out before the amendment.

What the program lets go is a whole residence, by months (`of_records`). Which of them stand in one
ledger row, so that none goes before the last, is known to who keeps them, not here.
"""

from dataclasses import dataclass
from datetime import date

from daicho.law.retention import kinds
from daicho.law.retention.of_numbers import Kept
from daicho.law.retention.of_records import record_kept
from daicho.law.rule import rule

SINCE = date(2019, 6, 20)


@dataclass(frozen=True)
class Residence:
    """一つの居住の記録: is it that of a resident, and its 消除年月日, None where it says none."""

    is_living: bool = False
    closed_on: date | None = None


@rule(cites=["BRRO 34(1)"], since=SINCE)
def closed_record_kept(residence: Residence, on: date) -> Kept:
    """除票は消除した日から150年間保存する。改正の日の前に5年の期間を満了した除票には、及ばない。

    A 除票 is kept until the end of the month in which its period ends; what a resident's record
    says is no 除票, and of one without a day no period can be counted.
    """
    if residence.is_living or residence.closed_on is None:
        return Kept("closed_record", None)
    five_years = kinds.due_on("closed_five_years", residence.closed_on, on)
    had_ended = five_years <= kinds.kind("closed_record", on).since
    kind = "closed_five_years" if had_ended else "closed_record"
    return record_kept(kind, residence.closed_on, on=on)
