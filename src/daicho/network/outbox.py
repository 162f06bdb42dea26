"""送信待ちへの書込み: the messages that a recorded change causes; nothing is sent here.

Each function is a consequence (`recording.CONSEQUENCES`): it takes a recorded change, pure values
only, and writes rows in the change's transaction. It raises rather than lose a statutory notice.
"""

from collections.abc import Iterable

from daicho.law.changes.individual_numbers import number_must_be_requested
from daicho.law.identification import domicile_must_be_told, prefecture_must_be_told
from daicho.network.models import Outbox
from daicho.terms.changes.effects import What, difference
from daicho.terms.changes.recorded import Recorded, Touched
from daicho.terms.records import to_row

V = 1


def tell_prefecture(recorded: Recorded) -> None:
    """本人確認情報の通知 (J05): every entry, closing, and correction of what the Act lists."""
    told = [one for one in recorded.touched if _prefecture_must_be_told(one, recorded)]
    _write("identification_information", "BRRA 30-6(1)", recorded, told)


def tell_previous_municipality(recorded: Recorded) -> None:
    """転入通知 (J07): to the town that each mover came from."""
    entered = [one for one in recorded.touched if one.effect.reason == "moved_in"]
    _write("moved_in_notice", "BRRA 9(1)", recorded, entered)


def tell_family_register_office(recorded: Recorded) -> None:
    """戸籍の附票記載事項通知 (J09): what the 附票 of a Japanese resident shows, to the 本籍地."""
    told = [one for one in recorded.touched if _domicile_must_be_told(one, recorded)]
    _write("supplement_notice", "BRRA 19(1)", recorded, told)


def confirm_moving_out(recorded: Recorded) -> None:
    """転出確定通知 (J08): follows the receipt of the first 転入通知 of a moving-out, once."""
    told = [
        one
        for one in recorded.touched
        if one.before is not None
        and one.before.moved_in_notice_on is None
        and one.after.moved_in_notice_on is not None
    ]
    _write("moving_out_confirmed", "BRRO 13(3)", recorded, told)


def send_moving_out_certificate_information(recorded: Recorded) -> None:
    """転出証明書情報 (J11): of a 転出 under 24条の2, instead of a certificate (STD 4.1.3.0.4).

    Only what a recorded change causes is sent: there is no sending by hand.
    """
    special = [one for one in recorded.touched if one.effect.special]
    _write("moving_out_certificate_information", "BRRA 24-2", recorded, special)


def request_individual_number(recorded: Recorded) -> None:
    """個人番号生成要求 (J02): of each new record whose number is still to be made from its code."""
    asked = [one for one in recorded.touched if _number_must_be_requested(one, recorded)]
    _write("individual_number_request", "MNA 8(1)", recorded, asked)


def _number_must_be_requested(one: Touched, recorded: Recorded) -> bool:
    after = one.after
    return number_must_be_requested(
        one.effect.what.value,
        one.effect.reason,
        after.individual_number_state,
        bool(after.resident_record_code),
        on=recorded.processed_on,
    )


def _prefecture_must_be_told(one: Touched, recorded: Recorded) -> bool:
    changed = difference(one.before, one.after) if one.before else {}
    return prefecture_must_be_told(one.effect.what.value, changed, on=recorded.processed_on)


def _domicile_must_be_told(one: Touched, recorded: Recorded) -> bool:
    if one.after.is_foreign or not one.after.registered_domicile:
        return False
    what, reason = one.effect.what.value, one.effect.reason
    changed = difference(one.before, one.after) if one.before else {}
    return domicile_must_be_told(what, reason, changed, on=recorded.processed_on)


def _write(kind: str, article: str, recorded: Recorded, told: Iterable[Touched]) -> None:
    Outbox.objects.bulk_create(
        Outbox(
            kind=kind,
            v=V,
            article=article,
            record_id=one.effect.record_id,
            history_no=one.history_no,
            change_id=recorded.change_id,
            request_id=recorded.request_id,
            ward=recorded.ward,
            body={
                "reason": one.effect.reason,
                "what": one.effect.what.value,
                "before": _cells(one, before=True),
                "after": _cells(one, before=False),
            },
        )
        for one in told
    )


def _cells(one: Touched, *, before: bool) -> dict[str, object] | None:
    record = one.before if before else one.after
    if record is None or (before and one.effect.what is What.OPENS):
        return None
    return {
        column: cell for column, cell in to_row(record).items() if cell not in ("", None, False)
    }
