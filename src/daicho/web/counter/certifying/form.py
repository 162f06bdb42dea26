"""証明の申込みの入力: which form, of whom, what is specially asked, how many copies."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from daicho.access import clock
from daicho.certificates.issuing import Order
from daicho.law import disclosure
from daicho.law.disclosure import FORMS, ITEMS, Form, moving_out
from daicho.law.disclosure.items import is_held
from daicho.law.rule import Finding
from daicho.register.receiving.receptions import Reception
from daicho.web.counter.certifying.desk import Desk
from daicho.web.counter.changing.fields import numbered
from daicho.web.counter.receiving.form import CopiesField, Wrong

REISSUE = "reissue"
MOVED_OUT: Form = "moved_out_certificate"
_COPIES: dict[str, str] = {"household_copy": "世帯連記式", "individual_copy": "個人票"}
_MOVED_OUT: dict[str, str] = {MOVED_OUT: FORMS[MOVED_OUT], REISSUE: "転出証明書 再交付"}
_SPECIAL = [("", "選んでいない"), ("omitted", "記載しない"), ("shown", "記載する")]


Choices = list[tuple[str, str]]


class _Form(forms.Form):
    """The fields of an order, of whom and with what may be chosen, and the order that they make."""

    def __init__(
        self,
        reception: Reception,
        record_id: UUID,
        data: Any,
        *,
        offered: Mapping[str, str],
        persons: Choices,
        items: Choices,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.reception, self.record_id = reception, record_id
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        ticks = forms.CheckboxSelectMultiple
        self.fields["form"] = forms.ChoiceField(
            label="様式",
            choices=numbered(offered.items()),
            error_messages={"required": "様式を選んでください。"},
        )
        self.fields["copy_count"] = CopiesField()
        self.fields["persons"] = _several("証明する人", persons, ticks)
        self.fields["asked"] = _several("特に記載を求める事項", items, ticks)
        self.fields["with_history"] = forms.BooleanField(
            label="履歴を記載する", required=False, help_text="個人票のとき"
        )
        self.fields["special_history"] = forms.ChoiceField(
            label="特別な事由の履歴", choices=_SPECIAL, required=False
        )
        for name in ("copy_no", "replaces"):
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def order(self, accepted: frozenset[str]) -> Order:
        """What a judged form orders; on a 個人票 stands whose page it was opened from."""
        said = self.cleaned_data
        code: str = said["form"]
        of: Form = next((form for form in FORMS if form == code), MOVED_OUT)
        persons = tuple(map(UUID, dict.fromkeys(said["persons"])))
        return Order(
            reception_id=self.reception.reception_id,
            form=of,
            record_ids=(self.record_id,) if of == "individual_copy" else persons,
            asked=frozenset(said["asked"]),
            with_history=said["with_history"],
            special_history=said["special_history"],
            is_reissue=code == REISSUE,
            copy_no=said["copy_no"],
            copy_count=said["copy_count"] or 1,
            replaces=said["replaces"],
            accepted=accepted,
        )

    def clean_copy_no(self) -> int:
        """Which copy: 0, which the law refuses, where a form says what no page of ours holds."""
        text = str(self.cleaned_data["copy_no"]) or "1"
        return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0

    def clean_replaces(self) -> UUID | None:
        try:
            return UUID(self.cleaned_data["replaces"])
        except ValueError:
            return None


class SentForm(_Form):
    """確かめた申込み: as the check page sends it on to the printing.

    Who is on the paper is not looked up for the form: whoever issues looks at them and judges.
    """

    def __init__(self, reception: Reception, record_id: UUID, data: QueryDict) -> None:
        persons = [(one, one) for one in data.getlist("persons") if _is_id(one)]
        items = list(disclosure.item_names(clock.today()).items())
        offered = {**_COPIES, **_MOVED_OUT}
        super().__init__(reception, record_id, data, offered=offered, persons=persons, items=items)


class OrderForm(_Form):
    """証明の申込み: of the persons on one desk; the request's own wishes stand in it already."""

    def __init__(self, desk: Desk, data: Any = None) -> None:
        self.desk, self.offered = desk, _offered(desk)
        persons = [
            (str(one.record.record_id), one.record.name.joined or "氏名なし")
            for one in desk.persons
        ]
        super().__init__(
            desk.reception,
            desk.record_id,
            data,
            offered=self.offered,
            persons=persons,
            items=_items(desk),
            initial=_initial(desk),
        )
        if not self.is_bound:
            self.fields["form"].widget.attrs["autofocus"] = True

    @property
    def ticked(self) -> Iterator[BoundField]:
        """The fields that are ticked, for the template."""
        yield from (self["persons"], self["asked"])

    @property
    def typed(self) -> Iterator[BoundField]:
        """The fields of the first lines."""
        of_copies = () if self.offered.keys() <= _MOVED_OUT.keys() else _OF_COPIES
        yield from (self[name] for name in ("form", "copy_count", *of_copies))

    @property
    def wrong(self) -> list[Wrong]:
        """What cannot be read, for the list at the top of the page."""
        return [
            Wrong(str(self[name].id_for_label), str(self[name].label), str(message))
            for name, messages in self.errors.items()
            for message in messages
        ]

    def carried(self) -> list[tuple[str, str]]:
        """What was typed, as hidden fields of the next page."""
        found = []
        for name in self.fields:
            value = self[name].value()
            values = value if isinstance(value, list) else [value]
            found += [(name, str(one)) for one in values if one not in (None, "", False)]
        return found


_OF_COPIES = ("with_history", "special_history")


def carried_of(order_form: str, **said: Any) -> list[tuple[str, str]]:
    """The hidden fields of an order that was made before, for its next copy."""
    found = [("form", order_form)]
    for name, value in said.items():
        values = value if isinstance(value, list | tuple) else [value]
        found += [(name, str(one)) for one in values if one not in (None, "", False)]
    return found


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _offered(desk: Desk) -> dict[str, str]:
    """様式: the copies on a request, and a 転出証明書 to whom the law may give it."""
    copies = _COPIES if desk.under == "request" else {}
    given = {code: name for code, name in _MOVED_OUT.items() if not _refused(desk, code == REISSUE)}
    return {**copies, **given}


def _refused(desk: Desk, is_reissue: bool) -> bool:
    capacity, on = desk.reception.capacity, desk.permit.on
    found = moving_out.may_be_given(capacity, desk.under, is_reissue, on=on)
    return found is not None and found.refuses


def not_offered(desk: Desk) -> tuple[Finding, ...]:
    """様式のない受付: why nothing at all can be made here; empty where something is offered."""
    if _offered(desk):
        return ()
    found = moving_out.may_be_given(desk.reception.capacity, desk.under, False, on=desk.permit.on)
    return (found,) if found else ()


def _items(desk: Desk) -> Choices:
    """What may be asked of these persons: an item that nobody of them has is not offered."""
    on = desk.permit.on
    names = disclosure.item_names(on)
    rows = {row.text("code"): row for row in ITEMS.on(on)}
    records = [one.record for one in desk.persons]
    return [
        (code, name)
        for code, name in names.items()
        if any(is_held(rows[code], record) for record in records)
    ]


def _several(
    label: str, choices: Choices, widget: type[forms.CheckboxSelectMultiple]
) -> forms.MultipleChoiceField:
    wrong = "一覧から選んでください。"
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=widget,
        error_messages={"invalid_choice": wrong, "invalid_list": wrong},
    )


def _initial(desk: Desk) -> dict[str, Any]:
    living = desk.person.record.is_living and not desk.person.left_by
    usual = "household_copy" if living else "individual_copy"
    offered = {code for code, _ in _items(desk)}
    return {
        "form": MOVED_OUT if desk.reception.work == "moved_out" else usual,
        "persons": [str(one.record.record_id) for one in desk.persons],
        "asked": [one for one in desk.reception.asked if one in offered],
        "copy_count": desk.reception.copy_count or 1,
        "copy_no": 1,
    }
