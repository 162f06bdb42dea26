"""パスワードの更新: an initial or an old one, before anything else opens."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from daicho.access.entering import passwords
from daicho.web.asking import Request
from daicho.web.entry.forms import NewPasswordForm
from daicho.web.entry.passing import Renewal, Stage, at_stage, over, renewed
from daicho.web.required import methods


@methods("GET", "POST")
@sensitive_post_parameters()
@at_stage(Renewal)
def renewal(request: Request, stage: Stage) -> HttpResponse:
    """パスワードの更新: the present one was typed a moment ago; the new one is typed twice."""
    operator = stage.operator
    if request.method == "GET":
        return _page(request, NewPasswordForm(operator), stage)
    form = NewPasswordForm(operator, request.POST)
    if not form.is_valid():
        return _page(request, form, stage, status=422)
    is_done = passwords.change_password(
        operator, form.cleaned_data["new"], terminal="", request_id=request.request_id
    )
    return renewed(stage) if is_done else over(request)


def _page(request: Request, form: NewPasswordForm, stage: Stage, status: int = 200) -> HttpResponse:
    context = {"form": form.ready(), "is_initial": stage.operator.password_is_initial}
    return render(request, "entry/renewal.html", context, status=status)
