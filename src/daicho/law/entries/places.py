"""区と住所: whether the ward of a record is that of its address (標準仕様書 1.3.1, 1.3.3).

Beside it: whether what was written of an address says where it is (住民基本台帳法7条8号, 24条).
"""

from collections.abc import Iterator, Mapping
from datetime import date

from daicho.law.entries.case import ACT_IN_FORCE_ON, Case
from daicho.law.rule import Finding, finding, rule
from daicho.terms.records import Cell
from daicho.terms.records.items import ADDRESS_PARTS

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


@rule(
    cites=["BRRA 7[8]", "BRRA 24", "STD 4.1.1.1", "STD 4.1.3.0.2"],
    since=ACT_IN_FORCE_ON,
)
def says_where(parts: Mapping[str, str], abroad: bool, *, on: date) -> bool:
    """従前の住所・転出先は、国内であれば市区町村まで記載する。郵便番号や住所コードは、住所ではない。

    An address elsewhere in Japan says its 市区町村, or is written freely; one abroad says anything
    in words. Figures that stand for an address are none. `parts` by their names (`town`).
    """
    if parts.get("free_text") or parts.get("municipality"):
        return True
    numbers = {part for part, (_, _, read_number, _) in ADDRESS_PARTS.items() if read_number}
    return abroad and any(text for part, text in parts.items() if part not in numbers)


def parts_of(cells: Mapping[str, Cell], address: str) -> Mapping[str, str]:
    """住所の各部: the parts of one `address` (`previous_address`) in cells, by their names."""
    return {part: str(cells.get(f"{address}_{part}") or "") for part in ADDRESS_PARTS}


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
