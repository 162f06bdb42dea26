"""離職: all that stands for a leaver ends in the one act, and a new table cannot be forgotten.

Whatever points to an operator is said here: it ends, or it stays, with the reason.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import transaction
from django.db.models import Model, Q
from django.test import Client

from daicho.access import clock
from daicho.access.emergencies.uses import facts
from daicho.access.entering import leaves
from daicho.access.models import (
    Designation,
    EmergencyUse,
    EnrolmentLeave,
    Holding,
    Operator,
    Position,
    Presence,
    Right,
    Trail,
)
from daicho.access.people import leaving
from daicho.access.permits import permit
from daicho.access.refusals import NotPermitted
from daicho.law.safety import emergencies
from people import Cast, Player, given
from web.conftest import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]

ComeIn = Callable[..., Client]
Left = Callable[[Operator], bool]


def _lasts(model: type[Model]) -> Left:
    """Does a row last longer than the last day, or begin after it?"""
    longer = Q(until=None) | Q(until__gt=date(2026, 11, 22))
    return lambda who: model._default_manager.filter(longer, operator=who).exists()


def _may_register(who: Operator) -> bool:
    open_still = EnrolmentLeave.objects.filter(used_at=None, until_at__gt=clock.now())
    return open_still.filter(operator=who).exists()


def _in_an_emergency(who: Operator) -> bool:
    at = clock.now()
    own = EmergencyUse.objects.filter(operator=who)
    return any(emergencies.state(facts(one), at) in ("waiting", "granted") for one in own)


ENDS: Mapping[str, Left] = {
    "access.right.operator": _lasts(Right),
    "access.holding.operator": _lasts(Holding),
    "access.designation.operator": _lasts(Designation),
    "access.presence.operator": lambda who: Presence.objects.filter(operator=who).exists(),
    "access.enrolmentleave.operator": _may_register,
    "access.emergencyuse.operator": _in_an_emergency,
    "mfa.authenticator.user": lambda who: Authenticator.objects.filter(user=who).exists(),
}
"""終わるもの: each column that says whose it is, and what of it would still stand for a leaver."""

STAYS: Mapping[str, str] = {
    "access.mask.operator": "it takes away, and stays with who comes back",
    "access.officerightexclusion.operator": "it takes away, and stays with who comes back",
    "access.engagement.operator": "what was seen of the contract; the account is shut",
    "access.usedpassword.operator": "hashes that are compared with a new password alone",
    "access.ownrecord.operator": "the looks before the leaving are analysed after it",
    "access.relationnotice.operator": "that the analysis was told of, before it was made",
    "account.emailaddress.user": "the library's; never written",
    "socialaccount.socialaccount.user": "whom the directory means; the account is shut",
    "access.dataexportrequest.asked_by": "of the office: another makes the file, or ends it",
    "access.filepermit.asked_by": "of the office: another makes the file, or ends it",
    "access.ownlogquestion.looker": "whose use it was; another answers",
    "access.disclosurerequest.taken_by": "who took it in; another decides and goes on",
    "register.draft.operator_id": "work of the office: another goes on with it",
    "register.editlease.operator_id": "it ends by itself within minutes, and opens nothing",
    "network.hold.operator_id": "who held it back",
}
"""残るもの: what points to an operator and stays, with the reason."""
WHO_DID_IT = {
    *("by", "given_by", "ended_by", "entered_by", "decided_by", "reviewed_by", "signed_by"),
    "proposed_by",
}
"""した者: who took a step that was taken; what was done was done."""
WROTE = {
    *("access.trail.operator", "certificates.issue.operator_id"),
    *("certificates.spoiled.operator_id", "register.reception.operator_id"),
    *("register.receptionending.operator_id", "register.recordedchange.operator_id"),
    "register.remark.operator_id",
}
"""記録した者: rows that are only ever added."""


def _pointing() -> set[str]:
    """Every column of every table that names an operator, by relation or by number."""
    return {
        f"{model._meta.label_lower}.{one.name}"
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if one.related_model is Operator or one.name == "operator_id"
    }


def test_whatever_points_to_an_operator_ends_or_stays_for_a_reason() -> None:
    said = {*ENDS, *STAYS, *WROTE}
    left = {one for one in _pointing() - said if one.rpartition(".")[2] not in WHO_DID_IT}
    assert not left, "say whether it ends with a leaver (leaving.py), or why it stays"
    assert not said - _pointing(), "it is there no more"


@pytest.fixture
def leaver(cast: Cast, come_in: ComeIn) -> Player:
    """Somebody for whom every one of those tables holds something."""
    who, now, on = cast.security_manager.operator, clock.now(), clock.today()
    given(cast.security_manager, "clerk")
    Right.objects.create(
        operator=who, office=who.office, post="euc_operator", since=date(2027, 4, 1), given_at=now
    )
    place = Position.objects.create(code="T1", title="架空の職", since=on)
    Holding.objects.create(position=place, operator=who, since=on, entered_at=now)
    Designation.objects.create(operator=who, tree="juki_net", since=on, given_at=now)
    come_in(cast.security_manager, Client())
    leaves.give(None, who, uuid4())
    for said in ({}, {"decided_at": now, "is_granted": True, "until_at": now + timedelta(hours=1)}):
        EmergencyUse.objects.create(
            operator=who,
            office=who.office,
            purpose="emergency.life",
            reason="架空の理由",
            asked_at=now,
            **said,
        )
    for kind in (Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES):
        data = {"name": "鍵", "used_mask": 0}
        Authenticator.objects.create(user=who, type=kind, data=data)
    assert [name for name, lasts in ENDS.items() if not lasts(who)] == []
    return cast.security_manager


def test_a_leaver_ends_in_every_table_at_once(
    cast: Cast, leaver: Player, try_sign_in: SignIn
) -> None:
    own = permit(cast.administrator.acting(), "people.administration", clock.today())
    with transaction.atomic():
        leaving.leave(own, leaver.operator.pk, clock.today())
    assert [name for name, lasts in ENDS.items() if lasts(leaver.operator)] == []
    assert try_sign_in(leaver.login, leaver.password, Client()).status_code == 422
    last = Trail.objects.latest("id").pk
    with clock.fixed(clock.now() + timedelta(days=1)):
        actor = leaver.acting()
        assert not (actor.posts | actor.trees | actor.granted)
        with pytest.raises(NotPermitted):
            permit(actor, "inquiry.change", clock.today())
    assert Trail.objects.filter(pk__gt=last, event="not_permitted").count() == 1


def test_what_ends_with_a_leaver_is_told_by_the_trail(cast: Cast, leaver: Player) -> None:
    before = Trail.objects.latest("id").pk
    own = permit(cast.administrator.acting(), "people.administration", clock.today())
    leaving.leave(own, leaver.operator.pk, clock.today())
    rows = Trail.objects.filter(pk__gt=before).order_by("id")
    assert {one.operator_id for one in rows} <= {
        cast.administrator.operator.pk,
        None,
        leaver.operator.pk,
    }
    ended = [one.detail["what"] for one in rows if one.event == "emergency_changed"]
    assert sorted(ended) == ["ended", "withdrawn"]
