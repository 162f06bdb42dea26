"""持出しのファイルを作る画面: made in one step, its passphrase shown once, then handed over."""

from pathlib import Path
from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.data_exports import folders, handing, queries
from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.register.extracting import making
from daicho.register.extracting.making import AlreadyMade, MadeFile
from daicho.web.asking import Request
from daicho.web.console.acts import permit_among
from daicho.web.counter.exports.pages import LOOKS, page
from daicho.web.required import at_terminal, methods

TAKE = "exports.take"
"""データの持出し: the purpose of every kind that is made on a screen."""


@methods("POST")
@at_terminal
def make(request: Request, actor: Actor, request_no: int) -> HttpResponse:
    """作る: the file, and its passphrase this one time; a refusal is told with its article."""
    permit = _permit(actor)
    made: MadeFile | None = None
    try:
        made = making.make(permit, request_no, _folder())
    except NotThere:
        raise Http404 from None
    except AlreadyMade:
        pass  # the page says that it was shown then
    except Refused as refused:
        return page(request, actor, request_no, refused.findings, 422)
    context = {"request_no": request_no, "made": made}
    return render(request, "counter/exports/made.html", context)


@methods("GET")
@at_terminal
def progress(request: Request, actor: Actor, request_no: int) -> HttpResponse:
    """進み具合: how many lines are written, asked by the page that waits (`BY_ITSELF`)."""
    if queries.one(permit_among(actor, LOOKS), request_no) is None:
        raise Http404
    context = {"lines": folders.told(_folder(), request_no)}
    return render(request, "counter/exports/progress.html", context)


@methods("POST")
@at_terminal
def hand_over(request: Request, actor: Actor, request_no: int, export_id: UUID) -> HttpResponse:
    """受け取る: the sealed file, by whom it was made."""
    permit = _permit(actor)
    try:
        file = handing.hand_over(permit, request_no, export_id, _folder())
    except NotThere:
        raise Http404 from None
    except Refused as refused:
        return page(request, actor, request_no, refused.findings, 422)
    answer = FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=f"DAICHO-{request_no}-{export_id}.sealed",
        content_type="application/octet-stream",
    )
    return cast(HttpResponse, answer)  # an answer like any other, sent part by part


def _permit(actor: Actor) -> Permit:
    return permits.permit(actor, TAKE, clock.today())


def _folder() -> Path:
    if not settings.EXPORT_FOLDER:
        raise Http404  # the page offers no button where there is no folder
    return Path(settings.EXPORT_FOLDER)
