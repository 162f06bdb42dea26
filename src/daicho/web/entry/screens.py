"""入口の画面: sign-in and sign-out."""

from django.contrib.auth import authenticate, logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from daicho.access.entering import admitting
from daicho.web.asking import Request, present
from daicho.web.entry import passing, refusing
from daicho.web.entry.forms import SignInForm
from daicho.web.required import methods, signed_in


@methods("GET", "POST")
@sensitive_post_parameters()
def sign_in(request: Request) -> HttpResponse:
    """サインイン: login and password; then the stages of `passing`."""
    if request.user.is_authenticated:
        return redirect(refusing.wanted(request))
    if request.method == "GET":
        return refusing.sign_in_page(request, SignInForm())
    form = SignInForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        operator = authenticate(request, username=typed["login"], password=typed["password"])
        if operator is not None:
            return passing.begin(request, operator, passing.PASSWORD, refusing.wanted(request))
        form.add_error(None, refusing.NOT_ACCEPTED)
    return refusing.sign_in_page(request, form, status=422)


@methods("POST")
@signed_in
def sign_out(request: Request) -> HttpResponse:
    """サインアウト."""
    found = present(request)
    assert found is not None, "who is signed in is present"
    admitting.leave(found.operator, terminal=found.terminal, request_id=request.request_id)
    logout(request)
    return redirect(f"{reverse('entry:sign_in')}?told=signed_out")
