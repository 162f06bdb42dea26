"""わたしの記録の宛先: nothing of a person stands in an address."""

from django.urls import path

from daicho.web.resident import screens

app_name = "resident"
urlpatterns = [
    path("", screens.home, name="home"),
    path("sign-in", screens.sign_in, name="sign_in"),
    path("sign-out", screens.sign_out, name="sign_out"),
    path("language", screens.language, name="language"),
    path("questions", screens.questions, name="questions"),
    path("ask/<int:trail_id>", screens.ask, name="ask"),
]
