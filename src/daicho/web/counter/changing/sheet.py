"""入力確認 (4.0.9): what would be recorded, person by person, and what is still to be confirmed."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from uuid import UUID

from daicho.law.safety import unseen
from daicho.recording import Household, Preview
from daicho.register import queries
from daicho.register.visibility import Visible
from daicho.terms.ages import age
from daicho.terms.changes.effects import What
from daicho.terms.changes.household_cells import householder_of
from daicho.terms.changes.reasons import BASES, REASONS
from daicho.terms.changes.recorded import Touched
from daicho.terms.dates import display, from_cell, wareki
from daicho.terms.records import Record, code_text
from daicho.web.counter import acquiring
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.fields import BY_COLUMN
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.inquiry import showing
from daicho.web.counter.inquiry.hits import Mark, marks_of
from daicho.web.counter.inquiry.person import planned
from daicho.web.messages import MESSAGES

_DOES = {What.OPENS: "記載", What.CHANGES: "修正", What.CLOSES: "消除"}
# Said once above, not per person.
_SAID_ABOVE = {"処理日", "記録ID"}
# A number that is given only when the change is recorded is told so, not shown.
GIVEN_LATER = "登録の時に付番します"
_CODE = BY_COLUMN["resident_record_code"]


@dataclass(frozen=True)
class Seen:
    """確認の行: one person with what the change does to the record.

    `acquired` tells how the number that was typed for them was acquired.
    """

    name: str
    does: str
    reason: str
    remark: str
    changes: list[tuple[str, str, str]]
    groups: list[showing.Group]
    gives_code: bool
    acquired: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Candidate:
    """再転入の候補: a 除票 that may be of somebody who enters."""

    record_id: UUID
    place: int
    number: int
    forced: bool
    name: str
    born: str
    sex: str
    closed: str
    address: str
    address_number: str
    marks: list[Mark]


@dataclass(frozen=True)
class MemberAfter:
    """異動後の世帯員: one row of a household as it would be."""

    name: str
    relationship: str
    age: int | None
    is_touched: bool
    marks: list[Mark]


@dataclass(frozen=True)
class HouseholdAfter:
    """異動後の世帯: `is_planned` is one as it will be on the 転出予定日."""

    number: str
    is_planned: bool
    has_householder: bool
    rows: list[MemberAfter]


def days(desk: Desk, form: ChangeForm) -> list[tuple[str, str]]:
    """受付と三つの日: on what the change rests, and its day, that of the 届出, that of today."""
    received = desk.received_on
    return [
        ("受付", desk.reception.number),
        ("根拠", BASES[desk.reception.basis]),
        (form.day_label, from_cell(form.occurred_on).in_wareki() if form.occurred_on else ""),
        ("届出等の日", wareki(received) if received else showing.BLANK),
        ("処理日", wareki(desk.on)),
    ]


def shown_of(desk: Desk, preview: Preview) -> Visible:
    """見える範囲: of whom the change touches and who lives with them: the preview's own look."""
    touched = preview.recorded.touched if preview.recorded else ()
    members = [it.record_id for one in preview.households for it in one.members]
    return queries.shown_of(desk.permit, {*members, *(one.effect.record_id for one in touched)})


def people(form: ChangeForm, preview: Preview, seen: Visible) -> list[Seen]:
    """Everybody the change touches, in its order, each as far as the permit shows them.

    Of who enters also what the clerk typed himself: it is what the sheet is to be checked for.
    """
    if preview.recorded is None:
        return []
    typed = {it.numbered.record_id: it.filled for it in form.persons if it.numbered}
    own_note, gives_code = form.cleaned_data.get("note", ""), preview.gives_code
    on = form.desk.on
    acquired = {who: acquiring.to_be_kept(one, on) for who, one in form.acquired().items()}
    found = [
        (one.effect.record_id, one, typed.get(one.effect.record_id, frozenset()))
        for one in preview.recorded.touched
    ]
    return [
        replace(_seen(one, seen, own, gives_code, own_note), acquired=acquired.get(who, []))
        for who, one, own in found
    ]


def _seen(
    one: Touched, seen: Visible, typed: frozenset[str], gives_code: frozenset[UUID], own_note: str
) -> Seen:
    changes, groups = [], []
    gives = one.effect.record_id in gives_code
    is_new = one.effect.what is What.OPENS or one.before is None
    withheld = seen.marks[one.effect.record_id].withheld
    hidden = seen.hidden_of(one.effect.record_id) - (frozenset() if withheld else typed)
    remark, note = unseen.remark(one.effect.history_remark, hidden, seen.on), one.effect.note
    note = note if note == own_note else unseen.free(note, hidden)
    remarks = (remark, note) if seen.tells_of(one.effect.record_id) else ()
    drawn = gives and not is_new and _CODE.column not in hidden
    if one.effect.what is What.OPENS or one.before is None:
        groups = showing.only_values(showing.groups(one.after, hidden))
    else:
        found = showing.changed(one.before, one.after, hidden)
        changes = [row for row in found if row[0] not in _SAID_ABOVE]
        if drawn:
            changes = _with_code_to_come(changes, one.before)
    return Seen(
        name=one.after.name.joined or "氏名なし",
        does=_DOES[one.effect.what],
        reason=REASONS[one.effect.reason].text,
        remark="・".join(text for text in remarks if text),
        changes=changes,
        groups=groups,
        gives_code=gives and not drawn,
    )


def _with_code_to_come(
    changes: list[tuple[str, str, str]], before: Record
) -> list[tuple[str, str, str]]:
    """The row of a code that is drawn when it is recorded, whatever stands there now."""
    others = [row for row in changes if row[0] != _CODE.japanese]
    now = before.resident_record_code or showing.BLANK
    return [*others, (_CODE.japanese, now, GIVEN_LATER)]


def candidates(desk: Desk, form: ChangeForm, preview: Preview) -> list[Candidate]:
    """The 除票 among which an entering person may be; each is a look, and is trailed."""
    found = []
    for entering in form.persons:
        numbered = entering.numbered
        if numbered is None:
            continue
        for match in preview.matches.get(numbered.record_id, ()):
            person = queries.person(desk.permit, match.record_id)
            if person is not None and not person.record.is_living:
                found.append(_candidate(person, entering.number, match.forced))
    return found


def _candidate(person: queries.Person, number: int, forced: bool) -> Candidate:
    record = person.record
    born = record.born_on
    closed = record.closing_event_on
    why = code_text("closing_reason", record.closing_reason)
    return Candidate(
        record_id=record.record_id,
        place=number - 1,
        number=number,
        forced=forced,
        name=record.name.joined or "氏名なし",
        born=display(born, "born_on", foreign=record.is_foreign) if born else showing.BLANK,
        sex=code_text("sex", record.sex),
        closed=f"{closed.in_wareki() if closed else ''} {why}".strip(),
        address=record.address.written or showing.BLANK,
        address_number=record.address_number,
        marks=marks_of(person.marks),
    )


def messages(preview: Preview) -> list[str]:
    """The messages that the change will cause, each kind once."""
    return [MESSAGES.get(kind, kind) for kind in dict.fromkeys(preview.messages)]


def after(desk: Desk, preview: Preview, seen: Visible) -> list[HouseholdAfter]:
    """異動後の世帯: each household that the change touches, as far as the permit shows it."""
    touched = preview.recorded.touched if preview.recorded else ()
    changed = {one.effect.record_id for one in touched}
    return [_household(one, desk, changed, seen) for one in preview.households]


def _household(
    one: Household, desk: Desk, changed: Collection[UUID], seen: Visible
) -> HouseholdAfter:
    rows = [_member(seen.shown(it), desk, changed, seen) for it in one.members]
    return HouseholdAfter(one.number, one.is_planned, householder_of(one.members) is not None, rows)


def _member(record: Record, desk: Desk, changed: Collection[UUID], seen: Visible) -> MemberAfter:
    marks = seen.marks[record.record_id]
    return MemberAfter(
        name=record.name.joined or "氏名なし",
        relationship=record.relationship or showing.BLANK,
        age=age(record.born_on, on=desk.on) if record.born_on else None,
        is_touched=record.record_id in changed,
        marks=[*marks_of(marks), *planned(record)],
    )
