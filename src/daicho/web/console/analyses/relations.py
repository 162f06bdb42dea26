"""関係の分析の画面: of the auditor alone, where the extension is on; and the ways there."""

from collections.abc import Collection
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.analysing import judging
from daicho.access.operating import Warned
from daicho.access.people.queries import Person
from daicho.access.permits import Permit
from daicho.access.relating import left_outs, telling
from daicho.web.asking import Request
from daicho.web.console.analyses import pages
from daicho.web.console.analyses.sides import OF_RELATIONS
from daicho.web.required import at_terminal, methods

PURPOSE = OF_RELATIONS.purpose
_NAMING = "people.own_record"


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """関係の分析の一覧: each month, how much of it waits, and who signed; beneath, who is not
    compared today, and why."""
    permit = _demand_on(actor)
    left_out = left_outs.left_out(permit)
    return pages.list_months(
        request,
        actor,
        OF_RELATIONS,
        left_out=left_out[: left_outs.SHOWN_MOST],
        left_out_count=len(left_out),
    )


@methods("GET", "POST")
@at_terminal
def analysis(request: Request, actor: Actor, analysis_id: int) -> HttpResponse:
    """一月の関係の分析: whose looks, at which records, by which relation; judged, then signed."""
    _demand_on(actor)
    return pages.one_month(request, actor, analysis_id, OF_RELATIONS)


def links(actor: Actor, own: Collection[str]) -> list[tuple[str, str]]:
    """運用からの道: of who may see it, with how much waits there."""
    if PURPOSE not in own or not telling.is_on():
        return []
    title = f"{OF_RELATIONS.title}{pages.waiting(actor, own, OF_RELATIONS)}"
    return [(reverse(OF_RELATIONS.listing), title)]


def overdue(own: Collection[str], on: date) -> list[Warned]:
    """期限を過ぎた関係の分析: told to who may sign it, on his first screen."""
    if PURPOSE not in own or not telling.is_on():
        return []
    late = judging.overdue(on, OF_RELATIONS.book)
    return [Warned(it.code, f"{OF_RELATIONS.title}: {it.what}", it.remedy) for it in late]


def offered(person: Person, own: Collection[str]) -> list[tuple[str, str]]:
    """操作者の画面からの道: to naming the person's own record, where residents are held."""
    if _NAMING not in own or not person.is_active or not telling.is_on():
        return []
    try:
        at = reverse("counter:own_record", args=[person.listed.operator_id])
    except NoReverseMatch:
        return []
    return [(at, "本人の記録を登録する")]


def _demand_on(actor: Actor) -> Permit:
    """Whether it is on is told to who may see it alone."""
    permit = permits.permit(actor, PURPOSE, clock.today())
    if not telling.is_on():
        raise Http404
    return permit
