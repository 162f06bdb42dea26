"""自由記載の個人番号: a 個人番号 belongs in the vault and in no text that anybody may read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from daicho.law.rule import Finding, finding, rule
from daicho.terms import numbers
from daicho.terms.malformed import Malformed
from daicho.terms.typed import plain

# What the program itself writes: a UUID or a digest is no number typed by a clerk.
_OURS = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=[0-9]*[a-f])[0-9a-f]{32,}", re.IGNORECASE
)
# 長音 is a dash only between figures, so a word before the number (マイナンバー) does not hide it.
_RUN = re.compile(r"[0-9](?:[- ]*[0-9])*")
_GAP = re.compile(r"[- ]+")
# Fours with any one mark between them, however it is set off: 1234・5678・9018.
_FOURS = re.compile(r"(?<![0-9])[0-9]{4}(?: *[^0-9] *[0-9]{4}(?![0-9]))+")

_NUMBER = finding(
    "mna12.number_in_text",
    refuses=True,
    cites=["MNA 12"],
    what="個人番号と思われる12桁の数字が、受付の文字の欄に入力されています。",
    remedy="その数字を消してください。個人番号は、異動の入力の個人番号の欄だけに入力します。",
)


def holds_number(texts: Iterable[str]) -> bool:
    """個人番号の混入: whether any text holds twelve figures with the check digit of a 個人番号.

    They may stand behind any word, in full width, in fours with any mark or blanks between, or
    with blanks anywhere; figures of a longer number (宛名番号) are none.
    """
    return any(_is_number(one) for text in texts for one in _twelves(text))


def _twelves(text: str) -> Iterator[str]:
    """Every way to read twelve figures out of a text."""
    words = [plain(word) for word in _OURS.sub("、", text).split()]
    text = " ".join(words)
    for fours in _FOURS.findall(text):
        yield from _joined(re.findall("[0-9]{4}", fours))
    for run in _RUN.findall(text):
        groups = _GAP.split(run)
        yield from groups
        if "-" not in run:
            yield "".join(groups)
        for length, alike in groupby(groups, key=len):
            if length == 4:
                yield from _joined(list(alike))


def _joined(fours: Sequence[str]) -> Iterator[str]:
    # Four fours are a longer number, six are two of twelve figures.
    if len(fours) % 3 == 0:
        yield from ("".join(fours[at : at + 3]) for at in range(0, len(fours), 3))


def _is_number(figures: str) -> bool:
    if len(figures) != 12:  # most runs are of other lengths; to raise and catch is dear
        return False
    try:
        numbers.parse_individual_number(figures)
    except Malformed:
        return False
    return True


@rule(cites=["MNA 12"], since=date(2015, 10, 5))
def no_number(is_held: bool, *, on: date) -> Finding | None:
    """個人番号の漏えい等を防ぐため、個人番号は定められた欄のほかに記録しない。

    A 個人番号 is kept safe: it is recorded nowhere but where it is asked for.
    """
    return _NUMBER() if is_held else None
