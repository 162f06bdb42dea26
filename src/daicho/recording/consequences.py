"""異動の後続: what each kind causes, told in the transaction of its ledger row: read this first."""

from collections.abc import Callable, Mapping

from daicho.network.outbox import (
    Notice,
    confirm_moving_out,
    request_another_number,
    request_individual_number,
    send_moving_out_certificate_information,
    tell_family_register_office,
    tell_prefecture,
    tell_previous_municipality,
)
from daicho.terms.changes import (
    Born,
    Cancelled,
    Corrected,
    DeclaredMissing,
    Died,
    HouseholderChanged,
    MovedIn,
    MovedOut,
    MovedOutClosed,
    MovedWithin,
    MoveInNoticeReceived,
    NumberAssigned,
    NumberChangeRequested,
    RecordCodeChanged,
)
from daicho.terms.changes.recorded import Recorded

Consequence = Callable[[Recorded], Notice]

CONSEQUENCES: Mapping[type, tuple[Consequence, ...]] = {
    MovedIn: (
        tell_prefecture,
        tell_previous_municipality,
        tell_family_register_office,
        request_individual_number,
    ),
    MovedWithin: (tell_prefecture, tell_family_register_office),
    # until the record closes nothing of 本人確認情報 has changed
    MovedOut: (send_moving_out_certificate_information,),
    MovedOutClosed: (tell_prefecture, tell_family_register_office),
    MoveInNoticeReceived: (tell_prefecture, confirm_moving_out),
    HouseholderChanged: (),  # 世帯 and 続柄 are no items of 本人確認情報
    Born: (tell_prefecture, tell_family_register_office, request_individual_number),
    Died: (tell_prefecture, tell_family_register_office),
    DeclaredMissing: (tell_prefecture, tell_family_register_office),
    Corrected: (tell_prefecture, tell_family_register_office),
    RecordCodeChanged: (tell_prefecture, tell_family_register_office, request_individual_number),
    NumberChangeRequested: (request_another_number,),
    NumberAssigned: (tell_prefecture,),
    Cancelled: (tell_prefecture, tell_family_register_office),
}
# What a machine's job may record without an operator; any other kind it is refused.
BY_JOBS: Mapping[str, tuple[type, ...]] = {
    "daily_closing": (MovedOutClosed,),
    "number_assigning": (NumberAssigned,),
}
