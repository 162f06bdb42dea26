"""交付の決定: one certificate judged as a whole; the door of the rules beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from daicho.law.citation import Article, articles
from daicho.law.disclosure.items import (
    ITEMS,
    NUMBERS,
    REQUESTERS,
    Entry,
    How,
    copy_shows,
    is_held,
    is_holder,
    is_posted_to_principal,
    may_be_asked,
    moved_out_certificate_shows,
)
from daicho.law.disclosure.moving_out import (
    is_first_or_reissue,
    is_one_moving,
    may_be_given,
    may_have_moved_out_certificate,
)
from daicho.law.disclosure.persons import (
    CLOSED_SINCE,
    history_may_be_printed,
    may_ask_for_closed,
    may_be_issued,
    moving_out_is_printed,
    persons_fit_form,
)
from daicho.law.disclosure.protection import protection_ended
from daicho.law.disclosure.requests import Form, Request, Subject
from daicho.law.rule import Finding
from daicho.law.tables import Row

MOVED_OUT = "moved_out_certificate"
_BY_NOTIFICATION = articles(["BRRO 23", "BRRA 24"])


@dataclass(frozen=True, kw_only=True)
class Decision:
    """交付の決定: whether a certificate is made, what it shows of each person, and on what ground.

    `entries` holds, by record_id, one Entry for each item of the table. `post_to_principal`: it is
    not handed over but posted to the person. `prints_special_history`: E56 was answered so.
    """

    request: Request
    findings: tuple[Finding, ...]
    entries: Mapping[UUID, tuple[Entry, ...]]
    basis: tuple[Article, ...]
    post_to_principal: bool

    @property
    def refused(self) -> tuple[Finding, ...]:
        """エラー: what forbids the certificate; empty where it may be made."""
        return tuple(one for one in self.findings if one.refuses)

    @property
    def alerts(self) -> tuple[Finding, ...]:
        """アラート: what the clerk confirms first."""
        return tuple(one for one in self.findings if not one.refuses)

    @property
    def prints_special_history(self) -> bool:
        """特別の事由の履歴: whether rows of a special cause are printed."""
        return self.request.with_history and self.request.special_history == "shown"

    def how(self, record_id: UUID, item: str) -> How:
        """記載の別: what the form does with that item of that person; ABSENT for no such item."""
        return self._hows[record_id].get(item, "absent")

    @cached_property
    def _hows(self) -> dict[UUID, dict[str, How]]:
        return {
            record_id: {one.item: one.how for one in entries}
            for record_id, entries in self.entries.items()
        }

    def shows(self, record_id: UUID, item: str) -> bool:
        """記載: whether the item of that person is printed."""
        return self.how(record_id, item) == "shown"

    def to_body(self) -> dict[str, Any]:
        """The JSON object kept with the issue record (1.3.8): codes and articles, no values."""
        return {
            "form": self.request.form,
            "requester": self.request.requester,
            "under": self.request.under,
            "asked": sorted(self.request.asked),
            "with_history": self.request.with_history,
            "special_history": self.request.special_history,
            "is_reissue": self.request.is_reissue,
            "basis": [str(one) for one in self.basis],
            "post_to_principal": self.post_to_principal,
            "findings": [one.code for one in self.findings],
            "entries": {
                str(record_id): {one.item: [one.how, str(one.article)] for one in entries}
                for record_id, entries in self.entries.items()
            },
        }


def decide(request: Request, subjects: Sequence[Subject], on: date) -> Decision:
    """交付の決定: every finding and, person by person, every item, by the law of `on`.

    A refusal that protects somebody comes alone: nothing beside it may tell of whom or why.
    """
    withheld = [found for one in subjects for found in _of_marks(one, on)]
    hidden = next((one for one in withheld if one is not None and one.refuses), None)
    found = [hidden] if hidden else [*withheld, *_findings(request, subjects, on)]
    return Decision(
        request=request,
        findings=tuple(dict.fromkeys(one for one in found if one is not None)),
        entries={one.record_id: _entries(request, one, on) for one in subjects},
        basis=_basis(request, on),
        post_to_principal=_is_posted(request, on),
    )


def _basis(request: Request, on: date) -> tuple[Article, ...]:
    if request.form == MOVED_OUT and request.under != "request":
        return _BY_NOTIFICATION
    row = REQUESTERS.find(request.requester, on)
    assert row is not None or request.form == MOVED_OUT, f"nobody asks as {request.requester!r}"
    return row.cites if row else ()


def _is_posted(request: Request, on: date) -> bool:
    """Who brings a 転出届 takes its certificate; on a request it is as a copy with numbers."""
    moves_out = request.form == MOVED_OUT
    if moves_out and (request.under != "request" or not REQUESTERS.find(request.requester, on)):
        return False
    shows_number = moves_out or not request.asked.isdisjoint(NUMBERS)
    return is_posted_to_principal(request.requester, shows_number, on=on)


def _of_marks(one: Subject, on: date) -> Iterator[Finding | None]:
    protected = one.protected or one.provisionally_protected
    yield may_be_issued(protected, one.suppressed, on=on)
    yield protection_ended(one.protection_ended, on=on)


def _findings(request: Request, subjects: Sequence[Subject], on: date) -> Iterator[Finding | None]:
    closed = sum(one.closed for one in subjects)
    households = len({one.record.household_number for one in subjects})
    yield persons_fit_form(request.form, len(subjects), closed, households, on=on)
    if request.form == MOVED_OUT:
        yield may_be_given(request.requester, request.under, request.is_reissue, on=on)
        yield is_first_or_reissue(request.is_reissue, request.has_first_issue, on=on)
        for one in subjects:
            reason, state = one.record.closing_reason, one.record.state
            yield may_have_moved_out_certificate(reason, state, request.by_special, on=on)
        movings = {_moving(one) for one in subjects if one.record.closing_reason}
        yield is_one_moving(len(movings), request.is_reissue, on=on)
        return
    if closed and on >= CLOSED_SINCE:
        yield may_ask_for_closed(request.requester, on=on)
    died = any(one.died for one in subjects)
    for item in sorted(request.asked):
        yield may_be_asked(item, request.requester, died, on=on)
    if request.with_history:
        special = any(one.has_special_history for one in subjects)
        choice, requester = request.special_history, request.requester
        yield history_may_be_printed(request.form, special, choice, requester, on=on)


def _moving(one: Subject) -> tuple[object, ...]:
    """The 転出 of a person: where to and when; what one certificate says of all its movers."""
    record = one.record
    return (record.planned_destination.written, record.closing_event_on)


def _entries(request: Request, one: Subject, on: date) -> tuple[Entry, ...]:
    of = _Kind(one.record.is_foreign, one.record.is_living, one.died)
    return _of_kind(request.form, request.requester, request.asked, of, on)


class _Kind(NamedTuple):
    """All of a person that the tables ask for: thousands of a town are of one kind."""

    is_foreign: bool
    is_living: bool
    died: bool


@lru_cache(maxsize=1024)
def _of_kind(
    form: Form, requester: str, asked: frozenset[str], of: _Kind, on: date
) -> tuple[Entry, ...]:
    found = []
    for row in ITEMS.on(on):
        code = row.text("code")
        how = _how_moving(row, of, on) if form == MOVED_OUT else _how(row, requester, asked, of, on)
        found.append(Entry(code, how, row.cites[0]))
    return tuple(found)


def _how_moving(row: Row, of: _Kind, on: date) -> How:
    # plans of moving out are its very content, before the record closes by them too
    held = is_holder(row, of)
    return moved_out_certificate_shows(row.text("code"), on=on) if held else "absent"


def _how(row: Row, requester: str, wanted: frozenset[str], of: _Kind, on: date) -> How:
    code = row.text("code")
    if not is_held(row, of):
        return "absent"
    if row.flag("closed_only") and not moving_out_is_printed(not of.is_living, on=on):
        return "absent"
    forbidden = may_be_asked(code, requester, of.died, on=on)
    asked = code in wanted and not (forbidden is not None and forbidden.refuses)
    return copy_shows(code, asked, on=on)
