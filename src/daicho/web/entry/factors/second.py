"""第二の要素: the page between the password and being in."""

from allauth.account.internal.stagekit import clear_login
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from daicho.access import policy
from daicho.access.entering import tries
from daicho.law.rule import Finding
from daicho.web.asking import Request
from daicho.web.entry import refusing
from daicho.web.entry.factors import answering
from daicho.web.entry.passing import SecondFactor, Stage, at_stage, show
from daicho.web.required import methods


@methods("GET", "POST")
@sensitive_post_parameters()
@at_stage(SecondFactor)
def second_factor(request: Request, stage: Stage) -> HttpResponse:
    """第二の要素: an authenticator, or a code. Too many wrong answers end the sign-in."""
    operator = stage.operator
    if request.method == "GET":
        return _page(request, stage)
    done = answering.answered(request, operator, failed="second_factor_failed", terminal="")
    if done.finding is None:
        show(request, operator, done.kind)
        response: HttpResponse = stage.exit()
        return response
    operator.refresh_from_db(fields=["locked_until"])
    if tries.is_locked(operator):
        clear_login(request)
        return refusing.page(request)
    return _page(request, stage, done.finding)


def _page(request: Request, stage: Stage, found: Finding | None = None) -> HttpResponse:
    rules = policy.sign_in()
    context = {
        "finding": found,
        "failures_max": rules.failures_max,
        "lock_minutes": rules.lock_minutes,
        **answering.context(request, stage.operator),
    }
    return render(request, "entry/second_factor.html", context, status=422 if found else 200)
