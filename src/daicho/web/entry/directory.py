"""団体の認証基盤: to the city's own directory and back (OpenID Connect), where it has one.

django-allauth keeps state and PKCE and fetches the token; what the token must prove stands in
`access/entering/directory.py`. Nobody is registered by coming from there.
"""

import secrets
from typing import Any, NoReturn, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from requests import RequestException

from daicho.access import terminals
from daicho.access.entering import admitting, directory
from daicho.access.trailing import failing
from daicho.web import errors
from daicho.web.asking import BROWSER_KEY, Request
from daicho.web.entry import passing, refusing
from daicho.web.required import methods

PROVIDER = "directory"
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
# What comes of reading something else than a directory should answer with.
_NONSENSE = (KeyError, ValueError, TypeError, AttributeError)


class Social(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    """認証基盤の差込口: nobody signs up, and whatever goes wrong looks like a wrong password."""

    def get_requests_session(self) -> Any:
        """Asked is who was named in the settings: nobody is followed elsewhere."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        del request, sociallogin
        return False

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        del args, kwargs  # they may hold what the directory said
        asked = cast(Request, request)
        admitting.refuse_unknown(asked.request_id)
        raise ImmediateHttpResponse(refusing.page(asked))


class _Directory(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # the library has no types
    """The directory during one request; `state` is what this browser's question left behind."""

    state: dict[str, Any]

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        del app
        return request.build_absolute_uri(reverse("entry:directory_back"))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> NoReturn:
        del token
        asked = cast(Request, request)
        login = self._login(app.client_id, kwargs["response"])
        operator = admitting.accept(login, asked.request_id)
        if operator is None:
            raise ImmediateHttpResponse(refusing.page(asked))
        wanted = str(self.state.get("next") or reverse(settings.LOGIN_REDIRECT_URL))
        raise ImmediateHttpResponse(passing.begin(asked, operator, passing.DIRECTORY, wanted))

    @property
    def openid_config(self) -> dict[str, str]:
        try:
            found = super().openid_config
            said = {name: str(found[name]) for name in _NEEDED}
        except _NONSENSE as wrong:
            raise OAuth2Error(type(wrong).__name__) from None
        if said["issuer"].rstrip("/") != _issuer():
            raise OAuth2Error("issuer")
        return said

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            return {**super().get_access_token_data(*args, **kwargs), "expires_in": None}
        except _NONSENSE as wrong:
            raise OAuth2Error(type(wrong).__name__) from None

    def _login(self, audience: str, response: dict[str, Any]) -> str:
        """操作者ID that the token proves; raises OAuth2Error."""
        try:
            with get_adapter().get_requests_session() as session:
                answer = session.get(self.openid_config["jwks_uri"])
                answer.raise_for_status()
            return directory.login_of(
                str(response.get("id_token", "")),
                answer.json(),
                issuer=self.openid_config["issuer"],
                audience=audience,
                nonce=str(self.state.get("nonce", "")),
                claim=settings.OIDC_CLAIM,
            )
        except _NONSENSE as wrong:  # NotBelieved is one of them
            raise OAuth2Error(type(wrong).__name__) from None


def _issuer() -> str:
    """発行者: whom the settings name; a directory speaks for no other (Discovery 1.0, 4.3)."""
    return str(settings.OIDC_SERVER).partition("/.well-known/")[0].rstrip("/")


class _Back(OAuth2CallbackView):  # type: ignore[misc]  # the library has no types
    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response

    def _redirect_strict_samesite(self, request: HttpRequest, provider: Any) -> Any:
        # Who comes from another site brings no session along: the page sends itself once more.
        del provider
        if "_redir" in request.GET or request.method != "GET":
            return None
        again = f"{request.get_full_path()}&_redir="
        return render(request, "entry/directory_back.html", {"again": again})


@methods("GET")
def leave_for(request: Request) -> HttpResponse:
    """認証基盤へ: with a question that only this browser can have answered."""
    if request.user.is_authenticated:
        return redirect(refusing.wanted(request))
    if not settings.OIDC_SERVER:
        return redirect("entry:sign_in")
    adapter = _Directory(request, PROVIDER)
    nonce = secrets.token_urlsafe(24)
    try:
        provider = adapter.get_provider()
        provider.oauth2_adapter_class = _Directory
        response: HttpResponse = provider.redirect(
            request,
            process="login",
            next_url=refusing.wanted(request),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
    except (OAuth2Error, RequestException):  # nobody has said yet who comes
        failing.not_reached(PROVIDER, "entry.directory", request.request_id)
        return refusing.page(request)
    return response


@methods("GET")
def come_back(request: Request) -> HttpResponse:
    """認証基盤から: the answer is believed only if it is to this browser's own question.

    The gate lets everybody come here, for cookies stay at home; sent once more they are there.
    """
    if not settings.OIDC_SERVER:
        return redirect("entry:sign_in")
    is_ours = terminals.may_sign_in_at(request.COOKIES.get(BROWSER_KEY, ""))
    if "_redir" in request.GET and not is_ours:
        return errors.terminal_unknown(request)
    adapter = _Directory(request, PROVIDER)
    try:
        return cast(HttpResponse, _Back.adapter_view(adapter)(request))
    except RequestException:
        failing.not_reached(PROVIDER, "entry.directory_back", request.request_id)
        admitting.refuse_unknown(request.request_id)
        return refusing.page(request)
    except OAuth2Error:
        admitting.refuse_unknown(request.request_id)
        return refusing.page(request)
