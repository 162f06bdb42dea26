"""区と住所: whether the ward of a record is that of its address (標準仕様書 1.3.1, 1.3.3)."""

from collections.abc import Iterator
from datetime import date

from daicho.law.entries.case import ACT_IN_FORCE_ON, Case
from daicho.law.rule import Finding, finding, rule

_MUNICIPALITY_CHARS = 5
"""都道府県と市区町村の桁数: the first figures of a 住所コード and of a 全国地方公共団体コード."""

_WARD_DIFFERS = finding(
    "std1-3-3.ward_differs",
    refuses=False,
    cites=["STD 1.3.1", "STD 1.3.3"],
    what="住所コードの市区町村が、記録の区と異なります。",
    remedy="住所コードと、住所の市区町村を確かめてください。区がなければ、市区町村のコードが区となります。",
    on_item="address_code",
)


@rule(cites=["STD 1.3.1", "STD 1.3.3"], since=ACT_IN_FORCE_ON)
def ward_differs(ward: str, address_code: str, *, on: date) -> Finding | None:
    """指定都市では区ごとに記録を管理し、住所コードの市区町村はその区である。

    A record is of the ward that its address lies in, of the municipality where there are none.
    Codes of 6 and of 11 digits; where one is blank there is nothing to compare.
    """
    if not (ward and address_code):
        return None
    same = ward[:_MUNICIPALITY_CHARS] == address_code[:_MUNICIPALITY_CHARS]
    return None if same else _WARD_DIFFERS()


def check(case: Case) -> Iterator[Finding]:
    """区の審査: of a record whose address or ward is new, so that an old one asks only once."""
    now, before = case.record, case.before
    if not now.address_code:
        return
    if before is not None and (before.ward, before.address_code) == (now.ward, now.address_code):
        return
    found = ward_differs(now.ward, now.address_code, on=case.on)
    if found is not None:
        yield found
