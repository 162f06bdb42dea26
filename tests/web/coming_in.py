"""入り方: a player at a terminal, by the pages or by the short way, which leaves the same behind.

More than a thousand tests begin with somebody who has come in. The pages ask and answer in two
requests what the short way does at once, by the product's own functions; `test_coming_in` compares.
"""

from uuid import uuid4

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import reverse

from daicho.access import policy, presences, trail
from daicho.access.acting import actor
from daicho.access.entering import admitting, factors, passwords
from daicho.access.models import Operator
from daicho.web.entry import passing
from daicho.web.entry.terminal import REMEMBERED
from people import Player


def by_the_pages(player: Player, client: Client) -> None:
    """Type the password, choose the terminal."""
    typed = {"login": player.login, "password": player.password}
    assert client.post(reverse("entry:sign_in"), typed).status_code == 302
    chosen = client.post(reverse("entry:terminal"), {"terminal": player.terminal})
    assert chosen.status_code == 302


def at_once(player: Player, client: Client) -> bool:
    """The short way; tells whether it leads in, for whoever is asked for nothing but a password at
    a browser that was nowhere yet. Where it does not, nothing was done."""
    if client.cookies or policy.sign_in().registered_terminals_only:
        return False
    operator = Operator.objects.select_related("office").get(login=player.login)
    if not operator.check_password(player.password) or _is_more_asked(operator):
        return False
    request, request_id = _begun(operator), uuid4()
    with transaction.atomic():
        who = actor(operator, terminal="", request_id=request_id)
        trail.write("password_accepted", request_id=request_id, actor=who)
        request.session.create()
        key = str(request.session.session_key)
        assert admitting.admit(operator, [passing.PASSWORD], key, request_id) is None, player.login
        assert presences.choose(operator, key, player.terminal, uuid4()), player.login
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    client.cookies[settings.CSRF_COOKIE_NAME] = request.META["CSRF_COOKIE"]
    client.cookies[REMEMBERED] = player.terminal
    return True


def _is_more_asked(operator: Operator) -> bool:
    is_due = factors.must_be_shown(operator) or passwords.must_be_changed(operator)
    return is_due or factors.must_be_registered(operator)


def _begun(operator: Operator) -> HttpRequest:
    """A request with the session and the form's secret as the sign-in leaves them."""
    request = HttpRequest()
    request.session = SessionStore()
    record_authentication(request, operator, passing.PASSWORD)
    request.session[SESSION_KEY] = str(operator.pk)
    request.session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    request.session[HASH_SESSION_KEY] = operator.get_session_auth_hash()
    get_token(request)
    return request
