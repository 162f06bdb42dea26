"""備考の入力 (統合記載欄 C類型, 1.1.14): free text on one person, beside the history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho import recording
from daicho.access import permits
from daicho.access.acting import Actor
from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.register import queries, remarks
from daicho.web.asking import Request
from daicho.web.counter.changing.telling import Told, by_code
from daicho.web.counter.inquiry.work import Work, work_for
from daicho.web.required import at_terminal, methods


class RemarkForm(forms.Form):
    """備考: the whole remark as it is to stand; blank takes it away."""

    use_required_attribute = False
    text = forms.CharField(
        label="備考",
        required=False,
        strip=False,
        empty_value="",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


@methods("GET", "POST")
@at_terminal
def remark(request: Request, actor: Actor, reception_id: UUID, record_id: UUID) -> HttpResponse:
    """備考: written anew as a whole; the older ones stay and are shown below."""
    work = work_for(actor, str(reception_id), "remark")
    if request.method != "POST":
        return _page(request, work, record_id)
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    seen_no = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    accepted = frozenset(request.POST.getlist("accept"))
    try:
        recording.remark(work.permit, record_id, text, seen_no, accepted)
    except recording.Asked as asked:
        return _page(request, work, record_id, typed=text, asked=asked.findings)
    except Refused as refused:
        return _page(request, work, record_id, typed=text, findings=refused.findings)
    person = reverse("counter:person", args=[reception_id, record_id])
    return redirect(f"{person}?told=remarked")


def _page(
    request: Request,
    work: Work,
    record_id: UUID,
    typed: str | None = None,
    findings: Sequence[Finding] = (),
    asked: Sequence[Finding] = (),
) -> HttpResponse:
    person = queries.person(work.permit, record_id)
    if person is None:
        raise Http404
    if of := remarks.unseen_in(work.permit, record_id):
        permits.demand(work.permit, of)
    written = remarks.of(work.permit, record_id)
    now = written[0].text if written else ""
    form = RemarkForm(initial={"text": now if typed is None else typed})
    if asked:
        del form.fields["text"].widget.attrs["autofocus"]  # what is asked is answered first
    context: dict[str, Any] = {
        "work": work,
        "name": person.record.name.joined or "氏名なし",
        "form": form,
        "findings": [Told(one) for one in findings],
        "asked": by_code([Told(one) for one in asked], frozenset()),
        "unasked": True,
        "written": written,
        "seen": written[0].remark_no if written else 0,
    }
    status = 422 if findings or asked else 200
    return render(request, "counter/changing/remark.html", context, status=status)
