"""証明の照会: whom a certificate is about, and what has been issued (標準仕様書 1.3.8, 2.2.2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise, takewhile
from typing import Any
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand, demand_work, look
from daicho.certificates.forms.past import Past
from daicho.certificates.models import Issue
from daicho.law.disclosure import FORMS, Subject
from daicho.law.record_codes import NOTICES
from daicho.register.fold import Entry, Version, versions
from daicho.register.ledger import entries_of
from daicho.register.ledger.standing import still
from daicho.register.visibility import Marks, Visible, visible
from daicho.terms.changes import Cancelled, DeclaredMissing, Imported
from daicho.terms.records import Record

SPOILED: Mapping[str, str] = {
    "misprint": "印刷の不良",
    "wrong_content": "請求と違う内容",
    "not_taken": "請求者が受け取らなかった",
    "other": "その他",
}
"""処分情報: why an issue was not handed out, by code."""

MOVING_OUT = "moved_out"
_FORM_NAMES: Mapping[str, str] = {
    str(code): name for code, name in (*FORMS.items(), *NOTICES.items())
}


@dataclass(frozen=True)
class Certified:
    """証明される者: one person with the versions of the last residence, the oldest first.

    `history_nos` are their 履歴番号; `movings` tell by which 転出届 each says that the person moves
    out: the 履歴番号 with which that was entered, None for no 転出. `by_special`: moves out under
    24条の2.
    """

    pasts: tuple[Past, ...]
    history_nos: tuple[int, ...]
    movings: tuple[int | None, ...]
    marks: Marks
    by_special: bool

    @property
    def record(self) -> Record:
        """The present record, or the 除票."""
        return self.pasts[-1].record

    @property
    def record_id(self) -> UUID:
        """記録ID: of the person's record."""
        return self.record.record_id

    @property
    def history_no(self) -> int:
        """履歴番号: of the present record."""
        return self.history_nos[-1]

    @property
    def subject(self) -> Subject:
        """開示の対象者: the person as the disclosure judges them."""
        return Subject(
            record=self.record,
            protected=self.marks.protected,
            provisionally_protected=self.marks.provisionally_protected,
            protection_ended=self.marks.protection == "ended",
            suppressed="error" if self.marks.withheld else self.marks.of_issuing,
            declared_missing=any(one.reason == DeclaredMissing.kind for one in self._closed),
            has_special_history=any(one.is_special for one in self.pasts),
        )

    @property
    def _closed(self) -> Iterator[Past]:
        """The versions of the 除票, the last first: none where the closing was cancelled."""
        return takewhile(lambda one: not one.record.is_living, reversed(self.pasts))

    @property
    def moving(self) -> int | None:
        """今の転出届: with which 履歴番号 it was entered; None for no 転出."""
        return self.movings[-1]

    def moving_at(self, history_no: int) -> int | None:
        """その版の転出届: the same of an earlier version; None also outside this residence."""
        return dict(zip(self.history_nos, self.movings, strict=True)).get(history_no)

    def at(self, history_no: int) -> Record | None:
        """その版の記載: what stood there with that 履歴番号; None outside this residence."""
        pairs = zip(self.history_nos, self.pasts, strict=True)
        return next((past.record for number, past in pairs if number == history_no), None)


@dataclass(frozen=True)
class IssueView:
    """交付履歴の行: one issue, in codes and words of tables."""

    issue_id: UUID
    request_id: UUID
    reception_id: UUID
    number: str
    form: str
    person_count: int
    decision: Mapping[str, Any]
    page_count: int
    copy_no: int
    copy_count: int
    issued_on: date
    at: datetime
    is_reissue: bool
    posted_to_principal: bool
    shows_individual_number: bool
    shows_record_code: bool
    operator_id: int
    office: str
    terminal: str
    spoiled: str  # a code of SPOILED, blank where it was handed out
    record_ids: tuple[UUID, ...]  # for the next copy; no screen shows them

    @property
    def form_name(self) -> str:
        """様式の名."""
        return _FORM_NAMES[self.form]

    @property
    def spoiled_name(self) -> str:
        """処分情報の名."""
        return SPOILED.get(self.spoiled, "")


def certified(permit: Permit, record_ids: Sequence[UUID]) -> tuple[Certified, ...]:
    """証明される者: those of them who are there for the permit, in the order asked; one look."""
    demand(permit, "resident")
    with transaction.atomic():
        seen = visible(permit, record_ids)
        entries = entries_of([one for one in record_ids if seen.reaches(one)])
        rows = {"rows": len(record_ids)}
        look(permit, "look", "certificates.certified", record_ids=record_ids, detail=rows)
    return tuple(_certified(seen, one, entries[one]) for one in record_ids if entries.get(one))


def again(permit: Permit, found: Sequence[Certified]) -> tuple[Certified, ...] | None:
    """見直し: the same persons with the marks of this moment; None where one has changed since.

    Asked in the transaction that relies on it, beside `certified`, whose look covers it. Until its
    end no mark comes after: the rows of `Current` are shared here, the register by the caller; who
    marks one person takes that person's row FOR UPDATE, who imports the whole register.
    """
    demand(permit, "resident")
    if not still({one.record_id: one.history_no for one in found}):
        return None
    seen = visible(permit, [one.record_id for one in found])
    return tuple(replace(one, marks=seen.marks[one.record_id]) for one in found)


def first_issue(permit: Permit, one: Certified) -> tuple[UUID, Mapping[UUID, int]] | None:
    """はじめての交付: of the 転出証明書 for the present 転出届, with the versions that it showed.

    One for a 転出届 that a later one has replaced is of other content, and a spoiled one was never
    given. Asked beside `certified`, whose look covers it.
    """
    demand_work(permit, "moved_out_certificate")
    if one.moving is None:
        return None
    rows = Issue.objects.filter(
        form="moved_out_certificate",
        is_reissue=False,
        spoiled=None,
        record_ids__contains=[one.record_id],
    )
    for row in rows.order_by("-at"):
        shown = dict(zip(row.record_ids, row.history_nos, strict=True))
        if one.moving_at(shown[one.record_id]) == one.moving:
            return row.issue_id, shown
    return None


def moving_by(permit: Permit, shown: Mapping[UUID, int]) -> frozenset[UUID]:
    """同じ転出届で転出する者: who of those on a 転出証明書 moves out by the 転出届 it was made for.

    `shown` are the versions that it showed. It gives ids alone, so nothing is trailed.
    """
    demand_work(permit, "moved_out_certificate")
    found = set()
    for record_id, entries in entries_of(shown).items():
        if not entries:  # the 除票 has been disposed of: who it was moves nowhere
            continue
        own = _residence(record_id, entries)
        every = _movings(record_id, own, entries)
        movings = {one.history_no: by for one, by in zip(own, every, strict=True)}
        moving = movings[own[-1].history_no]
        if moving is not None and movings.get(shown[record_id]) == moving:
            found.add(record_id)
    return frozenset(found)


def issues_under(permit: Permit, reception_id: UUID) -> tuple[IssueView, ...]:
    """受付の交付: the certificates issued under one 受付, the newest first; names nobody, no trail
    row. What only tells a code (20.4) is no certificate that was asked for.
    """
    demand_work(permit, "certificate", "moved_out_certificate")
    found = _views(Issue.objects.raw(_UNDER, [reception_id]))
    return tuple(one for one in found if one.form in FORMS)


def issues_of(permit: Permit, record_id: UUID) -> tuple[IssueView, ...]:
    """交付履歴照会 (2.2.2): every certificate that showed this person; one look.

    Of a person who is withheld there is none: when and for whom is itself told by them.
    """
    demand_work(permit, "issue_history")
    demand(permit, "resident")
    with transaction.atomic():
        is_told = visible(permit, [record_id]).tells_of(record_id)
        rows_of = Issue.objects.raw(_SHOWING, [[record_id]])
        found = tuple(_views(rows_of)) if is_told else ()
        rows = {"rows": len(found)}
        look(permit, "look", "certificates.issues_of", record_ids=[record_id], detail=rows)
    return found


def _certified(seen: Visible, record_id: UUID, entries: list[Entry]) -> Certified:
    of = {one.change_id: one for one in entries}
    own = _residence(record_id, entries)
    movings = tuple(_movings(record_id, own, entries))
    moves_by = [of[one.change_id] for one in own if one.history_no == movings[-1]]
    return Certified(
        pasts=tuple(_pasts(seen, own, of)),
        history_nos=tuple(one.history_no for one in own),
        movings=movings,
        marks=seen.marks[record_id],
        by_special=any(_is_special(record_id, one) for one in moves_by),
    )


def _residence(record_id: UUID, entries: list[Entry]) -> list[Version]:
    """The versions of the last residence, the oldest first."""
    every = list(versions(record_id, entries))
    return [one for one in every if one.residence_no == every[-1].residence_no]


def _pasts(seen: Visible, own: list[Version], of: Mapping[int, Entry]) -> Iterator[Past]:
    sexes = [own[0].record.sex, *(one.record.sex for one in own)]
    is_told = seen.tells_of(own[0].record.record_id)
    for version, (before, after) in zip(own, pairwise(sexes), strict=True):
        entry = of[version.change_id]
        yield Past(
            record=seen.shown(version.record),
            reason=version.reason,
            occurred_on=entry.occurred_on,
            received_on=entry.received_on,
            remark=version.history_remark if is_told else "",
            note=version.note if is_told else "",
            is_special=bool(before and after and before != after),
        )


def _movings(
    record_id: UUID, own: Sequence[Version], entries: Sequence[Entry]
) -> Iterator[int | None]:
    """By which 転出届 each version says that the person moves out: the 履歴番号 of its entry.

    Saying so again replaces the plans, a correction mends them, and a cancellation brings back
    those of before what it cancels.
    """
    cancels = {one.change_id: _cancelled(record_id, one) for one in entries}
    before: dict[int, int | None] = {}
    moving: int | None = None
    for one in own:
        before[one.change_id] = moving
        cancelled = cancels[one.change_id]
        if one.record.closing_reason != MOVING_OUT:
            moving = None
        elif cancelled is not None:
            moving = before.get(cancelled) or one.history_no
        elif moving is None or (one.reason == MOVING_OUT and one.record.is_living):
            moving = one.history_no
        yield moving


def _cancelled(record_id: UUID, entry: Entry) -> int | None:
    """Which change a row cancels for this person; whoever it only touches beside is not named."""
    if entry.kind != Cancelled.kind or str(record_id) not in entry.body["said"]["record_ids"]:
        return None
    return int(entry.body["said"]["cancels"])


def _is_special(record_id: UUID, entry: Entry) -> bool:
    if entry.kind == Imported.kind:
        return False
    effects = entry.body["effects"]
    return any(one["record_id"] == str(record_id) and one.get("special") for one in effects)


# Asked twice for a certificate, for which it would take longer to write by the ORM than to answer.
_COLUMNS = ", ".join(f"i.{one.column}" for one in Issue._meta.concrete_fields)
_ISSUES = f"""SELECT {_COLUMNS}, coalesce(s.reason, '') AS spoiled_for
FROM certificates_issue i LEFT JOIN certificates_spoiled s USING (issue_id)"""  # noqa: S608  our own columns
_UNDER = f"{_ISSUES} WHERE i.reception_id = %s ORDER BY i.at DESC"
_SHOWING = f"{_ISSUES} WHERE i.record_ids @> %s::uuid[] ORDER BY i.at DESC"


def _views(rows: Iterable[Issue]) -> Iterator[IssueView]:
    for row in rows:
        yield IssueView(
            issue_id=row.issue_id,
            request_id=row.request_id,
            reception_id=row.reception_id,
            number=row.number,
            form=row.form,
            person_count=len(row.record_ids),
            decision=row.decision,
            page_count=row.page_count,
            copy_no=row.copy_no,
            copy_count=row.copy_count,
            issued_on=row.issued_on,
            at=row.at,
            is_reissue=row.is_reissue,
            posted_to_principal=row.posted_to_principal,
            shows_individual_number=row.shows_individual_number,
            shows_record_code=row.shows_record_code,
            operator_id=row.operator_id,
            office=row.office,
            terminal=row.terminal,
            spoiled=row.spoiled_for,  # type: ignore[attr-defined]  # of the statement
            record_ids=tuple(row.record_ids),
        )
