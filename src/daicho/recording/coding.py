"""住民票コードの記載: whom the door gives a code of the stock; what a stated one must not be."""

from collections.abc import Iterable
from datetime import date

from daicho.law import record_codes as law
from daicho.law.rule import Finding
from daicho.register import ledger, record_codes
from daicho.register.matching import Match
from daicho.terms.changes import Effect
from daicho.terms.changes.record_code_changed import CODE
from daicho.terms.changes.recorded import Touched


def is_given(effect: Effect, held: ledger.Held) -> bool:
    """付番: whether a code of the stock belongs to the person, were there one."""
    on, before = held.scene.when.processed_on, held.scene.befores.get(effect.record_id)
    if not ledger.begins(effect):
        is_blank = effect.cells.get(CODE) == ""
        return is_blank and law.is_given_another(effect.reason, is_blank, on=on)
    had_code = before is not None and bool(before.resident_record_code)
    return law.is_given_code(effect.reason, not effect.cells.get(CODE), had_code, on=on)


def stated(effect: Effect, on: date) -> Finding | None:
    """入力されたコード: what speaks against it; of the stock it is taken out.

    One that is stated for who cannot have had one is of the stock, or refused (E24).
    """
    code, record_id = str(effect.cells.get(CODE) or ""), effect.record_id
    if not code:
        return None
    if ledger.begins(effect):
        if not law.is_numbered_anew(effect.reason, on=on):
            return None
        return law.code_of_stock(record_codes.take(code, record_id), on=on)
    if not effect.reason.startswith("record_code_"):
        return None
    another = record_codes.had_by_another(code, record_id)
    if not another:
        record_codes.take(code, record_id)
    return law.code_of_nobody_else(another, on=on)


def put_away(touched: Iterable[Touched]) -> None:
    """従前のコード: one that was changed is given to nobody else, whatever comes from above.

    One that was corrected is not: what was written by mistake may rightly be another's.
    """
    for one in touched:
        code = one.before.resident_record_code if one.before else ""
        if code and one.effect.reason == "record_code_changed":
            record_codes.put_away(code, one.effect.record_id)


def of_closed(one: Touched, found: Iterable[Match], on: date) -> Finding | None:
    """除票のコード: whether the code that is stated stands on a 除票 of another record."""
    if not one.effect.reason.startswith("record_code_"):
        return None
    closed = sum("resident_record_code" in it.by and not it.is_living for it in found)
    return law.code_of_closed(closed, on=on)
