"""運用の宛先."""

from django.urls import path

from daicho.web.console import screens

app_name = "console"
urlpatterns = [path("", screens.home, name="home")]
