"""検索条件: what a clerk typed, read into what the database is asked. Pure.

Every field may be blank; all that are filled hold together. A search that says nothing is refused
with what to add: at the counter nobody needs half the town, and nobody may look at it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from daicho.law.receptions.numbers_in_text import holds_number
from daicho.register.search import keys
from daicho.register.search.blanks import BLANKS
from daicho.terms import dates, numbers, relationships
from daicho.terms.calendar_dates import ERA, days_in_month, read_year, western_year
from daicho.terms.eras import era
from daicho.terms.malformed import Malformed
from daicho.terms.names import checked
from daicho.terms.records import CODES
from daicho.terms.typed import plain

CHARS_MAX = 100
YEAR_DAYS = 366
YEARS_ASKED_MOST = 3

FIELDS: Mapping[str, str] = {
    "kana": "氏名のフリガナ",
    "kanji": "氏名・旧氏・通称",
    "roman": "氏名(アルファベット)",
    "born_from": "生年月日",
    "born_until": "生年月日の終わり",
    "sex": "性別",
    "relationship": "続柄",
    "address": "住所",
    "address_code": "住所コード",
    "building": "方書",
    "address_number": "宛名番号",
    "household_number": "世帯番号",
    "resident_record_code": "住民票コード",
    "card_number": "在留カード等の番号",
    "individual_number": "個人番号",
    "state": "住民・除票",
    "closing_reason": "消除事由",
    "blank": "空欄の項目",
    "ward": "区",
}
"""検索項目: code to what a clerk calls it. The codes stand in the trail."""

CHOICES: Mapping[str, Mapping[str, str]] = {
    "sex": CODES["sex"],
    "state": {"living": "住民", "closed": "除票"},
    "closing_reason": CODES["closing_reason"],
}
"""選択項目: the fields that are chosen, not typed: code to wording."""
SEEN: Mapping[str, str] = {
    "resident_record_code": "record_code",
    "card_number": "residence_status",
    "individual_number": "individual_number",
    **{one.used: one.seen for one in BLANKS.values() if one.seen},
}
"""見える項目: what a permit must see for one of these fields (`law.purposes.SEES`)."""

OF_WHO = frozenset({"kana", "kanji", "roman", "address_number", "state"})
"""氏名と番号の検索項目: fields that tell nothing but what is shown of everybody who is found."""

TOO_LITTLE = (
    "検索する条件が足りません。氏名のフリガナ(2文字以上)、氏名、生年月日(1年以内)、"
    "住所(町名から)、住所コード、番号のどれかを入力してください。"
)

_NUMBER = (
    "個人番号と思われる12桁の数字は、この欄では検索できません。"
    "宛名番号なら、頭の0も入れて15桁で入力してください。"
)


class Unclear(ValueError):
    """読めない条件: what is wrong, by field; "" is the whole. Sentences hold nothing typed."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Conditions:
    """検索条件: `texts` by field, each as its folded parts; `numbers` as lines of the key.

    `born` is first and last day; `used` the codes of the fields that were filled. `relationship`,
    `blank` and `ward` narrow what the others find: no index is asked for them.
    """

    used: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    card_number: str = ""
    individual_number: str = field(default="", repr=False)
    born: tuple[date, date] | None = None
    sex: str = ""
    state: str = ""
    closing_reason: str = ""
    relationship: str = ""
    address_code: str = ""
    blank: tuple[str, ...] = ()
    ward: str = ""

    @property
    def is_broad(self) -> bool:
        """Are the conditions so wide that only names equal altogether can be looked for?"""
        long = any(keys.pairs(name, one) for name, found in self.texts.items() for one in found)
        return not (long or self._narrow)

    @property
    def says_nothing(self) -> bool:
        """Is there nothing that an index could be asked?"""
        return self.is_broad and "kanji" not in self.texts

    @property
    def say_who_alone(self) -> bool:
        """Do they say who is looked for, and nothing that finding somebody would tell of them?"""
        return OF_WHO.issuperset(self.used)

    @property
    def _narrow(self) -> bool:
        short_time = self.born is not None and _days(self.born) <= YEAR_DAYS
        one_of = self.numbers or self.card_number or self.individual_number or self.address_code
        return bool(one_of) or short_time


def read(typed: Mapping[str, str]) -> Conditions:
    """The conditions of what was typed, field by field; raises Unclear."""
    filled = {name: typed[name].strip() for name in FIELDS if typed.get(name, "").strip()}
    texts = {name: text for name, text in filled.items() if name not in (*CHOICES, "blank")}
    problems = {name: wrong for name, text in texts.items() if (wrong := _unfit(text))}
    problems |= _with_numbers(texts)
    said: dict[str, object] = {}
    for name, text in filled.items():
        if name not in problems:
            try:
                said[name] = _READERS[name](text)
            except Malformed as malformed:
                problems[name] = malformed.message
    if problems:
        raise Unclear(problems)
    conditions = _conditions(said)
    if conditions.says_nothing:
        raise Unclear({"": TOO_LITTLE})
    return conditions


def _conditions(said: dict[str, object]) -> Conditions:
    lines = [f"{name}:{said[name]}" for name in keys.NUMBERS if name in said]
    texts = {name: found for name, found in said.items() if isinstance(found, tuple)}
    blank = texts.get("blank", ())
    return Conditions(
        used=(*(name for name in said if name != "blank"), *(BLANKS[one].used for one in blank)),
        texts={name: texts[name] for name in keys.TEXTS if name in texts},
        numbers=tuple(lines),
        card_number=str(said.get("card_number", "")),
        individual_number=str(said.get("individual_number", "")),
        born=_born(said),
        sex=str(said.get("sex", "")),
        state=str(said.get("state", "")),
        closing_reason=str(said.get("closing_reason", "")),
        relationship=str(said.get("relationship", "")),
        address_code=str(said.get("address_code", "")),
        blank=blank,
        ward=str(said.get("ward", "")),
    )


def _born(said: dict[str, object]) -> tuple[date, date] | None:
    first, last = said.get("born_from"), said.get("born_until")
    if first is None and last is None:
        return None
    if not isinstance(first, tuple):
        raise Unclear(
            {"born_from": "始まりの日を入力してください。1日だけなら始まりに入力します。"}
        )
    end = last if isinstance(last, tuple) else first
    if end[1] < first[0]:
        raise Unclear({"born_until": "終わりが始まりより前です。"})
    return first[0], end[1]


def _days(born: tuple[date, date]) -> int:
    return (born[1] - born[0]).days + 1


def _unfit(text: str) -> str:
    """Why a text cannot be looked for at all, or blank."""
    if len(text) > CHARS_MAX:
        return f"{CHARS_MAX}文字以内で入力してください({len(text)}文字あります)。"
    try:
        checked(text)
    except Malformed as malformed:
        return malformed.message
    if found := _SIGNS.search(text):
        return (
            f"「{found[0]}」は検索に使えません。氏名や住所の一部を入力すれば、含むものを探します。"
        )
    return ""


def _with_numbers(texts: Mapping[str, str]) -> dict[str, str]:
    """The fields that hold a 個人番号 and are not for one: conditions are kept, a number never."""
    others = (name for name in texts if name != "individual_number")
    return {name: _NUMBER for name in others if holds_number([texts[name]])}


_SIGNS = re.compile(r"[<>%_*?&\\\"|=;＜＞％＿＊？＆＼＂｜＝；]")
_KANA = re.compile(r"[ァ-ヶ]+")
_LATIN = re.compile(r"[a-z0-9]+")
_MONTH = re.compile(rf"{ERA}(?P<year>元|[0-9]{{1,4}})[-年./](?P<month>[0-9]{{1,2}})月?")
_YEAR = re.compile(rf"{ERA}(?P<year>元|[0-9]{{1,4}})年?")


def _text(name: str) -> Callable[[str], tuple[str, ...]]:
    def reader(text: str) -> tuple[str, ...]:
        found = keys.parts(name, text)
        allowed, remedy = _LETTERS.get(name, (None, ""))
        if not found or (allowed and not all(allowed.fullmatch(part) for part in found)):
            raise Malformed("search.letters", remedy or "文字を入力してください。")
        return found

    return reader


_LETTERS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "kana": (
        _KANA,
        "カタカナかひらがなで入力してください。漢字は「氏名・旧氏・通称」に入力します。",
    ),
    "roman": (_LATIN, "アルファベットで入力してください。"),
}


def _period(text: str) -> tuple[date, date]:
    """A day, a month or a year as first and last day."""
    typed = plain(text)
    if found := _YEAR.fullmatch(typed):
        if len(found["year"]) == 4 or found["era"]:
            return _clipped(found, (1, 1), (12, 31))
    elif found := _MONTH.fullmatch(typed):
        month = int(found["month"])
        if 1 <= month <= 12:
            return _clipped(found, (month, 1), (month, 0))
    day = dates.parse(text)
    return day, day


def _clipped(
    found: re.Match[str], first: tuple[int, int], last: tuple[int, int]
) -> tuple[date, date]:
    letter, year = read_year(found["era"], found["year"], None)
    western = western_year(letter, year)
    first_on = date(western, *first)
    last_on = date(western, last[0], last[1] or days_in_month(western, last[0]))
    if letter:
        its = era(letter)
        first_on, last_on = max(first_on, its.first_on), min(last_on, its.last_on or last_on)
    return first_on, last_on


def _choice(choices: Mapping[str, str]) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if text not in choices:
            raise Malformed("search.choice", "一覧から選んでください。")
        return text

    return reader


def _number(parse: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: keys.plain_number(parse(text))


def _relationship(text: str) -> str:
    """続柄, as the register writes it; a word that is no longer entered is looked for as typed."""
    try:
        return relationships.parse(text).text
    except Malformed:
        return text


def _blank(text: str) -> tuple[str, ...]:
    """空欄の項目: codes of `BLANKS`, joined by commas."""
    chosen = tuple(dict.fromkeys(text.split(",")))
    if not BLANKS.keys() >= set(chosen):
        raise Malformed("search.choice", "一覧から選んでください。")
    return chosen


def _card(text: str) -> str:
    try:
        return numbers.parse_residence_card_number(text)
    except Malformed:
        pass
    return numbers.parse_special_permanent_resident_certificate_number(text)


_READERS: Mapping[str, Callable[[str], object]] = {
    **{name: _text(name) for name in keys.TEXTS},
    "born_from": _period,
    "born_until": _period,
    "address_number": _number(numbers.parse_address_number),
    "household_number": _number(numbers.parse_household_number),
    "resident_record_code": _number(numbers.parse_resident_record_code),
    "card_number": _card,
    "individual_number": numbers.parse_individual_number,
    "relationship": _relationship,
    "address_code": numbers.parse_address_code,
    "blank": _blank,
    "ward": numbers.parse_local_government_code,
    **{name: _choice(choices) for name, choices in CHOICES.items()},
}


def worded(name: str, text: str) -> str:
    """検索条件の表記: what was typed in one field, in the words of the screen."""
    if name == "blank":
        return "、".join(one.japanese for one in BLANKS.values() if one.code in text.split(","))
    return CHOICES.get(name, {}).get(text, text)


def years(born: tuple[date, date]) -> tuple[int, ...]:
    """The tokens of which a birth in that time has one; none for a time so long that only the
    other conditions narrow the search."""
    first, last = born
    if _days(born) > YEARS_ASKED_MOST * YEAR_DAYS:
        return ()
    if first == last:
        wanted = [f"d:{first}", f"u:{first.year}"]
    else:
        wanted = [f"y:{year}" for year in range(first.year, last.year + 1)]
    return tuple(keys.token("b", text) for text in [*wanted, keys.UNKNOWN_YEAR])
