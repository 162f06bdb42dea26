"""パスワードの変更."""

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from daicho.access import policy
from daicho.access.acting import Actor
from daicho.access.entering import passwords
from daicho.web.asking import Request
from daicho.web.entry import refusing
from daicho.web.entry.factors.confirming import thrown_out
from daicho.web.entry.forms import PasswordForm
from daicho.web.required import at_terminal, methods

NOT_CONFIRMED = "今のパスワードが違うか、利用が停止されています。"


@methods("GET", "POST")
@sensitive_post_parameters()
@at_terminal
def password(request: Request, actor: Actor) -> HttpResponse:
    """パスワードの変更: ends every other session of the operator; this one goes on."""
    assert request.user.is_authenticated
    if request.method == "GET":
        return _page(request, PasswordForm(request.user))
    if passwords.has_changed_password(request.user, actor.request_id):
        return _done()
    form = PasswordForm(request.user, request.POST)
    # The present password is tried last, so that a slip in the new one costs no try.
    if form.is_valid() and not passwords.confirm(
        request.user,
        form.cleaned_data["present"],
        terminal=actor.terminal,
        request_id=actor.request_id,
    ):
        form.add_error("present", NOT_CONFIRMED)
    if not form.is_valid():
        return thrown_out(request) or _page(request, form, status=422)
    is_done = passwords.change_password(
        request.user,
        form.cleaned_data["new"],
        terminal=actor.terminal,
        request_id=actor.request_id,
    )
    if not is_done:  # another one was given meanwhile, and the session is over
        logout(request)
        return refusing.page(request)
    update_session_auth_hash(request, request.user)
    return _done()


def _done() -> HttpResponse:
    return redirect(f"{reverse(settings.LOGIN_REDIRECT_URL)}?told=password_changed")


def _page(request: Request, form: PasswordForm, status: int = 200) -> HttpResponse:
    rules = policy.sign_in()
    context = {
        "form": form.ready(),
        "failures_max": rules.failures_max,
        "lock_minutes": rules.lock_minutes,
    }
    return render(request, "entry/password.html", context, status=status)
