"""自分の要素: what one has registered, ending one, and fresh recovery codes."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from daicho.access import policy
from daicho.access.acting import Actor
from daicho.access.entering import factors, leaves, registering
from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.web.asking import Request
from daicho.web.entry.factors.confirming import confirmed
from daicho.web.required import at_terminal, methods


@methods("GET")
@at_terminal
def index(request: Request, actor: Actor) -> HttpResponse:
    """自分の要素の一覧."""
    del actor
    assert request.user.is_authenticated
    found = factors.registered(request.user)
    accepted = policy.sign_in().factors
    kinds = factors.kinds_of(request.user)
    context = {
        "factors": found,
        "may_register": leaves.is_open(request.user),
        "offers_key": factors.WEBAUTHN in accepted,
        "offers_totp": factors.TOTP in accepted and factors.TOTP not in {x.kind for x in found},
        "offers_codes": factors.RECOVERY_CODES in accepted and bool(kinds),
        "is_required": leaves.is_needed(),
    }
    return render(request, "entry/factors.html", context)


@methods("GET", "POST")
@confirmed
def remove(request: Request, actor: Actor, factor: int) -> HttpResponse:
    """要素の削除: shown once more, then done."""
    assert request.user.is_authenticated
    one = next((it for it in factors.registered(request.user) if it.id == factor), None)
    if one is None:
        raise Http404
    if request.method == "GET":
        return _page(request, one)
    try:
        factors.remove(
            request.user,
            factor,
            by=request.user,
            terminal=actor.terminal,
            request_id=actor.request_id,
        )
    except Refused as refused:
        return _page(request, one, refused.findings[0])
    return redirect("entry:factors")


def _page(request: Request, one: factors.Factor, found: Finding | None = None) -> HttpResponse:
    context = {"factor": one, "finding": found}
    return render(request, "entry/remove.html", context, status=422 if found else 200)


@methods("GET", "POST")
@confirmed
def renew_codes(request: Request, actor: Actor) -> HttpResponse:
    """回復用コードの作り直し."""
    assert request.user.is_authenticated
    is_offered = factors.RECOVERY_CODES in policy.sign_in().factors
    if not is_offered or not factors.must_be_shown(request.user):
        raise Http404
    if request.method == "GET":
        return render(request, "entry/renew_codes.html")
    registering.renew_codes(request.user, terminal=actor.terminal, request_id=actor.request_id)
    return redirect("entry:factors_codes")
