"""検索の画面 (2.1): the form, and the residents found."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.register import queries
from daicho.register.search.conditions import SEEN, Unclear, read
from daicho.register.visibility import withholds
from daicho.web.asking import Request
from daicho.web.counter.inquiry import kept
from daicho.web.counter.inquiry.form import SearchForm, own_ward
from daicho.web.counter.inquiry.hits import line
from daicho.web.counter.inquiry.work import Work, work_for
from daicho.web.required import at_terminal, methods


@methods("GET", "POST")
@at_terminal
def search(request: Request, actor: Actor, work: str) -> HttpResponse:
    """検索: what is typed is kept in the session and never stands in an address."""
    its = work_for(actor, work, "search")
    if request.method == "POST":
        form = SearchForm(its.permit, request.POST)
        if form.is_valid():
            newest = kept.keep(request.session, form.cleaned_data)
            return redirect("counter:found", work=work, search_id=newest.search_id)
        return _page(request, its, form, status=422)
    again = kept.kept_as(request.session, request.GET.get("edit", ""))
    initial = _initial(again.typed) if again else own_ward(its.permit)
    return _page(request, its, SearchForm(its.permit, initial=initial))


def _initial(typed: dict[str, str]) -> dict[str, Any]:
    return {**typed, "blank": typed.get("blank", "").split(",")}


def _page(request: Request, work: Work, form: SearchForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "work": work,
        "form": form.ready(),
        "kept": [one for one in kept.kept(request.session) if _may_ask(work, one.typed)],
        "forgotten": "forgotten" in request.GET,
        "withholds": withholds(work.permit),
    }
    return render(request, "counter/inquiry/search.html", context, status=status)


def _may_ask(work: Work, typed: dict[str, str]) -> bool:
    """Conditions by what is not shown in this work, or to this clerk since, are not listed."""
    return all(SEEN.get(name, "resident") in work.permit.sees for name in typed)


@methods("GET")
@at_terminal
def found(request: Request, actor: Actor, work: str, search_id: UUID) -> HttpResponse:
    """検索結果: searched anew each time it is opened, so that going back shows what is so now."""
    its = work_for(actor, work, "search")
    again = kept.kept_as(request.session, search_id)
    if again is None:
        return redirect(f"{reverse('counter:search', args=[work])}?forgotten")
    try:
        result = queries.search(its.permit, read(again.typed))
    except Unclear:  # kept under another version of the program
        return redirect(f"{reverse('counter:search', args=[work])}?forgotten")
    context = {
        "work": its,
        "kept": again,
        "lines": [line(hit, its.permit.on) for hit in result.hits],
        "has_more": result.has_more,
        "most": queries.HITS_MOST,
        "withholds": withholds(its.permit),
    }
    return render(request, "counter/inquiry/found.html", context)
