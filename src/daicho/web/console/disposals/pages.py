"""廃棄の画面: the system proposes, another person decides, the work is done, certified.

No page shows a number, nor of whom one was or whose a record: a line names a record by its id, or
a kind and a month by their count, and why it is due.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.disposing import holding
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law.retention import kinds
from daicho.law.retention.disposing import REASONS, STATES
from daicho.law.rule import Finding
from daicho.web.asking import Request
from daicho.web.console.acts import held, permit_among, stepped
from daicho.web.console.disposals.books import BOOKS, NUMBERS, RECORDS, Book, month_name
from daicho.web.console.disposals.forms import DecisionForm, HoldForm, TakeOffForm
from daicho.web.required import at_terminal, methods

_DIGITS = 19  # of the number of a row

LOOKS = tuple(purpose for book in BOOKS for purpose in book.looks)


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """廃棄の一覧: every list with its state, the newest first; and what is kept how long."""
    return _listing(request, actor)


@methods("POST")
@at_terminal
def propose(request: Request, actor: Actor, book: Book = NUMBERS) -> HttpResponse:
    """一覧を作る: the system looks for what is due; where nothing is, it says so."""
    permit = _permit(actor, book.work)
    try:
        list_id = book.propose(permit)
    except Refused as refused:
        return _listing(request, actor, refused.findings)
    return _told(book, list_id)


@methods("POST")
@at_terminal
def hold(request: Request, actor: Actor) -> HttpResponse:
    """差止め: months of a kind are kept from disposal."""
    permit = _permit(actor, RECORDS.approve)
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _listing(request, actor, form=form)
    said = form.cleaned_data
    try:
        holding.place(permit, said["kind"], said["first_on"], said["last_on"], said["reason"])
    except Refused as refused:
        return _listing(request, actor, refused.findings, form)
    return redirect(f"{reverse('console:disposals')}?told=recorded")


@methods("POST")
@at_terminal
def lift(request: Request, actor: Actor) -> HttpResponse:
    """差止めを解く: what was held may be listed again."""
    permit = _permit(actor, RECORDS.approve)
    named = request.POST.get("hold", "")
    if not (named.isascii() and named.isdigit() and len(named) < _DIGITS):
        raise Http404
    return stepped(
        lambda: holding.lift(permit, int(named)),
        lambda findings: _listing(request, actor, findings),
        reverse("console:disposals"),
    )


def _listing(
    request: Request,
    actor: Actor,
    findings: Sequence[Finding] = (),
    form: HoldForm | None = None,
) -> HttpResponse:
    own = held(actor)
    seen = [book for book in BOOKS if not own.isdisjoint(book.looks)] or [NUMBERS]
    rows = [row for book in seen for row in _rows(book, permit_among(actor, book.looks))]
    context = {
        "rows": sorted(rows, key=lambda row: row["proposed_at"], reverse=True),
        "may_work": {book.thing: book.work in own for book in BOOKS},
        "kinds": [one for one in kinds.KINDS if one.until is None],
        "findings": [(one, "") for one in findings],
        "holds": _holds(actor) if RECORDS in seen else [],
        "form": form or HoldForm(),
        "may_hold": RECORDS.approve in own,
    }
    wrong = bool(findings) or form is not None
    return render(request, "console/disposals.html", context, status=422 if wrong else 200)


def _holds(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "hold": one,
            "kind": kinds.NAMES.get(one.kind, one.kind),
            "from_month": month_name(one.from_month),
            "until_month": month_name(one.until_month),
            "reason": REASONS.get(one.reason, ""),
        }
        for one in holding.holds(permit_among(actor, RECORDS.looks))
    ]


def _rows(book: Book, permit: Permit) -> Iterator[dict[str, Any]]:
    for one in book.lists(permit):
        listed = one.listed
        yield {
            "book": book,
            "address": book.address("list", listed.list_id),
            "shown": one,
            "proposed_at": listed.proposed_at,
            "count": listed.facts.lines_left,
            "state": STATES[listed.state],
        }


@methods("GET")
@at_terminal
def disposal(request: Request, actor: Actor, list_id: int, book: Book = NUMBERS) -> HttpResponse:
    """一つの一覧: its lines with their reasons, and what this person may do with it."""
    return _page(request, actor, book, _whole(actor, book, list_id))


@methods("POST")
@at_terminal
def take_off(request: Request, actor: Actor, list_id: int, book: Book = NUMBERS) -> HttpResponse:
    """行を外す: those that are marked, with one reason."""
    permit = _permit(actor, book.approve)
    whole = _whole(actor, book, list_id)
    form = TakeOffForm(book, whole.lines, request.POST)
    if not form.is_valid():
        return _page(request, actor, book, whole, form=form)
    said = form.cleaned_data
    return _stepped(
        request,
        actor,
        book,
        list_id,
        lambda: book.take_off(permit, list_id, said["line"], said["reason"]),
    )


@methods("POST")
@at_terminal
def decide(request: Request, actor: Actor, list_id: int, book: Book = NUMBERS) -> HttpResponse:
    """承認・不承認: of the list as it was shown, by the button that was pressed."""
    permit = _permit(actor, book.approve)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, book, _whole(actor, book, list_id), status=422)
    shown = bytes.fromhex(form.cleaned_data["shown"])
    is_approved = form.cleaned_data["do"] == "approve"
    return _stepped(
        request,
        actor,
        book,
        list_id,
        lambda: book.decide(permit, list_id, shown, is_approved=is_approved),
    )


@methods("POST")
@at_terminal
def stop(request: Request, actor: Actor, list_id: int, book: Book = NUMBERS) -> HttpResponse:
    """中止: what is approved and not carried out yet stays."""
    permit = _permit(actor, book.approve)
    return _stepped(request, actor, book, list_id, lambda: book.stop(permit, list_id))


@methods("POST")
@at_terminal
def carry_out(request: Request, actor: Actor, list_id: int, book: Book = NUMBERS) -> HttpResponse:
    """廃棄する: all that an approved list has left."""
    permit = _permit(actor, book.work)
    return _stepped(request, actor, book, list_id, lambda: book.carry_out(permit, list_id))


@methods("GET")
@at_terminal
def certificate(request: Request, actor: Actor, list_id: int, book: Book = NUMBERS) -> HttpResponse:
    """廃棄証明: what was destroyed and why; it names nobody."""
    whole = _whole(actor, book, list_id)
    if whole.shown.listed.state != "done":
        raise Http404
    try:
        content = book.certified(permit_among(actor, book.looks), whole, settings.MUNICIPALITY)
    except Refused as refused:
        return _page(request, actor, book, whole, refused.findings)
    addresses = book.addresses(list_id)
    context = {"shown": whole.shown, "content": content, "book": book, "addresses": addresses}
    return render(request, "console/disposal_certificate.html", context)


def _stepped(
    request: Request, actor: Actor, book: Book, list_id: int, step: Callable[[], object]
) -> HttpResponse:
    return stepped(
        step,
        lambda findings: _page(request, actor, book, _whole(actor, book, list_id), findings),
        book.address("list", list_id),
    )


def _told(book: Book, list_id: int) -> HttpResponse:
    return redirect(f"{book.address('list', list_id)}?told=recorded")


def _whole(actor: Actor, book: Book, list_id: int) -> Any:
    found = book.whole(permit_among(actor, book.looks), list_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: Request,
    actor: Actor,
    book: Book,
    whole: Any,
    findings: Sequence[Finding] = (),
    form: TakeOffForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = whole.shown
    context = {
        "book": book,
        "addresses": book.addresses(shown.listed.list_id),
        "shown": shown,
        "state": STATES[shown.listed.state],
        "lines": [book.line(one) for one in whole.lines],
        "digest": whole.digest.hex(),
        "is_altered": whole.is_altered,
        "form": form or TakeOffForm(book, whole.lines, None),
        "findings": [(one, "") for one in findings],
        **_may(actor, book, shown.listed),
    }
    wrong = bool(findings) or (form is not None and not form.is_valid())
    return render(request, "console/disposal.html", context, status=422 if wrong else status)


def _may(actor: Actor, book: Book, listed: Any) -> dict[str, bool]:
    """What the law lets this person do with it now."""
    own = held(actor)
    approves = _permit(actor, book.approve) if book.approve in own else None
    return {
        "may_decide": approves is not None and book.may_decide(approves, listed),
        "may_stop": approves is not None and book.may_stop(approves, listed),
        "may_carry_out": book.work in own and listed.state == "approved",
    }


def _permit(actor: Actor, purpose: str) -> Permit:
    return permits.permit(actor, purpose, clock.today())
