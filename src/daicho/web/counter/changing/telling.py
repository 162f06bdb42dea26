"""判定の伝え方: whose item a finding is about, and where on the form it stands.

A finding of the law names its item but nobody; whom it concerns, the door tells beside it. What
follows only from another wrong item is told once that one is right. Of an item that the clerk is
not shown it is told that there is something, without its content.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.forms import BoundField

from daicho.law.rule import Finding
from daicho.recording import Preview
from daicho.terms.records import Record
from daicho.web.counter.changing import seeing
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.changing.parts import Entering, Part

NAMELESS = "氏名なし"


@dataclass(frozen=True)
class Told:
    """伝える判定: with whose it is (2人目 架空 花子) and the field to mend; blank where unknown.

    `finding` is as the clerk may read it; `confirmed_by` the code of what the law has found.
    """

    finding: Finding
    whose: str = ""
    field_id: str = ""
    confirmed_by: str = ""


@dataclass(frozen=True)
class Asked:
    """確認事項: the alerts of one code, ticked together, each with whom it is about."""

    code: str
    told: tuple[Told, ...]
    accepted: bool


def told(form: ChangeForm, found: Preview) -> list[Told]:
    """What refuses, each once and for each person it is about."""
    refusals = dict.fromkeys(one for one in found.findings if one.refuses)
    said = [it for one in refusals for it in _of_each(form, one, found)]
    mendable = [one for one in said if one.field_id or not one.finding.on_item]
    return mendable or said


def asked(form: ChangeForm, found: Preview, accepted: frozenset[str]) -> list[Asked]:
    """The alerts, each once, with those it is about and what is ticked already."""
    alerts = dict.fromkeys(one for one in found.findings if not one.refuses)
    said = [
        Told(
            _as_seen(form, one, found),
            "、".join(_names(form, one, found)),
            confirmed_by=one.code,
        )
        for one in alerts
    ]
    return by_code(said, accepted)


def by_code(said: Iterable[Told], accepted: frozenset[str]) -> list[Asked]:
    """確認事項: what is confirmed is confirmed by its code, so one tick is for all of that code."""
    found: dict[str, list[Told]] = {}
    for one in said:
        found.setdefault(one.confirmed_by or one.finding.code, []).append(one)
    return [Asked(code, tuple(its), code in accepted) for code, its in found.items()]


def _as_seen(form: ChangeForm, finding: Finding, found: Preview) -> Finding:
    """The finding, without its content where it is of an item that this clerk is not shown."""
    blocks, records = _blocks(form), _records(form, found)
    whom = found.concerns.get(finding, ()) or tuple(blocks)
    if whom and all(_is_own(blocks.get(it), records.get(it), finding.on_item) for it in whom):
        return finding
    return seeing.of_item(finding, form.desk.permit)


def _is_own(block: Entering | None, after: Record | None, item: str) -> bool:
    """Of who enters: what the clerk typed himself, or left blank where nothing else stands."""
    if block is None:
        return False
    return item in block.filled or not getattr(after, item, "")


def _names(form: ChangeForm, finding: Finding, found: Preview) -> Sequence[str]:
    """Those whom an alert is about; nobody where the change touches one person only."""
    touched = found.recorded.touched if found.recorded else ()
    if len(touched) < 2:
        return ()
    blocks, records = _blocks(form), _records(form, found)
    return [_name(one, blocks, records) for one in found.concerns.get(finding, ())]


def _name(one: UUID, blocks: dict[UUID, Entering], records: dict[UUID, Record]) -> str:
    if one in blocks:
        return blocks[one].place
    return (records[one].name.joined if one in records else "") or NAMELESS


def _blocks(form: ChangeForm) -> dict[UUID, Entering]:
    """The blocks of those who enter, by who they will be."""
    return {one.numbered.record_id: one for one in form.persons if one.numbered}


def _records(form: ChangeForm, found: Preview) -> dict[UUID, Record]:
    """Everybody whom a finding may be about: of the desk, and as the change would leave them."""
    desk = form.desk
    opened = [*([desk.person.record] if desk.person else []), *(it.record for it in desk.members)]
    touched = [one.after for one in found.recorded.touched] if found.recorded else []
    return {one.record_id: one for one in (*opened, *touched)}


def _of_each(form: ChangeForm, finding: Finding, found: Preview) -> list[Told]:
    blocks, records = _blocks(form), _records(form, found)
    item, whom = finding.on_item, found.concerns.get(finding, ())
    finding = _as_seen(form, finding, found)
    if not whom and len(form.persons) == 1 and not _field(form, item):
        return [Told(finding, "", _field(form.persons[0], item))]
    if not whom:
        return [Told(finding, "", _field(form, item) or _member_field(form, finding))]
    return [
        Told(
            finding,
            _name(one, blocks, records),
            _own_field(blocks.get(one), records.get(one), item) or _field(form, item),
        )
        for one in whom
    ]


def _own_field(block: Entering | None, after: Record | None, item: str) -> str:
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
