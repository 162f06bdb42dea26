"""特定個人情報ファイルの画面: what may be made, who asked, who approved, when it ends."""

from collections.abc import Callable, Sequence

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.filing import leaves, queries
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law.filing.number_files import FILES, STATES
from daicho.law.rule import Finding
from daicho.law.safety import grounds
from daicho.web.asking import Request
from daicho.web.console.acts import held, permit_among, stepped
from daicho.web.console.fields import ActForm, ChoiceField, DayField
from daicho.web.required import at_terminal, methods

ASK, APPROVE, LOOK = "files.ask", "files.approve", "files.look"
LOOKS = (APPROVE, ASK, LOOK)
_ROWS_WRONG = "人数を、1以上の数字で入力してください。"


class AskForm(ActForm):
    """作成の許可の求めの入力: which file, from when to when, of how many persons at most."""

    def __init__(self, typed: QueryDict | None) -> None:
        super().__init__(typed)
        rows = [one for one in FILES if not one.by_law and one.until is None]
        self.fields["file"] = ChoiceField("ファイル", [(one.code, one.name) for one in rows])
        self.fields["from_on"] = DayField("最初の日")
        self.fields["until_on"] = DayField("最後の日")
        self.fields["rows_most"] = forms.IntegerField(
            label="人数の上限",
            min_value=1,
            max_value=max(one.rows_most for one in rows),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages=dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), _ROWS_WRONG
            ),
        )


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """特定個人情報ファイル: the table, and every permit with its state, the newest first."""
    shown = queries.permits(permit_among(actor, LOOKS))
    context = {
        "files": [(one, grounds.NAMES[one.ground]) for one in FILES if one.until is None],
        "rows": [(one, STATES[one.leave.state]) for one in shown],
        "may_ask": ASK in held(actor),
    }
    return render(request, "console/number_files.html", context)


@methods("GET", "POST")
@at_terminal
def ask(request: Request, actor: Actor) -> HttpResponse:
    """求める: which file, for how long, of how many."""
    permit = permits.permit(actor, ASK, clock.today())
    if request.method != "POST":
        return _asking(request, AskForm(None))
    form = AskForm(request.POST)
    if not form.is_valid():
        return _asking(request, form, status=422)
    try:
        permit_id = leaves.ask(permit, **form.cleaned_data)
    except Refused as refused:
        return _asking(request, form, refused.findings, status=422)
    return redirect(f"{_address(permit_id)}?told=recorded")


@methods("GET")
@at_terminal
def permit(request: Request, actor: Actor, permit_id: int) -> HttpResponse:
    """一つの許可: how it stands, and what this person may do with it."""
    return _page(request, actor, permit_id)


@methods("POST")
@at_terminal
def decide(request: Request, actor: Actor, permit_id: int) -> HttpResponse:
    """許可・不許可: by the button that was pressed; anything else is no decision."""
    own = permits.permit(actor, APPROVE, clock.today())
    said = {"approve": True, "refuse": False}.get(request.POST.get("do", ""))
    if said is None:
        return _page(request, actor, permit_id, status=422)
    return _stepped(
        request, actor, permit_id, lambda: leaves.decide(own, permit_id, is_approved=said)
    )


@methods("POST")
@at_terminal
def end(request: Request, actor: Actor, permit_id: int) -> HttpResponse:
    """取り下げる・終える."""
    own = permit_among(actor, (ASK, APPROVE))
    return _stepped(request, actor, permit_id, lambda: leaves.end(own, permit_id))


def _asking(
    request: Request, form: AskForm, findings: Sequence[Finding] = (), status: int = 200
) -> HttpResponse:
    linked = [
        (one, form[one.on_item].id_for_label if one.on_item in form.fields else "")
        for one in findings
    ]
    context = {"form": form if findings else form.ready(), "findings": linked}
    return render(request, "console/number_file_new.html", context, status=status)


def _stepped(
    request: Request, actor: Actor, permit_id: int, step: Callable[[], None]
) -> HttpResponse:
    return stepped(
        step,
        lambda findings: _page(request, actor, permit_id, findings, 422),
        _address(permit_id),
    )


def _address(permit_id: int) -> str:
    return reverse("console:number_file", args=[permit_id])


def _page(
    request: Request,
    actor: Actor,
    permit_id: int,
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    looking: Permit = permit_among(actor, LOOKS)
    shown = queries.one(looking, permit_id)
    if shown is None:
        raise Http404
    own = held(actor)
    context = {
        "shown": shown,
        "state": STATES[shown.leave.state],
        "is_over": shown.leave.until_on < clock.today(),
        "findings": [(one, "") for one in findings],
        "may_decide": APPROVE in own
        and queries.may_decide(permits.permit(actor, APPROVE, clock.today()), shown),
        "may_end": not own.isdisjoint((ASK, APPROVE))
        and shown.leave.state in ("asked", "approved"),
    }
    return render(request, "console/number_file.html", context, status=status)
