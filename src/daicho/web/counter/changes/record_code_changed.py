"""住民票コードの変更等の入力 (BRRA 30-4, STD 4.3.2): the ground; a code only where it is known."""

from collections.abc import Iterable

from django import forms

from daicho.terms.changes import RecordCodeChanged
from daicho.terms.changes.record_code_changed import CODE
from daicho.terms.dates import wareki
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.fields import field_of, numbered
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.changing.parts import Typed

_ON_REQUEST = (("changed", "変更請求"),)
_EX_OFFICIO = (("corrected", "職権修正(誤記)"), ("entered", "職権記載(記載漏れ)"))
_HINT = "今は{now}。正しいコードの11桁。空欄にすると、登録の時に備えから付けます"


class RecordCodeChangedForm(ChangeForm):
    """住民票コードの変更等: on request a code is drawn, so that nobody chooses it."""

    stem = "record_code_changed"
    title = "住民票コードの変更等"
    day_label = "変更等の年月日"
    own = ("ground", CODE, "in_writing")

    @classmethod
    def opening(cls, desk: Desk) -> Typed:
        """The day of the request or of today, and the ground that the record itself tells."""
        assert desk.person is not None, "a code is changed from a person's page"
        day = {"occurred_on": wareki(desk.received_on or desk.on)}
        if _is_asked(desk):
            return {**day, "ground": "changed"}
        has_code = bool(desk.person.record.resident_record_code) or CODE in desk.person.hidden
        return {**day, "ground": "corrected" if has_code else "entered"}

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """The ground; ex officio also the right code, of who is shown codes."""
        yield from super().more_fields()
        grounds = _ON_REQUEST if _is_asked(self.desk) else _EX_OFFICIO
        yield "ground", forms.ChoiceField(label="変更等の別", choices=numbered(grounds))
        if _is_asked(self.desk):
            label, cited = "変更請求書を受け取った", "住民基本台帳法30条の4第2項"
            yield "in_writing", forms.BooleanField(label=label, help_text=cited, required=False)
        elif not self._hides_code:
            yield CODE, field_of(CODE, hint=_HINT.format(now=self._now or "空欄"))

    @property
    def _hides_code(self) -> bool:
        return self.desk.person is not None and CODE in self.desk.person.hidden

    @property
    def _now(self) -> str:
        return self.desk.person.record.resident_record_code if self.desk.person else ""

    def change(self) -> RecordCodeChanged:
        assert self.desk.person is not None, "a code is changed from a person's page"
        return RecordCodeChanged(
            record_id=self.desk.person.record.record_id,
            ground=self.cleaned_data["ground"],
            code=self.cleaned_data.get(CODE, ""),
            in_writing=bool(self.cleaned_data.get("in_writing")),
        )


def _is_asked(desk: Desk) -> bool:
    return desk.reception.basis == "request"
