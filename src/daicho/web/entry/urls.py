"""入口の宛先: the same in every role."""

from django.conf import settings
from django.urls import path
from django.views.generic import RedirectView

from daicho.web.entry import health, password, screens

app_name = "entry"
urlpatterns = [
    path("sign-in", screens.sign_in, name="sign_in"),
    path("sign-out", screens.sign_out, name="sign_out"),
    path("terminal", screens.terminal, name="terminal"),
    path("password", password.password, name="password"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
if settings.ROLE.home != "counter:home":
    # Where there is no counter, the bare address would lead nowhere.
    home = RedirectView.as_view(pattern_name=settings.ROLE.home)
    urlpatterns.append(path("", home, name="home"))
