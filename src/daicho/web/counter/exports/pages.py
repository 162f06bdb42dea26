"""データの持出しの画面: every request with who, why and how many lines; and its steps."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.data_exports import folders, leaves, queries
from daicho.access.data_exports.queries import Shown
from daicho.law.data_exports.kinds import ExportKind, kind_of, kinds_of
from daicho.law.filing.number_files import STATES
from daicho.law.rule import Finding
from daicho.register.extracting.conditions import Conditions, read
from daicho.terms.dates import wareki
from daicho.terms.records import CODES, ITEMS
from daicho.web.asking import Request
from daicho.web.console.acts import held, permit_among, stepped
from daicho.web.counter.exports.asking import ASKS
from daicho.web.required import at_terminal, methods

APPROVE, LOOK = "exports.approve", "exports.look"
LOOKS = (APPROVE, *ASKS, LOOK)
ENDS = ("exports.ask", APPROVE, "exports.extract")
"""終える事務: the narrowest last, for who has several."""
_OPEN = ("asked", "approved")
_NAMES = {one.column: one.japanese for one in ITEMS}


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """データの持出し: what may leave, and every request with its state, the newest first."""
    shown, older = queries.requests(permit_among(actor, LOOKS), request.GET.get("before", ""))
    asks = None if held(actor).isdisjoint(ASKS) else permit_among(actor, ASKS)
    context = {
        "kinds": [
            (one, asks is not None and leaves.may_ask(asks, one)) for one in kinds_of(clock.today())
        ],
        "rows": [(one, STATES[one.leave.state]) for one in shown],
        "older": older,
    }
    return render(request, "counter/exports/list.html", context)


@methods("GET")
@at_terminal
def request_page(request: Request, actor: Actor, request_no: int) -> HttpResponse:
    """一つの求め: how it stands, what was made, what this person may do."""
    return page(request, actor, request_no)


@methods("POST")
@at_terminal
def decide(request: Request, actor: Actor, request_no: int) -> HttpResponse:
    """許可・不許可: by the button that was pressed; anything else is no decision."""
    own = permits.permit(actor, APPROVE, clock.today())
    said = {"approve": True, "refuse": False}.get(request.POST.get("do", ""))
    if said is None:
        return page(request, actor, request_no, status=422)
    return _stepped(
        request, actor, request_no, lambda: leaves.decide(own, request_no, is_approved=said)
    )


@methods("POST")
@at_terminal
def end(request: Request, actor: Actor, request_no: int) -> HttpResponse:
    """取り下げる・終える."""
    own = permit_among(actor, ENDS)
    return _stepped(request, actor, request_no, lambda: leaves.end(own, request_no))


def _stepped(
    request: Request, actor: Actor, request_no: int, step: Callable[[], None]
) -> HttpResponse:
    return stepped(
        step,
        lambda findings: page(request, actor, request_no, findings, 422),
        reverse("counter:export", args=[request_no]),
    )


def page(
    request: Request,
    actor: Actor,
    request_no: int,
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    """The page of a request, with what was refused on it."""
    shown = queries.one(permit_among(actor, LOOKS), request_no)
    if shown is None:
        raise Http404
    own, leave = held(actor), shown.leave
    kind = kind_of(leave.kind, clock.today())
    context = {
        "shown": shown,
        "kind": kind,
        "state": STATES[leave.state],
        "is_over": leave.until_on < clock.today(),
        "is_bulk": kind is not None and kind.is_bulk(leave.rows_most),
        "columns": [_NAMES[one] for one in leave.columns],
        "conditions": conditions_told(shown.conditions),
        "findings": [(one, "") for one in findings],
        "may_decide": APPROVE in own
        and queries.may_decide(permits.permit(actor, APPROVE, clock.today()), shown),
        "may_end": leave.state in _OPEN
        and not own.isdisjoint(ENDS)
        and leaves.is_for(permit_among(actor, ENDS), kind),
        "may_make": kind is not None and _may_make(own, kind, shown, actor),
        "maker_id": actor.operator_id,
        "standing": _standing(shown) if leave.in_force(clock.today()) else (),
        "has_folder": bool(settings.EXPORT_FOLDER),
    }
    return render(request, "counter/exports/request.html", context, status=status)


def _standing(shown: Shown) -> list[UUID]:
    """Which of the files that were made still stand in the folder."""
    if not settings.EXPORT_FOLDER:
        return []
    folder, made = Path(settings.EXPORT_FOLDER), [one.export_id for one in shown.made]
    return [one for one in made if folders.place_of(folder, one).exists()]


def _may_make(own: frozenset[str], kind: ExportKind, shown: Shown, actor: Actor) -> bool:
    """Is the button offered? The room is asked when it is pressed, and told with its article."""
    leave = shown.leave
    return (
        kind.purpose in own
        and not kind.by_command
        and leave.in_force(clock.today())
        and leave.times_left > 0
        and actor.operator_id != leave.decided_by
    )


def conditions_told(kept: Mapping[str, str | int | bool]) -> list[str]:
    """条件: each as a person reads it."""
    asked = read(kept)
    told = ["今の住民だけ" if asked.residents_only else "除票を含む"] if kept else []
    if asked.ward:
        told.append(f"区 {asked.ward}")
    if asked.resident_class:
        told.append(CODES["resident_class"][asked.resident_class])
    if asked.ages_on:
        told.append(f"{wareki(asked.ages_on)}に{_ages_told(asked)}")
    return told


def _ages_told(asked: Conditions) -> str:
    if asked.age_until is None:
        return f"{asked.age_from}歳以上"
    if asked.age_from is None:
        return f"{asked.age_until}歳以下"
    return f"{asked.age_from}歳から{asked.age_until}歳まで"
