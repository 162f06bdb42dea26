"""A browser before the screens of certificates: where they are, and what is sent to them."""

from typing import Any
from typing import cast as cast_to
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from certificates.counter import who


def at(name: str, reception: UUID, person: str, *more: object) -> str:
    return reverse(f"counter:{name}", args=[reception, who(person), *more])


def typed(*persons: str, **more: Any) -> dict[str, Any]:
    return {
        "request_id": str(uuid4()),
        "form": "household_copy",
        "persons": [str(who(one)) for one in persons],
        "copy_count": "1",
        **more,
    }


def send(client: Client, name: str, reception: UUID, *persons: str, **more: Any) -> HttpResponse:
    form = typed(*persons, **more)
    if name == "certificate":
        form = {"do": "check", **form}
    return cast_to(HttpResponse, client.post(at(name, reception, persons[0]), form))


def page(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return str(response.content.decode())
