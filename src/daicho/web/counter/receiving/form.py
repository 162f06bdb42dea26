"""受付の入力: the fields that a basis asks for; what is missing, the law says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from daicho.law import disclosure
from daicho.law import receptions as law
from daicho.law.receptions import Basis, Said, papers
from daicho.law.rule import Finding
from daicho.register.receiving.receptions import Reception
from daicho.terms import dates
from daicho.terms.dates import wareki
from daicho.terms.malformed import Malformed
from daicho.terms.typed import plain
from daicho.web.counter.changing.fields import TextField, numbered

_SPELLING = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_DAY_OF = {
    "notification": "届出日",
    "application": "申出日",
    "notice": "通知日",
    "request": "請求日",
}
_COPIES_MOST = 99


class DayField(forms.CharField):
    """届出等の日の欄: a day of the calendar."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            help_text="例 R8.5.1。処理日より前に受け取ったときだけ直す",
            required=False,
            widget=forms.TextInput(attrs=_SPELLING),
        )

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        try:
            return dates.parse(text[:40]) if text else None
        except Malformed as malformed:
            raise forms.ValidationError(malformed.message) from None


class CopiesField(forms.CharField):
    """部数の欄: a count, blank where it is settled with the certificate."""

    def __init__(self) -> None:
        attrs = {**_SPELLING, "inputmode": "numeric"}
        super().__init__(label="部数", required=False, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: Any) -> Any:
        text = plain(str(super().clean(value) or ""))
        if not text:
            return None
        is_count = len(text) <= len(str(_COPIES_MOST)) and text.isascii() and text.isdigit()
        count = int(text) if is_count else 0
        if not 1 <= count <= _COPIES_MOST:
            raise forms.ValidationError(f"部数は1から{_COPIES_MOST}までの数字で入力してください。")
        return count


@dataclass(frozen=True)
class Group:
    """欄の群: fields under one heading; `ticks` are those that are ticked, not typed."""

    title: str
    fields: list[BoundField]
    ticks: BoundField | None = None


@dataclass(frozen=True)
class Wrong:
    """入力の誤り: in the shape that the list at the top of a page takes."""

    field_id: str
    label: str
    message: str


# 根拠の相手: headings and fields, in the order in which a clerk comes to know them.
_GROUPS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "notifier": (
        ("来庁した人", ("capacity", "visitor_name", "identity", "identity_more", "visitor_phone")),
        (
            "代理人・使者・法定代理人のとき",
            ("principal_name", "authority", "visitor_address"),
        ),
        ("受付", ("received_on",)),
    ),
    "requester": (
        (
            "来庁した人",
            (
                *("capacity", "visitor_name", "visitor_address", "identity", "identity_more"),
                "visitor_phone",
            ),
        ),
        ("代理人・特定事務受任者のとき", ("principal_name", "authority")),
        ("第三者・特定事務受任者・公用のとき", ("reason", "sender")),
        ("請求の内容", ("asked", "copy_count", "received_on")),
    ),
    "data_subject": (
        (
            "来庁した人",
            (
                *("capacity", "visitor_name", "visitor_address", "identity", "identity_more"),
                "visitor_phone",
            ),
        ),
        ("代理人のとき", ("principal_name", "authority")),
        ("受付", ("received_on",)),
    ),
    "sender": (("通知", ("sender", "reference", "received_on")),),
    "nobody": (("職権", ("reason", "reference")),),
}
_GROUPS["applicant"] = _GROUPS["notifier"]
_NAMES = tuple(
    dict.fromkeys(name for groups in _GROUPS.values() for _, names in groups for name in names)
)


class ReceptionForm(forms.Form):
    """受付の入力: of one basis on one day.

    `typed` is what a clerk typed before going over to this basis: it is shown, not judged.
    """

    def __init__(
        self,
        basis: Basis,
        on: date,
        data: QueryDict | None = None,
        *,
        before: Reception | None = None,
        typed: QueryDict | None = None,
    ) -> None:
        self.basis, self.on = basis, on
        self._sent = data if data is not None else typed
        super().__init__(data, initial=_initial(on, before) | _shown(typed), label_suffix="")
        wanted = [name for _, names_ in _GROUPS[basis.party] for name in names_]
        offered = self._offered()
        for name in wanted:
            self.fields[name] = offered[name]
        if not self.is_bound:
            self.fields[wanted[0]].widget.attrs["autofocus"] = True

    def _offered(self) -> dict[str, forms.Field]:
        serves = law.serves(self.basis.work, self.basis.party)
        identity = [(one.code, one.name) for one in papers.identity_documents(self.on)]
        authority = [(one.code, one.name) for one in papers.authority_documents(serves, self.on)]
        asked = list(disclosure.item_names(self.on).items())
        is_notice = self.basis.party == "sender"
        is_official = self.basis.party == "nobody"
        return {
            "capacity": _choice("資格", law.capacities(self.basis.party, self.on, self.basis.work)),
            "visitor_name": TextField("氏名", "本人確認書類のとおり"),
            "visitor_address": TextField("住所"),
            "visitor_phone": TextField("電話番号", length=40),
            "identity": _choice("本人確認", identity),
            "identity_more": _choice("本人確認(二点目)", identity, "写真のない書類のとき"),
            "principal_name": TextField("依頼した人・本人の氏名"),
            "authority": _choice("権限の確認", authority),
            "sender": TextField("通知をした市区町村・官公署" if is_notice else "機関・法人の名称"),
            "reference": TextField("調書などの番号" if is_official else "文書番号・受附番号"),
            "reason": TextField("職権による理由" if is_official else "利用の目的", length=400),
            "asked": forms.MultipleChoiceField(
                label="特に記載を求める事項",
                choices=asked,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            ),
            "copy_count": CopiesField(),
            "received_on": DayField(_DAY_OF.get(self.basis.code, "")),
        }

    @property
    def groups(self) -> Iterator[Group]:
        """The fields under their headings, for the template."""
        for title, wanted in _GROUPS[self.basis.party]:
            ticks = self["asked"] if "asked" in wanted else None
            yield Group(title, [self[name] for name in wanted if name != "asked"], ticks)

    @property
    def set_aside(self) -> Iterator[tuple[str, str]]:
        """What was typed into fields that only another basis has: it goes along unseen, so that
        going back there finds it."""
        if self._sent is None:
            return
        for name in _NAMES:
            if name not in self.fields:
                yield from ((name, text) for text in self._sent.getlist(name) if text)

    def said(self, accepted: Iterable[str], previous_id: UUID | None) -> Said:
        """What a judged form says; nothing of it is left out, nothing added."""
        typed = self.cleaned_data
        shown = [typed.get("identity", ""), typed.get("identity_more", "")]
        return Said(
            work=self.basis.work,
            basis=self.basis.code,
            received_on=typed.get("received_on"),
            capacity=typed.get("capacity", ""),
            visitor_name=typed.get("visitor_name", ""),
            visitor_address=typed.get("visitor_address", ""),
            visitor_phone=typed.get("visitor_phone", ""),
            principal_name=typed.get("principal_name", ""),
            identity=tuple(dict.fromkeys(one for one in shown if one)),
            authority=(typed["authority"],) if typed.get("authority") else (),
            sender=typed.get("sender", ""),
            reference=typed.get("reference", ""),
            reason=typed.get("reason", ""),
            asked=tuple(typed.get("asked", ())),
            copy_count=typed.get("copy_count"),
            previous_id=previous_id,
            accepted=frozenset(accepted),
        )

    def wrong(self, findings: Iterable[Finding] = ()) -> Iterator[Wrong]:
        """What cannot be read and what the law misses, in the order of the page."""
        told: dict[str, list[str]] = {
            name: list(map(str, self[name].errors)) for name in self.fields
        }
        for one in findings:
            if one.refuses and one.on_item in self.fields:
                told[one.on_item].append(f"{one.what}{one.remedy}({one.cited})")
        for name, messages in told.items():
            if messages:
                self.fields[name].widget.attrs["aria-invalid"] = "true"
            at = self[name]
            for message in messages:
                yield Wrong(str(at.id_for_label), str(at.label), message)


def _choice(label: str, choices: Iterable[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", "選んでください"), *numbered(choices)],
        required=False,
        error_messages={"invalid_choice": f"{label}を一覧から選んでください。"},
    )


def _shown(typed: QueryDict | None) -> dict[str, Any]:
    if typed is None:
        return {}
    sent = {name: typed.getlist(name) for name in _NAMES if name in typed}
    return {name: texts if name == "asked" else texts[-1] for name, texts in sent.items()}


def _initial(on: date, before: Reception | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"received_on": wareki(on)}
    if before is not None:
        shown = [*before.identity, "", ""]
        initial |= {
            "visitor_name": before.visitor_name,
            "visitor_address": before.visitor_address,
            "visitor_phone": before.visitor_phone,
            "identity": shown[0],
            "identity_more": shown[1],
        }
    return initial
