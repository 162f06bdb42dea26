"""窓口の宛先: a record is named by its record_id; nothing that was typed stands in an address."""

from django.urls import include, path

from daicho.web.counter import screens
from daicho.web.counter.changing import flow as changing
from daicho.web.counter.changing import remarking
from daicho.web.counter.inquiry import (
    as_of,
    history,
    of_trail,
    own_record,
    person,
    search,
    sending,
)
from daicho.web.counter.own_log import questions, showing
from daicho.web.counter.receiving import overdue
from daicho.web.counter.receiving import screens as receiving

app_name = "counter"
urlpatterns = [
    path("", screens.home, name="home"),
    path("reception/new/<slug:work>", receiving.receive, name="receive"),
    path("reception/drafts", receiving.pending, name="drafts"),
    path("reception/overdue", overdue.overdue, name="overdue"),
    path("reception/<uuid:reception_id>", receiving.reception, name="reception"),
    path("inquiry/<slug:work>/", search.search, name="search"),
    path("inquiry/<slug:work>/found/<uuid:search_id>", search.found, name="found"),
    path("inquiry/<slug:work>/person/<uuid:record_id>", person.person, name="person"),
    path("inquiry/<slug:work>/household/<uuid:record_id>", person.household, name="household"),
    path("inquiry/<slug:work>/history/<uuid:record_id>", history.history, name="history"),
    path(
        "inquiry/<slug:work>/history/<uuid:record_id>/<int:residence_no>",
        history.history,
        name="residence",
    ),
    path("inquiry/<slug:work>/hold/<uuid:record_id>", sending.hold, name="hold"),
    path("inquiry/<slug:work>/as-of/<uuid:record_id>", as_of.as_of, name="as_of"),
    path("change/<uuid:reception_id>/", changing.change, name="change"),
    path("change/<uuid:reception_id>/<uuid:record_id>", changing.change, name="change"),
    path("remark/<uuid:reception_id>/<uuid:record_id>", remarking.remark, name="remark"),
    path("own-record/<int:operator_id>", own_record.own_record, name="own_record"),
    path("inquiry/trail", of_trail.whose_trail, name="whose_trail"),
    path("own-log/<uuid:reception_id>/<uuid:record_id>", showing.own_log, name="own_log"),
    path("questions/", questions.listing, name="questions"),
    path("questions/<int:question_id>", questions.question, name="question"),
    path("certificate/", include("daicho.web.counter.certifying.urls")),
    path("exports/", include("daicho.web.counter.exports.urls")),
    path("places/", include("daicho.web.counter.places.urls")),
    path("disclosure-requests/", include("daicho.web.counter.disclosing.urls")),
]
