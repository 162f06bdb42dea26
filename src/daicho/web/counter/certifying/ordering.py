"""証明の申込みの画面: the dialogue, and the check of what the certificate would show."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from daicho.access.acting import Actor
from daicho.certificates.issuing import Preview, preview
from daicho.law.disclosure import FORMS, ITEMS
from daicho.web.asking import Request
from daicho.web.counter.certifying.desk import Desk, desk_at
from daicho.web.counter.certifying.form import OrderForm, not_offered
from daicho.web.required import at_terminal, methods

_HOW = {"shown": "記載する", "omitted": "【省略】"}


@methods("GET", "POST")
@at_terminal
def order(request: Request, actor: Actor, reception_id: UUID, record_id: UUID) -> HttpResponse:
    """証明書を作る: the dialogue; what it orders is judged and shown before it is issued."""
    desk = desk_at(actor, reception_id, record_id)
    if request.method != "POST":
        return _dialogue(request, desk, OrderForm(desk))
    form = OrderForm(desk, request.POST)
    if request.POST.get("do") == "edit" or not form.is_valid():
        return _dialogue(request, desk, form, status=422 if form.errors else 200)
    found = preview(desk.permit, form.order(frozenset()))
    if found.refused:
        return _dialogue(request, desk, form, found, status=422)
    return _checked(request, desk, form, found)


def _dialogue(
    request: Request,
    desk: Desk,
    form: OrderForm,
    found: Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "work": desk.work,
        "desk": desk,
        "form": form,
        "wrong": form.wrong if form.is_bound else [],
        "findings": found.refused if found else not_offered(desk),
        "unprintable": _unprintable(found, desk.permit.on) if found else [],
        "name": desk.person.record.name.joined or "氏名なし",
    }
    return render(request, "counter/certifying/order.html", context, status=status)


def _checked(request: Request, desk: Desk, form: OrderForm, found: Preview) -> HttpResponse:
    """確認の画面: what is decided item by item, and what is to be confirmed."""
    context = {
        "work": desk.work,
        "desk": desk,
        "title": _title(found),
        "names": [one.name.joined or "氏名なし" for one in found.records],
        "order": found.order,
        "page_count": found.page_count,
        "asked": found.findings,
        "decided": decided(found, desk.permit.on),
        "unprintable": _unprintable(found, desk.permit.on),
        "posted": found.decision.post_to_principal,
        "carried": form.carried(),
    }
    return render(request, "counter/certifying/check.html", context)


def _title(found: Preview) -> str:
    again = "・再交付" if found.order.is_reissue else ""
    return f"{FORMS[found.order.form]}{again}"


@dataclass(frozen=True)
class Decided:
    """記載の決定の行: an item, what is done with it and of whom, and its article."""

    item: str
    how: str
    names: str
    cited: str


def decided(found: Preview, on: date) -> list[Decided]:
    """記載の決定: every item that has a box, those of all persons alike in one row."""
    lines = []
    for row in ITEMS.on(on):
        for how, words in _HOW.items():
            names = _names(found, row.text("code"), how)
            if names:
                whom = "" if len(names) == len(found.records) else "、".join(names)
                lines.append(Decided(row.text("name"), words, whom, row.cites[0].japanese))
    return lines


def _names(found: Preview, item: str, how: str) -> list[str]:
    """Of whom the form does that with the item."""
    return [
        one.name.joined or "氏名なし"
        for one in found.records
        if found.decision.how(one.record_id, item) == how
    ]


def _unprintable(found: Preview, on: date) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """印字できない欄: of whom, which item, and the characters with their code points."""
    names = {row.text("code"): row.text("name") for row in ITEMS.on(on)}
    persons = {one.record_id: one.name.joined for one in found.records}
    return [
        (
            persons.get(one.record_id, "") if one.record_id else "",
            names.get(one.item, "定型の文字"),
            [
                (text, " ".join(f"U+{ord(letter):04X}" for letter in text))
                for text in one.characters
            ],
        )
        for one in found.unprintable
    ]
