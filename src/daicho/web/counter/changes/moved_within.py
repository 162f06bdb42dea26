"""転居の入力 (BRRA 23): who moves, where to, and into which household."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from daicho.register import queries
from daicho.terms.changes import MovedWithin
from daicho.terms.changes.household_cells import HOUSEHOLDER
from daicho.terms.malformed import Malformed
from daicho.terms.numbers import parse_household_number
from daicho.terms.records import Cell, to_row
from daicho.terms.records.items import ADDRESS_PARTS
from daicho.web.counter.changing import warding
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.fields import numbered
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.changing.parts import Typed, address_fields

_INTO = (
    ("own", "全員で移る(今の世帯番号のまま)"),
    ("new", "新しい世帯を作る"),
    ("other", "既にある世帯に入る"),
)


_ADDRESS_WITHHELD = "この世帯の住所は、照会の抑止のため写せません。新しい住所を入力してください。"


class MovedWithinForm(ChangeForm):
    """転居: tick who moves, and say each one's 続柄 in the household they will be of."""

    stem = "moved_within"
    title = "転居"
    day_label = "転居した年月日"
    ticks_members = True
    asks_relationships = True
    own = ("into", "household_number")
    addresses = (("address", "新しい住所"),)
    _joined_ward = ""

    @classmethod
    def opening(cls, desk: Desk) -> Typed:
        """One of several is ticked: then a household is made, until the clerk says otherwise."""
        return {**super().opening(desk), "into": "new" if len(desk.members) > 1 else "own"}

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """Which household, and the new address."""
        yield from super().more_fields()
        yield "into", forms.ChoiceField(label="異動先の世帯", choices=numbered(_INTO))
        yield (
            "household_number",
            forms.CharField(
                label="入る世帯の世帯番号",
                help_text="既にある世帯に入るとき。住所を空欄にすると、その世帯の住所になります",
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
            ),
        )
        yield from address_fields("address")

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        into = typed.get("into")
        if into == "own" and len(self.chosen) != len(self.desk.members):
            self.add_error(
                "into", "一部の人が移るときは、新しい世帯か既にある世帯を選んでください。"
            )
        if into == "other" and typed.get("household_number"):
            self._join(typed)
        elif into == "other":
            self.add_error("household_number", "入る世帯の世帯番号を入力してください。")
        if not self.errors and not self._ward:
            self.add_error("address_municipality", warding.WARD_NEEDED)
        return typed

    def _join(self, typed: dict[str, Any]) -> None:
        try:
            number = parse_household_number(typed["household_number"])
        except Malformed as malformed:
            self.add_error("household_number", malformed.message)
            return
        household = queries.household_numbered(self.desk.permit, number)
        if household is None:
            self.add_error("household_number", "この世帯番号の世帯に、今いる人はいません。")
            return
        typed["household_number"] = number
        self._joined_ward = next((one.record.ward for one in household.members), "")
        if not self.address("address"):
            seen = [one.record for one in household.members if not one.marks.withheld]
            if not seen:
                self.add_error("household_number", _ADDRESS_WITHHELD)
                return
            row = to_row(seen[0])
            typed |= {f"address_{part}": row[f"address_{part}"] for part in ADDRESS_PARTS}

    @property
    def _ward(self) -> str:
        return warding.of_address(self.address("address"), joined=self._joined_ward)

    @property
    def makes_household(self) -> bool:
        return self.cleaned_data.get("into") == "new"

    def change(self) -> MovedWithin:
        into = self.cleaned_data["into"]
        own = self.desk.household.number if self.desk.household else ""
        numbers = {
            "own": own,
            "new": self.new_household_number,
            "other": self.cleaned_data["household_number"],
        }
        address: dict[str, Cell] = self.address("address")
        return MovedWithin(
            joins=into == "other",
            household_number=numbers[into],
            address=address,
            relationships=self._relationships(into),
            ward=self._ward,
        )

    def _relationships(self, into: str) -> dict[UUID, str]:
        """続柄 of each mover; who makes a household alone is its 世帯主, whatever stood there."""
        if into == "new" and len(self.chosen) == 1:
            return {self.chosen[0]: HOUSEHOLDER}
        return {one: self.relationship_of(one) for one in self.chosen}
