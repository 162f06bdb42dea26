"""時点の画面: what was so on a day, and what was known of it at a moment (an extension)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access import clock
from daicho.access.acting import Actor
from daicho.register import queries
from daicho.register.queries import Believed, Member
from daicho.terms import dates
from daicho.terms.dates import wareki
from daicho.terms.malformed import Malformed
from daicho.web.asking import Request
from daicho.web.counter.inquiry import showing
from daicho.web.counter.inquiry.person import frame, has_as_of, member_row
from daicho.web.counter.inquiry.work import Work, work_for
from daicho.web.required import at_terminal, methods

NOT_KNOWN_HERE = "この時点では当システムに記録がありません"
NOTHING_YET = "この日の記載はありません(住民となる前の日です)"


class AsOfForm(forms.Form):
    """時点の指定: two days; the second may stay blank for what is known now."""

    day = forms.CharField(
        label="時点の日",
        required=False,
        help_text="例 R5.5.1、2023-05-01",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    known_on = forms.CharField(
        label="いつまでに記録された内容で見るか",
        required=False,
        help_text="空欄なら今",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_day(self) -> str:
        if not self.cleaned_data["day"]:
            raise forms.ValidationError("時点の日を入力してください。")
        return _iso(self.cleaned_data["day"])

    def clean_known_on(self) -> str:
        known_on = _iso(self.cleaned_data["known_on"]) if self.cleaned_data["known_on"] else ""
        if known_on > clock.today().isoformat():
            raise forms.ValidationError("今日までの日を入力してください。空欄なら今です。")
        return known_on


def _iso(typed: str) -> str:
    try:
        return dates.parse(typed[:40]).isoformat()
    except Malformed as malformed:
        raise forms.ValidationError(malformed.message) from None


@dataclass(frozen=True)
class Moment:
    """時点: the day asked for, and until when rows count."""

    day: date
    known_on: date | None

    @property
    def known_at(self) -> datetime:
        """The last moment of the day, or now."""
        if self.known_on is None:
            return clock.now()
        next_day = datetime.combine(self.known_on + timedelta(days=1), time.min, clock.TOKYO)
        return next_day - timedelta(microseconds=1)


@methods("GET", "POST")
@at_terminal
def as_of(request: Request, actor: Actor, work: str, record_id: UUID) -> HttpResponse:
    """時点を指定した照会: of the person, and of the household on that day."""
    its = work_for(actor, work, "history")
    if not has_as_of(its):
        raise Http404
    form = _asked(request)
    if request.method == "POST" and form.is_valid():
        asked = {name: day for name, day in form.cleaned_data.items() if day}
        here = reverse("counter:as_of", args=[work, record_id])
        return redirect(f"{here}?{urlencode(asked)}")
    moment = _moment(form)
    present = queries.person(its.permit, record_id)
    if present is None:
        raise Http404
    context = {
        **frame(its, present.record, present.marks, "as_of"),
        "form": form if form.errors else _form(moment),
        **(_shown(its, record_id, moment) if moment else {}),
    }
    status = 422 if form.errors else 200
    return render(request, "counter/inquiry/as_of.html", context, status=status)


def _asked(request: Request) -> AsOfForm:
    """The form as it was sent, or as the address says it: judged alike, for anybody types there."""
    if request.method == "POST":
        return AsOfForm(request.POST)
    return AsOfForm(request.GET if "day" in request.GET else None)


def _moment(form: AsOfForm) -> Moment | None:
    if not form.is_valid():
        return None
    said = form.cleaned_data
    known_on = said["known_on"]
    return Moment(
        date.fromisoformat(said["day"]), date.fromisoformat(known_on) if known_on else None
    )


def _form(moment: Moment | None) -> AsOfForm:
    known_on = wareki(moment.known_on) if moment and moment.known_on else ""
    form = AsOfForm(initial={"day": wareki(moment.day) if moment else "", "known_on": known_on})
    form.fields["day"].widget.attrs["autofocus"] = True
    return form


def _shown(work: Work, record_id: UUID, moment: Moment) -> dict[str, Any]:
    found = queries.person_as_of(work.permit, record_id, moment.day, moment.known_at)
    shown: dict[str, Any] = {
        "moment": {
            "day": wareki(moment.day),
            "known_on": wareki(moment.known_on) if moment.known_on else "",
        }
    }
    if found.version is None:
        return shown | {"no_record": NOTHING_YET if found.known_here else NOT_KNOWN_HERE}
    number = found.version.record.household_number
    together = queries.household_as_of(work.permit, number, moment.day, moment.known_at)
    return shown | {
        "groups": showing.groups(found.version.record, found.hidden, showing.masked(work.permit)),
        "then_state": "住民" if found.version.record.is_living else "除票",
        "members": [member_row(_member(one), moment.day) for one in together],
    }


def _member(one: Believed) -> Member:
    assert one.version is not None
    return Member(one.version.record, one.marks, one.version.history_no)
