"""記載される者の欄: the managed items of a person who is entered, in the groups of the form."""

from collections.abc import Iterable
from functools import cache

from django import forms

from daicho.terms.records import Cell
from daicho.web.counter import acquiring
from daicho.web.counter.changing import seeing
from daicho.web.counter.changing.fields import BY_COLUMN, NumberField, field_of
from daicho.web.counter.changing.parts import Entering, address_fields, relationship_field

CLASS = ("resident_class",)
JAPANESE_NAME = (
    *("family_name", "given_name", "family_name_kana", "given_name_kana"),
    *("family_name_reading", "given_name_reading"),
    *("former_family_name", "former_family_name_kana", "former_family_name_reading"),
)
FOREIGN_NAME = (
    *("roman_name", "kanji_name", "foreign_name_kana"),
    *("common_name", "common_name_kana", "common_name_entered_on"),
    *("common_name_entered_municipality",),
)
BASIC = ("born_on", "sex", "relationship")
DOMICILE = ("registered_domicile", "family_register_head")
NUMBERS = ("individual_number", "resident_record_code")
FOREIGN = (
    *("nationality", "foreign_class", "residence_status", "period_of_stay"),
    *("period_of_stay_expires_on", "residence_card_number"),
    *("special_permanent_resident_certificate_number", "landing_period"),
    *("provisional_stay_period", "foreign_resident_since_on"),
)
OTHERS = (
    *("national_health_insurance", "national_health_insurance_acquired_on"),
    *("elderly_medical_care", "elderly_medical_care_acquired_on"),
    *("long_term_care_insurance", "long_term_care_insurance_acquired_on"),
    *("national_pension", "basic_pension_number", "national_pension_kind"),
    *("national_pension_acquired_on", "child_allowance_from_month"),
    *("individual_number_card", "adult_ward"),
)
"""その他の項目: what a moving-in may bring along; drawn folded."""

_HINTS = {
    "born_on": "例 H2.4.1",
    "family_name": "戸籍のとおり",
    "registered_domicile": "都道府県から番地まで",
    "resident_record_code": "転出証明書の11桁",
}


class Newcomer(Entering):
    """記載される者: its columns, as cells of the statement."""

    columns: tuple[str, ...] = ()

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """A field for each item of the groups, and the number that goes to the vault with how it
        was acquired.

        Without the number where the 事務 does not see it (番号法9条): it could not be recorded.
        """
        sees = "individual_number" in self.desk.permit.sees
        hidden = seeing.hidden(self.desk)
        for name, field in _fields(type(self)):
            if name != "individual_number":
                yield name, seeing.from_paper(field) if name in hidden else field
            elif sees:
                yield name, field
                yield from acquiring.fields(self.desk.on)

    def stated(self) -> dict[str, Cell]:
        """The cells of this person: who it is, and every item that was typed."""
        who = self.numbered
        assert who is not None, "numbers are given before the change is stated"
        names = [name for name in self.fields if name in BY_COLUMN]
        has_number = bool(self.cleaned_data.get("individual_number"))
        state = {"individual_number_state": "held"} if has_number else {}
        return {
            "record_id": str(who.record_id),
            "address_number": who.address_number,
            **state,
            **self.cells(names),
        }


@cache
def _fields(kind: type[Newcomer]) -> tuple[tuple[str, forms.Field], ...]:
    """The fields of every such person; made once, for a field keeps nothing of what is typed."""
    columns = (name for _, names, _ in kind.groups for name in names)
    own = ((name, _field(name)) for name in columns if name not in acquiring.FIELDS)
    return (*own, *(one for of, _ in kind.addresses for one in address_fields(of)))


def _field(column: str) -> forms.Field:
    if column == "individual_number":
        return NumberField()
    if column == "relationship":
        return relationship_field()
    field = field_of(column, hint=_HINTS.get(column))
    if column == "registered_domicile":
        field.widget.attrs["list"] = "domiciles"
    elif column == "family_register_head":
        field.widget.attrs["list"] = "register_heads"
    elif column == "resident_class" and isinstance(field.widget, forms.Select):
        field.widget.choices = [one for one in field.widget.choices if one[0]]
    return field
