"""個人番号の保存: as long as some 事務 needs it, then for its period, and not a day longer."""

from dataclasses import dataclass
from datetime import date

from daicho.law.retention import kinds
from daicho.law.rule import rule

SINCE = date(2015, 10, 5)


@dataclass(frozen=True)
class Standing:
    """番号のある記録: what the register says of a record whose number is held.

    `is_known`: there is such a record. `is_cancelled`: its last residence was entered by mistake
    and cancelled. `is_entered`: one of its residences that were not cancelled states a number, or
    does not say. `closed_on` is the day of the last closing, of those residences where there are
    any; None where it is not known.
    """

    is_known: bool = True
    is_living: bool = False
    is_cancelled: bool = False
    is_entered: bool = True
    closed_on: date | None = None


@dataclass(frozen=True)
class Kept:
    """保存: by which kind of the table a number is held, and the first day on which it is due.

    `due_on` is None where no day is known: as long as the person lives here.
    """

    kind: str
    due_on: date | None

    def is_due(self, on: date) -> bool:
        """Have need and period both ended by that day?"""
        return self.due_on is not None and self.due_on <= on


@rule(cites=["MNA 20", "BRRO 34(1)"], since=SINCE)
def number_kept(standing: Standing, on: date) -> Kept:
    """個人番号は、それを要する事務があり又は保存期間のある間に限り保管し、その後は速やかに廃棄する。

    A number is held while the person lives here, then as long as the 除票 that states it; one that
    stands on no record, or on a cancelled one alone, is due at once.
    """
    if not standing.is_known:
        return Kept("number_without_record", on)
    if standing.is_living:
        return Kept("number_of_resident", None)
    code = "number_of_closed_record" if standing.is_entered else _unentered(standing)
    if standing.closed_on is None:
        return Kept(code, None)
    return Kept(code, kinds.due_on(code, standing.closed_on, on))


def _unentered(standing: Standing) -> str:
    return "number_of_cancelled_record" if standing.is_cancelled else "number_not_entered"
