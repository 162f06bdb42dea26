"""氏名と世帯主: what names and readings of one record must be to each other."""

from collections.abc import Iterator
from datetime import date

from daicho.law.entries.case import ACT_IN_FORCE_ON, Case, about, asked
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import table
from daicho.terms.names import SEPARATOR
from daicho.terms.records import Record

READINGS_SINCE_ON = date(2025, 5, 26)

_READING_NEEDED = finding(
    "brro30-14.reading_needed",
    refuses=True,
    cites=["BRRO 30-14"],
    what="旧氏を記載・変更するのに、旧氏の振り仮名が空欄です。",
    remedy="請求書で旧氏の振り仮名を確かめて入力してください。",
    on_item="former_family_name_reading",
)
_READING_BLANK = finding(
    "brro30-14.reading_blank",
    refuses=False,
    cites=["BRRO 30-14"],
    what="旧氏の振り仮名が空欄です。",
    remedy="前から記載のある旧氏であれば、振り仮名の通知と届出の状況を確かめてください。そのまま進められます。",
    on_item="former_family_name_reading",
)
_READING_ALONE = finding(
    "brro30-14.reading_alone",
    refuses=True,
    cites=["BRRO 30-14"],
    what="旧氏が空欄ですが、旧氏の振り仮名があります。",
    remedy="旧氏を入力するか、旧氏の振り仮名を空欄にしてください。",
    on_item="former_family_name_reading",
)
_READING_LETTERS = finding(
    "brra7.reading_letters",
    refuses=False,
    cites=["BRRA 7[1-2]"],
    what="【項目】に、戸籍の振り仮名に用いない文字があるようです。",
    remedy="戸籍の通知で振り仮名を確かめてください。通知のとおりであれば、そのまま進められます。",
)
_HOUSEHOLDER_NAME = finding(
    "std1-2-1.own_name",
    refuses=True,
    cites=["BRRA 7[4]", "STD 1.2.1"],
    what="世帯主本人の住民票ですが、世帯主の氏名が本人の氏名と異なります。",
    remedy="世帯主の氏名と続柄を確かめ、誤っているほうを直してください。",
    on_item="householder_name",
)
_RELATIONSHIP_BLANK = finding(
    "brra7.relationship_blank",
    refuses=False,
    cites=["BRRA 7[4]", "STD 1.1.10"],
    what="世帯主の氏名がありますが、続柄が空欄です。",
    remedy="続柄を確かめて入力してください。",
    on_item="relationship",
)

_LETTERS = table("reading_letters").keyed()
for _row in _LETTERS:
    _row.only("code", "letters")
_LETTERS_NOW = frozenset("".join(row.text("letters") for row in _LETTERS))
_READINGS = ("family_name_reading", "given_name_reading", "former_family_name_reading")


def letters_on(day: date) -> frozenset[str]:
    """振り仮名の文字: the letters of a statutory reading on that day."""
    return frozenset("".join(row.text("letters") for row in _LETTERS.on(day)))


@rule(cites=["BRRO 30-14"], since=READINGS_SINCE_ON)
def former_name_reading(
    former_name: str, reading: str, *, entered_now: bool, on: date
) -> Finding | None:
    """旧氏を記載・変更するときは、その振り仮名も記載する。

    Who has a 旧氏 entered or changed has its reading entered with it. A 旧氏 from before may still
    stand without one, which asks. `entered_now` says that this change enters the 旧氏.
    """
    if former_name and not reading:
        return _READING_NEEDED() if entered_now else _READING_BLANK()
    return _READING_ALONE() if reading and not former_name else None


@rule(cites=["BRRA 7[1-2]"], since=READINGS_SINCE_ON)
def reading_letters(item: str, reading: str, *, on: date) -> Finding | None:
    """氏名の振り仮名は、戸籍に記載された振り仮名とし、これに用いる文字は定められている。

    The reading is that of the family register, written in the letters set for it; another letter
    asks, for the list is recalled and not yet compared with the text.
    """
    if letters_on(on).issuperset(reading):
        return None
    return about(_READING_LETTERS(), item)


@rule(cites=["BRRA 7[4]", "STD 1.2.1"], since=ACT_IN_FORCE_ON)
def householder_name(
    relationship: str, householder_name: str, *, own_names: tuple[str, ...], on: date
) -> Finding | None:
    """世帯主については世帯主である旨を、その他の者については世帯主の氏名と続柄を記載する。

    A householder's own record names the resident; another's names the householder and says how the
    resident stands to them. `own_names` are the name and what may stand for it (通称).
    """
    if relationship == "世帯主":
        own = {_folded(name) for name in own_names}
        return None if _folded(householder_name) in own else _HOUSEHOLDER_NAME()
    return _RELATIONSHIP_BLANK() if householder_name and not relationship else None


def check(case: Case) -> Iterator[Finding]:
    """氏名の審査: readings of a Japanese resident, then the name of the householder."""
    record, on = case.record, case.on
    if not case.foreign and on >= READINGS_SINCE_ON:
        yield from _readings(case)
    if not case.living:
        return
    if record.relationship == "世帯主":
        names: tuple[str, ...] = own_names(record)
        if record.householder_name not in names:
            yield from _some(
                householder_name("世帯主", record.householder_name, own_names=names, on=on)
            )
    elif not record.relationship and record.householder_name:
        yield from _some(householder_name("", record.householder_name, own_names=(), on=on))


def own_names(record: Record) -> tuple[str, ...]:
    """本人の氏名: what a householder may be called: the name, of foreign residents its parts and
    the 通称 too. No blanks among them, save one alone for who has no name yet.
    """
    if not record.is_foreign:
        return (_joined(record.family_name, record.given_name),)
    roman, kanji = record.roman_name, record.kanji_name
    names = (_joined(roman, kanji), roman, kanji, record.common_name)
    return tuple(name for name in names if name) or ("",)


def _joined(first: str, second: str) -> str:
    return f"{first}{SEPARATOR}{second}" if first and second else first or second


def _readings(case: Case) -> Iterator[Finding]:
    record = case.record
    former, its_reading = record.former_family_name, record.former_family_name_reading
    if former or its_reading:
        before = case.before
        entered_now = before is not None and before.former_family_name != former
        yield from _some(
            asked(former_name_reading, former, its_reading, entered_now=entered_now, on=case.on)
        )
    for item in _READINGS:
        reading = getattr(record, item)
        if reading and not _LETTERS_NOW.issuperset(reading):
            yield from _some(reading_letters(item, reading, on=case.on))


def _folded(name: str) -> str:
    return "".join(name.split())


def _some(found: Finding | None) -> tuple[Finding, ...]:
    return () if found is None else (found,)
