"""本人への提示の画面: what the person would see with a card, for who came to the counter."""

import unicodedata
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.own_log import queries as uses
from daicho.law import receptions as law
from daicho.law.own_log import showing
from daicho.law.own_log.limits import limits
from daicho.law.own_log.wording import LANGUAGES
from daicho.register import queries
from daicho.register.receiving import receptions
from daicho.terms.records import Record
from daicho.web.asking import Request
from daicho.web.counter.inquiry.work import Work
from daicho.web.required import at_terminal, methods
from daicho.web.resident import present, texts
from daicho.web.resident.lines import line

SHOW = "own_log.show"


@methods("GET")
@at_terminal
def own_log(request: Request, actor: Actor, reception_id: UUID, record_id: UUID) -> HttpResponse:
    """利用記録: under a 受付 of the own office that is still open, of the person who came.

    ?language turns the list into the language of who reads it at the screen.
    """
    its = receptions.reception(actor, reception_id) if present.is_on() else None
    if its is None:
        raise Http404
    permit = permits.permit(actor, SHOW, clock.today())
    ended = law.still_open(its.taken_on, its.is_answered, its.is_ended, on=permit.on)
    if ended is not None:
        permits.refuse(actor, SHOW, ended)
    found = queries.person(permit, record_id)
    if found is None:
        raise Http404
    visitor = receptions.with_visitor(permits.permit(actor, its.purpose, permit.on), its)
    refused = showing.may_show(
        its.capacity,
        bool(visitor.identity),
        is_named(visitor.visitor_name, found.record),
        on=permit.on,
    )
    if refused is not None:
        permits.refuse(actor, SHOW, refused)
    since = permit.on - timedelta(days=limits(permit.on).shown_days)
    shown = uses.of_person(permit, record_id, since, permit.on)
    spoken = request.GET.get("language", texts.DEFAULT)
    spoken = spoken if spoken in LANGUAGES else texts.DEFAULT
    context = {
        "reception": its,
        "name": found.record.name.joined,
        "lines": [line(one, spoken) for one in shown.shown],
        "has_more": shown.has_more,
        "t": texts.texts(spoken),
        "lang": texts.code_of(spoken),
        "spoken": spoken,
        "languages": texts.languages(),
    }
    return render(request, "counter/own_log/shown.html", context)


def may_lead(work: Work) -> bool:
    """提示への道: does a person's page lead there? For whoever came in the own name alone."""
    its = work.reception
    return present.is_on() and its is not None and its.capacity == showing.PRINCIPAL


def is_named(name: str, record: Record) -> bool:
    """本人の氏名か: is it a name by which this person may be written on a document?"""
    names = (record.name.joined, record.roman_name, record.kanji_name, record.common_name)
    return _folded(name) in {_folded(one) for one in names if one}


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
