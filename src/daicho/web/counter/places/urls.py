"""住所の入力補助の宛先: included by the counter's own, under its names."""

from django.urls import path

from daicho.web.counter.places import answering

urlpatterns = [
    path("postal", answering.postal, name="postal"),
    path("<slug:work>/buildings", answering.buildings, name="buildings"),
]
