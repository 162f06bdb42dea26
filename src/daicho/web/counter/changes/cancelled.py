"""異動の取消しの入力 (STD 4.6.0.1): which change, and for whom; its day is that of the change."""

from collections.abc import Iterable
from typing import Any

from django import forms

from daicho.register import queries
from daicho.register.queries import ChangeView
from daicho.terms.changes import Cancelled
from daicho.terms.changes.cancelled import NOT_CANCELLABLE
from daicho.terms.changes.reasons import REASONS
from daicho.terms.dates import to_cell
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.form import WITHHELD, ChangeForm
from daicho.web.counter.changing.parts import Typed

_NONE = (
    "移行した記載と、取消しそのものは、取り消せません。個人番号の異動も取り消せません。"
    "誤りは、記載の修正で正すか、もとの異動を改めて入力してください。"
)


class CancelledForm(ChangeForm):
    """異動の取消し: choose the change among the person's history."""

    stem = "cancelled"
    title = "異動の取消し"
    own = ("cancels", "everybody")
    named: ChangeView | None = None

    @classmethod
    def opening(cls, desk: Desk) -> Typed:
        return {"everybody": "on"}

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """The change that may be cancelled: the last in force (4.6.0.1), or why there is none."""
        choices = self._choices()
        yield (
            "cancels",
            forms.ChoiceField(
                label="取り消す異動",
                choices=choices or [("", "取り消せる異動はありません")],
                help_text="" if choices else _NONE,
                error_messages={"required": _NONE},
            ),
        )
        yield (
            "everybody",
            forms.BooleanField(
                label="その異動で記載が変わった全員について取り消す", required=False
            ),
        )

    def _choices(self) -> list[tuple[str, str]]:
        assert self.desk.person is not None, "a cancellation is entered from a person's page"
        found = queries.history(self.desk.permit, self.desk.person.record.record_id)
        rows = [one for one in found.rows if one.version.change_id == found.cancellable]
        return [
            (
                str(one.version.change_id),
                f"履歴番号{one.history_no} {REASONS[one.reason].text} "
                f"{one.occurred_on.in_wareki() if one.occurred_on else ''}".strip(),
            )
            for one in rows
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if self.desk.person and self.desk.person.marks.withheld:
            raise forms.ValidationError(WITHHELD)
        if "cancels" not in typed:
            return typed
        self.named = queries.change(self.desk.permit, int(typed["cancels"]))
        if self.named is None or self.named.kind in NOT_CANCELLABLE:
            self.add_error("cancels", "この異動は取り消せません。別の異動を選んでください。")
            return typed
        # who else it touched is seen on the sheet that follows
        for record_id, history_no in self.named.history_nos.items():
            self.seen.setdefault(record_id, history_no)
        return typed

    @property
    def makes_household(self) -> bool:
        return True  # one to return to, where the former household is gone (4.6.0.1)

    @property
    def occurred_on(self) -> str:
        """異動日: that of the change that is cancelled; of one still to come the day of today."""
        assert self.named is not None, "the form is judged"
        day = self.named.occurred_on
        if day is None or (day.certain and day.sort_on > self.desk.on):
            return self.desk.on.isoformat()
        return to_cell(day)

    def change(self) -> Cancelled:
        assert self.named is not None, "the form is judged"
        assert self.desk.person is not None, "a cancellation is entered from a person's page"
        own = (self.desk.person.record.record_id,)
        everybody = self.cleaned_data["everybody"]
        return Cancelled(
            cancels=self.named.change_id,
            record_ids=tuple(self.named.history_nos) if everybody else own,
            household_number=self.new_household_number,
        )
