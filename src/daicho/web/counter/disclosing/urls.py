"""開示請求の宛先: included by the counter's own, under its names."""

from django.urls import path

from daicho.web.counter.disclosing import acting, asking, pages

urlpatterns = [
    path("", pages.listing, name="disclosures"),
    path("new/<uuid:reception_id>/<uuid:record_id>", asking.ask, name="ask_disclosure"),
    path("<int:disclosure_id>/", pages.disclosure, name="disclosure"),
    path("<int:disclosure_id>/print", acting.give, name="give_disclosure"),
    path("<int:disclosure_id>/<slug:slug>", acting.act, name="act_on_disclosure"),
]
