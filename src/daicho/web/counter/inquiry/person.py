"""個人と世帯の画面: the present record, and the household with those who left it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from daicho.access.acting import Actor
from daicho.law import extensions
from daicho.register import queries, remarks
from daicho.register.ledger import awaits_number
from daicho.register.protecting.measures import Measure, measures
from daicho.register.queries import Member, Person
from daicho.register.visibility import Marks, lists_households, withholds
from daicho.terms.ages import age
from daicho.terms.changes.reasons import REASONS
from daicho.terms.dates import display, wareki
from daicho.terms.records import Record, code_text
from daicho.vault.acquiring import acquisitions
from daicho.web.asking import Request
from daicho.web.counter import acquiring
from daicho.web.counter.certifying import code_notice
from daicho.web.counter.inquiry import sending, showing
from daicho.web.counter.inquiry.hits import Mark, marks_of, plans_of
from daicho.web.counter.inquiry.work import Work, work_for
from daicho.web.counter.own_log import showing as own_log
from daicho.web.required import at_terminal, methods


@methods("GET")
@at_terminal
def person(request: Request, actor: Actor, work: str, record_id: UUID) -> HttpResponse:
    """個人照会: every item of the present record."""
    its = work_for(actor, work, "record")
    found = queries.person(its.permit, record_id)
    if found is None:
        raise Http404
    groups = showing.groups(found.record, found.hidden, showing.masked(its.permit))
    if _awaits_number(its, found):
        groups = showing.beside(groups, "individual_number_state", "変更を求めています")
    knows_protection = "protection" in its.functions and found.tells_more
    context = {
        **frame(its, found.record, found.marks, "person"),
        "person": found,
        "groups": showing.only_values(groups) if found.marks.withheld else groups,
        "remarks": remarks.of(its.permit, record_id),
        "acquired": _acquired(its, found),
        "knows_protection": knows_protection,
        "measures": _measures(its, record_id) if knows_protection else [],
        "may_remark": its.reception is not None and "remark" in its.functions,
        **sending.shown(its, found),
        "code_notices": code_notice.of_person(its, found),
        "leads_to_own_log": own_log.may_lead(its),
    }
    return render(request, "counter/inquiry/person.html", context)


def _awaits_number(work: Work, found: Person) -> bool:
    """個人番号の変更を求めているか: for whose work reads the history; of no one withheld."""
    is_held = found.record.individual_number_state == "held" and found.tells_more
    if not is_held or "history" not in work.functions:
        return False
    return awaits_number(work.permit, found.record.record_id)


def _acquired(work: Work, found: Person) -> list[tuple[str, list[tuple[str, str]]]]:
    """個人番号の取得: how the number came, for who sees numbers; nothing where none is held."""
    is_held = found.record.individual_number_state == "held" and found.tells_more
    if not is_held or "individual_number" not in work.permit.sees:
        return []
    return acquiring.kept(acquisitions(work.permit, found.record.record_id))


def _measures(work: Work, record_id: UUID) -> list[dict[str, str]]:
    """支援措置の期間: as the screen tells it, for whose work it is."""
    return [
        {
            "kind": "仮支援措置" if one.is_provisional else "支援措置",
            "since": wareki(one.from_on),
            "until": wareki(one.until_on) if one.until_on else "定めなし",
            "state": _standing(one, work.permit.on),
        }
        for one in measures(work.permit, record_id)
    ]


def _standing(one: Measure, on: date) -> str:
    if on < one.from_on:
        return "始まる前"
    return "期間中" if one.until_on is None or on <= one.until_on else "終了"


@methods("GET")
@at_terminal
def household(request: Request, actor: Actor, work: str, record_id: UUID) -> HttpResponse:
    """世帯照会: the members in their order; ?left shows those who are no longer in it (3.3)."""
    its = work_for(actor, work, "household")
    found = queries.household(its.permit, record_id)
    if found is None:
        raise Http404
    everybody = (*found.members, *found.left)
    asked = next(one for one in everybody if one.record.record_id == record_id)
    context = {
        **frame(its, asked.record, asked.marks, "household"),
        "household": found,
        "members": [member_row(one, its.permit.on) for one in found.members],
        "left": [member_row(one, its.permit.on) for one in found.left],
        "shows_left": "left" in request.GET,
        "code_notices": code_notice.of_reception(its, found.members),
        "withholds": its.permit.withholds_protected,
        "lists_all": lists_households(its.permit) or not withholds(its.permit),
        # where names of 世帯主 are not shown, that one is missing would tell of who is withheld
        "lacks_householder": bool(found.members and not its.permit.withholds_protected)
        and not any(one.record.householder_name or one.marks.withheld for one in found.members),
    }
    if asked.left_by:  # the row shown is of the time in this household: it says nothing of today
        context["state"] = f"この世帯から除かれた人({REASONS[asked.left_by].text})"
    return render(request, "counter/inquiry/household.html", context)


def frame(work: Work, record: Record, marks: Marks, screen: str) -> dict[str, Any]:
    """What stands around every screen of one person."""
    return {
        "work": work,
        "screen": screen,
        "record": record,
        "name": record.name.joined or "氏名なし",
        "kana": record.name_kana.joined or record.name_reading.joined,
        "marks": [*marks_of(marks), *planned(record)],
        "withheld": marks.withheld,
        "is_suppressed": "look" in marks.suppressed,
        "state": _state(record),
        "has_history": "history" in work.functions,
        "has_as_of": has_as_of(work),
    }


def has_as_of(work: Work) -> bool:
    """Is the as-of view, an extension, switched on, and does this work look back at all?"""
    switched_on = extensions.extensions_on(settings.EXTENSIONS)
    return "as_of_view" in switched_on and "history" in work.functions


def _state(record: Record) -> str:
    if record.is_living:
        return "住民"
    return f"除票({code_text('closing_reason', record.closing_reason) or '消除'})"


def planned(record: Record) -> list[Mark]:
    """転出予定の表示: of the person of a record."""
    return plans_of(record.state, record.closing_reason, record.closing_event_on)


def member_row(one: Member, on: date) -> dict[str, Any]:
    """A member of a household as a row of a table, with the age on that day."""
    record = one.record
    born = record.born_on
    return {
        "record": record,
        "name": record.name.joined or "氏名なし",
        "kana": record.name_kana.joined,
        "marks": [*marks_of(one.marks), *([] if one.left_by else planned(record))],
        "born": display(born, "born_on", foreign=record.is_foreign) if born else showing.BLANK,
        "age": age(born, on=on) if born and not one.left_by else None,
        "sex": code_text("sex", record.sex),
        "address": record.address.written or showing.BLANK,
        "left_by": REASONS[one.left_by].text if one.left_by else "",
        "left_on": wareki(one.left_on) if one.left_on else "",
    }


def residences(found: Person) -> list[dict[str, Any]]:
    """The times the person lived here, the newest first; never joined (2.2.1)."""
    return [
        {
            "residence_no": one.residence_no,
            "since": wareki(one.since_on) if one.since_on else "",
            "until": wareki(one.closed_on) if one.closed_on else "",
            "state": code_text("state", one.state),
            "is_present": one.residence_no == found.residence_no,
        }
        for one in reversed(found.residences)
    ]
