"""緊急の利用の手順: what the tests do with it through the browser."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast as cast_to
from uuid import uuid4

from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access.models import EmergencyUse, Trail

REASON = "一人暮らしの高齢者と連絡が取れないと、家族から電話があった"
LIFE = {"purpose": "emergency.life", "reason": REASON}
LOOK = ("counter:search", ["emergency-life"])


def post(client: Client, name: str, *args: object, **typed: str) -> HttpResponse:
    typed.setdefault("request_id", str(uuid4()))
    return cast_to(HttpResponse, client.post(reverse(f"console:{name}", args=args), typed))


def get(client: Client, name: str, *args: object) -> HttpResponse:
    return cast_to(HttpResponse, client.get(reverse(f"console:{name}", args=args)))


def newest() -> EmergencyUse:
    return EmergencyUse.objects.latest("id")


def asked(client: Client, **typed: str) -> EmergencyUse:
    response = post(client, "ask_emergency", **{**LIFE, **typed})
    assert response.status_code == 302, response.content.decode()
    return newest()


def decided(client: Client, use: EmergencyUse, do: str = "grant", **typed: str) -> HttpResponse:
    return post(client, "decide_emergency", use.pk, do=do, **typed)


def reviewed(client: Client, use: EmergencyUse, **typed: str) -> HttpResponse:
    return post(client, "review_emergency", use.pk, **{"outcome": "proper", "note": "", **typed})


def goes_by(use: EmergencyUse, **time: float) -> None:
    """Time goes by: the moments of the use are moved, so that nobody's screen locks meanwhile."""
    by = timedelta(**time)
    EmergencyUse.objects.filter(pk=use.pk).update(
        asked_at=F("asked_at") - by,
        decided_at=F("decided_at") - by,
        until_at=F("until_at") - by,
        ended_at=F("ended_at") - by,
    )


@dataclass(frozen=True)
class Steps:
    """What stands in the trail of the steps, in their order."""

    what: list[str]
    refused: list[str]


def steps() -> Steps:
    changed = Trail.objects.filter(event="emergency_changed").order_by("id")
    refused = Trail.objects.filter(event="emergency_refused").order_by("id")
    return Steps([one.detail["what"] for one in changed], [one.finding for one in refused])


def says(response: HttpResponse) -> str:
    return response.content.decode()
