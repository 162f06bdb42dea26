"""どの画面でも: no screen of the counter gives away an item that is not shown to its clerk (10.4).

The screens are those of the URLconf: a new one fails until it says here how it is opened.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, reverse

import town
from certificates.counter import asked_for, signing, take_over, text
from daicho.certificates import certifiers
from daicho.web.counter.changes import FORMS
from daicho.web.counter.urls import urlpatterns
from people import Cast
from web import certifying
from web.desk import HANAKO, MOVER, NEW_ADDRESS, received, rows, who
from web.disclosing import came, decide, disclosure_of
from web.exports import request_of
from web.masked import CLASSES, MARKERS, MARYS_CODE, given_away, mask, with_markers
from web.pages import form_in

pytestmark = pytest.mark.django_db

MARY = "000000000000159"
EX_OFFICIO = {
    *("corrected", "cancelled", "born", "died", "declared_missing"),
    *("record_code_changed", "number_change_requested"),
}
CHANGED = {
    "occurred_on": "R8.11.10",
    "where": "domestic",
    "why": "corrected_ex_officio",
    "circumstance": "leaked",
    "note": "架空の留意事項",
    "moved_in_notice_on": "R8.11.18",
    "planned_destination_prefecture": "栃木県",
    "planned_destination_municipality": "宇都宮市",
    "confirmed_destination_prefecture": "栃木県",
    "confirmed_destination_municipality": "宇都宮市",
    "confirmed_destination_town": "架空二丁目",
    **NEW_ADDRESS,
}

Answers = Iterator[HttpResponseBase]


@dataclass
class Counter:
    """The clerk's browser, and whom it looks for."""

    cast: Cast
    client: Client

    @property
    def people(self) -> list[UUID]:
        return [who(HANAKO), who(MARY)]

    def get(self, name: str, *args: object, **asked: str) -> HttpResponseBase:
        return self.client.get(reverse(f"counter:{name}", args=args), asked)

    def post(self, name: str, *args: object, **typed: Any) -> HttpResponseBase:
        return self.client.post(reverse(f"counter:{name}", args=args), typed, follow=True)

    def reception(self, work: str) -> UUID:
        notice = "notice" if work == "move_in_notice_received" else "notification"
        return received(self.cast.clerk, work, "ex_officio" if work in EX_OFFICIO else notice)

    def each(self, name: str) -> Answers:
        for work in ("change", "certificate", self.reception("moved_in")):
            for one in self.people:
                yield self.get(name, work, one)


def _searches(at: Counter) -> Answers:
    for typed in (
        {"kana": "カクウ"},
        {"resident_record_code": "12345678903"},
        {"resident_record_code": MARYS_CODE},
        {"residence_card_number": "AB12345678CD"},
    ):
        yield at.post("search", "change", **typed)


def _changes(at: Counter) -> Answers:
    """Each kind for each person: the form as it is opened, and what its check answers."""
    for kind, form in FORMS.items():
        for one in at.people:
            place = [at.reception(kind), one]
            opened = at.get("change", *place)
            yield opened
            typed = form_in(opened.content.decode()).typed if opened.status_code == 200 else {}  # type: ignore[attr-defined]  # a page
            more = MOVER if form.entering else {}
            typed |= {**CHANGED, **more, f"who-{one}": "on", f"as-{one}": "世帯主"}
            yield at.post("change", *place, **typed, do="check")


def _papers(at: Counter, name: str) -> Answers:
    for one in (HANAKO, MARY):
        for form in ("household_copy", "individual_copy"):
            for items in (["relationship"], ["family_register", "record_code", "card_number"]):
                reception = asked_for(at.cast.clerk, asked=tuple(items))
                said = {"form": form, "asked": items, "with_history": "on"}
                yield certifying.send(at.client, name, reception, one, **said)


def _notices(at: Counter) -> Answers:
    for one in at.people:
        yield at.post("code_notice", at.reception("record_code_changed"), one)


def _issued(at: Counter, name: str) -> Answers:
    reception = asked_for(at.cast.clerk)
    certifying.send(at.client, "print", reception, HANAKO)
    yield at.get(name, reception, who(HANAKO))


def _spoilt(at: Counter) -> Answers:
    reception = asked_for(at.cast.clerk)
    certifying.send(at.client, "print", reception, HANAKO)
    ((issue_id,),) = rows("SELECT issue_id FROM certificates_issue ORDER BY at DESC LIMIT 1")
    yield at.post("spoil", reception, who(HANAKO), issue_id, reason="misprint")


def _disclosures(at: Counter) -> Answers:
    for one in at.people:
        for kind in ("use_log", "resident_record"):
            yield at.get("disclosure", disclosure_of(at.cast.clerk, one, kind))


def _letters(at: Counter) -> Answers:
    """The record itself, decided by another person and printed by the clerk."""
    for one in at.people:
        number = disclosure_of(at.cast.clerk, one, "resident_record")
        decide(at.cast.supervisor, number)
        yield at.post("give_disclosure", number)


def _looked_back(at: Counter) -> Answers:
    for one in at.people:
        yield at.get("as_of", "change", one, day="2026-11-22")


def _remarks(at: Counter) -> Answers:
    for one in at.people:
        yield at.get("remark", at.reception("corrected"), one)


def _export(at: Counter) -> int:
    """Of an export the clerk sees nothing at all; what the file holds has tests of its own."""
    return request_of(at.cast).pk


def _switched_on(at: Counter, name: str, *args: object) -> Answers:
    with override_settings(EXTENSIONS="my-data-my-log"):
        yield at.get(name, *args)


SCREENS: Mapping[str, Callable[[Counter], Answers]] = {
    "home": lambda at: iter([at.get("home")]),
    "receive": lambda at: iter([at.get("receive", "moved_in")]),
    "drafts": lambda at: iter([at.get("drafts")]),
    "hold": lambda at: iter([at.get("hold", "network-mend", who(HANAKO))]),
    "overdue": lambda at: iter([at.get("overdue")]),
    "reception": lambda at: iter([at.get("reception", at.reception("moved_in"))]),
    "search": lambda at: iter([at.get("search", "change")]),
    "found": _searches,  # where a search leads to
    "person": lambda at: at.each("person"),
    "household": lambda at: at.each("household"),
    "history": lambda at: at.each("history"),
    "residence": lambda at: iter([at.get("residence", "change", one, 1) for one in at.people]),
    "as_of": _looked_back,
    "change": _changes,
    "remark": _remarks,
    "certificate": lambda at: _papers(at, "certificate"),
    "print": lambda at: _papers(at, "print"),
    "issued": lambda at: _issued(at, "issued"),
    "issue_history": lambda at: _issued(at, "issue_history"),
    "code_notice": _notices,
    "spoil": _spoilt,
    "disclosures": lambda at: iter([at.get("disclosures")]),
    "ask_disclosure": lambda at: iter(
        [at.get("ask_disclosure", came(at.cast.clerk), one) for one in at.people]
    ),
    "disclosure": _disclosures,
    "act_on_disclosure": lambda at: (
        at.post("act_on_disclosure", disclosure_of(at.cast.clerk, one), "withdraw")
        for one in at.people
    ),
    "give_disclosure": _letters,
    "postal": lambda at: iter([at.post("postal", of="address", address_postal_code="9638601")]),
    "buildings": lambda at: iter([at.post("buildings", "change", of="address", **NEW_ADDRESS)]),
    "exports": lambda at: iter([at.get("exports")]),
    "ask_export": lambda at: iter([at.get("ask_export", "affairs")]),
    "export": lambda at: iter([at.get("export", _export(at))]),
    "export_progress": lambda at: iter([at.get("export_progress", _export(at))]),
    "decide_export": lambda at: iter([at.post("decide_export", _export(at), do="approve")]),
    "end_export": lambda at: iter([at.post("end_export", _export(at))]),
    "make_export": lambda at: iter([at.post("make_export", _export(at))]),
    "hand_over_export": lambda at: iter([at.post("hand_over_export", _export(at), uuid4())]),
    "own_record": lambda at: iter([at.get("own_record", at.cast.clerk.operator.pk)]),
    "own_log": lambda at: _switched_on(at, "own_log", at.reception("moved_within"), who(HANAKO)),
    "questions": lambda at: _switched_on(at, "questions"),
    "question": lambda at: _switched_on(at, "question", 1),
    "whose_trail": lambda at: iter([at.post("whose_trail", person=HANAKO)]),
}
"""画面の一覧: how each screen of the counter is opened, by the name of its address."""


@pytest.fixture
def at(
    in_november: None, cast: Cast, come_in: Callable[..., Client], tmp_path: Path
) -> Iterator[Counter]:
    with signing(tmp_path / "key"):
        certifiers.ensure_made_up("郡山市", "福島県")
        take_over(cast, town.write(tmp_path, with_markers()))
        yield Counter(cast, come_in(cast.clerk))


def _names(patterns: Iterable[object]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _names(one.url_patterns)
        elif isinstance(one, URLPattern):
            yield str(one.name)


def _text(answer: HttpResponseBase) -> str:
    content: bytes = getattr(answer, "content", b"")
    if answer.headers.get("Content-Type") == "application/pdf":
        return text(content)
    return content.decode()


def test_every_screen_of_the_counter_is_among_them() -> None:
    assert set(_names(urlpatterns)) == set(SCREENS)


@pytest.mark.parametrize("item", CLASSES)
def test_no_screen_gives_away_what_is_not_shown(at: Counter, item: str) -> None:
    mask(at.cast.clerk, item)
    found = [
        (name, given_away(_text(answer), item))
        for name, opened in SCREENS.items()
        for answer in opened(at)
    ]
    assert [one for one in found if one[1]] == []


def test_the_markers_would_be_seen(at: Counter) -> None:
    """Each class that stands on a screen at all is found where nothing is masked."""
    seen = {
        (name, item)
        for name in ("person", "history", "change", "print")
        for answer in SCREENS[name](at)
        for item in MARKERS
        if given_away(_text(answer), item)
    }
    of_columns = {one for one in CLASSES if one != "individual_number"}
    assert {item for name, item in seen if name == "person"} == of_columns
    assert {item for name, item in seen if name == "change"} == of_columns
    assert ("history", "residence_status") in seen, "the remark of an older system"
    assert {"family_register", "record_code"} <= {item for name, item in seen if name == "print"}
