"""転入通知の受理の審査: what only the receipt of a notice asks (標準仕様書4.1.3.1)."""

from collections.abc import Iterator
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import MoveInNoticeReceived, Scene
from daicho.terms.changes.closing_cells import LEAVING
from daicho.terms.records import Record

_NOT_MOVED_OUT = finding(
    "std4-1-3-1-1.not_moved_out",
    refuses=True,
    cites=["STD 4.1.3.1.1", "BRRA 9(1)"],
    what="死亡などにより消除された者についての転入通知です。",
    remedy="人違いでないか確かめ、転入通知をした市区町村に照会してください。",
)
_NOT_NOTIFIED = finding(
    "std4-1-3-1-1.not_notified",
    refuses=False,
    cites=["STD 4.1.3.1.1", "BRRA 8", "BRRA 9(1)"],
    what="転出の届出をしていない者についての転入通知です。",
    remedy="人違いでないか確かめてください。進めると、転入の日をもって職権で消除します。",
)
_OLDER = finding(
    "std4-1-3-1-2.older_notice",
    refuses=True,
    cites=["STD 4.1.3.1.2"],
    what="すでに受理した転入通知（{noticed_on}）より前の転入通知です。",
    remedy="新しい転入通知の内容が残っています。それが誤りであれば、その受理を取り消してから入力してください。",
    on_item="moved_in_notice_on",
)
_DIFFERS = finding(
    "std4-1-3-1-2.destination_differs",
    refuses=False,
    cites=["STD 4.1.3.1.2"],
    what="転入通知の市区町村が、転出先（予定）の市区町村と異なります。",
    remedy="人違いでないか確かめてください。誤りがなければ、そのまま進められます。予定の記載は残ります。",
    on_item="confirmed_destination",
)


@rule(cites=["STD 4.1.3.1.1", "BRRA 8", "BRRA 9(1)"], since=date(1967, 11, 10))
def notice_of_whom(living: bool, closing_reason: str, *, on: date) -> Finding | None:
    """転入通知は、転出をした者のほか、職権で消除した者についても受理することができる。

    A notice may be received of those who moved out and of those closed ex officio; of a resident
    who has not notified it asks, of the dead it cannot be.
    """
    if living and not closing_reason:
        return _NOT_NOTIFIED()
    return None if closing_reason in (*LEAVING, "ex_officio") else _NOT_MOVED_OUT()


@rule(cites=["STD 4.1.3.1.2"], since=date(1967, 11, 10))
def older_notice(noticed_on: date, received: date | None, *, on: date) -> Finding | None:
    """転入通知が重複するときは、新しいものによる。

    Of two notices of one person the newer counts. `received` is the day of the one that is held.
    """
    if received is None or received <= noticed_on:
        return None
    return _OLDER(noticed_on=received)


@rule(cites=["STD 4.1.3.1.2"], since=date(1967, 11, 10))
def destination_differs(planned: str, confirmed: str, *, on: date) -> Finding | None:
    """転入通知の内容が転出の届出の内容と異なるときは、注意喚起する。

    A notice from another municipality than was planned asks; blanks are not compared.
    """
    return _DIFFERS() if planned and confirmed and planned != confirmed else None


def judge(change: MoveInNoticeReceived, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """転入通知の受理の審査: every finding that only the receipt of a notice has."""
    befores = [scene.befores[one] for one in change.record_ids]
    found = (finding for before in befores for finding in _found(change, before, on))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _found(change: MoveInNoticeReceived, before: Record, on: date) -> Iterator[Finding | None]:
    yield notice_of_whom(before.is_living, before.closing_reason, on=on)
    yield older_notice(change.noticed_on, before.moved_in_notice_on, on=on)
    confirmed = change.destination.get("confirmed_destination_municipality") or ""
    planned = before.planned_destination.municipality
    yield destination_differs(planned, str(confirmed), on=on)
