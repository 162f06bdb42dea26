"""判定の伝え方: whose item a finding is about, and where on the form it stands.

A finding of the law names its item but nobody; who it is about is asked again of the same rules,
person by person. What follows only from another wrong item is told once that one is right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.forms import BoundField

from daicho.law import entries
from daicho.law.rule import Finding
from daicho.terms.changes.recorded import Recorded, Touched
from daicho.terms.records import Record
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.changing.parts import Entering, Part


@dataclass(frozen=True)
class Told:
    """伝える判定: with whose it is (2人目 架空 花子) and the field to mend; blank where unknown."""

    finding: Finding
    whose: str = ""
    field_id: str = ""


def told(form: ChangeForm, findings: Iterable[Finding], recorded: Recorded | None) -> list[Told]:
    """What refuses, each once and for each person it is about; `recorded` is what would stand."""
    refusals = dict.fromkeys(one for one in findings if one.refuses)
    persons = {one.numbered.record_id: one for one in form.persons if one.numbered}
    about = _about(recorded) if recorded else {}
    found = [it for one in refusals for it in _of_each(form, persons, one, about.get(one, ()))]
    mendable = [one for one in found if one.field_id or not one.finding.on_item]
    return mendable or found


def _about(recorded: Recorded) -> Mapping[Finding, list[Touched]]:
    """Whom each finding on one record is about."""
    found: dict[Finding, list[Touched]] = {}
    for one in recorded.touched:
        for it in _judged(one, recorded.kind, recorded.processed_on):
            found.setdefault(it, []).append(one)
    return found


def _judged(one: Touched, kind: str, on: date) -> Iterable[Finding]:
    return dict.fromkeys(entries.judge(one.after, on=on, before=one.before, kind=kind))


def _of_each(
    form: ChangeForm,
    persons: Mapping[UUID, Entering],
    finding: Finding,
    touched: Iterable[Touched],
) -> list[Told]:
    blocks = [(one, persons.get(one.effect.record_id)) for one in touched]
    if not blocks and len(form.persons) == 1 and not _field(form, finding.on_item):
        return [Told(finding, "", _field(form.persons[0], finding.on_item))]
    if not blocks:
        return [Told(finding, "", _field(form, finding.on_item) or _member_field(form, finding))]
    return [
        Told(
            finding,
            block.place if block else one.after.name.joined or "氏名なし",
            _own_field(block, one.after, finding.on_item) or _field(form, finding.on_item),
        )
        for one, block in blocks
    ]


def _own_field(block: Entering | None, after: Record, item: str) -> str:
    """That of the person's own block; none where nobody typed what stands in the record."""
    if block is None:
        return ""
    is_typed = bool(block.typed.get(f"{block.prefix}-{item}"))
    is_derived = item in block.fields and not is_typed and bool(getattr(after, item, ""))
    return "" if is_derived else _field(block, item)


def _field(part: Part, item: str) -> str:
    """The id of the field of that item, of its first part where it is typed in parts."""
    if not item:
        return ""
    names = (item, f"{item}_prefecture", f"family_{item}", f"roman_{item}")
    found: BoundField | None = next((part[one] for one in names if one in part.fields), None)
    return str(found.id_for_label) if found else ""


def _member_field(form: ChangeForm, finding: Finding) -> str:
    """A 続柄 is typed per member: the first of them."""
    lines = (one.relationship for one in form.lines) if finding.on_item == "relationship" else ()
    return next((str(one.id_for_label) for one in lines if one), "")
