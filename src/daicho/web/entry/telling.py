"""関係の分析の説明の画面: what an operator is told of the analysis of relations, and his "read"."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access import clock
from daicho.access.acting import Actor
from daicho.access.relating import telling
from daicho.web.asking import Request
from daicho.web.required import at_terminal, methods

_NOT_SURE = "読んだことを確かめたら、印を付けてください。"
_CHANGED = "説明の文が変わりました。もう一度読んで、確かめてください。"


@methods("GET", "POST")
@at_terminal
def relations(request: Request, actor: Actor) -> HttpResponse:
    """関係の分析の説明: of whoever is here, about himself; nothing where it is switched off."""
    if not telling.is_on():
        raise Http404
    shown = telling.standing(actor.operator_id, clock.today())
    wrong = ""
    if request.method == "POST":
        is_read = request.POST.get("version") == str(shown.notice.version)
        if is_read and "sure" in request.POST:
            telling.confirm(actor, shown.notice.version)
            return redirect(f"{reverse('entry:relations')}?told=recorded")
        wrong = _NOT_SURE if is_read else _CHANGED
    context = {"shown": shown, "wrong": [wrong] if wrong else []}
    return render(request, "entry/relations.html", context, status=422 if wrong else 200)
