"""画面の項目: every page of the role, opened by each of the cast, shows what its purpose sees.

The addresses come from the URLconf, so that a new screen is opened here without being listed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import cast as cast_to
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve, reverse

from certificates.counter import asked_for
from daicho.access import clock
from daicho.certificates import certifiers
from daicho.law import purposes
from daicho.law.purposes import Purpose
from daicho.law.receptions import works
from daicho.web.counter.inquiry.work import WORKS
from people import Cast, Player, given
from web import marked, signs
from web.desk import MOVER, received
from web.marked import CITY_OF_WARDS, DAY, FAR, MID_TERM, OPEN, PROTECTED, SUPPRESSED, Leave, Town
from web.pages import Forms
from web.routes import arguments, filled, routes
from web.test_masks_screens import CHANGED

pytestmark = pytest.mark.django_db


def _looked_at(leave: Leave) -> tuple[int, ...]:
    """Of whom the pages are opened: of each kind of person of whom not everything is shown."""
    others = (PROTECTED, *((FAR,) if leave.of_one_ward else ()))
    return (OPEN, MID_TERM, SUPPRESSED, *(others if leave.withholds_protected else ()))


_QUERIES = {
    "inquiry/<slug:work>/as-of/<uuid:record_id>": f"?day={DAY.isoformat()}",
    "inquiry/<slug:work>/household/<uuid:record_id>": "?left",
    "": "?visitors",
}
"""What stands beside an address so that its page shows the most."""
NOBODYS = Leave()
_RECEPTIONS = {
    "moved_in": "notification",
    "moved_within": "notification",
    "moved_out": "notification",
    "householder_changed": "notification",
    "born": "notice",
    "died": "notice",
    "declared_missing": "notice",
    "corrected": "ex_officio",
    "record_code_changed": "ex_officio",
    "cancelled": "ex_officio",
    "number_change_requested": "request",
    "move_in_notice_received": "notice",
    "disclosure_request": "request",
}


@pytest.fixture(autouse=True)
def found_by_an_index() -> None:
    """The plans are watched where each page has its own tests."""


@pytest.fixture
def town(in_november: None, cast: Cast, tmp_path: Path, settings: LazySettings) -> Town:
    """The marked town, in a city that has wards."""
    settled = marked.settle(cast, tmp_path)
    certifiers.ensure_made_up("郡山市", "福島県")
    settings.MUNICIPALITY = CITY_OF_WARDS
    return settled


@dataclass
class Visitor:
    """One of the cast at a browser, and under what he may open the pages of a work."""

    player: Player
    client: Client
    receptions: Mapping[str, str]  # the number of a 受付 to its purpose

    held: Mapping[str, Purpose]

    def leave(self, work: str) -> Leave:
        """What the tables let this one see under a work; nothing where it is not his."""
        row = self.held.get(WORKS.get(work) or self.receptions.get(work, ""))
        if row is None:
            return NOBODYS
        of_households = row.code.startswith(("change.", "certificate."))
        return Leave(row.sees, row.reach == "ward", row.protected == "withheld", of_households)


def _held(player: Player) -> Mapping[str, Purpose]:
    actor, on = player.acting(), clock.today()
    found = purposes.purposes_for(actor.office_kind, actor.posts, on=on)
    return {one.code: one for one in found}


@pytest.fixture
def visitors(cast: Cast, town: Town, come_in: Callable[..., Client]) -> list[Visitor]:
    given(cast.supervisor, "protection_officer")  # whose page tells what no other tells
    everybody = [getattr(cast, name) for name in cast.__dataclass_fields__]
    ours = {
        str(received(cast.clerk, work, basis)): works.basis(work, basis, clock.today()).purpose
        for work, basis in _RECEPTIONS.items()
    }
    ours[str(asked_for(cast.clerk))] = "certificate.copy"
    theirs = dict(list(ours.items())[:1])  # of another office: it is not there, whatever it is
    return [
        Visitor(
            one,
            come_in(one, Client()),
            ours if one.terminal in ("C001", "C002") else theirs,
            _held(one),
        )
        for one in everybody
    ]


def test_every_work_is_received_here() -> None:
    assert {*_RECEPTIONS, "certificate"} == {one.code for one in works.works(DAY)}


def _values(
    town: Town, visitor: Visitor, route: str, opened: set[tuple[str, str]]
) -> Iterator[tuple[str, dict[str, str]]]:
    """The work under which a page is opened, and what stands for its arguments.

    Of a purpose that somebody has opened already one person is enough, and one work of those that
    are shut: each of them is refused by one door.
    """
    names = arguments(route)
    rest = {
        "<uuid:search_id>": str(uuid4()),
        "<uuid:issue_id>": str(uuid4()),
        "<uuid:export_id>": str(uuid4()),
        "<uuid:message_id>": str(uuid4()),
        "<int:residence_no>": "1",
    }
    under = [""]
    if "<uuid:reception_id>" in names:
        under = [*visitor.receptions]
    elif route.startswith("reception/new/"):
        under = [*_RECEPTIONS]
    elif "<slug:work>" in names:
        under = [*WORKS, *visitor.receptions]
    shut = [work for work in under if visitor.leave(work) is NOBODYS]
    for work in [*(one for one in under if one not in shut), *shut[:1]]:
        is_first = (route, work) not in opened and work not in shut
        is_of_persons = is_first and "<uuid:record_id>" in names
        whom = _looked_at(visitor.leave(work)) if is_of_persons else (PROTECTED,)
        if work not in shut:
            opened.add((route, work))
        for owner in whom:
            record_id = str(town.record_ids[owner])
            named = dict.fromkeys(("<slug:work>", "<uuid:reception_id>"), work)
            yield work, {**rest, **named, "<uuid:record_id>": record_id}


def _of_console(visitor: Visitor, route: str) -> dict[str, str]:
    who = str(visitor.player.operator.pk)
    rows = (
        *("operator_id", "row_id", "position_id", "holding_id", "review_id", "use_id", "factor"),
        *(
            "list_id",
            "permit_id",
            "trail_id",
            "analysis_id",
            "question_id",
            "request_no",
            "disclosure_id",
            "notice_id",
        ),
    )
    return {
        **{f"<int:{name}>": who for name in rows},
        "<slug:slug>": "give",
        "<slug:kind>": "mailing",
        "<str:code>": "001" if route.startswith("console/offices/") else "C001",
    }


def _page(answer: HttpResponseBase) -> str:
    assert answer.status_code < 500
    return b"".join(cast_to(Iterable[bytes], answer)).decode("utf-8", "replace")


def _leave_of(visitor: Visitor, route: str, work: str) -> Leave:
    if route == "reception/overdue":  # opened under the purpose that mends it, by no work
        return visitor.leave(
            next((it for it, code in visitor.receptions.items() if code == "change.moved_out"), "")
        )
    return visitor.leave(work)


_FILLED: Mapping[str, Mapping[str, Any]] = {
    "counter:change": {**CHANGED, **{name: it for name, it in MOVER.items() if "-" in name}},
    "counter:certificate": {"asked": ["relationship", "family_register", "record_code"]},
}
"""記入したもの: forms whose answer shows more once they say what they are to say."""


_SHEETS = {
    f"{name}の確認": f'{name}の確認 <span class="day">まだ'
    for name in ("転出", "転入通知の受理", "死亡", "失踪宣告による消除", "修正", "証明書")
}
"""確認の画面: among what answers to a form that is filled in."""


def _sent(visitor: Visitor, address: str, page: str, asked: set[Any]) -> Iterator[tuple[str, str]]:
    """Where each form of a page leads, and what it answers: sent as it stands, and filled in.

    A form that stands on many pages is sent from each kind of page once.
    """
    parser = Forms()
    parser.feed(page)
    for form in parser.forms:
        where = urlsplit(form.action or address).path
        name = resolve(where).view_name
        if form.method != "post" or name in signs.ENDS or (address, name) in asked:
            continue
        asked.add((address, name))
        everybody = {one: "on" for one in form.controls if one.startswith("who-")}
        filled = [{**_FILLED[name], **everybody}] if name in _FILLED else []
        for more in [{}, *filled]:
            typed = {**form.typed, **more, "do": next(iter(form.buttons), "")}
            yield name, _page(cast_to(HttpResponseBase, visitor.client.post(where, typed)))


def test_no_page_shows_more_than_its_purpose_sees(town: Town, visitors: list[Visitor]) -> None:
    leaks, opened, asked = {}, set(), set[tuple[str, str]]()
    sent, answered = set[Any](), set[str]()
    for visitor in visitors:
        for route in routes():
            for work, values in _values(town, visitor, route, asked):
                address = filled(route, _of_console(visitor, route) | values)
                answer = visitor.client.get(address + _QUERIES.get(route, ""))
                page, leave = _page(answer), _leave_of(visitor, route, work)
                if answer.status_code == 200:
                    opened.add(route)
                if found := town.leaks(page, leave):
                    leaks[visitor.player.login, route, work] = found[:5]
                for name, said in _sent(visitor, address, page, sent):
                    answered |= {name, *(one for one in _SHEETS if _SHEETS[one] in said)}
                    if found := town.leaks(said, leave):
                        leaks[visitor.player.login, f"{route}: {name}", work] = found[:5]
    assert not leaks
    assert not {*_SHEETS} - answered
    shown = {it for it in routes() if "<uuid:record_id>" in it} - _WITHOUT_PAGE
    assert sorted(shown - opened) == [], "opened by nobody, they showed nothing that could leak"
    persons = "inquiry/<slug:work>/person/<uuid:record_id>"
    theirs = {work for visitor in visitors for work in WORKS if visitor.leave(work) is not NOBODYS}
    assert theirs == {work for route, work in asked if route == persons and work in WORKS}
    assert len(theirs) == 5


_WITHOUT_PAGE = {
    "certificate/<uuid:reception_id>/<uuid:record_id>/code-notice",  # sent by a form alone
    "certificate/<uuid:reception_id>/<uuid:record_id>/print",  # sent by a form alone
    "certificate/<uuid:reception_id>/<uuid:record_id>/spoil/<uuid:issue_id>",
    # opened by an extension, under a 受付 of that very person: `test_own_log` reads it
    "own-log/<uuid:reception_id>/<uuid:record_id>",
}


def _inquiries(visitors: list[Visitor]) -> Iterator[tuple[Visitor, str, Leave]]:
    for visitor in visitors:
        for work in WORKS:
            leave = visitor.leave(work)
            if leave is not NOBODYS:
                yield visitor, work, leave


def test_no_search_shows_more_than_its_purpose_sees(town: Town, visitors: list[Visitor]) -> None:
    asked = [
        {"kana": marked.KANA},
        *(
            {"address": town.marker(owner, "address_town")}
            for owner in (OPEN, PROTECTED, SUPPRESSED, FAR)
        ),
    ]
    found = {}
    for visitor, work, leave in _inquiries(visitors):
        buildings = reverse("counter:buildings", args=[work])
        for owner in town.record_ids:
            lot = {name: town.marker(owner, name) for name in ("address_town", "address_lot")}
            page = _page(visitor.client.post(buildings, {"of": "address", **lot}))
            if leaks := town.leaks(page, leave):
                found[visitor.player.login, work, "buildings"] = leaks[0]
        for typed in asked:
            sent = visitor.client.post(reverse("counter:search", args=[work]), typed)
            page = _page(visitor.client.get(sent["Location"]))
            own = set(typed.values())  # what was typed stands above the list
            for owner, column in town.leaks(page, leave):
                if town.marker(owner, column) not in own:
                    found[visitor.player.login, work, "search"] = (owner, column)
    assert not found


def test_a_clerk_of_another_division_sees_the_town_as_the_row_says(
    town: Town, visitors: list[Visitor]
) -> None:
    (visitor,) = [one for one in visitors if one.player.login == "kokuho"]
    work = "national_health_insurance"
    sent = visitor.client.post(reverse("counter:search", args=[work]), {"kana": marked.KANA})
    page = _page(visitor.client.get(sent["Location"]))
    assert town.marker(OPEN, "family_name") in page
    assert town.marker(OPEN, "address_town") in page
    assert town.marker(FAR, "family_name") not in page, "in another ward"
    assert town.marker(PROTECTED, "family_name") in page
    assert town.marker(PROTECTED, "address_town") not in page
    assert not town.leaks(page, visitor.leave(work))
    persons = {
        owner: visitor.client.get(reverse("counter:person", args=[work, town.record_ids[owner]]))
        for owner in (OPEN, FAR, PROTECTED)
    }
    assert {owner: one.status_code for owner, one in persons.items()} == {
        OPEN: 200,
        FAR: 404,
        PROTECTED: 200,
    }
    assert "氏名と番号のほかは表示しません" in _page(persons[PROTECTED])
    assert "通知の送信の状況" not in _page(persons[OPEN])


def test_the_check_sees_a_page_that_shows_too_much(town: Town, visitors: list[Visitor]) -> None:
    (clerk,) = [one for one in visitors if one.player.login == "clerk"]
    person = reverse("counter:person", args=["certificate", town.record_ids[OPEN]])
    page = _page(clerk.client.get(person))
    assert not town.leaks(page, clerk.leave("certificate"))
    owners = {owner for owner, _ in town.leaks(page, NOBODYS)}
    assert owners == {OPEN}
    planted = page + town.marker(OPEN, "resident_record_code")
    assert town.leaks(planted, clerk.leave("certificate")) == [(OPEN, "resident_record_code")]
