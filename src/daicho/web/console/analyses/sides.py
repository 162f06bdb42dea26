"""分析の画面の違い: what the pages of the uses and those of the relations do not have in common."""

from dataclasses import dataclass

from daicho.access.analysing.books import RELATIONS, USES, Book

_WARNING = "目に付いたことは、不適切であったことを意味しません。目安は自治体が定める数です。"
_NO_GUILT = (
    "関係のある者の記録を見たことは、不正を意味しません。業務で見たかどうかを、受付のある事務での利用の"
    "件数と利用記録で確かめ、操作者に聞いてから判断してください。ここにある関係は、ほかの者に話せません。"
)


@dataclass(frozen=True)
class Side:
    """一方の分析: its purpose, its tables, the names of its pages, and its words."""

    purpose: str
    book: Book
    listing: str
    analysis: str
    title: str
    day: str
    notes: str
    nothing: str
    others: str


OF_USES = Side(
    "audit.analysis",
    USES,
    "console:analyses",
    "console:analysis",
    "利用記録の分析",
    "最も目に付く日",
    _WARNING,
    "この月に、目に付いた利用はありません。",
    "ほかの監査担当、情報セキュリティ管理者又は上の責任者",
)
OF_RELATIONS = Side(
    "audit.relations",
    RELATIONS,
    "console:relations",
    "console:relation",
    "関係の分析",
    "最初の日",
    _NO_GUILT,
    "この月に、関係のある者の記録の利用はありません。",
    "ほかの監査担当",
)
