"""利用記録の分析の画面: the months, and one month line by line, to be judged and signed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.analysing import judging, queries
from daicho.access.analysing.judging import Judged
from daicho.access.analysing.queries import Analysis, Told
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.law.safety.watching.judging import ASKING, OUTCOMES
from daicho.web.asking import Request
from daicho.web.console.acts import held
from daicho.web.console.analyses import searching
from daicho.web.console.analyses.sides import OF_USES, Side
from daicho.web.console.trails import figures
from daicho.web.console.trails import screens as trails
from daicho.web.console.trails.figures import Figure
from daicho.web.required import at_terminal, methods

PURPOSE = OF_USES.purpose
LOOKS = (PURPOSE,)
"""分析を点検する事務."""

LINES_MOST = 300
"""一度に判断する行数: a form holds no more fields than the server reads."""
_NOT_SURE = "署名すると元に戻せません。確かめたら印を付けてください。"
_NOT_OFFERED = "判断は、一覧から選んでください。"


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """分析の一覧: each month, how much of it waits, and who signed."""
    return list_months(request, actor, OF_USES)


@methods("GET", "POST")
@at_terminal
def analysis(request: Request, actor: Actor, analysis_id: int) -> HttpResponse:
    """一月の分析: what stood out, each judged by a word of the list; then signed, once."""
    return one_month(request, actor, analysis_id, OF_USES)


def list_months(request: Request, actor: Actor, side: Side, **more: object) -> HttpResponse:
    """一覧の画面: of one side."""
    rows = queries.months(_permit(actor, side), side.book)
    return render(request, "console/analyses.html", {"side": side, "rows": rows, **more})


def waiting(actor: Actor, own: Collection[str], side: Side = OF_USES) -> str:
    """判断を待つ件数: how many lines wait for a judgement, said beside the way to them."""
    if side.purpose not in own:
        return ""
    rows = queries.months(_permit(actor, side), side.book)
    count = sum(row.open_count for row in rows)
    return f"（判断待ち{count:,}件）" if count else ""


def one_month(request: Request, actor: Actor, analysis_id: int, side: Side) -> HttpResponse:
    """一月の画面: of one side; sent, it judges, signs, or leads to the rows of one line."""
    permit = _permit(actor, side)
    found = queries.one(permit, analysis_id, side.book)
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, actor, side, found)
    if "search" in request.POST:
        return searching.led(request, actor, found)
    is_signing = request.POST.get("do") == "sign"
    said = _said(found, request.POST)
    wrong = [_NOT_OFFERED] if _is_strange(said.values()) else []
    if is_signing and "sure" not in request.POST:
        wrong.append(_NOT_SURE)
    if wrong:
        return _page(request, actor, side, found, said=said, wrong=wrong)
    try:
        (judging.sign if is_signing else judging.judge)(permit, analysis_id, said, side.book)
    except Refused as refused:
        # with what was judged meanwhile
        found = queries.one(permit, analysis_id, side.book) or found
        return _page(request, actor, side, found, said=said, findings=refused.findings)
    again = redirect(side.analysis, analysis_id=analysis_id)
    again["Location"] += "?told=recorded"
    return again


def _permit(actor: Actor, side: Side) -> Permit:
    return permits.permit(actor, side.purpose, clock.today())


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


def _open(found: Analysis) -> frozenset[int]:
    """The lines that can be judged on this page: those that wait come first."""
    if found.signed is not None:
        return frozenset()
    waits_first = sorted(found.items, key=_is_judged)
    return frozenset([one.found_id for one in waits_first if not one.is_own][:LINES_MOST])


def _ordered(found: Analysis, is_open: Collection[int]) -> Sequence[Told]:
    """The lines; of more than a page takes, first what waits, so that nobody goes by keyboard
    through hundreds that cannot be judged now."""
    if len(found.items) <= LINES_MOST:
        return found.items
    return sorted(found.items, key=lambda one: (one.found_id not in is_open, _is_judged(one)))


def _is_judged(one: Told) -> bool:
    return one.outcome not in ("", ASKING)


def _page(
    request: Request,
    actor: Actor,
    side: Side,
    found: Analysis,
    *,
    said: Mapping[int, Judged] | None = None,
    wrong: Sequence[str] = (),
    findings: Sequence[Finding] = (),
) -> HttpResponse:
    # what was chosen over a judgement that is no longer there is chosen again, or left
    now = {one.found_id: one.outcome for one in found.items}
    new = {
        key: one.outcome
        for key, one in (said or {}).items()
        if one.is_new and one.before == now[key]
    }
    is_open = _open(found)
    lines = [
        (one, new.get(one.found_id, one.outcome), one.found_id in is_open)
        for one in _ordered(found, is_open)
    ]
    context = {
        "side": side,
        "found": found,
        "lines": lines,
        "outcomes": OUTCOMES.items(),
        "figures": tuple(_figures(found)),
        "height": figures.HEIGHT,
        "is_open_most": LINES_MOST,
        "more_count": sum(not one.is_own for one in found.items) - len(is_open) if is_open else 0,
        "may_judge": found.signed is None,
        "may_sign": found.signed is None and not any(one.is_own for one in found.items),
        "may_search": not held(actor).isdisjoint(trails.LOOKS),
        "wrong": wrong,
        "findings": [(one, "") for one in findings],
    }
    status = 422 if wrong or findings else 200
    return render(request, "console/analysis.html", context, status=status)
