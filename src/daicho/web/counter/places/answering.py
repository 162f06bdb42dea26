"""住所の入力補助の応答: fragments for one address of a form; nothing typed stands in an address."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from daicho.access.acting import Actor
from daicho.register.places import queries
from daicho.web.asking import Request
from daicho.web.counter.inquiry.work import work_for
from daicho.web.counter.places.completing import complete, is_address
from daicho.web.required import at_terminal, methods


@methods("POST")
@at_terminal
def postal(request: Request, actor: Actor) -> HttpResponse:
    """郵便番号から: the dictionary knows nobody, so that this is no look."""
    found = complete(request.POST.dict(), _of(request))
    return render(request, "counter/places/completion.html", {"completion": found})


@methods("POST")
@at_terminal
def buildings(request: Request, actor: Actor, work: str) -> HttpResponse:
    """方書の候補: of the lot that was typed, under the purpose of the work at hand."""
    of = _of(request)
    its = work_for(actor, work, "search")
    said = [request.POST.get(f"{of}_{part}", "") for part in ("town", "lot")]
    names = queries.buildings(its.permit, *said)
    return render(request, "counter/places/buildings.html", {"names": names})


def _of(request: Request) -> str:
    of = request.POST.get("of", "")
    if not is_address(of):
        raise Http404
    return of
