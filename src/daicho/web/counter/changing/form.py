"""異動の入力: the form of one kind of change; a kind says its fields and the change they make."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.forms import BoundField

from daicho.law.safety.acquiring import Acquired
from daicho.recording import Statement
from daicho.register import numbering
from daicho.register.queries import Member
from daicho.terms.changes import Change
from daicho.terms.dates import display
from daicho.terms.records import code_text
from daicho.web.counter import acquiring
from daicho.web.counter.changing import slip
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.fields import DayField, TextField
from daicho.web.counter.changing.parts import (
    Drawn,
    Entering,
    Part,
    Typed,
    Wrong,
    relationship_field,
)
from daicho.web.counter.changing.typed import DRAFT_SEEN
from daicho.web.counter.inquiry.hits import Mark, marks_of

WITHHELD = (
    "照会が抑止されている人がいるため、入力できません(標準仕様書 3.1)。"
    "抑止を担当する者に、解除又は一時解除を申し出てください。"
)
"""照会抑止の人: what is not shown cannot be typed anew, and is not written back blank."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Line:
    """世帯員の行: one member to tick, with the 続柄 to be where the kind asks for it."""

    member: Member
    who: BoundField | None
    relationship: BoundField | None

    @property
    def name(self) -> str:
        """氏名: as shown in the row."""
        return self.member.record.name.joined or "氏名なし"

    @property
    def marks(self) -> list[Mark]:
        """支援措置・抑止の表示: as on every other list of persons."""
        return marks_of(self.member.marks)

    def born(self) -> str:
        """生年月日: as shown in the row."""
        record = self.member.record
        born = record.born_on
        return display(born, "born_on", foreign=record.is_foreign) if born else ""

    @property
    def sex(self) -> str:
        """性別: as shown in the row."""
        return code_text("sex", self.member.record.sex)


class ChangeForm(Part):
    """異動の入力: what every kind has: the day, the members of the household, entering persons."""

    stem: ClassVar[str]
    title: ClassVar[str]
    day_label: ClassVar[str] = "異動年月日"
    day_hint: ClassVar[str] = "例 R8.5.1"
    template: ClassVar[str] = "counter/changing/form.html"
    entering: ClassVar[type[Entering] | None] = None
    entering_most: ClassVar[int] = 8
    ticks_members: ClassVar[bool] = False
    asks_relationships: ClassVar[bool] = False
    needs_person: ClassVar[bool] = True
    own: ClassVar[tuple[str, ...]] = ()  # fields of the kind itself, drawn below the day
    addresses: ClassVar[tuple[tuple[str, str], ...]] = ()  # its own addresses: which, title
    of_now: ClassVar[tuple[str, ...]] = ("relationship", "previous_address_", "individual_number")

    def __init__(self, desk: Desk, typed: Typed | None = None, *, judged: bool = False) -> None:
        self.seen = self.seen_of(desk) if typed is None else _seen(typed)
        is_new = typed is None
        typed = self.opening(desk) if typed is None else typed
        super().__init__(desk, typed, judged=judged)
        if is_new:
            next(iter(self.fields.values())).widget.attrs["autofocus"] = True
        self.persons: list[Entering] = []
        if self.entering is not None:
            self.persons = [
                self.entering(desk, typed, judged=judged, prefix=f"person-{place}")
                for place in range(self.person_count(typed))
            ]
        self.household_slip = typed.get("household_slip", "")

    # -- what a kind says ------------------------------------------------------------------------

    @classmethod
    def people(cls, desk: Desk) -> tuple[Member, ...]:
        """Who may be ticked: the residents of the household."""
        return desk.members

    @classmethod
    def opening(cls, desk: Desk) -> Typed:
        """What stands in a form that was just opened: the one whose page it came from is ticked."""
        words = {f"as-{one.record.record_id}": one.record.relationship for one in desk.members}
        ticked = {f"who-{desk.person.record.record_id}": "on"} if desk.person else {}
        return {**words, **ticked}

    def change(self) -> Change:
        """The change that the judged form states."""
        raise NotImplementedError

    @classmethod
    def seen_of(cls, desk: Desk) -> dict[UUID, int]:
        """見た履歴番号: of everybody on the desk and whoever may be ticked."""
        return {one.record.record_id: one.history_no for one in cls.people(desk)} | desk.seen

    @classmethod
    def offered_now(cls, desk: Desk, typed: Typed) -> dict[str, str]:
        """今の欄の内容: what was typed, in the fields that this clerk is offered at this moment.

        It differs where a page or a draft was made with other fields: a form that shows what
        stands in the register says which it had, so that none that was not there counts as blank.
        """
        del desk
        return dict(typed)

    @classmethod
    def is_offered_now(cls, desk: Desk, typed: Typed) -> bool:
        """Has this clerk now the very fields that the page had?"""
        del desk, typed
        return True

    # -- fields ----------------------------------------------------------------------------------

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """The day of the change, the 留意事項, and the members to tick."""
        yield "occurred_on", DayField(label=self.day_label, hint=self.day_hint)
        yield "note", TextField("留意事項(統合記載欄)")
        for one in self.people(self.desk):
            record = one.record
            if self.ticks_members:
                yield f"who-{record.record_id}", _tick(record.name.joined)
            if self.asks_relationships:
                yield f"as-{record.record_id}", relationship_field(record.name.joined)

    @classmethod
    def person_count(cls, typed: Typed) -> int:
        """How many entering persons the form has: at least one."""
        said = typed.get("person_count", "1")
        is_number = said.isascii() and said.isdigit() and len(said) < 4
        return max(1, min(cls.entering_most, int(said))) if is_number else 1

    @property
    def lines(self) -> list[Line]:
        """The members of the household, as rows to tick."""
        everybody = self.people(self.desk)
        return [Line(one, self._of("who", one), self._of("as", one)) for one in everybody]

    def _of(self, what: str, one: Member) -> BoundField | None:
        name = f"{what}-{one.record.record_id}"
        return self[name] if name in self.fields else None

    @property
    def chosen(self) -> tuple[UUID, ...]:
        """異動者: the members that are ticked, in the order of the household."""
        everybody = [one.record.record_id for one in self.people(self.desk)]
        return tuple(one for one in everybody if self.cleaned_data.get(f"who-{one}"))

    def relationship_of(self, record_id: UUID) -> str:
        """続柄: what was typed for that member."""
        return str(self.cleaned_data.get(f"as-{record_id}", ""))

    def clean(self) -> dict[str, Any]:
        if self.ticks_members and not self.chosen:
            raise forms.ValidationError("異動する人を一人以上選んでください。")
        if self.asks_relationships and self._names_withheld:
            raise forms.ValidationError(WITHHELD)
        return self.cleaned_data

    @property
    def _names_withheld(self) -> bool:
        """Is a 続柄 asked of anybody whose own is not shown? A blank one would be written back."""
        withheld = {it.record.record_id for it in self.people(self.desk) if it.marks.withheld}
        named = self.chosen if self.ticks_members else withheld
        return not withheld.isdisjoint(named)

    def is_valid(self) -> bool:
        """Every part of the page is judged, so that all that is wrong is told at once."""
        return all([super().is_valid(), *[one.is_valid() for one in self.persons]])

    def all_wrong(self) -> list[Wrong]:
        """What is wrong on the whole page, for the list at its top."""
        found = list(self.wrong())
        for one in self.persons:
            place = one.place
            found += [Wrong(it.field_id, f"{place} {it.label}", it.message) for it in one.wrong()]
        return found

    @property
    def drawn_own(self) -> list[BoundField]:
        """The day and the kind's own fields."""
        return self.drawn(("occurred_on", *self.own, "note"))

    @property
    def drawn_addresses(self) -> list[Drawn]:
        """The kind's own addresses."""
        return [self.drawn_address(of, title) for of, title in self.addresses]

    # -- the statement ---------------------------------------------------------------------------

    def statement(self, accepted: frozenset[str] = frozenset()) -> Statement:
        """The statement of a judged form that is not wrong."""
        change = self.change()
        return Statement(
            change=change,
            occurred_on=self.occurred_on,
            received_on=self.desk.received_on,
            basis=self.desk.reception.basis,
            expected={one: self.seen[one] for one in change.record_ids if one in self.seen},
            accepted=accepted,
            reception_id=self.desk.reception_id,
            numbers=self.numbers(),
            acquired=self.acquired(),
            note=self.cleaned_data.get("note", ""),
        )

    @property
    def occurred_on(self) -> str:
        """異動日: the cell of the day that was typed."""
        return str(self.cleaned_data["occurred_on"])

    def numbers(self) -> dict[UUID, str]:
        """個人番号: what was typed for each entering person; to the vault, into no cell."""
        typed = {
            one.numbered.record_id: one.cleaned_data.get("individual_number", "")
            for one in self.persons
            if one.numbered
        }
        return {record_id: number for record_id, number in typed.items() if number}

    @property
    def usual_source(self) -> str:
        """個人番号の取得元: that of a number of which no other was chosen."""
        return "person"

    def acquired(self) -> dict[UUID, Acquired]:
        """取得: how each number that was typed was acquired."""
        numbers, usual = self.numbers(), self.usual_source
        return {
            one.numbered.record_id: acquiring.acquired(one.cleaned_data, usual, self.desk.on)
            for one in self.persons
            if one.numbered and one.numbered.record_id in numbers
        }

    # -- what travels in the page ----------------------------------------------------------------

    def carried(self) -> dict[str, str]:
        """The hidden part of the page: what was seen, and the numbers given."""
        seen = {f"seen-{record_id}": str(no) for record_id, no in self.seen.items()}
        slips = {f"{one.prefix}-slip": one.slip for one in self.persons if one.slip}
        count = {"person_count": str(len(self.persons))} if self.persons else {}
        of_household = {"household_slip": self.household_slip} if self.household_slip else {}
        draft = {DRAFT_SEEN: self.typed[DRAFT_SEEN]} if self.typed.get(DRAFT_SEEN) else {}
        return seen | slips | count | of_household | draft

    def give_numbers(self) -> None:
        """付番: to whom and what has none yet; once for a form, however often it is checked."""
        lacking = [one for one in self.persons if one.numbered is None]
        is_new = self.makes_household and not self.new_household_number
        given = numbering.new_numbers(len(lacking), int(is_new))
        for one, number in zip(lacking, given.people, strict=True):
            one.slip = slip.new_person(self.desk.reception_id, number)
        for number in given.households:
            self.household_slip = slip.new_household(self.desk.reception_id, number)

    @property
    def makes_household(self) -> bool:
        """新しい世帯: whether the change, as typed, makes a household."""
        return False

    @property
    def new_household_number(self) -> str:
        """世帯番号: that of the household that is made; blank before the first check."""
        return slip.household(self.desk.reception_id, self.household_slip)


def _tick(name: str) -> forms.Field:
    return forms.BooleanField(label=f"{name or '氏名なし'}を選ぶ", required=False)


def _seen(typed: Typed) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for name, text in typed.items():
        what, _, of = name.partition("-")
        if what == "seen" and _UUID.fullmatch(of) and text.isascii() and text.isdigit():
            found[UUID(of)] = int(text[:9])
    return found
