"""転入の入力 (BRRA 22, STD 4.1.1.1): who comes, from where, and into which household."""

from collections.abc import Iterable
from typing import Any

from django import forms

from daicho.terms.changes import MovedIn
from daicho.terms.records import Cell, to_row
from daicho.terms.records.items import ADDRESS_PARTS
from daicho.web.counter import acquiring
from daicho.web.counter.changing import entering, warding
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.fields import DayField, numbered, typed_of
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.changing.parts import Typed, address_fields

_WHENCE = (
    ("domestic", "国内"),
    ("abroad", "国外"),
    ("here", "この市区町村(住所を有する者が中長期在留者等となった届出)"),
)
_EVIDENCE = (
    ("certificate", "転出証明書"),
    ("equivalent", "転出証明書に準ずる証明書"),
    ("message", "転出証明書情報(特例転入)"),
    ("", "なし(国外からの転入など)"),
)


class Mover(entering.Newcomer):
    """転入者."""

    groups = (
        ("区分", entering.CLASS, ""),
        ("氏名", entering.JAPANESE_NAME, "japanese"),
        ("氏名(外国人住民)", entering.FOREIGN_NAME, "foreign"),
        ("生年月日・性別・続柄", entering.BASIC, ""),
        ("戸籍の表示", entering.DOMICILE, "japanese"),
        ("外国人住民の項目", entering.FOREIGN, "foreign"),
        ("番号", entering.NUMBERS, ""),
        ("個人番号の取得", acquiring.SOURCE, "number"),
        ("番号法16条の確認", acquiring.CHECK, "given"),
        ("その他の項目", (*entering.OTHERS, "last_registered_address"), "folded"),
    )
    addresses = (("previous_address", "転入前住所"),)


class MovedInForm(ChangeForm):
    """転入: opened from a resident's page the movers join that household, else they make one."""

    stem = "moved_in"
    title = "転入"
    day_label = "転入した年月日"
    entering = Mover
    needs_person = False
    own = ("whence", "evidence", "planned_on")
    addresses = (("address", "新しい住所"),)

    @classmethod
    def opening(cls, desk: Desk) -> Typed:
        first = {
            "person-0-resident_class": "japanese",
            "evidence": "certificate",
            **acquiring.opening(desk.permit, desk.reception, "person-0"),
        }
        if not desk.members:
            return {**first, "person-0-relationship": "世帯主"}
        seen = [one for one in desk.members if not one.marks.withheld] or desk.members
        row = to_row(seen[0].record)
        columns = [f"address_{part}" for part in ADDRESS_PARTS]
        return {**first, **{one: str(typed_of(one, row[one])) for one in columns}}

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """From where, by which paper, and the new address."""
        yield from super().more_fields()
        yield "whence", forms.ChoiceField(label="転入元の別", choices=numbered(_WHENCE))
        yield (
            "evidence",
            forms.ChoiceField(label="転入の証明", choices=numbered(_EVIDENCE), required=False),
        )
        hint = "転出証明書情報にあるもの。転入届の特例によれる期間を確かめます"
        yield "planned_on", DayField(label="転出の予定年月日", hint=hint, required=False)
        yield from address_fields("address")

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.errors and not self._ward:
            self.add_error("address_municipality", warding.WARD_NEEDED)
        return typed

    @property
    def _evidence(self) -> str:
        """From abroad there is no 転出証明書: the form only opens with it."""
        evidence = str(self.cleaned_data["evidence"])
        is_domestic = self.cleaned_data["whence"] == "domestic"
        return evidence if is_domestic or evidence != "certificate" else ""

    @property
    def usual_source(self) -> str:
        return "certificate" if self.cleaned_data["whence"] == "domestic" else "person"

    @property
    def makes_household(self) -> bool:
        return not self.desk.members

    def change(self) -> MovedIn:
        number = self.desk.household.number if self.desk.household else self.new_household_number
        movers = [one for one in self.persons if isinstance(one, Mover)]
        return MovedIn(
            from_abroad=self.cleaned_data["whence"] != "domestic",
            becomes_foreign=self.cleaned_data["whence"] == "here",
            evidence=self._evidence,
            planned_on=self.cleaned_data["planned_on"],
            joins=not self.makes_household,
            household_number=self.new_household_number if self.makes_household else number,
            address=self.address("address"),
            movers=tuple(self._mover(one) for one in movers),
        )

    def _mover(self, one: Mover) -> dict[str, Cell]:
        """Who comes from another town has a number somewhere: a blank one is awaited by nobody."""
        has_none = self.cleaned_data["whence"] == "domestic"
        state = {"individual_number_state": "none"} if has_none else {}
        return {**state, **one.stated(), "ward": self._ward}

    @property
    def _ward(self) -> str:
        joined = next((one.record.ward for one in self.desk.members), "")
        return warding.of_address(self.address("address"), joined=joined)
