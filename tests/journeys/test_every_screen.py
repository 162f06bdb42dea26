"""どの画面でも: every address of the role that answers with a page passes the rules for pages.

The addresses come from the URLconf itself: a new one is visited here without being listed, and one
whose arguments are unknown here fails.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from allauth.mfa.models import Authenticator
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser

from certificates.counter import asked_for, issued, order
from conftest import Live
from daicho.access import clock
from daicho.access.models import (
    Designation,
    EmergencyUse,
    Holding,
    Mask,
    Right,
    RightsReview,
    Trail,
)
from daicho.certificates import certifiers
from daicho.vault.disposing import proposing, rows
from journeys.conftest import Clerk, _at_a_browser
from people import FAR_AWAY
from vault.disposals import done, file_permit, worker
from vault.made_up import put
from web.analysed import analysed
from web.desk import HANAKO, TARO, received, who

pytestmark = [pytest.mark.browser, pytest.mark.durable]

# Under which 受付 a screen is opened; the others under that of a moving-in.
WORKS = {
    "change/<uuid:reception_id>/<uuid:record_id>": ("died", "ex_officio"),
    "remark/<uuid:reception_id>/<uuid:record_id>": ("corrected", "ex_officio"),
}
NO_PAGE = 405  # the address takes only what a form sends
NOT_YOURS = 403
PARTS = {"console/emergencies/<int:use_id>/state"}
"""画面の一部: asked for by a page that is already there."""
DECIDED = {"console/disposals/<int:list_id>/", "console/number-files/<int:permit_id>/"}
"""決める者にだけ現れるもの: has more on it for who decides than for who sees it first."""
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


def _arguments(clerk: Clerk, route: str, certificate: str, search_id: str) -> dict[str, str]:
    """What stands for each argument of a route."""
    work, basis = WORKS.get(route, ("moved_in", "notification"))
    if route.startswith("certificate/"):
        reception_id = certificate
    else:
        reception_id = str(received(clerk.live.cast.clerk, work, basis))
    return {
        "<slug:work>": "moved_in" if route.startswith("reception/") else "change",
        "<uuid:reception_id>": reception_id,
        "<uuid:record_id>": str(who(HANAKO)),
        "<uuid:search_id>": search_id,
        "<int:residence_no>": "1",
        "<int:factor>": "1",
        "<uuid:issue_id>": certificate,
    }


def _of_people(live: Live, route: str) -> dict[str, str]:
    """What stands for the arguments of the console: rows of the clerk."""
    who = live.cast.clerk.operator
    charged, _ = Designation.objects.get_or_create(
        operator=who,
        tree="juki_net",
        defaults={"since": clock.today(), "given_at": clock.now()},
    )
    factor, _ = Authenticator.objects.get_or_create(
        user=who, type=Authenticator.Type.WEBAUTHN, defaults={"data": {"name": "鍵"}}
    )
    review, _ = RightsReview.objects.get_or_create(
        office=who.office, half="2026-1", defaults={"opened_at": clock.now()}
    )
    mask, _ = Mask.objects.get_or_create(
        operator=who,
        item="family_register",
        defaults={"since": FAR_AWAY, "given_at": clock.now()},  # it hides nothing here
    )
    use, _ = EmergencyUse.objects.get_or_create(
        operator=who,
        purpose="emergency.life",
        defaults={"office": who.office, "reason": "所在を確かめる", "asked_at": clock.now()},
    )
    holding = Holding.objects.latest("id")
    rows = {
        "rights": Right.objects.get(operator=who).pk,
        "designations": charged.pk,
        "masks": mask.pk,
        "factors": factor.pk,
    }
    kind = next((one for one in rows if f"/{one}/" in route), "rights")
    return {
        "<int:operator_id>": str(who.pk),
        "<int:row_id>": str(rows[kind]),
        "<slug:slug>": "change" if "terminals/" in route else "give",
        "<str:code>": "juki_net.manager" if "roles/" in route else "C001",
        "<int:position_id>": str(holding.position_id),
        "<int:holding_id>": str(holding.pk),
        "<int:review_id>": str(review.pk),
        "<int:use_id>": str(use.pk),
        "<int:list_id>": str(_disposal(live, route)),
        "<int:trail_id>": str(Trail.objects.latest("id").pk),
        "<int:analysis_id>": str(analysed().pk),
        "<int:permit_id>": str(file_permit(live.cast).pk),
    }


def _disposal(live: Live, route: str) -> int:
    """A list of numbers to be destroyed: one that is done has a certificate."""
    found = {one.state: one.list_id for one in rows.lists()}
    if not found:
        put(2)
        done(live.cast)
        put(1)
        proposing.propose(worker(live.cast))
        return _disposal(live, route)
    return found["done" if route.endswith("certificate") else "proposed"]


def _address(route: str, arguments: dict[str, str]) -> str:
    for argument, value in arguments.items():
        route = route.replace(argument, value)
    assert "<" not in route, f"{route}: say what stands for its argument"
    return f"/{route}"


def _answers(someone: Clerk, address: str) -> tuple[int, bool]:
    """The status, and whether it is a page at all."""
    answer = someone.page.request.get(someone.live.url + address)
    return answer.status, answer.headers.get("content-type", "").startswith("text/html")


def _visit(visitors: list[Clerk], address: str) -> bool:
    """Is it a page, sound for the first of those whom it is for?"""
    for someone in visitors:
        status, is_page = _answers(someone, address)
        if status == NO_PAGE or not is_page:
            return False
        if status != NOT_YOURS:
            assert status == 200, (address, status)
            someone.open(address)
            someone.is_sound(address, pictured=False)
            return True
    raise AssertionError(f"{address} is for nobody of the cast")


@pytest.fixture
def visitors(at_the_counter: Clerk, chromium: Browser, live: Live) -> Iterator[list[Clerk]]:
    """The clerk, and others of the cast for whom some screen is."""
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
    at_the_counter: Clerk, visitors: list[Clerk], certificate: str
) -> None:
    clerk = at_the_counter
    search_id = _search(clerk)
    found = list(routes(get_resolver("daicho.site.urls").url_patterns))
    visited = set()
    for route in (one for one in found if one not in PARTS):
        arguments = _arguments(clerk, route, certificate, search_id)
        address = _address(route, arguments | _of_people(clerk.live, route))
        if _visit(visitors, address):
            visited.add(route)
        if route in DECIDED:
            _visit(visitors[-2:], address)  # the responsible, before the auditor
            visited.add(f"{route} decided")
    assert len(found) == len(set(found))
    assert len(visited) >= PAGES_LEAST
    assert {f"{route} decided" for route in DECIDED} <= visited
    assert {"", "sign-in", "reception/overdue", "console/", "console/people/"} <= visited
