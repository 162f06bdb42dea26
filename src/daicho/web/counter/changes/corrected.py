"""職権修正・誤記修正の入力 (STD 4.2.3): the items of one person, as they stand and are to be.

Only what the clerk has changed is stated. A 除票 takes no new cells but a 留意事項 (1.1.5).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from daicho.terms.changes import Corrected
from daicho.terms.changes.corrected import CORRECTABLE
from daicho.terms.records import Cell, Record, to_row
from daicho.terms.records.items import ADDRESS_PARTS
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.fields import BY_COLUMN, field_of, numbered, typed_of
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.changing.parts import Drawn, Typed
from daicho.web.counter.changing.typed import OFFERED
from daicho.web.counter.inquiry import showing

_WHY = (("corrected_ex_officio", "職権修正"), ("corrected_error", "誤記修正"))
_DOMICILE = ("registered_domicile", "registered_domicile_code", "family_register_head")


class CorrectedForm(ChangeForm):
    """修正: every item that may be corrected, with what stands in it."""

    stem = "corrected"
    title = "修正"
    day_label = "修正の事由の生じた年月日"
    template = "counter/changes/corrected.html"
    own = ("why", "household_too")

    @classmethod
    def opening(cls, desk: Desk) -> Typed:
        columns = _columns(desk)
        return {**_standing(desk, columns), OFFERED: " ".join(columns)}

    @classmethod
    def offered_now(cls, desk: Desk, typed: Typed) -> dict[str, str]:
        was, now = _offered(typed), _columns(desk)
        gone = set(CORRECTABLE).difference(one for one in was if one in now)
        if not set(_DOMICILE) & set(now):
            gone.add("household_too")
        kept = {name: text for name, text in typed.items() if name not in gone}
        more = _standing(desk, [column for column in now if column not in was])
        return {**kept, **more, OFFERED: " ".join(now)}

    @classmethod
    def is_offered_now(cls, desk: Desk, typed: Typed) -> bool:
        return _offered(typed) == _columns(desk)

    def carried(self) -> dict[str, str]:
        """With the items that the page has: one that it did not have is not corrected."""
        return {**super().carried(), OFFERED: " ".join(_offered(self.typed))}

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """Why, for whom else, and the items."""
        yield from super().more_fields()
        yield "why", forms.ChoiceField(label="修正の別", choices=numbered(_WHY))
        columns = _columns(self.desk)
        if set(_DOMICILE) & set(columns):  # who has the same is not known to whom it is not shown
            label = "本籍・筆頭者が同じ世帯員も、同じに修正する"
            yield "household_too", forms.BooleanField(label=label, required=False)
        for column in columns:
            yield column, field_of(column)

    @property
    def drawn_items(self) -> list[Drawn]:
        """The items in the groups of the person's page."""
        record = self._record
        found = []
        for group in showing.groups(record):
            # a row of an address stands for its parts, of which some have rows of their own
            names = dict.fromkeys(name for row in group.rows for name in _parts(row.column))
            found.append(Drawn(group.title, self.drawn(names)))
        return [one for one in found if one.fields]

    @property
    def _record(self) -> Record:
        assert self.desk.person is not None, "a correction is entered from a person's page"
        return self.desk.person.record

    def corrections(self) -> dict[str, Cell]:
        """The cells that were typed otherwise than they stand, of the items that were offered."""
        row, offered = to_row(self._record), _offered(self.typed)
        found: dict[str, Cell] = {}
        for column in _columns(self.desk):
            if column not in offered:
                continue
            was, now = typed_of(column, row[column]), self.typed.get(column, "")
            is_other = bool(was) != bool(now) if isinstance(row[column], bool) else was != now
            if is_other:
                found[column] = self.cleaned_data[column]
        return found

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.errors and not self.corrections() and not typed.get("note"):
            raise forms.ValidationError(
                "修正する項目がありません。項目を直すか、留意事項を入力してください。"
            )
        return typed

    def change(self) -> Corrected:
        cells = self.corrections()
        items: dict[UUID, dict[str, Cell]] = {self._record.record_id: cells}
        if self.cleaned_data.get("household_too"):
            of_all = {column: cell for column, cell in cells.items() if column in _DOMICILE}
            items |= {one: dict(of_all) for one in self._of_one_register() if of_all}
        return Corrected(
            is_error=self.cleaned_data["why"] == "corrected_error",
            items=items,
            note=self.cleaned_data["note"],
        )

    def _of_one_register(self) -> list[UUID]:
        """Other members with the same 本籍 and 筆頭者 (4.0.6)."""
        own = self._record
        return [
            one.record.record_id
            for one in self.desk.members
            if one.record.record_id != own.record_id and not one.marks.withheld
            if one.record.registered_domicile == own.registered_domicile
            if one.record.family_register_head == own.family_register_head
        ]


def _columns(desk: Desk) -> list[str]:
    """The items that this person has, that may be corrected and that the purpose shows."""
    assert desk.person is not None, "a correction is entered from a person's page"
    record = desk.person.record
    if not record.is_living:
        return []
    return [
        column
        for column, item in BY_COLUMN.items()
        if column in CORRECTABLE and column not in desk.person.hidden
        if item.is_held_by(foreign=record.is_foreign, foreign_class=record.foreign_class)
    ]


def _standing(desk: Desk, columns: Iterable[str]) -> dict[str, str]:
    """What stands in these items, as it is typed; blank ones are left out."""
    assert desk.person is not None, "a correction is entered from a person's page"
    row = to_row(desk.person.record)
    shown = {column: typed_of(column, row[column]) for column in columns}
    return {column: "on" if text is True else str(text) for column, text in shown.items() if text}


def _offered(typed: Typed) -> list[str]:
    """The items that the page had; where it does not say so, those that came with it."""
    named = typed[OFFERED].split() if OFFERED in typed else typed
    return [column for column in BY_COLUMN if column in CORRECTABLE and column in named]


def _parts(column: str) -> list[str]:
    of = column.removesuffix("_prefecture")
    return [f"{of}_{part}" for part in ADDRESS_PARTS] if of != column else [column]
