"""番号の用意: what stands for the arguments of an address: rows that are there, and none."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator

import retention
from certificates.counter import asked_for
from daicho.access import clock
from daicho.access.disclosure_requests import asking
from daicho.access.disposing import proposing as proposing_records
from daicho.access.models import (
    Designation,
    EmergencyUse,
    Mask,
    OfficeRightExclusion,
    Right,
    RightsReview,
    Terminal,
    Trail,
)
from daicho.access.permits import permit
from daicho.law.receptions import works
from daicho.law.safety import responsibles
from daicho.vault.disposing import proposing
from daicho.web.counter.changes import FORMS
from people import Cast, Player
from vault.disposals import file_permit, worker
from vault.made_up import put
from web import notices, own_cards
from web.analysed import analysed, related_with_a_line
from web.desk import received
from web.disclosing import disclosure_of
from web.exports import request_of
from web.marked import OPEN, Town
from web.office_rights import office_has

NO_NUMBER = "987654321"
"""An id of a row that there is not."""
NOBODY_OF_PEOPLE = ("clerk", "clerk_of_another_office", "clerk_of_another_division", "contractor")


def rows_of(player: Player, cast: Cast) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Rows of one of the cast, and for whom they are another's."""
    own = player.operator
    factor = Authenticator.objects.create(
        user=own, type=Authenticator.Type.WEBAUTHN, data={"name": "鍵"}
    )
    now = clock.now()
    Designation.objects.create(operator=own, tree="juki_net", since=clock.today(), given_at=now)
    put(1)  # a number that nobody needs is on the list of another
    review = RightsReview.objects.create(
        office=cast.clerk_of_another_office.operator.office, half="2026-2", opened_at=now
    )
    return {
        "operator_id": (own.pk, NOBODY_OF_PEOPLE),
        "row_id": (Right.objects.get(operator=own).pk, (*NOBODY_OF_PEOPLE, "administrator")),
        "factor": (factor.pk, ("clerk", "administrator")),
        "review_id": (review.pk, (*NOBODY_OF_PEOPLE, "supervisor")),
        "position_id": (1, NOBODY_OF_PEOPLE),
        "holding_id": (1, NOBODY_OF_PEOPLE),
        "permit_id": (file_permit(cast).pk, (*NOBODY_OF_PEOPLE, "supervisor")),
        "request_no": (request_of(cast).pk, (*NOBODY_OF_PEOPLE, "administrator")),
        "list_id": (proposing.propose(worker(cast)), (*NOBODY_OF_PEOPLE, "supervisor")),
        "analysis_id": (analysed().pk, (*NOBODY_OF_PEOPLE, "supervisor")),
        "trail_id": (Trail.objects.latest("id").pk, (*NOBODY_OF_PEOPLE, "administrator")),
        "notice_id": (notices.stands(uuid4()).pk, (*NOBODY_OF_PEOPLE, "administrator")),
    }


def own(cast: Cast, town: Town) -> dict[str, str]:
    """What stands for the arguments beside the one that is another's."""
    return {
        "<uuid:reception_id>": str(received(cast.clerk, "moved_in")),
        "<slug:work>": "change",
        "<uuid:record_id>": str(town.record_ids[OPEN]),
        "<uuid:search_id>": str(uuid4()),
        "<uuid:issue_id>": str(uuid4()),
        "<uuid:export_id>": str(uuid4()),
        "<uuid:message_id>": str(uuid4()),
        "<slug:kind>": "mailing",
        "<int:residence_no>": "1",
        "<int:operator_id>": str(cast.clerk.operator.pk),
        "<slug:slug>": "give",
        "<str:code>": "C001",
        **{
            f"<int:{name}>": NO_NUMBER
            for name in (
                *("row_id", "factor", "review_id", "position_id", "holding_id", "use_id"),
                *("list_id", "permit_id", "request_no", "trail_id", "disclosure_id"),
                *("question_id", "analysis_id", "notice_id"),
            )
        },
    }


def there(cast: Cast, town: Town) -> dict[str, str]:
    """What stands for the arguments so that a page is there, and its fields are."""
    rows = rows_of(cast.contractor, cast)
    record_id, asker = town.record_ids[OPEN], cast.clerk_of_another_office
    use = EmergencyUse.objects.create(
        operator=asker.operator,
        office=asker.operator.office,
        terminal=asker.terminal,
        purpose="emergency.life",
        reason="架空の理由",
        asked_at=clock.now(),
    )
    return {
        **own(cast, town),
        **{f"<int:{name}>": str(row) for name, (row, _) in rows.items()},
        **_named(cast),
        **_receptions(cast.clerk),
        "<int:use_id>": str(use.pk),
        "certificate": str(asked_for(cast.clerk)),  # a 受付 of the work that makes papers
        "<int:question_id>": str(own_cards.asked_why(cast.clerk, record_id).pk),
        "<int:disclosure_id>": str(disclosure_of(cast.clerk, record_id)),
        "mending": str(_to_be_mended(cast.clerk, record_id)),
        "<int:trail_id>": str(own_cards.looks_at(cast.clerk, record_id)),
    }


def _named(cast: Cast) -> dict[str, str]:
    """What else an argument stands for, by the words of `signs`."""
    retention.reception(date(2020, 1, 6))  # long enough ago to be disposed of
    whose, now, on = cast.contractor.operator, clock.now(), clock.today()
    mask = Mask.objects.create(operator=whose, item="record_code", since=on, given_at=now)
    return {
        "mask": str(mask.pk),
        "designation": str(Designation.objects.get(operator=whose).pk),
        "role": next(iter(responsibles.ROLES)).code,
        "office": whose.office.code,
        **_of_an_office(cast.clerk_of_another_division),
        "machine": Terminal.objects.create(code="X999", name="予備", office=whose.office).code,
        "records": str(proposing_records.propose(retention.worker(cast))),
        "relations": str(related_with_a_line(cast.clerk).pk),
    }


def _of_an_office(player: Player) -> dict[str, str]:
    """What the player's office has, and that the player is excluded of it; one right is ended."""
    right = office_has(player.operator.office.code, "national_pension")
    exclusion = OfficeRightExclusion.objects.create(
        operator=player.operator,
        office=right.office,
        post=right.post,
        since=clock.today(),
        given_at=clock.now(),
    )
    return {
        "other_office": right.office.code,
        "office_right": str(right.pk),
        "other_right": str(office_has(right.office.code, "vaccination").pk),
        "exclusion": str(exclusion.pk),
    }


def _receptions(player: Player) -> dict[str, str]:
    """A 受付 of each work that leads to a form of its own, on its usual basis, by the work."""
    on = clock.today()
    return {
        one.code: str(received(player, one.code, works.bases(one.code, on)[0].code))
        for one in works.works(on)
        if one.code in FORMS or one.code == "disclosure_request"
    }


def _to_be_mended(player: Player, record_id: UUID) -> int:
    found = disclosure_of(player, record_id)
    handling = permit(player.acting(), "disclosure.request", clock.today())
    asking.ask_mending(handling, found, clock.today() + timedelta(days=9), "架空の理由")
    return found
