"""証明の宛先: included by the counter's own, under its names."""

from django.urls import path

from daicho.web.counter.certifying import code_notice, issued, ordering, printing

urlpatterns = [
    path("<uuid:reception_id>/<uuid:record_id>", ordering.order, name="certificate"),
    path("<uuid:reception_id>/<uuid:record_id>/print", printing.print_one, name="print"),
    path("<uuid:reception_id>/<uuid:record_id>/issued", issued.issued, name="issued"),
    path("<uuid:reception_id>/<uuid:record_id>/spoil/<uuid:issue_id>", issued.spoil, name="spoil"),
    path("<uuid:reception_id>/<uuid:record_id>/history", issued.history, name="issue_history"),
    path(
        "<uuid:reception_id>/<uuid:record_id>/code-notice",
        code_notice.print_notice,
        name="code_notice",
    ),
]
