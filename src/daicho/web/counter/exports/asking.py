"""持出しを求める画面: which columns, of whom, what for, for whom, when, how much."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.access.data_exports import leaves
from daicho.access.data_exports.leaves import Asking
from daicho.access.refusals import Refused
from daicho.law.data_exports.kinds import ExportKind, kind_of
from daicho.law.receptions.numbers_in_text import holds_number
from daicho.law.rule import Finding
from daicho.register.extracting.conditions import AGE_MAX, Conditions, kept
from daicho.terms.records import CODES, ITEMS
from daicho.web.asking import Request
from daicho.web.console.acts import permit_among
from daicho.web.console.fields import ActForm, ChoiceField, DayField, WordsField
from daicho.web.required import at_terminal, methods

ASKS = ("exports.ask", "exports.extract")
"""求める事務: for any kind, and that of EUC for what is chosen by conditions."""
_NAMES = {one.column: one.japanese for one in ITEMS}
_NUMBER_IN_TEXT = "個人番号と思われる12桁の数字は、ここに書けません。"
_OF_WARD = "区は、全国地方公共団体コード6桁で入力してください。"


class AskForm(ActForm):
    """持出しの求めの入力; a whole register has neither columns nor conditions."""

    def __init__(self, kind: ExportKind, typed: QueryDict | None) -> None:
        super().__init__(typed)
        self.kind = kind
        self.fields["recipient"] = WordsField("渡す相手", 100, hint="課の名や団体の名")
        self.fields["ground"] = WordsField(
            "理由", 200, hint="何のために要るか。住民の氏名や番号は書かない"
        )
        self.fields["from_on"] = DayField("最初の日")
        self.fields["until_on"] = DayField("最後の日")
        self.fields["rows_most"] = _number("1つのファイルの行数の上限", 1, kind.rows_most)
        self.fields["times_most"] = _number("ファイルの数の上限", 1, kind.times_most)
        if not kind.by_command:
            self._of_whom()

    def _of_whom(self) -> None:
        columns = [(one, _NAMES[one]) for one in self.kind.columns]
        self.fields["columns"] = forms.MultipleChoiceField(
            label="項目",
            choices=columns,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "項目を一つ以上選んでください。",
                "invalid_choice": "この種類にない項目です。",
            },
        )
        self.fields["residents_only"] = forms.BooleanField(
            label="今の住民だけ(除票を入れない)", required=False, initial=True
        )
        self.fields["ward"] = forms.RegexField(
            r"[0-9]{6}",
            label="区",
            required=False,
            help_text="コード6桁。空欄なら全市",
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"invalid": _OF_WARD},
        )
        classes = CODES["resident_class"].items()
        self.fields["resident_class"] = ChoiceField("住民種別", classes, blank="問わない")
        self.fields["ages_on"] = DayField(
            "年齢の基準日", required=False, hint="年齢で選ぶときの日。生年月日が不詳の者は入らない"
        )
        self.fields["age_from"] = _number("年齢の下限", 0, AGE_MAX, required=False)
        self.fields["age_until"] = _number("年齢の上限", 0, AGE_MAX, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for name in ("recipient", "ground"):
            if holds_number([str(typed.get(name, ""))]):
                self.add_error(name, _NUMBER_IN_TEXT)
        ages = (typed.get("age_from"), typed.get("age_until"))
        if any(one is not None for one in ages) != bool(typed.get("ages_on")):
            self.add_error(None, "年齢で選ぶときは、基準日と、下限か上限を、両方入力してください。")
        elif None not in ages and ages[0] > ages[1]:  # type: ignore[operator]  # numbers by now
            self.add_error("age_until", "年齢の上限は、下限より下にできません。")
        return typed

    def asking(self) -> Asking:
        """What was typed, as it is asked for."""
        typed = self.cleaned_data
        names = Conditions.__dataclass_fields__
        conditions = {name: typed[name] for name in names if name in typed}
        return Asking(
            kind=self.kind.code,
            columns=tuple(one for one in self.kind.columns if one in typed.get("columns", ())),
            conditions={} if self.kind.by_command else kept(Conditions(**conditions)),
            recipient=typed["recipient"],
            ground=typed["ground"],
            from_on=typed["from_on"],
            until_on=typed["until_on"],
            rows_most=typed["rows_most"],
            times_most=typed["times_most"],
        )


def _number(label: str, least: int, most: int, *, required: bool = True) -> forms.IntegerField:
    wrong = f"{label}を、{least}から{most}までの数字で入力してください。"
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


@methods("GET", "POST")
@at_terminal
def ask(request: Request, actor: Actor, kind: str) -> HttpResponse:
    """求める: leave for files of a kind."""
    permit = permit_among(actor, ASKS)
    row = kind_of(kind, permit.on)
    if row is None:
        raise Http404
    leaves.demand_kind(permit, row.code)
    if request.method != "POST":
        return _asking(request, AskForm(row, None))
    form = AskForm(row, request.POST)
    if not form.is_valid():
        return _asking(request, form, status=422)
    try:
        request_no = leaves.ask(permit, form.asking())
    except Refused as refused:
        return _asking(request, form, refused.findings, status=422)
    return redirect(f"{reverse('counter:export', args=[request_no])}?told=recorded")


def _asking(
    request: Request, form: AskForm, findings: Sequence[Finding] = (), status: int = 200
) -> HttpResponse:
    linked = [
        (one, form[one.on_item].id_for_label if one.on_item in form.fields else "")
        for one in findings
    ]
    context = {
        "kind": form.kind,
        "form": form if findings else form.ready(),
        "findings": linked,
        "lines": [one for one in form if one.name != "columns"],
    }
    return render(request, "counter/exports/ask.html", context, status=status)
