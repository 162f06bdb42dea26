"""番号の重複と取込みの審査: findings on what several records or rows are to each other.

The register compares in SQL, a file is read by its importer; they count, and ask here what the law
says of it. A finding never holds a number. The second half is of the lines that a register is
taken over from (移行): its findings refuse a line, a person or a household. A set-based import
finds the lines that are not ordinary and gives what it counted of each; what is wrong is said here.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from daicho.law.entries.case import ACT_IN_FORCE_ON, about
from daicho.law.rule import COUNT_MAX, Finding, FindingKind, finding, rule

_INDIVIDUAL_NUMBER = finding(
    "numbers.individual_number_twice",
    refuses=True,
    cites=["MNA 7(1)", "BRRA 7[8-2]"],
    what="同じ個人番号の住民票が、ほかに{others}件あります。",
    remedy="個人番号を確かめてください。同一人であれば、その人の記録として再転入の処理をしてください。",
    on_item="individual_number",
)
_RECORD_CODE = finding(
    "numbers.resident_record_code_twice",
    refuses=True,
    cites=["BRRA 7[13]", "BRRA 30-3(1)"],
    what="同じ住民票コードの住民票が、ほかに{others}件あります。",
    remedy="住民票コードを確かめてください。同一人であれば、その人の記録として再転入の処理をしてください。",
    on_item="resident_record_code",
)
_CERTIFICATE = finding(
    "numbers.certificate_number_twice",
    refuses=True,
    cites=["BRRA 30-45", "STD 11.1"],
    what="同じ【項目】の住民票が、ほかに{others}件あります。",
    remedy="【項目】を、在留カード又は証明書で確かめてください。",
)
_ADDRESS_NUMBER = finding(
    "numbers.address_number_twice",
    refuses=True,
    cites=["STD 1.1.13"],
    what="同じ宛名番号の者が、ほかに{others}人います。",
    remedy="宛名番号を確かめ、新しい番号を付けてください。",
    on_item="address_number",
)
_NUMBER_OF_CLOSED = finding(
    "numbers.held_by_closed",
    refuses=False,
    cites=["STD 4.1.1.2"],
    what="個人番号又は住民票コードが同じ除票があります。",
    remedy="同一人か確かめてください。同一人であれば、再転入として除票の記録を引き継いでください。",
    on_item="individual_number",
)
_NUMBERS: Mapping[str, FindingKind] = {
    "individual_number": _INDIVIDUAL_NUMBER,
    "resident_record_code": _RECORD_CODE,
    "residence_card_number": _CERTIFICATE,
    "special_permanent_resident_certificate_number": _CERTIFICATE,
    "address_number": _ADDRESS_NUMBER,
}


@rule(
    cites=["MNA 7(1)", "BRRA 7[13]", "BRRA 30-3(1)", "BRRA 30-45", "STD 1.1.13", "STD 11.1"],
    since=ACT_IN_FORCE_ON,
)
def number_twice(item: str, others: int, *, on: date) -> Finding | None:
    """個人番号、住民票コード、在留カードなどの番号、宛名番号は、一人に一つであり、他の者と重ならない。

    These numbers are of one person each. `others` counts the records of other persons that hold
    the number of `item`: living ones, but for the 宛名番号 closed ones too.
    """
    if others == 0:
        return None
    kind, count = _NUMBERS[item], min(others, COUNT_MAX)
    if kind is _CERTIFICATE:
        return about(kind(others=count), item)
    return kind(others=count)


@rule(cites=["STD 4.1.1.2"], since=ACT_IN_FORCE_ON)
def number_of_closed(closed: int, *, on: date) -> Finding | None:
    """転入者が除票にある者と同一人であるときは、再転入として除票の記録を引き継ぐ。

    Someone entered as new whose number stands on a 除票 has lived here before. `closed` counts the
    closed records of other record ids with the same number or code.
    """
    return _NUMBER_OF_CLOSED() if closed else None


# --- lines that a register is taken over from ---------------------------------------------------

_MEND = "前の機器からの出力を確かめ、その者の行をすべて含むファイルで、もう一度取り込んでください。"


def _import_kind(
    slug: str,
    what: str,
    remedy: str = _MEND,
    *,
    cite: str = "STD 1.2.1",
    on_item: str = "",
    refuses: bool = True,
) -> FindingKind:
    return finding(
        f"import.{slug}", refuses=refuses, cites=[cite], what=what, remedy=remedy, on_item=on_item
    )


_PERSON_INCOMPLETE = _import_kind(
    "person_incomplete", "同じ者のほかの行が取り込めないので、この者を取り込みません。"
)
_HOUSEHOLD_INCOMPLETE = _import_kind(
    "household_incomplete",
    "取り込めない世帯員がいるので、この世帯の者を取り込みません。",
    "取り込めない世帯員の行を直し、世帯の全員の行を含むファイルで、もう一度取り込んでください。",
    cite="STD 1.1.3",
)
_HELD_DIFFERENTLY = _import_kind(
    "held_differently",
    "すでに登録されている者の行ですが、登録されている内容と異なります。",
    "どちらが正しいか確かめてください。登録されている記載は、異動か誤記の修正で直します。",
)
_ROWS_APART = _import_kind(
    "rows_apart",
    "同じ者の行が続いていません。",
    "宛名番号と履歴番号の順に並べ替えて、もう一度取り込んでください。",
)
_HISTORY_NO_TWICE = _import_kind(
    "history_no_twice", "同じ者に、同じ履歴番号の行が二つあります。", on_item="history_no"
)
_HISTORY_NO_GAP = _import_kind(
    "history_no_gap",
    "履歴番号が、1からの続き番号になっていません。",
    "前の機器が保存しなくなった履歴であれば、そのままで構いません。"
    "移し忘れであれば、抜けた履歴を加えたファイルで、もう一度取り込んでください。",
    on_item="history_no",
    refuses=False,  # a number that is missing is history of the old system and cannot be made up
)
_RESIDENCE_NO = _import_kind(
    "residence_no",
    "在住番号が1から始まり、再転入ごとに1ずつ増えていません。",
    "在住番号を、1から、再転入ごとに1ずつ増やして付け直してください。",
    on_item="residence_no",
)
_LIVING_NOT_LAST = _import_kind(
    "living_not_last",
    "再転入の前の在住の最後の行が、除票になっていません。",
    "前の在住が終わった異動（転出など）の行を加えてください。",
    on_item="state",
)
_PROCESSED_ON = _import_kind(
    "processed_on",
    "処理日がないか、今日より後です。",
    "前の機器の処理日を確かめて、もう一度取り込んでください。",
    cite="STD 4.0.3",
    on_item="processed_on",
)
_WARD_UNKNOWN = _import_kind(
    "ward_unknown",
    "この市区町村のものではない区のコードです。",
    "区のコードを確かめてください。区がなければ、市区町村のコードを入力します。",
    cite="STD 1.3.1",
    on_item="ward",
)
_NUMBER_TWICE = _import_kind(
    "number_twice",
    "同じ個人番号の現存者が、ほかにいます。",
    cite="MNA 7(1)",
    on_item="individual_number",
)
_RECORD_CODE_TWICE = _import_kind(
    "record_code_twice",
    "同じ住民票コードの現存者が、ほかにいます。",
    cite="BRRA 7[13]",
    on_item="resident_record_code",
)
_CARD_TWICE = _import_kind(
    "card_twice",
    "在留カード又は特別永住者証明書の番号が同じ現存者が、ほかにいます。",
    cite="BRRA 30-45",
)
_TWICE: Mapping[str, FindingKind] = {
    "individual_number": _NUMBER_TWICE,
    "resident_record_code": _RECORD_CODE_TWICE,
    "residence_card_number": _CARD_TWICE,
    "special_permanent_resident_certificate_number": _CARD_TWICE,
}


@rule(cites=["STD 1.2.1", "STD 1.1.3"], since=ACT_IN_FORCE_ON)
def imported_whole(refused_lines: int, refused_members: int, *, on: date) -> Finding | None:
    """移行では、一人の履歴の行、一つの世帯の現存者を、そろって取り込む。

    A person is taken over with all lines or not at all, and so is a household with its living
    members: the counts are of lines of the same person and of other members that are refused.
    """
    if refused_lines:
        return _PERSON_INCOMPLETE()
    return _HOUSEHOLD_INCOMPLETE() if refused_members else None


@rule(cites=["STD 1.2.1"], since=ACT_IN_FORCE_ON)
def imported_once(held_before: bool, alike: bool, *, on: date) -> Finding | None:
    """移行の行は、一度だけ取り込む。すでに同じ内容で登録されている行は、そのままとする。

    A line is taken over once: one that is held alike changes nothing, one that is held in another
    way is refused, for a register is never overwritten.
    """
    return _HELD_DIFFERENTLY() if held_before and not alike else None


@rule(cites=["STD 1.2.1"], since=ACT_IN_FORCE_ON)
def imported_together(runs: int, *, on: date) -> Finding | None:
    """移行のファイルでは、一人の行が続いている。

    The lines of one person stand together. `runs` counts the places of the file where they start.
    """
    return _ROWS_APART() if runs > 1 else None


@rule(cites=["STD 1.2.1"], since=ACT_IN_FORCE_ON)
def history_no_twice(same: int, *, on: date) -> Finding | None:
    """移行の行は、宛名番号と履歴番号の組で一つに決まる。

    A line is known by the person and the history number. `same` counts the person's lines that
    have its number, itself among them.
    """
    return _HISTORY_NO_TWICE() if same > 1 else None


@rule(cites=["STD 1.2.1"], since=ACT_IN_FORCE_ON)
def history_no_gap(before: int, number: int, *, on: date) -> Finding | None:
    """履歴番号は、宛名番号ごとに1、2、3と異動のたびに一つずつ増える。

    The history numbers of one person run 1, 2, 3 …; what an old system no longer has leaves a gap,
    which asks. `before` is the number of the line before in their order, 0 where there is none.
    """
    return _HISTORY_NO_GAP() if number > before + 1 else None


@rule(cites=["STD 1.2.1"], since=ACT_IN_FORCE_ON)
def residence_no(
    before: int | None, number: int, *, on: date, lacks_first: bool = False
) -> Finding | None:
    """在住番号は1から始まり、再転入ごとに一つずつ増える。前の除票が廃棄された者は、続きから始まる。

    The number of the residence starts at 1 and rises by one at each return. `before` is that of the
    line before in the order of the history numbers, None where there is none. `lacks_first`: the
    history numbers do not start at 1, as where the 除票 of an earlier residence has been disposed
    of; then so need the residences not.
    """
    usual = (1,) if before is None else (before, before + 1)
    if before is None and lacks_first and number > 1:
        return None
    return None if number in usual else _RESIDENCE_NO()


@rule(cites=["STD 1.2.1"], since=ACT_IN_FORCE_ON)
def residence_ends(state: str, number: int, after: int | None, *, on: date) -> Finding | None:
    """再転入した者の前の在住の記録は、除票で終わっている。

    Each residence before the last one ends with a closed record. `state` is the 住民状態 of a line,
    `number` that of its residence, `after` that of the next line, None where there is none.
    """
    ends = after is not None and after > number
    return _LIVING_NOT_LAST() if ends and state in ("", "living") else None


@rule(cites=["STD 4.0.3"], since=ACT_IN_FORCE_ON)
def imported_day(processed_on: date | None, *, on: date) -> Finding | None:
    """処理日は、当日以前の日である。

    A line has a day of processing, and it lies not after the day of the import, `on`.
    """
    return _PROCESSED_ON() if processed_on is None or on < processed_on else None


@rule(cites=["STD 1.3.1"], since=ACT_IN_FORCE_ON)
def imported_ward(ward: str, wards: Sequence[str], *, on: date) -> Finding | None:
    """指定都市では、区ごとに記録を管理する。

    A record belongs to a ward of the city, or to the municipality where there are none. `wards`
    are the codes of the municipality that imports.
    """
    return None if ward in wards else _WARD_UNKNOWN()


@rule(cites=["MNA 7(1)", "BRRA 7[13]", "BRRA 30-45"], since=ACT_IN_FORCE_ON)
def imported_number_twice(item: str, others: int, *, on: date) -> Finding | None:
    """移行する現存者の個人番号、住民票コード、在留カードなどの番号は、ほかの現存者と重ならない。

    No two residents share a number, be both in the file or one held before. `others` counts them.
    """
    return _TWICE[item]() if others else None
