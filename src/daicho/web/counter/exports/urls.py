"""データの持出しの宛先."""

from django.urls import path

from daicho.web.counter.exports import asking, making, pages

urlpatterns = [
    path("", pages.listing, name="exports"),
    path("new/<slug:kind>", asking.ask, name="ask_export"),
    path("<int:request_no>/", pages.request_page, name="export"),
    path("<int:request_no>/decision", pages.decide, name="decide_export"),
    path("<int:request_no>/end", pages.end, name="end_export"),
    path("<int:request_no>/progress", making.progress, name="export_progress"),
    path("<int:request_no>/file", making.make, name="make_export"),
    path("<int:request_no>/file/<uuid:export_id>", making.hand_over, name="hand_over_export"),
]
