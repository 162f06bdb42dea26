"""データの持出しの手順: what the tests do with it through the browser."""

import csv
import io
from collections.abc import Iterable
from typing import cast as cast_to
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.models import DataExport, DataExportRequest, DataExportStep
from daicho.access.sealed_files import opening
from daicho.access.sealed_files.opening import Opened
from people import Cast

ASKED: dict[str, str | list[str]] = {
    "recipient": "架空課",
    "ground": "架空の案内を送るため",
    "from_on": "R8.11.22",
    "until_on": "R8.11.30",
    "rows_most": "100",
    "times_most": "1",
    "residents_only": "on",
    "columns": ["address_number", "family_name", "given_name", "address_town"],
}


def post(client: Client, name: str, *args: object, **typed: str | list[str]) -> HttpResponse:
    typed.setdefault("request_id", str(uuid4()))
    return cast_to(HttpResponse, client.post(reverse(f"counter:{name}", args=args), typed))


def get(client: Client, name: str, *args: object) -> HttpResponse:
    return cast_to(HttpResponse, client.get(reverse(f"counter:{name}", args=args)))


def asked(client: Client, kind: str = "mailing", **typed: str | list[str]) -> int:
    response = post(client, "ask_export", kind, **{**ASKED, **typed})
    assert response.status_code == 302, response.content.decode()
    return DataExportRequest.objects.latest("id").pk


def decided(client: Client, request_no: int, do: str = "approve") -> HttpResponse:
    return post(client, "decide_export", request_no, do=do)


def request_of(cast: Cast, **said: object) -> DataExportRequest:
    """A request of the system operator, as it stands once it was asked for."""
    facts = {
        "kind": "mailing",
        "columns": ["address_number", "family_name"],
        "conditions": {"residents_only": True},
        "recipient": "架空課",
        "ground": "架空の理由",
        "asked_by": cast.system_operator.operator,
        "from_on": clock.today(),
        "until_on": clock.today(),
        "rows_most": 100,
        "times_most": 1,
    }
    return DataExportRequest.objects.create(**{**facts, **said})


def approved(cast: Cast, **said: object) -> DataExportRequest:
    """The same, once 課長 has given leave."""
    row = request_of(cast, **said)
    DataExportStep.objects.create(
        request=row, is_end=False, is_approved=True, by=cast.security_manager.operator
    )
    return row


def passphrase_in(response: HttpResponse) -> str:
    page = response.content.decode()
    assert response.status_code == 200, page
    assert '<code class="once">' in page, page
    return page.partition('<code class="once">')[2].partition("</code>")[0]


def taken(client: Client, request_no: int) -> bytes:
    """The newest file of a request, as the browser gets it."""
    made = DataExport.objects.filter(request_id=request_no).latest("at")
    response = client.post(reverse("counter:hand_over_export", args=[request_no, made.pk]))
    assert response.status_code == 200
    parts = cast_to(Iterable[bytes], getattr(response, "streaming_content", ()))
    return b"".join(parts)


def lines_of(content: bytes, passphrase: str) -> tuple[list[list[str]], Opened]:
    """What a sealed file holds, and what it says of itself."""
    out = io.BytesIO()
    found = opening.opened(io.BytesIO(content), passphrase, out.write)
    return list(csv.reader(io.StringIO(out.getvalue().decode()))), found
