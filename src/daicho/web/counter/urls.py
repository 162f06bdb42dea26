"""窓口の宛先."""

from django.urls import path

from daicho.web.counter import screens

app_name = "counter"
urlpatterns = [path("", screens.home, name="home")]
