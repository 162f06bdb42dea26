"""自由記載の個人番号: a 個人番号 belongs in the vault and in no text that anybody may read."""

import re
from collections.abc import Iterable
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.terms import numbers
from daicho.terms.malformed import Malformed
from daicho.terms.typed import plain

# Not within a longer word: a UUID or a signed slip is no number typed by a clerk.
_TWELVE = re.compile(r"(?<![0-9A-Z_-])\d{4}-?\d{4}-?\d{4}(?![0-9A-Z_-])")

_NUMBER = finding(
    "mna12.number_in_text",
    refuses=True,
    cites=["MNA 12"],
    what="個人番号と思われる12桁の数字が、受付の文字の欄に入力されています。",
    remedy="その数字を消してください。個人番号は、異動の入力の個人番号の欄だけに入力します。",
)


def holds_number(texts: Iterable[str]) -> bool:
    """個人番号の混入: whether any text holds twelve figures with the check digit of a 個人番号."""
    found = (one for text in texts for one in _TWELVE.findall(plain(text)))
    return any(_is_number(one.replace("-", "")) for one in found)


def _is_number(figures: str) -> bool:
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
