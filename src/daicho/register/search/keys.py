"""検索キー: what of a person is compared: folded texts, and tokens that an index can hold. Pure.

A text is found by its pairs of letters (a token each, so one index serves every field) and then
compared whole; a part that is equal altogether has a token of its own. Tokens are hashes of 32
bits: two that fall together only cost one more comparison. Keys are never shown.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any
from zlib import crc32

from daicho.terms import kana, variants
from daicho.terms.dates import RegisterDate, from_cell

LINE, PAST = "\n", "\f"
"""Between two values of one text; between the present values and the past ones."""
UNKNOWN_YEAR = "u:?"
YEARS_MAX = 10
REMEMBERED_MAX = 1 << 12
"""What is kept of each step's answers: the names of a town come again, its addresses do not."""
_FIGURES = frozenset("0123456789-")

WRITTEN_IN: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "kana": (
        ("family_name_kana", "given_name_kana"),
        ("family_name_reading", "given_name_reading"),
        ("foreign_name_kana",),
        ("former_family_name_kana", "given_name_kana"),
        ("former_family_name_reading", "given_name_reading"),
        ("common_name_kana",),
    ),
    "kanji": (
        ("family_name", "given_name"),
        ("kanji_name",),
        ("former_family_name", "given_name"),
        ("common_name",),
    ),
    "roman": (("roman_name",),),
    "address": (("address_town", "address_lot"), ("address_free_text",)),
    "building": (("address_building",),),
}
"""記載の場所: field of a search to the columns, joined row by row, in which its values stand."""
_OWN = {"kana": 3, "kanji": 2, "roman": 1}
"""本人の氏名: how many rows of a field are of the name itself; 旧氏 and 通称 follow them."""
NUMBERS = (
    "address_number",
    "household_number",
    "resident_record_code",
    "residence_card_number",
    "special_permanent_resident_certificate_number",
)
TEXTS = tuple(WRITTEN_IN)
COLUMNS = tuple(
    dict.fromkeys(
        [
            "record_id",
            "history_no",
            "state",
            "closing_reason",
            "sex",
            "born_on",
            *NUMBERS,
            *(column for rows in WRITTEN_IN.values() for row in rows for column in row),
        ]
    )
)
"""The columns of a version from which its keys are made."""
HELD = (
    "record_id",
    "history_no",
    "tokens",
    *TEXTS,
    "born_from",
    "born_until",
    "sex",
    "state",
    "closing_reason",
)
"""保管する列: the columns of the projection, in the order of `held`."""
_WRITTEN = itemgetter(*(column for rows in WRITTEN_IN.values() for row in rows for column in row))
_PLACES = {
    field: [(columns[0], itemgetter(*columns, columns[0])) for columns in rows]
    for field, rows in WRITTEN_IN.items()
}

Row = Mapping[str, Any]
_Value = tuple[tuple[str, ...], tuple[int, ...]]
_Place = tuple[str, Callable[[Row], tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Keys:
    """検索キー: of one person, made of all the versions; the last of them is the present."""

    tokens: tuple[int, ...]
    texts: Mapping[str, str]
    born_from: date | None
    born_until: date | None
    sex: str
    state: str
    closing_reason: str


@lru_cache(maxsize=REMEMBERED_MAX)
def token(kind: str, text: str) -> int:
    """The token of one text of one kind: a signed number of 32 bits, the same for ever."""
    unsigned = crc32(f"{kind}:{text}".encode())
    return unsigned - (1 << 32) if unsigned >= 1 << 31 else unsigned


def pairs(field: str, text: str) -> tuple[int, ...]:
    """The tokens of the pairs of neighbouring letters; the figures of an address have none.

    Every town has a 1-1: such pairs would fill half the index and narrow nothing.
    """
    found = (text[place : place + 2] for place in range(len(text) - 1))
    if field in ("address", "building"):
        found = (pair for pair in found if _FIGURES.isdisjoint(pair))
    return tuple(token(field, pair) for pair in found)


def folded(field: str, text: str) -> str:
    """A text of one field as it is compared."""
    if field == "kana":
        return kana.fold(text)
    if field == "roman":
        return kana.fold_roman(text)
    if field == "kanji":
        return variants.fold(text, variants.GROUPS)
    return _folded_address(text)


@lru_cache(maxsize=REMEMBERED_MAX)
def parts(field: str, text: str) -> tuple[str, ...]:
    """The parts of a name as they are compared: 氏 and 名, or the words; an address is one."""
    words = [text] if field in ("address", "building") else re.split(r"[\s・]+", text)
    return tuple(key for word in words if (key := folded(field, word)))


def plain_number(text: str) -> str:
    """番号: without leading zeros, which one system writes and another does not."""
    return text.lstrip("0")


def of(rows: Sequence[Row]) -> Keys:
    """The keys of one person, from the rows of the versions, the oldest first."""
    present = rows[-1]
    past_rows = {_WRITTEN(row): row for row in rows[:-1]}.values()  # most say what others say
    tokens = {token("n", number) for number in _numbers(rows)}
    texts = {}
    for field in TEXTS:
        now = _values(field, [present])
        past = _values(field, past_rows)
        tokens.update(*(tokens_of for _, tokens_of in (*now, *past)))
        texts[field] = _text(_wholes(now), _wholes(past))
    born = from_cell(present["born_on"]) if present["born_on"] else None
    tokens.update(_birth_tokens(born))
    known = born.named if born and born.year else (None, None)
    return Keys(
        tokens=tuple(sorted(tokens)),
        texts=texts,
        born_from=known[0],
        born_until=known[1],
        sex=present["sex"],
        state=present["state"] or "living",
        closing_reason=present["closing_reason"],
    )


def held(rows: Sequence[Row]) -> tuple[Any, ...]:
    """保管する行: the keys of one person as the columns of `HELD`, the tokens in text form."""
    made = of(rows)
    return (
        rows[-1]["record_id"],
        rows[-1]["history_no"],
        f"{{{','.join(map(str, made.tokens))}}}",
        *(made.texts[field] for field in TEXTS),
        made.born_from,
        made.born_until,
        made.sex,
        made.state,
        made.closing_reason,
    )


def _values(field: str, rows: Iterable[Row]) -> list[_Value]:
    """The values of one field in some versions, each once, in their order."""
    return _values_in(_PLACES[field], field, rows)


def _values_in(places: Sequence[_Place], field: str, rows: Iterable[Row]) -> list[_Value]:
    written = {texts(row): None for row in rows for first, texts in places if row[first]}
    return [_value(field, texts[:-1]) for texts in written]


@lru_cache(maxsize=REMEMBERED_MAX)
def _value(field: str, texts: tuple[str, ...]) -> _Value:
    """The wholes and the tokens of a value, of the texts of its columns."""
    words = tuple(part for text in texts for part in parts(field, text))
    return _joined(field, words), tuple(_tokens(field, words))


def is_own_name(field: str, typed: Sequence[str], row: Row) -> bool:
    """本人の氏名か: do these parts stand in the name itself, not only in a 旧氏 or a 通称?"""
    wholes = _wholes(_values_in(_PLACES[field][: _OWN[field]], field, [row]))
    return any(all(part in whole for part in typed) for whole in wholes)


def _wholes(values: Iterable[_Value]) -> dict[str, None]:
    return {whole: None for wholes, _ in values for whole in wholes}


def _joined(field: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The parts as one text; where ウ stands at a seam, also as a name typed in one folds."""
    whole = "".join(words)
    if field == "kana" and any(word.startswith("ウ") for word in words[1:]):
        return whole, kana.fold(whole)
    return (whole,)


def _tokens(field: str, words: tuple[str, ...]) -> Iterator[int]:
    equal = field.upper()
    for word in words:
        if not _FIGURES.issuperset(word):
            yield token(equal, word)
    for whole in _joined(field, words):
        yield token(equal, whole)
        yield from pairs(field, whole)


def _text(now: Mapping[str, None], past: Iterable[str]) -> str:
    present = LINE.join(now)
    only_past = LINE.join(one for one in past if one not in now)
    return f"{present}{PAST}{only_past}" if only_past else present


def _numbers(rows: Sequence[Row]) -> Iterator[str]:
    for column in NUMBERS:
        for number in {row[column] for row in rows if row[column]}:
            yield number_line(column, number)


def number_line(column: str, number: str) -> str:
    """番号の欄: a number with the column in which it stands, as its token is made."""
    return f"{column}:{plain_number(number)}"


def _birth_tokens(born: RegisterDate | None) -> Iterator[int]:
    if born is None or not born.year:
        yield token("b", UNKNOWN_YEAR)
        return
    first_on, last_on = born.named
    if born.certain:
        yield token("b", f"d:{first_on}")
    for year in range(first_on.year, min(last_on.year, first_on.year + YEARS_MAX) + 1):
        yield token("b", f"y:{year}")
        if not born.certain:
            yield token("b", f"u:{year}")


_KANJI_FIGURES = str.maketrans("〇一二三四五六七八九", "0123456789")
_KANJI_CHOME = re.compile(r"([〇一二三四五六七八九十]+)(?=丁目)")
_KANA = re.compile(r"[ァ-ヺーぁ-ゖ]+")
_UNITS = re.compile(r"(?<=[0-9])(?:丁目|番地ノ?|番|号|ノ|-)+")


def _folded_address(text: str) -> str:
    """架空町一丁目１番地の２ and 架空町1-1-2 meet in one key; 号 at the end leaves its dash."""
    plain = unicodedata.normalize("NFKC", variants.fold(text, variants.GROUPS)).casefold()
    plain = re.sub(r"[‐‑‒–—―−ー](?=[0-9])", "-", plain)
    plain = _KANA.sub(lambda found: kana.fold(found[0]), plain)
    plain = _KANJI_CHOME.sub(lambda found: _figures(found[1]), plain)
    return _UNITS.sub("-", "".join(plain.split()))


def _figures(kanji: str) -> str:
    """十二 as 12: the numbers of 丁目 go no further than two figures."""
    tens, ten, ones = kanji.rpartition("十")
    if not ten:
        return kanji.translate(_KANJI_FIGURES)
    digit = tens.translate(_KANJI_FIGURES) or "1"
    return digit + (ones.translate(_KANJI_FIGURES) or "0")
