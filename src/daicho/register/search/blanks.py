"""空欄の検索 (標準仕様書 2.1.3): which fields may be asked to be empty, and what empty is. Pure.

An empty field finds half the town or nobody, so that it only narrows what other conditions find.
The present record counts: what stood there before does not fill a field.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlankField:
    """空欄の項目: blank where all its columns are; `seen` as in `conditions.SEEN`.

    `foreign_only`: Japanese residents have no such item, so that it is never empty with them.
    """

    code: str
    japanese: str
    columns: tuple[str, ...]
    seen: str = ""
    foreign_only: bool = False

    @property
    def used(self) -> str:
        """検索項目の符号: as the trail names it."""
        return f"blank_{self.code}"


_CARDS = ("residence_card_number", "special_permanent_resident_certificate_number")
_ROWS = (
    BlankField(
        "kana", "氏名のフリガナ", ("family_name_kana", "given_name_kana", "foreign_name_kana")
    ),
    BlankField("born_on", "生年月日", ("born_on",)),
    BlankField("sex", "性別", ("sex",)),
    BlankField("relationship", "続柄", ("relationship",)),
    BlankField("address_code", "住所コード", ("address_code",)),
    BlankField("lot", "番地", ("address_lot", "address_free_text")),
    BlankField("building", "方書", ("address_building",)),
    BlankField("registered_domicile", "本籍", ("registered_domicile",), "family_register"),
    BlankField("resident_record_code", "住民票コード", ("resident_record_code",), "record_code"),
    BlankField("card_number", "在留カード等の番号", _CARDS, "residence_status", foreign_only=True),
)
BLANKS: Mapping[str, BlankField] = {one.code: one for one in _ROWS}
"""空欄の項目: code to field, in the order of the form."""


def clause(code: str) -> str:
    """The SQL that is true where the field is blank, over a row `v` of the versions."""
    one = BLANKS[code]
    blank = f"concat({', '.join(f'v.{column}' for column in one.columns)}) = ''"
    return f"{blank} AND v.resident_class = 'foreign'" if one.foreign_only else blank
