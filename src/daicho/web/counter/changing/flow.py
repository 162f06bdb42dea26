"""異動の入力の流れ: the form, the confirmation sheet, recorded; one screen for every kind.

What is typed travels in the page from step to step. A refusal shows the form again with all of it;
an alert stands on the sheet until it is ticked; the same sheet sent twice is recorded once.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho import recording
from daicho.access import permits
from daicho.access.acting import Actor
from daicho.register import queries
from daicho.register.receiving import drafts, leases
from daicho.web.asking import Request
from daicho.web.counter.changes import FORMS
from daicho.web.counter.changing import returning, seeing, sheet, slip, telling, typed
from daicho.web.counter.changing.desk import Desk, desk_at
from daicho.web.counter.changing.form import WITHHELD, ChangeForm
from daicho.web.counter.changing.parts import RELATIONSHIPS, Wrong
from daicho.web.counter.changing.slip import Numbered
from daicho.web.counter.inquiry.person import member_row
from daicho.web.counter.places import completing
from daicho.web.japanese import wareki_moment
from daicho.web.required import at_terminal, methods

Kind = type[ChangeForm]
Act = Callable[[Request, Desk, Kind, dict[str, str], str], HttpResponse]

_UNFIT = (
    "入力に、記録できない文字がありました。その文字は除いてあります。"
    "入力を確かめて、もう一度操作してください。"
)
_OFFERED = (
    "この画面を開いた後に、直すことのできる項目が変わりました(表示しない設定など)。何も登録していません。"
    "表示しなくなった項目の入力は除いてあります。直すときは、この項目を扱う担当の職員に引き継いでください。"
    "新しく表示した項目には、今の記載を入れました。確かめてから、もう一度操作してください。"
)
_OPENED = "仮登録した内容を開きました。"
_OPENED_OTHERWISE = (
    "仮登録した時とは、直すことのできる項目が異なります(表示しない設定など)。"
    "今は表示しない項目の入力は除き、仮登録の画面になかった項目には、今の記載を入れました。"
)
_KEPT = (
    "{who}が{at}に仮登録した内容があります。まだ仮登録していません。"
    "もう一度「仮登録する」を押すと、その内容を、この画面の内容で置き換えます。"
)
_RETURNS = "再転入として、空欄だった項目に、消除された時の記載を入れました。"
_DECIDED = "この受付は、既に登録したか、終了しています。仮登録はしていません。"


@methods("GET", "POST")
@at_terminal
def change(
    request: Request, actor: Actor, reception_id: UUID, record_id: UUID | None = None
) -> HttpResponse:
    """異動の入力: of the kind that the 受付 says, for the household of that person."""
    desk = desk_at(actor, reception_id, record_id)
    kind = FORMS.get(desk.reception.work)
    if kind is None or (kind.needs_person and desk.person is None):
        raise Http404
    doing, _, of = request.POST.get("do", "check").partition(":")
    act = ACTS.get(doing, check)
    # asked before anything else: what is recorded already is no matter of who types now
    if act is record and (sent := queries.recorded_in(desk.permit)):
        return _recorded(desk, sent)
    desk = replace(desk, holder=leases.take(desk.permit, desk.reception, list(desk.seen)).holder)
    if request.method != "POST":
        return _opened(request, desk, kind)
    said = typed.typed_in(request.POST)
    if act not in (keep, discard) and not kind.is_offered_now(desk, said):
        form = kind(desk, kind.offered_now(desk, said))
        return _form(request, desk, form, stopped=_OFFERED, status=409)
    if not typed.is_fit(request.POST):
        return _form(request, desk, kind(desk, said), stopped=_UNFIT, status=422)
    if desk.holder is not None and act in (check, record):
        return _form(request, desk, kind(desk, said), status=409)
    return act(request, desk, kind, said, of)


def _opened(request: Request, desk: Desk, kind: Kind) -> HttpResponse:
    """The form as it is opened: with the draft of this 受付, where there is one (4.0.8).

    A draft is opened on the page of the person it was typed for, and on no other, by who is shown
    what was typed in it. While another operator types for the household nothing is opened.
    """
    if desk.holder is not None:
        context = {"work": desk.work, "desk": desk, "holder": desk.holder, "title": kind.title}
        return render(request, "counter/changing/held.html", context, status=409)
    has_draft = desk.reception.state == "draft"
    kept = drafts.find(desk.permit, desk.reception) if has_draft else None
    if kept is None:
        return _form(request, desk, kind(desk))
    if unseen := seeing.unseen_in(desk, kept):
        leases.release(desk.permit, desk.reception_id)
        permits.demand(desk.permit, unseen)
    said = kind.offered_now(desk, kept.typed)
    own = said.pop(typed.OPENED_FROM, _opened_from(desk))
    said[typed.DRAFT_SEEN] = kept.kept_at.isoformat()
    if own != _opened_from(desk):
        leases.release(desk.permit, desk.reception_id)
        return redirect("counter:change", desk.reception_id, *([UUID(own)] if own else []))
    told = _OPENED if kind.is_offered_now(desk, kept.typed) else _OPENED + _OPENED_OTHERWISE
    return _form(request, desk, kind(desk, said), told=told)


def _opened_from(desk: Desk) -> str:
    return str(desk.person.record.record_id) if desk.person else ""


def keep(request: Request, desk: Desk, kind: Kind, said: dict[str, str], _of: str) -> HttpResponse:
    """仮登録: what was typed is kept as it stands, unjudged; a 個人番号 is not kept (4.0.8)."""
    form = kind(desk, said)
    carried = {**said, **form.carried(), typed.OPENED_FROM: _opened_from(desk)}
    over = typed.moment_in(carried.pop(typed.DRAFT_SEEN, ""))
    try:
        is_kept = drafts.keep(desk.permit, desk.reception, kind.stem, carried, desk.seen, over=over)
    except drafts.KeptMeanwhile as meanwhile:
        at = meanwhile.standing.kept_at
        form = kind(desk, {**said, typed.DRAFT_SEEN: at.isoformat()})
        stopped = _KEPT.format(who=meanwhile.standing.operator, at=wareki_moment(at))
        return _form(request, desk, form, stopped=stopped, status=409)
    if not is_kept:
        return _form(request, desk, form, stopped=_DECIDED, status=422)
    leases.release(desk.permit, desk.reception_id)
    return redirect(f"{reverse('counter:home')}?told=kept")


def discard(
    request: Request, desk: Desk, kind: Kind, _said: dict[str, str], _of: str
) -> HttpResponse:
    """仮登録の取消し: the form as it would be opened anew."""
    drafts.discard(desk.permit, desk.reception)
    return _form(request, desk, kind(desk), told="仮登録を取り消しました。")


def check(request: Request, desk: Desk, kind: Kind, said: dict[str, str], _of: str) -> HttpResponse:
    """確認へ: the sheet where nothing refuses, the form where something does."""
    form = kind(desk, said, judged=True)
    if not form.is_valid():
        return _form(request, desk, form, status=422)
    form.give_numbers()
    return _checked(request, desk, form, said, frozenset())


def record(
    request: Request, desk: Desk, kind: Kind, said: dict[str, str], _of: str
) -> HttpResponse:
    """登録: recorded once, however often it is sent; what was not confirmed is asked again."""
    form = kind(desk, said, judged=True)
    if not form.is_valid():
        return _form(request, desk, form, status=422)
    form.give_numbers()
    accepted = frozenset(request.POST.getlist("accept"))
    try:
        recorded = recording.record(desk.permit, form.statement(accepted))
    except recording.Asked:
        return _checked(request, desk, form, said, accepted, status=422)
    except recording.NotRecorded as refused:
        return _form(request, desk, form, telling.told(form, refused.found), status=422)
    leases.release(desk.permit, desk.reception_id)
    return _recorded(desk, recorded.touched[0].effect.record_id)


def _recorded(desk: Desk, record_id: UUID) -> HttpResponse:
    at = reverse("counter:household", args=[desk.reception_id, record_id])
    return redirect(f"{at}?told=recorded")


def edit(request: Request, desk: Desk, kind: Kind, said: dict[str, str], _of: str) -> HttpResponse:
    """入力に戻る: the form as it was typed."""
    return _form(request, desk, kind(desk, said))


def add(request: Request, desk: Desk, kind: Kind, said: dict[str, str], _of: str) -> HttpResponse:
    """人を加える: one more block."""
    more = typed.with_person(said, kind.person_count(said), kind.entering_most)
    return _form(request, desk, kind(desk, more), focus=f"person-{kind.person_count(said)}")


def remove(request: Request, desk: Desk, kind: Kind, said: dict[str, str], of: str) -> HttpResponse:
    """人を除く: one block less."""
    count, place = kind.person_count(said), _place(of)
    fewer = typed.without_person(said, count, place) if place < count else said
    return _form(request, desk, kind(desk, fewer))


def rejoin(request: Request, desk: Desk, kind: Kind, said: dict[str, str], of: str) -> HttpResponse:
    """再転入: the block holds the data at departure, to be edited, and who it is (4.1.1.2)."""
    where, _, who = of.partition(":")
    place = _place(where)
    if kind.entering is None or place >= kind.person_count(said):
        raise Http404
    try:
        person = queries.person(desk.permit, UUID(who))
    except ValueError:
        raise Http404 from None
    if person is None or person.record.is_living:
        raise Http404
    if person.marks.withheld:
        return _form(request, desk, kind(desk, said), stopped=WITHHELD, status=422)
    back = Numbered(person.record.record_id, person.record.address_number, True)
    block = kind.entering(desk, said, judged=False, prefix=f"person-{place}")
    texts, differs = returning.joined(block, person, kind.of_now, kind.opening(desk))
    texts["slip"] = slip.of_person(desk.reception_id, back)
    said = typed.of_person(said, place, texts)
    said[f"seen-{person.record.record_id}"] = str(person.history_no)
    return _form(request, desk, kind(desk, said), differs=differs, told=_RETURNS)


def postal(request: Request, desk: Desk, kind: Kind, said: dict[str, str], of: str) -> HttpResponse:
    """郵便番号から住所を入れる: without a script the whole page is sent; nothing typed is lost."""
    filled, told = completing.filled(said, of)
    return _form(request, desk, kind(desk, {**said, **filled}), told=told)


ACTS: Mapping[str, Act] = {
    "check": check,
    "record": record,
    "edit": edit,
    "add": add,
    "remove": remove,
    "rejoin": rejoin,
    "postal": postal,
    "keep": keep,
    "discard": discard,
}
"""操作: what a button of the page may ask for."""


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 99


def _checked(
    request: Request,
    desk: Desk,
    form: ChangeForm,
    said: dict[str, str],
    accepted: frozenset[str],
    status: int = 200,
) -> HttpResponse:
    preview = recording.preview(desk.permit, form.statement(accepted))
    refusals = telling.told(form, preview)
    candidates = sheet.candidates(desk, form, preview)
    if refusals:
        return _form(request, desk, form, refusals, candidates=candidates, status=422)
    seen = sheet.shown_of(desk, preview)
    context = {
        "work": desk.work,
        "desk": desk,
        "form": form,
        "title": form.title,
        "people": sheet.people(form, preview, seen),
        "after": sheet.after(desk, preview, seen),
        "asked": telling.asked(form, preview, accepted),
        "unasked": status == 422,
        "messages": sheet.messages(preview),
        "candidates": candidates,
        "carried": {name: text for name, text in {**said, **form.carried()}.items() if text},
        "given_later": sheet.GIVEN_LATER,
        "days": sheet.days(desk, form),
    }
    return render(request, "counter/changing/sheet.html", context, status=status)


def _form(
    request: Request,
    desk: Desk,
    form: ChangeForm,
    findings: list[telling.Told] | None = None,
    *,
    differs: list[returning.Differs] | None = None,
    candidates: list[sheet.Candidate] | None = None,
    told: str = "",
    stopped: str = "",
    focus: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "work": desk.work,
        "desk": desk,
        "form": form,
        "title": form.title,
        "wrong": [
            *([Wrong("", "", stopped)] if stopped else []),
            *(form.all_wrong() if form.is_bound else []),
        ],
        "findings": findings or [],
        "differs": differs or [],
        "candidates": candidates or [],
        "filled": told,
        "focus": focus,
        "relationships": RELATIONSHIPS,
        "members": [member_row(one, desk.on) for one in desk.members],
        "pending": drafts.pending(desk.permit, list(desk.seen), desk.reception_id),
    }
    return render(request, form.template, context, status=status)
