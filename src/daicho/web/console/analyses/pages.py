"""利用記録の分析の画面: the months, and one month line by line, to be judged and signed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.analysing import judging, queries
from daicho.access.analysing.judging import Judged
from daicho.access.analysing.queries import Analysis
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.law.safety.watching.judging import OUTCOMES
from daicho.web.asking import Request
from daicho.web.console.acts import held
from daicho.web.console.trails import figures
from daicho.web.console.trails import screens as trails
from daicho.web.console.trails.figures import Figure
from daicho.web.required import at_terminal, methods

PURPOSE = "audit.analysis"
LOOKS = (PURPOSE,)
"""分析を点検する事務."""

_NOT_SURE = "署名すると元に戻せません。確かめたら印を付けてください。"
_NOT_OFFERED = "判断は、一覧から選んでください。"


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """分析の一覧: each month, how much of it waits, and who signed."""
    return render(request, "console/analyses.html", {"rows": queries.months(_permit(actor))})


@methods("GET", "POST")
@at_terminal
def analysis(request: Request, actor: Actor, analysis_id: int) -> HttpResponse:
    """一月の分析: what stood out, each judged by a word of the list; then signed, once."""
    permit = _permit(actor)
    found = queries.one(permit, analysis_id)
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, actor, found)
    is_signing = request.POST.get("do") == "sign"
    said = _said(found, request.POST)
    wrong = [_NOT_OFFERED] if _is_strange(said.values()) else []
    if is_signing and "sure" not in request.POST:
        wrong.append(_NOT_SURE)
    if wrong:
        return _page(request, actor, found, said=said, wrong=wrong)
    try:
        (judging.sign if is_signing else judging.judge)(permit, analysis_id, said)
    except Refused as refused:
        found = queries.one(permit, analysis_id) or found  # with what was judged meanwhile
        return _page(request, actor, found, said=said, findings=refused.findings)
    again = redirect("console:analysis", analysis_id=analysis_id)
    again["Location"] += "?told=recorded"
    return again


def _permit(actor: Actor) -> Permit:
    return permits.permit(actor, PURPOSE, clock.today())


def _said(found: Analysis, sent: QueryDict) -> dict[int, Judged]:
    """Each line as sent; what is not sent says what the page showed."""
    return {
        one.found_id: Judged(
            sent.get(f"outcome-{one.found_id}", one.outcome),
            sent.get(f"was-{one.found_id}", one.outcome),
        )
        for one in found.items
    }


def _is_strange(said: Collection[Judged]) -> bool:
    return any(one.outcome and one.outcome not in OUTCOMES for one in said)


def _figures(found: Analysis) -> Iterator[Figure]:
    if not any(found.uses_by_day):
        return
    days = (found.month + timedelta(days=n) for n in range(len(found.uses_by_day)))
    names = [f"{day.month}月{day.day}日" for day in days]
    yield figures.drawn("日ごとの件数", zip(names, found.uses_by_day, strict=True))
    hours = [(f"{hour}時", count) for hour, count in enumerate(found.uses_by_hour)]
    yield figures.drawn("時刻ごとの件数", iter(hours))


def _page(
    request: Request,
    actor: Actor,
    found: Analysis,
    *,
    said: Mapping[int, Judged] | None = None,
    wrong: Sequence[str] = (),
    findings: Sequence[Finding] = (),
) -> HttpResponse:
    new = {key: one.outcome for key, one in (said or {}).items() if one.is_new}
    lines = [(one, new.get(one.found_id, one.outcome)) for one in found.items]
    context = {
        "found": found,
        "lines": lines,
        "outcomes": OUTCOMES.items(),
        "figures": tuple(_figures(found)),
        "height": figures.HEIGHT,
        "may_judge": found.signed is None,
        "may_sign": found.signed is None and not any(one.is_own for one in found.items),
        "may_search": not held(actor).isdisjoint(trails.LOOKS),
        "wrong": wrong,
        "findings": [(one, "") for one in findings],
    }
    status = 422 if wrong or findings else 200
    return render(request, "console/analysis.html", context, status=status)
