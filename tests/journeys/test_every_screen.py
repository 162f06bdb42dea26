"""どの画面でも: every address of the role that answers with a page passes the rules for pages.

The addresses come from the URLconf itself: a new one is visited here without being listed, and one
whose arguments are unknown here fails.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser

import retention
from certificates.counter import asked_for, issued, order
from conftest import Live
from daicho.access import clock
from daicho.access.models import (
    Designation,
    EmergencyUse,
    Holding,
    Mask,
    OfficeRight,
    OfficeRightExclusion,
    Operator,
    Right,
    RightsReview,
    Trail,
)
from daicho.certificates import certifiers
from daicho.law.network.faults import MALFORMED
from daicho.vault.disposing import proposing, rows
from journeys.conftest import Clerk, _at_a_browser
from network.wires import Nation
from people import FAR_AWAY
from vault.disposals import done, file_permit, worker
from vault.made_up import put
from web import lines as line
from web import notices
from web.analysed import related_with_a_line, with_a_line
from web.desk import HANAKO, TARO, received, who
from web.disclosing import came, disclosure_of
from web.exports import request_of
from web.own_cards import asked_why

pytestmark = [pytest.mark.browser, pytest.mark.durable]

# Under which 受付 a screen is opened; the others under that of a moving-in.
WORKS = {
    "change/<uuid:reception_id>/<uuid:record_id>": ("died", "ex_officio"),
    "remark/<uuid:reception_id>/<uuid:record_id>": ("corrected", "ex_officio"),
}
NO_PAGE = 405  # the address takes only what a form sends
NOT_YOURS = 403
PARTS = {"console/emergencies/<int:use_id>/state", "exports/<int:request_no>/progress"}
"""画面の一部: asked for by a page that is already there."""
RESIDENTS = "my/"
"""本人の画面: for nobody of the cast; a journey of their own draws them (`test_own_log`)."""
DECIDED = {
    "console/disposals/<int:list_id>/",
    "console/disposals/records/<int:list_id>/",
    "console/number-files/<int:permit_id>/",
    "exports/<int:request_no>/",
    "disclosure-requests/<int:disclosure_id>/",
}
"""決める者にだけ現れるもの: has more on it for who decides than for who sees it first."""
PICTURES = {
    "console/disposals/": "disposals",
    "console/disposals/<int:list_id>/": "disposal",
    "console/disposals/<int:list_id>/certificate": "disposal-certificate",
    "console/disposals/records/<int:list_id>/": "disposal-of-records",
    "console/disposals/records/<int:list_id>/certificate": "disposal-of-records-certificate",
    "console/number-files/": "number-files",
    "console/number-files/<int:permit_id>/": "number-file",
    "console/number-files/new": "number-file-new",
    "console/analyses/": "analyses",
    "console/analyses/<int:analysis_id>/": "analysis",
    "console/relations/": "relations",
    "console/relations/<int:analysis_id>/": "relation",
    "own-record/<int:operator_id>": "own-record",
    "relations": "relations-told",
    "questions/": "questions",
    "questions/<int:question_id>": "question",
    "own-log/<uuid:reception_id>/<uuid:record_id>": "own-log-at-the-counter",
    "disclosure-requests/": "disclosures",
    "disclosure-requests/new/<uuid:reception_id>/<uuid:record_id>": "disclosure-new",
    "disclosure-requests/<int:disclosure_id>/": "disclosure",
    "exports/": "exports",
    "exports/new/<slug:kind>": "export-new",
    "exports/<int:request_no>/": "export",
}
"""写真: of the pages that no journey of their own draws."""
PAGES_LEAST = 20


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address of the URLconf, with the names of what it takes."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        else:
            yield route


@pytest.fixture
def certificate(clerk: Clerk, family: object) -> str:
    """A 受付 under which a certificate of 花子 was issued."""
    certifiers.ensure_made_up("郡山市", "福島県")
    own = clerk.live.cast.clerk
    reception_id = asked_for(own)
    issued(own, order(reception_id, HANAKO, TARO))
    return str(reception_id)


def _search(clerk: Clerk) -> str:
    """Look for the family; the address of what was found ends with the number of the search."""
    clerk.open("/inquiry/change/")
    assert clerk.focus_is_on("#id_kana")
    clerk.type("カクウ")
    clerk.press_and_wait("Enter")
    return clerk.page.url.rpartition("/")[2]


def _arguments(
    clerk: Clerk, route: str, certificate: str, search_id: str, nation: Nation
) -> dict[str, Callable[[], object]]:
    """What stands for each argument of a route, made only where it takes it."""
    work, basis = WORKS.get(route, ("moved_in", "notification"))
    cast = clerk.live.cast
    is_certificate = route.startswith("certificate/")
    return {
        "<slug:work>": lambda: _work(route),
        "<uuid:reception_id>": lambda: (
            certificate
            if is_certificate
            else came(cast.clerk)
            if route.startswith("disclosure-requests/")
            else received(cast.clerk, work, basis)
        ),
        "<uuid:record_id>": lambda: who(HANAKO),
        "<uuid:search_id>": lambda: search_id,
        "<int:residence_no>": lambda: 1,
        "<int:factor>": lambda: 1,
        "<uuid:issue_id>": lambda: certificate,
        "<int:operator_id>": lambda: cast.clerk.operator.pk,
        "<int:row_id>": lambda: _row_of(cast.clerk.operator, route),
        "<slug:slug>": lambda: _slug(route),
        "<str:code>": lambda: _code(route),
        "<int:position_id>": lambda: Holding.objects.latest("id").position_id,
        "<int:holding_id>": lambda: Holding.objects.latest("id").pk,
        "<int:review_id>": lambda: _review(cast.clerk.operator),
        "<int:use_id>": lambda: _emergency(cast.clerk.operator),
        "<int:list_id>": lambda: _disposal(clerk.live, route),
        "<int:trail_id>": lambda: Trail.objects.latest("id").pk,
        "<int:analysis_id>": lambda: (
            (related_with_a_line if "relations/" in route else with_a_line)(cast.clerk).pk
        ),
        "<int:permit_id>": lambda: file_permit(cast).pk,
        "<int:disclosure_id>": lambda: disclosure_of(cast.clerk, who(HANAKO)),
        "<int:question_id>": lambda: asked_why(cast.clerk, who(HANAKO)).pk,
        "<int:request_no>": lambda: request_of(cast).pk,
        "<slug:kind>": lambda: "mailing",
        "<uuid:export_id>": uuid4,
        "<uuid:message_id>": lambda: _message(nation),
        "<int:notice_id>": lambda: notices.stands(who(TARO)).pk,
    }


def _work(route: str) -> str:
    if route.startswith("reception/"):
        return "moved_in"
    return "network-mend" if "/hold/" in route else "change"


def _code(route: str) -> str:
    if "offices/" in route:
        return "001"
    return "juki_net.manager" if "roles/" in route else "C001"


def _slug(route: str) -> str:
    if "errors/" in route:
        return "again"
    return "change" if "terminals/" in route else "give"


def _message(nation: Nation) -> UUID:
    """A message that the prefecture did not take."""
    with line.connected(nation):
        return line.refused(who(TARO), MALFORMED.code).message_id


def _row_of(operator: Operator, route: str) -> int:
    """A row of the clerk or his office, of the kind that the address of the console is for."""
    if route.startswith("console/offices/"):
        return _of_office(operator, OfficeRightExclusion if "excluded/" in route else OfficeRight)
    kind = next((one for one in ("designations", "masks", "factors") if f"/{one}/" in route), "")
    if kind == "designations":
        given = {"since": clock.today(), "given_at": clock.now()}
        charged, _ = Designation.objects.get_or_create(
            operator=operator, tree="juki_net", defaults=given
        )
        return charged.pk
    if kind == "factors":
        factor, _ = Authenticator.objects.get_or_create(
            user=operator, type=Authenticator.Type.WEBAUTHN, defaults={"data": {"name": "鍵"}}
        )
        return int(factor.pk)
    if kind == "masks":
        given = {"since": FAR_AWAY, "given_at": clock.now()}  # it hides nothing here
        mask, _ = Mask.objects.get_or_create(
            operator=operator, item="family_register", defaults=given
        )
        return mask.pk
    return Right.objects.get(operator=operator).pk


def _of_office(operator: Operator, kind: type[OfficeRight | OfficeRightExclusion]) -> int:
    planned = {"since": FAR_AWAY, "given_at": clock.now()}  # nobody has it here yet
    whose = {"operator": operator} if kind is OfficeRightExclusion else {}
    found, _ = kind.objects.get_or_create(
        office=operator.office, post="clerk", **whose, defaults=planned
    )
    return int(found.pk)


def _review(operator: Operator) -> int:
    review, _ = RightsReview.objects.get_or_create(
        office=operator.office, half="2026-1", defaults={"opened_at": clock.now()}
    )
    return review.pk


def _emergency(operator: Operator) -> int:
    asked = {"office": operator.office, "reason": "所在を確かめる", "asked_at": clock.now()}
    use, _ = EmergencyUse.objects.get_or_create(
        operator=operator, purpose="emergency.life", defaults=asked
    )
    return use.pk


def _disposal(live: Live, route: str) -> int:
    """A list of numbers to be destroyed: one that is done has a certificate."""
    if "/records/" in route:
        return retention.any_list(
            live.cast, "done" if route.endswith("certificate") else "proposed"
        )
    found = {one.state: one.list_id for one in rows.lists()}
    if not found:
        put(2)
        done(live.cast)
        put(1)
        proposing.propose(worker(live.cast))
        return _disposal(live, route)
    return found["done" if route.endswith("certificate") else "proposed"]


def _address(route: str, arguments: Mapping[str, Callable[[], object]]) -> str:
    for argument, value in arguments.items():
        if argument in route:
            route = route.replace(argument, str(value()))
    assert "<" not in route, f"{route}: say what stands for its argument"
    return f"/{route}"


def _answers(someone: Clerk, address: str) -> tuple[int, bool]:
    """The status, and whether it is a page at all."""
    answer = someone.page.request.get(someone.live.url + address)
    return answer.status, answer.headers.get("content-type", "").startswith("text/html")


def _visit(visitors: list[Clerk], address: str, picture: str = "") -> bool:
    """Is it a page, sound for the first of those whom it is for?"""
    for someone in visitors:
        status, is_page = _answers(someone, address)
        if status == NO_PAGE or not is_page:
            return False
        if status != NOT_YOURS:
            assert status == 200, (address, status)
            someone.open(address)
            someone.is_sound(picture or address, pictured=bool(picture))
            return True
    raise AssertionError(f"{address} is for nobody of the cast")


@pytest.fixture
def nation(tmp_path: Path) -> Nation:
    """Keys of this town and its prefecture."""
    return line.keys(tmp_path / "nation")


@pytest.fixture
def visitors(
    at_the_counter: Clerk, chromium: Browser, live: Live, settings: LazySettings
) -> Iterator[list[Clerk]]:
    """The clerk, and others of the cast for whom some screen is; every extension is on."""
    settings.EXTENSIONS = "all"
    cast = live.cast
    with ExitStack() as open_browsers:
        others = []
        console = (cast.system_operator, cast.administrator, cast.security_manager, cast.auditor)
        for player in console:
            someone = open_browsers.enter_context(_at_a_browser(chromium, live))
            someone.sit_down(player)
            others.append(someone)
        yield [at_the_counter, *others]


def test_every_address_of_the_role_that_is_a_page_is_sound(
    at_the_counter: Clerk, visitors: list[Clerk], certificate: str, nation: Nation
) -> None:
    clerk = at_the_counter
    search_id = _search(clerk)
    for kind in ("", "/designations/", "/masks/", "/factors/"):
        for value in _arguments(clerk, kind, certificate, search_id, nation).values():
            value()  # so that something stands on every list
    found = list(routes(get_resolver("daicho.site.urls").url_patterns))
    visited = set()
    for route in (one for one in found if one not in PARTS and not one.startswith(RESIDENTS)):
        address = _address(route, _arguments(clerk, route, certificate, search_id, nation))
        picture = PICTURES.get(route, "")
        if _visit(visitors, address, picture):
            visited.add(route)
        if route in DECIDED:
            # the responsible, before the auditor
            _visit(visitors[-2:], address, f"{picture}-decided")
            visited.add(f"{route} decided")
    assert len(found) == len(set(found))
    assert len(visited) >= PAGES_LEAST
    assert {f"{route} decided" for route in DECIDED} <= visited
    assert PICTURES.keys() <= visited
    assert {"", "sign-in", "reception/overdue", "console/", "console/people/"} <= visited
