"""出生の審査: what only a birth asks (住民基本台帳法8条, 7条8号)."""

from datetime import date

from daicho.law.entries.places import parts_of
from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import Born, Scene

_PREVIOUS = finding(
    "brra7.newborn_previous_address",
    refuses=True,
    cites=["BRRA 7[8]", "STD 4.2.1.2"],
    what="出生による記載に、転入前の住所が入力されています。",
    remedy="転入前の住所を空欄にしてください。生まれた者に従前の住所はありません。",
    on_item="previous_address",
)


@rule(cites=["BRRA 7[8]", "STD 4.2.1.2", "STD 4.2.1.1"], since=date(1967, 11, 10))
def newborn_previous_address(is_blank: bool, *, on: date) -> Finding | None:
    """出生により記載する者には従前の住所がないので、転入前の住所は空欄とする（不明ともしない）。

    A newborn comes from nowhere: the address before stays blank, and is not 不明 either.
    """
    return None if is_blank else _PREVIOUS()


def judge(change: Born, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """出生の審査: every finding that only a birth has."""
    # a postal code alone is something that was said, though it is no address
    said = (parts_of(child, "previous_address") for child in change.children)
    blank = not any(any(parts.values()) for parts in said)
    found = newborn_previous_address(blank, on=on)
    return (found,) if found else ()
