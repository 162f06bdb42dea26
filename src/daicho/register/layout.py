"""移行の様式: the one layout of an import and of an export, item by item.

A UTF-8 CSV with a header row. One line is one history row of one person: the 異動 that made it,
then the whole record after it. A header names every column; one that is required is blank on no
line. The lines of one person stand together, 履歴番号 rising; the last
line of a person is the present state, living or closed (除票). `docs/reference/import.md` is made
from this list.
"""

from dataclasses import dataclass

from daicho.terms.records import ITEMS, Item, Kind


@dataclass(frozen=True, slots=True)
class Column:
    """様式の列: `name` is the program's, `japanese` stands in the header; `form` says what a
    cell looks like. `item` is the managed item it holds, None for what is said of the 異動."""

    name: str
    japanese: str
    form: str
    item: Item | None = None
    required: bool = False


_FORMS = {
    Kind.ID: "UUID",
    Kind.TEXT: "文字",
    Kind.NAME: "文字(符号位置のまま)",
    Kind.KANA: "全角カタカナ",
    Kind.ROMAN: "ローマ字",
    Kind.RELATIONSHIP: "続柄の語、または「の」でつないだ4語まで(下の「続柄」)",
    Kind.ADDRESS: "文字",
    Kind.NUMBER: "半角の英数字",
    Kind.CODE: "符号(下の「符号」)",
    Kind.FLAG: "1 または空欄",
    Kind.COUNT: "0以上の整数",
    Kind.DATE: "2024-05-01",
    Kind.MONTH: "2024-05",
    Kind.REGISTER_DATE: "2024-05-01、不詳の日は 型:値(下の「日付の表記」)",
}

CHANGE_COLUMNS = (
    Column("address_number", "宛名番号", "数字15桁以内", required=True),
    Column("history_no", "履歴番号", "1からの連番", required=True),
    Column("residence_no", "在住番号", "1から、再転入のたびに1増える", required=True),
    Column(
        "reason", "異動事由", "標準仕様書1.2.2の事由(文字か符号、下の「異動事由」)", required=True
    ),
    Column("occurred_on", "異動日", _FORMS[Kind.REGISTER_DATE]),
    Column("received_on", "届出日・申出日・通知日・請求日", "2024-05-01"),
    Column(
        "basis", "根拠", "届出、申出、通知、請求、職権(文字か符号、下の「根拠」)", required=True
    ),
    Column("office", "入力場所", "移行元の符号"),
    Column("terminal", "入力端末", "移行元の符号"),
    Column("history_remark", "統合記載欄A(異動履歴)", "文字"),
    Column("note", "統合記載欄B(留意事項)", "文字"),
    Column("remark", "統合記載欄C(備考)", "文字。その人の最後の行の値が現在の備考になる"),
    Column(
        "suppressions",
        "抑止",
        "対象:水準:開始:終了 を ; でつなぐ(対象 change/certificate/look、水準 error/alert)",
    ),
    Column("protected_from_on", "支援措置開始", "2024-05-01"),
    Column("protected_until_on", "支援措置終了", "2024-05-01"),
    Column("provisionally_protected", "仮支援措置", "1 または空欄"),
    Column("individual_number", "個人番号", "12桁。暗号化して保管し、出力しない"),
)

ITEM_COLUMNS = tuple(
    Column(item.column, item.japanese, _FORMS[item.kind], item)
    for item in ITEMS
    if item.column not in ("record_id", "address_number")
)

COLUMNS = CHANGE_COLUMNS + ITEM_COLUMNS
REQUIRED = tuple(column.japanese for column in COLUMNS if column.required)
BY_HEADER = {column.japanese: column for column in COLUMNS} | {
    column.name: column for column in COLUMNS
}
