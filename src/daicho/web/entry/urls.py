"""入口の宛先: the same in every role."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from daicho.web.asking import Request
from daicho.web.entry import (
    directory,
    health,
    locked,
    password,
    renewal,
    screens,
    telling,
    terminal,
)
from daicho.web.entry.factors import confirming, own, registering, second

Screen = Callable[[Request, registering.Registrant], HttpResponse]
Through = Callable[[Screen], Callable[[Request], HttpResponse]]

app_name = "entry"


def _registration(where: str, through: Through) -> list[URLPattern]:
    """The pages on which a second factor is registered: at the first sign-in, and later."""
    return [
        path(f"{where}/key", through(registering.key), name=f"{where}_key"),
        path(f"{where}/totp", through(registering.totp), name=f"{where}_totp"),
        path(f"{where}/codes", through(registering.recovery_codes), name=f"{where}_codes"),
    ]


urlpatterns = [
    path("sign-in", screens.sign_in, name="sign_in"),
    path("sign-out", screens.sign_out, name="sign_out"),
    path("terminal", terminal.terminal, name="terminal"),
    path("terminal/register", terminal.register, name="register_terminal"),
    path("lock", locked.lock, name="lock"),
    path("unlock", locked.unlock, name="unlock"),
    path("here", locked.here, name="here"),
    path("password", password.password, name="password"),
    path("password/renewal", renewal.renewal, name="renewal"),
    path("second-factor", second.second_factor, name="second_factor"),
    *_registration("registration", registering.at_first),
    *_registration("factors", registering.later),
    path("registration", registering.at_first(registering.start), name="registration"),
    path("factors", own.index, name="factors"),
    path("relations", telling.relations, name="relations"),
    path("factors/confirm", confirming.confirm, name="confirm"),
    path("factors/codes/renew", own.renew_codes, name="renew_codes"),
    path("factors/<int:factor>/remove", own.remove, name="remove_factor"),
    path("directory", directory.leave_for, name="directory"),
    path("directory/back", directory.come_back, name="directory_back"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
if settings.ROLE.home != "counter:home":
    # Where there is no counter, the bare address would lead nowhere.
    home = RedirectView.as_view(pattern_name=settings.ROLE.home)
    urlpatterns.append(path("", home, name="home"))
