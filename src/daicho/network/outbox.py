"""送信待ちへの書込み: the messages that a recorded change causes; nothing is sent here.

Each function but `put` is a consequence (`recording.CONSEQUENCES`): it takes a recorded change,
pure values only, and says of whom what is to be told. `put` writes the messages of all of them in
the change's transaction. It raises rather than lose a statutory notice.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from daicho.law.changes.individual_numbers import number_must_be_requested
from daicho.law.identification import domicile_must_be_told, prefecture_must_be_told
from daicho.terms.changes.effects import What
from daicho.terms.changes.recorded import Recorded, Touched
from daicho.terms.records import Record, difference, to_row

V = 1

# One statement for all the messages of a change: each is small, a round trip is not.
_COLUMNS = "kind, v, article, record_id, history_no, change_id, request_id, ward, body"
_PUT = f"""
WITH put AS (
    INSERT INTO network_outbox ({_COLUMNS}) SELECT {_COLUMNS}
    FROM jsonb_populate_recordset(NULL::network_outbox, %s::jsonb)
    RETURNING id, kind, record_id, at)
INSERT INTO network_due (outbox_id, kind, record_id, due_at) SELECT id, kind, record_id, at FROM put
"""  # noqa: S608  our own columns


@dataclass(frozen=True, slots=True)
class Notice:
    """送信すべき通知: one kind of message, its article, and the persons it is sent of."""

    kind: str
    article: str
    told: tuple[Touched, ...]


def tell_prefecture(recorded: Recorded) -> Notice:
    """本人確認情報の通知 (J05): every entry, closing, and correction of what the Act lists."""
    told = (one for one in recorded.touched if _prefecture_must_be_told(one, recorded))
    return _identification(tuple(told))


def tell_prefecture_of_all(standing: Recorded) -> Notice:
    """本人確認情報の通知 (J05) of who lives here and was never told of, whatever brought that."""
    return _identification(standing.touched)


def _identification(told: tuple[Touched, ...]) -> Notice:
    return Notice("identification_information", "BRRA 30-6(1)", told)


def tell_previous_municipality(recorded: Recorded) -> Notice:
    """転入通知 (J07): to the town that each mover came from."""
    entered = (one for one in recorded.touched if one.effect.reason == "moved_in")
    return Notice("moved_in_notice", "BRRA 9(1)", tuple(entered))


def tell_family_register_office(recorded: Recorded) -> Notice:
    """戸籍の附票記載事項通知 (J09): what the 附票 of a Japanese resident shows, to the 本籍地."""
    told = (one for one in recorded.touched if _domicile_must_be_told(one, recorded))
    return Notice("supplement_notice", "BRRA 19(1)", tuple(told))


def confirm_moving_out(recorded: Recorded) -> Notice:
    """転出確定通知 (J08): follows the receipt of the first 転入通知 of a moving-out, once."""
    told = (
        one
        for one in recorded.touched
        if one.before is not None
        and one.before.moved_in_notice_on is None
        and one.after.moved_in_notice_on is not None
    )
    return Notice("moving_out_confirmed", "BRRO 13(3)", tuple(told))


def send_moving_out_certificate_information(recorded: Recorded) -> Notice:
    """転出証明書情報 (J11): of a 転出 under 24条の2, instead of a certificate (STD 4.1.3.0.4).

    Only what a recorded change causes is sent: there is no sending by hand.
    """
    special = (one for one in recorded.touched if one.effect.special)
    return Notice("moving_out_certificate_information", "BRRA 24-2", tuple(special))


def request_individual_number(recorded: Recorded) -> Notice:
    """個人番号生成要求 (J02): of each new record whose number is still to be made from its code."""
    asked = (one for one in recorded.touched if _number_must_be_requested(one, recorded))
    return Notice("individual_number_request", "MNA 8(1)", tuple(asked))


def request_another_number(recorded: Recorded) -> Notice:
    """個人番号変更要求 (J03): of whom another number is asked for; the 異動事由 says why.

    `individual_number_changed` is 請求, `individual_number_corrected` 職権 (STD 7.1.2.1).
    """
    return Notice("individual_number_request", "MNA 8(1)", recorded.touched)


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
    what, reason = one.effect.what.value, one.effect.reason
    return prefecture_must_be_told(what, changed, on=recorded.processed_on, reason=reason)


def _domicile_must_be_told(one: Touched, recorded: Recorded) -> bool:
    if one.after.is_foreign or not one.after.registered_domicile:
        return False
    what, reason = one.effect.what.value, one.effect.reason
    changed = difference(one.before, one.after) if one.before else {}
    return domicile_must_be_told(what, reason, changed, on=recorded.processed_on)


def put(recorded: Recorded, notices: Iterable[Notice]) -> None:
    """送信待ちに入れる: a message of each notice for each person, in the running transaction."""
    put_all([(recorded, notices)])


def put_all(caused: Iterable[tuple[Recorded, Iterable[Notice]]]) -> None:
    """まとめて送信待ちに入れる: what several changes cause, in the running transaction."""
    rows = [row for recorded, notices in caused for row in _rows(recorded, notices)]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_PUT, [json.dumps(rows, ensure_ascii=False)])


def _rows(recorded: Recorded, notices: Iterable[Notice]) -> list[dict[str, Any]]:
    on = recorded.when.occurred_on
    bodies = {one.effect.record_id: _body(one, on) for one in recorded.touched}
    return [
        {
            "kind": notice.kind,
            "v": V,
            "article": notice.article,
            "record_id": str(one.effect.record_id),
            "history_no": one.history_no,
            "change_id": recorded.change_id,
            "request_id": str(recorded.request_id),
            "ward": recorded.ward,
            "body": bodies[one.effect.record_id],
        }
        for notice in notices
        for one in notice.told
    ]


def _body(one: Touched, occurred_on: str) -> dict[str, Any]:
    opens = one.effect.what is What.OPENS
    return {
        "reason": one.effect.reason,
        "what": one.effect.what.value,
        "occurred_on": occurred_on,
        "before": None if opens or one.before is None else _cells(one.before),
        "after": _cells(one.after),
    }


def _cells(record: Record) -> dict[str, object]:
    return {
        column: cell for column, cell in to_row(record).items() if cell not in ("", None, False)
    }
