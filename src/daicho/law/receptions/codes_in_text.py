"""理由の文: a reason is read by persons who may see no number of any resident."""

import re
from collections.abc import Iterator
from datetime import date

from daicho.law.receptions.numbers_in_text import holds_number
from daicho.law.rule import Finding, finding, rule
from daicho.terms import numbers
from daicho.terms.malformed import Malformed
from daicho.terms.typed import plain

REASON_CHARS = 200
"""理由の長さ: characters, of a reason and of a note."""

_RUN = re.compile(r"[0-9](?:[- ]*[0-9])*")
_GAP = re.compile(r"[- ]+")
_AS_PRINTED = [4, 4, 3]  # the groups in which a 住民票コード is written; a telephone's are others

_NUMBER = finding(
    "access.number_in_reason",
    refuses=True,
    cites=["MNA 12", "BRRA 36-2(1)"],
    what="個人番号か住民票コードと思われる数字が、理由や点検の文に入力されています。",
    remedy="その数字を消してください。誰のことかは、許可を受けて行った検索の利用記録に残ります。",
    on_item="reason",
)


def holds_code(text: str) -> bool:
    """番号の混入: does a text hold a 個人番号 or a 住民票コード, by length and check digit?"""
    return holds_number([text]) or any(_is_record_code(one) for one in _runs(text))


def _runs(text: str) -> Iterator[str]:
    for run in _RUN.findall(" ".join(plain(word) for word in text.split())):
        groups = _GAP.split(run)
        yield from groups
        if "-" not in run or [len(one) for one in groups] == _AS_PRINTED:
            yield "".join(groups)


def _is_record_code(figures: str) -> bool:
    try:
        numbers.parse_resident_record_code(figures)
    except Malformed:
        return False
    return True


@rule(cites=["MNA 12", "BRRA 36-2(1)"], since=date(2002, 8, 5))
def no_code(is_held: bool, on: date) -> Finding | None:
    """個人番号と住民票コードは、理由の文に書かない。

    Numbers of residents stand in no reason: who reads it need not see them.
    """
    del on  # so it was on every day of its force
    return _NUMBER() if is_held else None
