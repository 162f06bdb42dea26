"""異動の年月日: what the dates of a change must be to each other, and what only asks for a look.

The rules take plain days and the stem of the kind of change, not records. An uncertain day (不詳)
is passed as None: no rule refuses what cannot be compared. What the standard lets stand blank, and
what lawful changes do, asks (アラート) and never blocks.
"""

from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import table

_EXCEPTIONS = table("date_exceptions").keyed()
for _row in _EXCEPTIONS:
    _row.only("code", "check", "kind")
    if _row.text("code") != f"{_row.text('check')}:{_row.text('kind')}":
        raise _row.wrong("code is check:kind")


def _excepted(check: str, kind: str, on: date) -> bool:
    return _EXCEPTIONS.find(f"{check}:{kind}", on) is not None


_IN_FUTURE = finding(
    "std4-0-3.in_future",
    refuses=True,
    cites=["STD 4.0.3"],
    what="異動日（{occurred_on}）が処理日（{processed_on}）より後です。",
    remedy="異動日を確かめ、処理日以前の日を入力してください。処理日より後の日は、転出の予定日だけです。",
    on_item="occurred_on",
)
_RECEIVED_IN_FUTURE = finding(
    "std4-1-0-2.in_future",
    refuses=True,
    cites=["STD 4.1.0.2"],
    what="届出日（{received_on}）が処理日（{processed_on}）より後です。",
    remedy="届出日を確かめ、処理日以前の日を入力してください。",
    on_item="received_on",
)
_RECEIVED_BLANK = finding(
    "std4-1-0-2.blank",
    refuses=False,
    cites=["STD 4.1.0.2", "STD 1.1.6"],
    what="届出による異動ですが、届出日が空欄です。",
    remedy="届出日を入力してください。届出によらない異動であれば、根拠を職権に改めてください。",
    on_item="received_on",
)
_BEFORE_BIRTH = finding(
    "dates.before_birth",
    refuses=True,
    cites=["STD 11.1"],
    what="異動日（{occurred_on}）が生年月日（{born_on}）より前です。",
    remedy="異動日と生年月日を確かめ、誤っているほうを直してください。",
    on_item="occurred_on",
)
_BORN_IN_FUTURE = finding(
    "dates.born_in_future",
    refuses=True,
    cites=["STD 11.1"],
    what="生年月日（{born_on}）が処理日（{processed_on}）より後です。",
    remedy="生年月日を確かめて入力し直してください。",
    on_item="born_on",
)
_ADDRESS_BEFORE_RESIDENCE = finding(
    "dates.address_before_residence",
    refuses=False,
    cites=["STD 11.1", "STD 4.1.1.1"],
    what="住所を定めた年月日（{address_since_on}）が"
    "住民となった年月日（{resident_since_on}）より前です。",
    remedy="二つの年月日を確かめてください。誤りがなければ、そのまま進められます。",
    on_item="address_since_on",
)
_LEAVES_BEFORE_RESIDENCE = finding(
    "dates.leaves_before_residence",
    refuses=True,
    cites=["STD 11.1", "STD 1.1.5"],
    what="転出の日（{occurred_on}）が住民となった年月日（{resident_since_on}）より前です。",
    remedy="転出の日を確かめて入力し直してください。転入の誤りであれば、異動の取消しを行ってください。",
    on_item="occurred_on",
)
_OUT_OF_ORDER = finding(
    "dates.out_of_order",
    refuses=False,
    cites=["STD 11.1"],
    what="異動日（{occurred_on}）が、前の住所の異動の日（{last_address_change_on}）より前です。",
    remedy="異動の順序を確かめてください。誤りがなければ、そのまま進められます。",
    on_item="occurred_on",
)
_PLANNED_TO_LEAVE = finding(
    "std11-1.planned_to_leave",
    refuses=False,
    cites=["STD 11.1", "BRRA 24"],
    what="転出の予定がある者が{count}人います。",
    remedy="届出をした者に転出の予定を確かめてください。転出を取りやめたときは、先に転出を取り消します。"
    "転出の前の異動であれば、そのまま進められます。転出証明書を交付しているときは、その記載も確かめてください。",
)


@rule(cites=["STD 4.0.3", "STD 4.1.3.0.1"], since=date(1967, 11, 10))
def occurred_in_future(
    kind: str, occurred_on: date | None, processed_on: date, *, on: date
) -> Finding | None:
    """異動日は、転出を除き、処理当日以前の日とする。

    The day of a change is not later than the day of processing, except that of a moving-out.
    """
    if occurred_on is None or occurred_on <= processed_on or _excepted("future", kind, on):
        return None
    return _IN_FUTURE(occurred_on=occurred_on, processed_on=processed_on)


@rule(cites=["STD 4.1.0.2"], since=date(1967, 11, 10))
def received_in_future(received_on: date | None, processed_on: date, *, on: date) -> Finding | None:
    """届出日は、処理当日以前の日とする。

    The day of notification is not later than the day of processing.
    """
    if received_on is None or received_on <= processed_on:
        return None
    return _RECEIVED_IN_FUTURE(received_on=received_on, processed_on=processed_on)


@rule(cites=["STD 4.1.0.2", "STD 1.1.6", "STD 4.2.0.2"], since=date(1967, 11, 10))
def received_blank(basis: str, received_on: date | None, *, on: date) -> Finding | None:
    """届出による記載では届出日を入力できる。職権による記載に届出日はない。

    A change on notification has a day of notification, which may stand blank; one ex officio has
    none. `basis` is 届出, 職権, 申出, 通知 or 請求.
    """
    return _RECEIVED_BLANK() if basis == "届出" and received_on is None else None


@rule(cites=["STD 11.1"], since=date(1967, 11, 10))
def before_birth(occurred_on: date | None, born_on: date | None, *, on: date) -> Finding | None:
    """論理的に成立し得ない入力（生まれる前の異動）は、確定することができない。

    What cannot be, a change before the person's birth, cannot be recorded.
    """
    if occurred_on is None or born_on is None or born_on <= occurred_on:
        return None
    return _BEFORE_BIRTH(occurred_on=occurred_on, born_on=born_on)


@rule(cites=["STD 11.1"], since=date(1967, 11, 10))
def born_in_future(born_on: date | None, processed_on: date, *, on: date) -> Finding | None:
    """論理的に成立し得ない入力（処理日より後の生年月日）は、確定することができない。

    What cannot be, a birth after the day of processing, cannot be recorded.
    """
    if born_on is None or born_on <= processed_on:
        return None
    return _BORN_IN_FUTURE(born_on=born_on, processed_on=processed_on)


@rule(cites=["STD 11.1", "STD 4.1.1.1", "STD 4.5.3", "STD 4.5.5"], since=date(1967, 11, 10))
def address_before_residence(
    kind: str,
    address_since_on: date | None,
    resident_since_on: date | None,
    *,
    on: date,
) -> Finding | None:
    """住所を定めた年月日は、帰化や国籍喪失などの場合を除き、住民となった年月日より前にならない。

    The day the address was taken does not lie before the day of becoming a resident, except after
    a change of nationality. Foreign residents have no 住民となった年月日 of this kind: pass None.
    """
    if address_since_on is None or resident_since_on is None:
        return None
    if resident_since_on <= address_since_on or _excepted("address", kind, on):
        return None
    return _ADDRESS_BEFORE_RESIDENCE(
        address_since_on=address_since_on, resident_since_on=resident_since_on
    )


@rule(cites=["STD 11.1", "STD 1.1.5"], since=date(1967, 11, 10))
def leaves_before_residence(
    occurred_on: date | None, resident_since_on: date | None, *, on: date
) -> Finding | None:
    """論理的に成立し得ない入力（住民となる前の転出）は、確定することができない。

    What cannot be, moving out before becoming a resident, cannot be recorded.
    """
    if occurred_on is None or resident_since_on is None or resident_since_on <= occurred_on:
        return None
    return _LEAVES_BEFORE_RESIDENCE(occurred_on=occurred_on, resident_since_on=resident_since_on)


@rule(cites=["STD 11.1", "STD 4.2.3.3", "STD 4.6.0.1"], since=date(1967, 11, 10))
def out_of_order(
    kind: str, occurred_on: date | None, last_address_change_on: date | None, *, on: date
) -> Finding | None:
    """前の住所の異動より前の日の異動は、誤記の修正と取消しを除き、注意喚起する。

    A change dated before the last change of address asks, except a correction or a cancellation.
    """
    if occurred_on is None or last_address_change_on is None:
        return None
    if last_address_change_on <= occurred_on or _excepted("order", kind, on):
        return None
    return _OUT_OF_ORDER(occurred_on=occurred_on, last_address_change_on=last_address_change_on)


@rule(cites=["STD 11.1", "BRRA 24", "STD 4.0.4"], since=date(1967, 11, 10))
def planned_to_leave(kind: str, count: int, *, on: date) -> Finding | None:
    """転出の予定がある者の異動は、転出に続く異動と取消し等を除き、注意喚起する。

    A change of who has said that they move out asks, but where it belongs to that moving-out or to
    none. `count` is of the persons the change names; of a change of 世帯主, of who becomes it: that
    the one before leaves is why there is one.
    """
    if not count or _excepted("planned", kind, on):
        return None
    return _PLANNED_TO_LEAVE(count=count)
