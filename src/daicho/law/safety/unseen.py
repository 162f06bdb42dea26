"""見えない項目: how a screen speaks of items that the person before it does not see."""

import unicodedata
from collections.abc import Collection
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.law.safety import item_classes
from daicho.law.safety.masking import MASKABLE
from daicho.terms.records import ITEMS

_ASKS = finding(
    "access.unseen_asks",
    refuses=False,
    cites=["STD 10.4"],
    what="「{item}」に、確かめる点があります。この項目は、この操作者には表示しません。",
    remedy="この項目を扱う担当の職員に確かめてください。確かめたときは、そのまま進められます。",
)
_REFUSES = finding(
    "access.unseen_refuses",
    refuses=True,
    cites=["STD 10.4"],
    what="「{item}」に直すところがあるため、登録できません。この項目は、この操作者には表示しません。",
    remedy="この項目を扱う担当の職員に引き継いでください。仮登録すると、入力した内容を残せます。",
)
_KEPT = finding(
    "access.unseen_kept",
    refuses=False,
    cites=["STD 10.4", "STD 4.1.1.2"],
    what="再転入する者の「{item}」は、入力がないため、除票のとおりに記載します。"
    "この項目は、この操作者には表示しません。",
    remedy="届書や転出証明書と同じか、この項目を扱う担当の職員に確かめてください。"
    "変わっているときは、入力に戻って、この項目の欄をすべて入力してください。",
)


@rule(cites=["STD 10.4"], since=date(1967, 11, 10))
def judged(item: str, refuses: bool, on: date) -> Finding:
    """表示しない設定の項目についての判定は、その内容を示さずに知らせる。

    What is found of an item is told to whom it is not shown without the item, its day or its code;
    what asks may be confirmed, what refuses is for a colleague. `item` is a class of items.
    """
    del on  # so it was on every day
    return (_REFUSES if refuses else _ASKS)(item=MASKABLE[item])


@rule(cites=["STD 10.4", "STD 4.1.1.2"], since=date(1967, 11, 10))
def kept_of_closed(item: str, is_kept: bool, on: date) -> Finding | None:
    """再転入者の記載は、除票の記載を基にする。表示しない設定の項目も失わない。

    What the clerk is not shown and has not typed of one who returns is entered as the 除票 has it,
    and the clerk is asked: it is neither lost nor taken over unsaid.
    """
    del on  # so it was on every day
    return _KEPT(item=MASKABLE[item]) if is_kept else None


def classes_of(columns: Collection[str], on: date) -> tuple[str, ...]:
    """項目の区分: the classes of these columns that one person may not see, in their order."""
    of = item_classes.classes(on)
    found = {of.get(column) for column in columns}
    return tuple(one for one in MASKABLE if one in found)


def named_in(text: str, hidden: Collection[str], on: date) -> tuple[str, ...]:
    """本文の項目: of which classes of these columns a text speaks that the program has written.

    The history of the program names each item by its title (修正前本籍 …). No list of words tells
    what somebody has typed, or an older system has written: see `free`.
    """
    plain = _plain(text)
    return tuple(
        one
        for one in classes_of(hidden, on)
        if any(_plain(word) in plain for word in _words(one, hidden, on))
    )


REMARK = "（表示しない項目の記載）"
"""表示しない記載: what stands in the place of a text that tells of an item which is not shown."""


def remark(text: str, hidden: Collection[str], on: date) -> str:
    """異動履歴の表示: a text that the program wrote, or that there is one which is not shown."""
    return REMARK if text and hidden and named_in(text, hidden, on) else text


def free(text: str, hidden: Collection[str]) -> str:
    """自由な記載の表示: a text that was typed or came from an older system, word by word anybody's.

    It may tell of every item in any words, so that it is read only by whom nothing is hidden from.
    """
    return REMARK if text and hidden else text


def _plain(text: str) -> str:
    """Without what differs in writing alone: widths and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _words(of: str, hidden: Collection[str], on: date) -> set[str]:
    classes = item_classes.classes(on)
    own = {one.title for one in ITEMS if one.column in hidden and classes.get(one.column) == of}
    return {*own, MASKABLE[of].removesuffix("等")}
