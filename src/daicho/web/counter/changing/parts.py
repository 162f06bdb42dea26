"""入力の部分: parts of a form that are drawn from `typed` as it is, or judged.

`typed` is what stands in the page, by name. Judged, every field gives its cell, or what is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from django import forms
from django.forms import BoundField

from daicho.terms.records import Cell
from daicho.terms.records.items import ADDRESS_PARTS
from daicho.web.counter.changing import slip
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.fields import field_of
from daicho.web.counter.changing.slip import Numbered

Typed = Mapping[str, str]


@dataclass(frozen=True)
class Wrong:
    """入力の誤り: which field, what it is called, and what to do."""

    field_id: str
    label: str
    message: str


@dataclass(frozen=True)
class Drawn:
    """欄の群: fields drawn together; `address` names the address they are parts of, if they are.

    `holders` says whose they are alone (japanese, foreign), or that they go with a number that is
    typed (number, given); `folded` ones open when asked for.
    """

    title: str
    fields: list[BoundField]
    address: str = ""
    holders: str = ""
    folded: bool = False


class Part(forms.Form):
    """入力の一部: fields that are drawn from `typed` or judged, under a prefix of their own."""

    use_required_attribute = False

    def __init__(self, desk: Desk, typed: Typed, *, judged: bool, prefix: str = "") -> None:
        self.desk = desk
        self.typed = typed
        start = f"{prefix}-" if prefix else ""
        shown = {name.removeprefix(start): typed[name] for name in typed if name.startswith(start)}
        super().__init__(
            data=typed if judged else None,
            initial=None if judged else shown,
            prefix=prefix or None,
            label_suffix="",
        )
        for name, field in self.more_fields():
            self.fields[name] = field

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """Fields that are known only with the desk; those of managed items by their columns."""
        return ()

    def cells(self, columns: Iterable[str]) -> dict[str, Cell]:
        """The cells of these columns that are not blank."""
        found = {column: self.cleaned_data.get(column) for column in columns}
        return {column: cell for column, cell in found.items() if cell not in ("", None, False)}

    def address(self, of: str) -> dict[str, Cell]:
        """The cells of one address."""
        return self.cells(f"{of}_{part}" for part in ADDRESS_PARTS)

    def drawn(self, names: Iterable[str]) -> list[BoundField]:
        """These fields, in this order, for a template."""
        return [self[name] for name in names if name in self.fields]

    def drawn_address(self, of: str, title: str) -> "Drawn":
        """The fields of one address, for a template."""
        parts = [part for part in _PARTS_DRAWN if f"{of}_{part}" in self.fields]
        return Drawn(title, self.drawn(f"{of}_{part}" for part in parts), self.add_prefix(of))

    def wrong(self) -> Iterator[Wrong]:
        """What is wrong, in the order of the page."""
        for message in self.non_field_errors():
            yield Wrong("", "", str(message))
        for field in self.visible_fields():
            for message in field.errors:
                yield Wrong(str(field.id_for_label), str(field.label), str(message))


@cache
def address_fields(of: str) -> tuple[tuple[str, forms.Field], ...]:
    """The fields of one address, part by part; made once, for a field keeps nothing typed."""
    return tuple(
        (f"{of}_{part}", field_of(f"{of}_{part}", label=label))
        for part, label in _PART_LABELS.items()
    )


_PART_LABELS = {
    "postal_code": "郵便番号",
    "prefecture": "都道府県",
    "municipality": "市区町村",
    "town": "町字",
    "lot": "番地・号",
    "free_text": "自由入力（国外など）",
    "building": "方書",
    "code": "住所コード",
}
_PARTS_DRAWN = tuple(_PART_LABELS)


_HOLDERS = ("japanese", "foreign", "number", "given")
_NAMES = ("family_name", "given_name", "roman_name", "kanji_name")


class Entering(Part):
    """記載される者: one person who is entered, a block of the form that can be added and removed.

    `groups` are the fields as they are drawn: title, names, whose they are alone.
    """

    groups: ClassVar[tuple[tuple[str, tuple[str, ...], str], ...]] = ()
    addresses: ClassVar[tuple[tuple[str, str], ...]] = ()

    def __init__(self, desk: Desk, typed: Typed, *, judged: bool, prefix: str) -> None:
        super().__init__(desk, typed, judged=judged, prefix=prefix)
        self.number = int(prefix.rpartition("-")[2]) + 1
        self.slip = typed.get(f"{prefix}-slip", "")

    @property
    def place(self) -> str:
        """何人目か, with the name that was typed: so the clerk knows whom a message is about."""
        names = (self.typed.get(f"{self.prefix}-{one}", "") for one in _NAMES)
        return " ".join([f"{self.number}人目", *(one for one in names if one)])

    @property
    def filled(self) -> frozenset[str]:
        """入力された欄: the fields in which something was typed."""
        return frozenset(one for one in self.fields if self.typed.get(f"{self.prefix}-{one}"))

    @property
    def drawn_groups(self) -> list[Drawn]:
        """The groups of fields that this person has."""
        drawn = [
            Drawn(
                title,
                self.drawn(names),
                holders=of if of in _HOLDERS else "",
                folded=of == "folded",
            )
            for title, names, of in self.groups
        ]
        drawn = [one for one in drawn if one.fields]  # none where the work does not see the item
        open_groups = [one for one in drawn if not one.folded]
        addresses = [self.drawn_address(of, title) for of, title in self.addresses]
        return [*open_groups, *addresses, *(one for one in drawn if one.folded)]

    @property
    def numbered(self) -> Numbered | None:
        """付番: who it will be; None before the first check."""
        return slip.person(self.desk.reception_id, self.slip)


RELATIONSHIPS = (
    *("世帯主", "夫", "妻", "子", "父", "母", "兄", "弟", "姉", "妹", "父の父", "父の母"),
    *("子の妻", "子の夫", "子の子", "夫の父", "夫の母", "妻の父", "妻の母", "夫（未届）"),
    *("妻（未届）", "妻の子", "夫の子", "父の妻", "同居人", "縁故者"),
)
"""続柄の候補: what a field of 続柄 offers; any other words of the standard may be typed."""


def relationship_field(name: str = "") -> forms.Field:
    """The field of a 続柄, with the usual words to choose from."""
    field = field_of("relationship", label=f"{name}の続柄" if name else "続柄")
    field.widget.attrs["list"] = "relationships"
    return field
