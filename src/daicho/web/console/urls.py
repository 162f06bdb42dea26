"""運用の宛先."""

from django.urls import path

from daicho.web.console import (
    designations,
    emergencies,
    ending,
    machines,
    people,
    person_acts,
    policy,
    responsibles,
    reviews,
    screens,
)
from daicho.web.console.analyses import pages as analyses
from daicho.web.console.analyses import relations
from daicho.web.console.disposals import pages as disposals
from daicho.web.console.disposals.books import RECORDS
from daicho.web.console.filing import pages as filing
from daicho.web.console.lines import errors as message_errors
from daicho.web.console.lines import notices
from daicho.web.console.lines import overview as lines
from daicho.web.console.offices import acts as office_acts
from daicho.web.console.offices import pages as offices
from daicho.web.console.trails import screens as trails

_ONE = "people/<int:operator_id>"
_LIST = "disposals/<int:list_id>"
_OF_RECORDS = "disposals/records/<int:list_id>"
_RECORDS = {"book": RECORDS}
_OFFICE = "offices/<str:code>"
_FILE = "number-files/<int:permit_id>"

app_name = "console"
urlpatterns = [
    path("", screens.home, name="home"),
    path("people/", people.listing, name="people"),
    path("people/new", people.new, name="new_operator"),
    path(f"{_ONE}/", people.person, name="person"),
    path(f"{_ONE}/do/<slug:slug>", person_acts.act_on_person, name="person_act"),
    path(f"{_ONE}/rights/<int:row_id>/end", ending.end_right, name="end_right"),
    path(f"{_ONE}/masks/<int:row_id>/end", ending.end_mask, name="end_mask"),
    path(f"{_ONE}/designations/<int:row_id>/end", ending.end_designation, name="end_designation"),
    path(f"{_ONE}/factors/<int:row_id>/remove", ending.remove_factor, name="remove_factor"),
    path(f"{_ONE}/standing", policy.standing, name="standing"),
    path("offices/", offices.listing, name="offices"),
    path(f"{_OFFICE}/", offices.office, name="office"),
    path(f"{_OFFICE}/give", office_acts.give, name="give_to_office"),
    path(f"{_OFFICE}/rights/<int:row_id>/end", office_acts.end, name="end_office_right"),
    path(f"{_OFFICE}/rights/<int:row_id>/exclude", office_acts.exclude, name="exclude_of_office"),
    path(f"{_OFFICE}/excluded/<int:row_id>/end", office_acts.include, name="end_exclusion"),
    path("policy/", policy.table, name="policy"),
    path("terminals/", machines.listing, name="machines"),
    path("terminals/new", machines.new, name="new_machine"),
    path("terminals/<str:code>/<slug:slug>", machines.act_on_machine, name="machine_act"),
    path("responsibles/", responsibles.trees, name="responsibles"),
    path("responsibles/from-rules", responsibles.seed, name="seed"),
    path("responsibles/roles/<str:code>", responsibles.bear, name="bear"),
    path("responsibles/positions/new", responsibles.new_position, name="new_position"),
    path("responsibles/positions/<int:position_id>", responsibles.hold, name="hold"),
    path(
        "responsibles/holdings/<int:holding_id>/end", responsibles.end_holding, name="end_holding"
    ),
    path("designations/", designations.listing, name="designations"),
    path("emergencies/", emergencies.listing, name="emergencies"),
    path("emergencies/new", emergencies.ask, name="ask_emergency"),
    path("emergencies/<int:use_id>/", emergencies.use, name="emergency"),
    path("emergencies/<int:use_id>/state", emergencies.state, name="emergency_state"),
    path("emergencies/<int:use_id>/end", emergencies.end, name="end_emergency"),
    path("emergencies/<int:use_id>/decide", emergencies.decide, name="decide_emergency"),
    path("emergencies/<int:use_id>/review", emergencies.review, name="review_emergency"),
    path("disposals/", disposals.listing, name="disposals"),
    path("disposals/new", disposals.propose, name="propose_disposal"),
    path(f"{_LIST}/", disposals.disposal, name="disposal"),
    path(f"{_LIST}/take-off", disposals.take_off, name="take_off_disposal"),
    path(f"{_LIST}/decide", disposals.decide, name="decide_disposal"),
    path(f"{_LIST}/stop", disposals.stop, name="stop_disposal"),
    path(f"{_LIST}/carry-out", disposals.carry_out, name="carry_out_disposal"),
    path(f"{_LIST}/certificate", disposals.certificate, name="disposal_certificate"),
    path("disposals/records/new", disposals.propose, _RECORDS, name="propose_retention"),
    path("disposals/records/hold", disposals.hold, name="hold_retention"),
    path("disposals/records/lift", disposals.lift, name="lift_retention"),
    path(f"{_OF_RECORDS}/", disposals.disposal, _RECORDS, name="retention"),
    path(f"{_OF_RECORDS}/take-off", disposals.take_off, _RECORDS, name="take_off_retention"),
    path(f"{_OF_RECORDS}/decide", disposals.decide, _RECORDS, name="decide_retention"),
    path(f"{_OF_RECORDS}/stop", disposals.stop, _RECORDS, name="stop_retention"),
    path(f"{_OF_RECORDS}/carry-out", disposals.carry_out, _RECORDS, name="carry_out_retention"),
    path(
        f"{_OF_RECORDS}/certificate", disposals.certificate, _RECORDS, name="retention_certificate"
    ),
    path("trails/", trails.trails, name="trails"),
    path("trails/found/<uuid:search_id>", trails.found, name="trails_found"),
    path("trails/<int:trail_id>", trails.trail, name="trail"),
    path("analyses/", analyses.listing, name="analyses"),
    path("analyses/<int:analysis_id>/", analyses.analysis, name="analysis"),
    path("relations/", relations.listing, name="relations"),
    path("relations/<int:analysis_id>/", relations.analysis, name="relation"),
    path("lines/", lines.lines, name="lines"),
    path("lines/caught-up", lines.caught_up, name="caught_up"),
    path("lines/errors/", message_errors.errors, name="message_errors"),
    path(
        "lines/errors/notices/<int:notice_id>/<slug:slug>",
        notices.act_on_notice,
        name="notice_act",
    ),
    path(
        "lines/errors/<uuid:message_id>/<slug:slug>",
        message_errors.act_on_error,
        name="message_act",
    ),
    path("number-files/", filing.listing, name="number_files"),
    path("number-files/new", filing.ask, name="ask_number_file"),
    path(f"{_FILE}/", filing.permit, name="number_file"),
    path(f"{_FILE}/decide", filing.decide, name="decide_number_file"),
    path(f"{_FILE}/end", filing.end, name="end_number_file"),
    path("reviews/", reviews.listing, name="reviews"),
    path("reviews/open/<str:code>", reviews.open_review, name="open_review"),
    path("reviews/<int:review_id>/", reviews.review, name="review"),
]
