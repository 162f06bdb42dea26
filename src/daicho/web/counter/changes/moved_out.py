"""転出の入力 (BRRA 24): who moves out, where to, and on which day; the day may be still to come."""

from collections.abc import Iterable

from django import forms

from daicho.terms.changes import MovedOut
from daicho.web.counter.changing.fields import numbered
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.changing.parts import address_fields

_WHERE = (("domestic", "国内"), ("abroad", "国外"))


class MovedOutForm(ChangeForm):
    """転出: tick who moves out."""

    stem = "moved_out"
    title = "転出"
    day_label = "転出(予定)年月日"
    ticks_members = True
    own = ("where", "special")
    addresses = (("planned_destination", "転出先住所(予定)"),)

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """Where to, and whether by the card or the network instead of a certificate (24条の2)."""
        yield from super().more_fields()
        yield "where", forms.ChoiceField(label="転出先の別", choices=numbered(_WHERE))
        yield (
            "special",
            forms.BooleanField(
                label="特例による転出(転出証明書を交付しない)",
                help_text="個人番号カード等による届出(法24条の2)",
                required=False,
            ),
        )
        yield from address_fields("planned_destination")

    def change(self) -> MovedOut:
        return MovedOut(
            abroad=self.cleaned_data["where"] == "abroad",
            special=self.cleaned_data["special"],
            destination=self.address("planned_destination"),
            record_ids=self.chosen,
        )
