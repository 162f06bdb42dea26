"""開示請求の手順: requests as somebody of the cast takes them in, for tests of every screen."""

import re
from datetime import date, timedelta
from typing import cast as cast_to
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, trail
from daicho.access.disclosure_requests import asking, deciding
from daicho.access.disclosure_requests.asking import Asked
from daicho.access.disclosure_requests.deciding import Decision
from daicho.access.permits import permit
from daicho.certificates.reading import page_text
from people import Player
from receptions import VISITOR, received
from web.desk import HANAKO, rows, who
from web.emergencies import says

RECORD = {"kind": "resident_record"}
BY_GUARDIAN = {
    "capacity": "legal_representative",
    "visitor_name": "架空　次郎",
    "principal_name": "架空　花子",
    "authority": ("family_register",),
}


def ago(days: int) -> date:
    """So many days before today: the trail has the moments of the database, which none turns."""
    return clock.today() - timedelta(days=days)


def of_uses() -> dict[str, str]:
    return {"kind": "use_log", "since_on": ago(20).isoformat(), "until_on": ago(0).isoformat()}


def post(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    typed.setdefault("request_id", str(uuid4()))
    return cast_to(HttpResponse, client.post(reverse(f"counter:{name}", args=args), typed))


def get(client: Client, name: str, *args: object) -> HttpResponse:
    return cast_to(HttpResponse, client.get(reverse(f"counter:{name}", args=args)))


def asked(client: Client, player: Player, typed: dict[str, str], **more: object) -> int:
    response = post(client, "ask_disclosure", came(player, **more), who(HANAKO), **typed)
    assert response.status_code == 302, says(response)
    found = re.search(r"/disclosure-requests/(\d+)/", response["Location"])
    assert found is not None
    return int(found[1])


def act(client: Client, number: int, step: str, **typed: object) -> HttpResponse:
    return post(client, "act_on_disclosure", number, step, **typed)


def printed(client: Client, number: int, **typed: object) -> str:
    response = post(client, "give_disclosure", number, **typed)
    assert response["Content-Type"] == "application/pdf", says(response)
    return page_text(response.content)


def used(player: Player, event: str, finding: str = "", purpose: str = "inquiry.change") -> None:
    """The record of 花子 was used by that player, or was kept from him."""
    with transaction.atomic():
        trail.write(
            event,
            request_id=uuid4(),
            actor=player.acting(),
            door="test",
            purpose=purpose,
            article="BRRA 3(1)",
            finding=finding,
            record_ids=[who(HANAKO)],
        )


def protect(record_id: UUID) -> None:
    """支援措置: it begins."""
    rows(
        "INSERT INTO register_protectivemeasure (record_id, provisional, from_on)"
        " VALUES (%s, false, '2020-01-01') RETURNING id",
        record_id,
    )


def came(player: Player, **more: object) -> UUID:
    """Somebody was received who asks for disclosure."""
    return received(player, "disclosure_request", basis="request", **more).reception_id


def disclosure_of(player: Player, record_id: UUID, kind: str = "use_log") -> int:
    """A request that this player has taken in, of today where the kind has days."""
    on = clock.today()
    day = on if kind == "use_log" else None
    asked = Asked(
        reception_id=came(player),
        record_id=record_id,
        kind=kind,
        received_on=on,
        capacity="principal",
        requester_name=VISITOR,
        requester_address="架空町一丁目１番１号",
        since_on=day,
        until_on=day,
    )
    return asking.ask(permit(player.acting(), "disclosure.request", on), asked)


def decide(player: Player, disclosure_id: int, outcome: str = "full") -> None:
    """Another person has decided on it."""
    given = permit(player.acting(), "disclosure.decision", clock.today())
    deciding.decide(given, disclosure_id, Decision(outcome))
