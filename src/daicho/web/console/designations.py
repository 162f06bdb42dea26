"""従事者の指定の画面: who is charged with the affairs of each tree, now and to come."""

from django.http import HttpResponse
from django.shortcuts import render

from daicho.access.acting import Actor
from daicho.access.people import overviews
from daicho.law.safety.designating import designators
from daicho.law.safety.responsibles import TREES
from daicho.web.asking import Request
from daicho.web.console.acts import held, permit_among
from daicho.web.required import at_terminal, methods

_DESIGNATION = "people.designation"
LOOKS = (_DESIGNATION, "people.administration", "people.responsibles")
"""従事者を見る事務."""


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """従事者の一覧: by tree; a designation is made on the person's own page."""
    permit = permit_among(actor, LOOKS)
    rows = overviews.designated(permit)
    trees = [
        (
            name,
            "、".join(one.name for one in designators(code, permit.on)),
            [one for one in rows if one.tree == code],
        )
        for code, name in TREES.items()
    ]
    may_designate = _DESIGNATION in held(actor)
    context = {"trees": trees, "may_designate": may_designate, "own": actor.operator_id}
    return render(request, "console/designations.html", context)
