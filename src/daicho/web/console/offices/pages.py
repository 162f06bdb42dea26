"""所属の画面: every office with what it may do today, and one with its rights and people."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from daicho.access.acting import Actor
from daicho.access.office_rights import queries
from daicho.law.purposes import BY_PERSON, POSTS
from daicho.web.asking import Request
from daicho.web.console import people
from daicho.web.console.acts import held, permit_among
from daicho.web.required import at_terminal, methods

LOOKS = people.LOOKS
"""所属の権限を見る事務: whoever sees persons' rights sees those of offices."""


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """所属の一覧: what each may do today, and what is given to persons alone, with the reason."""
    context = {
        "rows": queries.offices(permit_among(actor, LOOKS)),
        "by_person": [(POSTS[post], because) for post, because in BY_PERSON.items()],
    }
    return render(request, "console/offices.html", context)


@methods("GET")
@at_terminal
def office(request: Request, actor: Actor, code: str) -> HttpResponse:
    """所属: rights of now, to come and past, who is excluded, and who belongs to it."""
    permit = permit_among(actor, LOOKS)
    found = queries.office(permit, code)
    if found is None:
        raise Http404
    is_own = queries.is_own(permit, code)
    may_change = people.ADMINISTRATION in held(actor)
    context = {
        "office": found,
        "oneself": actor.operator_id,
        "is_own": is_own,
        "may_give": may_change and not is_own,
        "may_exclude": may_change,
    }
    return render(request, "console/office.html", context)
