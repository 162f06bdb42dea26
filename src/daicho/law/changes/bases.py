"""異動の根拠: on what a change of each kind may rest (住民基本台帳法8条, 標準仕様書4.2.0)."""

from datetime import date

from daicho.law.rule import Finding, finding, rule, words
from daicho.law.tables import table
from daicho.terms.changes.reasons import BASES

_ROWS = table("bases").keyed()
for _row in _ROWS:
    _row.only("code", "kind", "basis")
    if _row.text("code") != f"{_row.text('kind')}:{_row.text('basis')}":
        raise _row.wrong("code is kind:basis")
    if _row.text("basis") not in BASES:
        raise _row.wrong("basis is none of the five")
words(BASES.values())

_NOT_LAWFUL = finding(
    "brra8.basis_of_kind",
    refuses=True,
    cites=["BRRA 8", "STD 4.2.0.1", "STD 4.2.0.5"],
    what="この異動は、{basis}によって記載することができません。",
    remedy="受付の根拠を確かめ、この異動の根拠となるものに改めてください。",
    on_item="basis",
)


def lawful(kind: str, on: date) -> tuple[str, ...]:
    """認められる根拠: the codes of `BASES` on which a kind may rest, in the order of the table."""
    return tuple(row.text("basis") for row in _ROWS.on(on) if row.text("kind") == kind)


@rule(cites=["BRRA 8", "STD 4.2.0.1", "STD 4.2.0.5"], since=date(1967, 11, 10))
def basis_not_lawful(kind: str, basis: str, *, on: date) -> Finding | None:
    """住民票の記載、消除又は修正は、法の定める届出に基づき、又は職権で行う。

    An entry, a closing or a correction is made on the notification that the Act has for it, or ex
    officio. `kind` is a stem, `basis` a code of `BASES`.
    """
    return None if basis in lawful(kind, on) else _NOT_LAWFUL(basis=BASES[basis])
