"""サインインの頁: also how every refusal of a sign-in looks, whatever it was refused for."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from daicho.access import policy
from daicho.web.asking import Request
from daicho.web.entry.forms import SignInForm

# One sentence for a name not registered, a wrong password, a lock and an ended operator.
NOT_ACCEPTED = "操作者IDかパスワードが違うか、利用が停止されています。"


def page(request: Request) -> HttpResponse:
    """拒否: the sign-in page, blank, with the one sentence."""
    form = SignInForm({})
    form.errors.clear()
    form.add_error(None, NOT_ACCEPTED)
    return sign_in_page(request, form, status=422)


def sign_in_page(request: Request, form: SignInForm, status: int = 200) -> HttpResponse:
    """サインイン: the form, what is typed in it, and the other way in where there is one."""
    rules = policy.sign_in()
    context = {
        "form": form.ready(),
        "next": request.POST.get("next", request.GET.get("next", "")),
        "failures_max": rules.failures_max,
        "lock_minutes": rules.lock_minutes,
        "directory": settings.OIDC_NAME if settings.OIDC_SERVER else "",
    }
    return render(request, "entry/sign_in.html", context, status=status)


def wanted(request: Request) -> str:
    """Where the operator wanted to go: a page of ours, else the role's first page."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    hosts = {request.get_host()}
    # without its slash it would be looked up as the name of a page
    is_path = asked.startswith("/")
    if is_path and url_has_allowed_host_and_scheme(asked, hosts, require_https=request.is_secure()):
        return asked
    return reverse(settings.LOGIN_REDIRECT_URL)
