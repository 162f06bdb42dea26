"""運用の操作: one page for each act: what it is about, its fields, and the answer of the law."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law import purposes
from daicho.law.rule import Finding
from daicho.web.asking import Request
from daicho.web.console.fields import ActForm

S = TypeVar("S")


@dataclass(frozen=True)
class Act(Generic[S]):
    """操作: what the page says, its form, and what is done with what was typed.

    `do` gives what is shown once and kept nowhere (an initial password, a code), or None.
    """

    title: str
    purpose: str
    button: str
    form: Callable[[Permit, S, QueryDict | None], ActForm]
    do: Callable[[Permit, S, Mapping[str, Any]], str | None]
    warning: str = ""
    once: str = ""  # what the thing shown once is called
    once_hint: str = ""


@dataclass(frozen=True)
class About:
    """対象: what stands above the form, and where the way back leads."""

    name: str
    facts: Sequence[tuple[str, str]]
    back: str


def held(actor: Actor) -> frozenset[str]:
    """The purposes that the actor has today."""
    found = purposes.purposes_for(actor.office_kind, actor.posts, on=clock.today())
    return frozenset(one.code for one in found)


def permit_among(actor: Actor, wanted: Iterable[str]) -> Permit:
    """The permit for the first of these purposes that the actor has; else the first is refused."""
    wanted = tuple(wanted)
    own = held(actor)
    return permits.permit(
        actor, next((one for one in wanted if one in own), wanted[0]), clock.today()
    )


def stepped(
    step: Callable[[], object], refused: Callable[[Sequence[Finding]], HttpResponse], address: str
) -> HttpResponse:
    """一歩の答え: what the law refuses stands on the page again; what is done leads to its address,
    where it is told. What is not there is no page."""
    try:
        step()
    except NotThere:
        raise Http404 from None
    except Refused as found:
        return refused(found.findings)
    return redirect(f"{address}?told=recorded")


def answer(request: Request, permit: Permit, act: Act[S], subject: S, about: About) -> HttpResponse:
    """The page of an act; sent, the act is done once, and the way leads back."""
    if request.method != "POST":
        return _page(request, act, act.form(permit, subject, None), about)
    form = act.form(permit, subject, request.POST)
    if not form.is_valid():
        return _page(request, act, form, about, status=422)
    try:
        shown = act.do(permit, subject, form.cleaned_data)
    except Refused as refused:
        return _page(request, act, form, about, refused.findings, status=422)
    except NotThere:
        raise Http404 from None
    if shown is None:
        return redirect(f"{about.back}?told=recorded")
    context = {"act": act, "about": about, "shown": shown}
    return render(request, "console/once.html", context)


def _page(
    request: Request,
    act: Act[S],
    form: ActForm,
    about: About,
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "act": act,
        "form": form.ready() if not findings else form,
        "about": about,
        "findings": [(one, _field_id(form, one)) for one in findings],
    }
    return render(request, "console/act.html", context, status=status)


def _field_id(form: ActForm, finding: Finding) -> str:
    return form[finding.on_item].id_for_label if finding.on_item in form.fields else ""
