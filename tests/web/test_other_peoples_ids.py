"""他人の番号: of an id that is another's no address says more than of one that nobody has.

Every address of the role is asked, and every kind of id that an address can hold.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import cast as cast_to
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from certificates.counter import asked_for, issued, order
from daicho.access import clock
from daicho.access.models import Designation, EmergencyUse, Mask, Operator
from daicho.certificates import certifiers
from daicho.register.search.conditions import FIELDS
from daicho.web.counter.inquiry.kept import NEVER_KEPT
from people import Cast, given
from web import ids, marked, own_cards, signs
from web.desk import HANAKO, received, who
from web.disclosing import disclosure_of
from web.marked import CITY_OF_WARDS, FAR, OPEN, Town
from web.own_cards import asked_why
from web.routes import arguments, filled, routes
from web.second_factors import Person, give_leave, holding, with_device

pytestmark = pytest.mark.django_db

_VARIES = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:nonce|datetime)=\"[^\"]*\""
    r"|name=\"csrfmiddlewaretoken\" value=\"[^\"]*\"|\d{1,2}:\d\d(?::\d\d)?"
)


@dataclass(frozen=True)
class Other:
    """他人の番号: an id that is another's, one that nobody has, and for whom it is another's."""

    theirs: str
    nobodys: str
    seekers: tuple[str, ...]


def _said(answer: HttpResponseBase, *own: str) -> tuple[int, str, str]:
    """What an answer says: its status, where it leads, and its text without what always varies."""
    text = _text(answer)
    leads = answer.get("Location", "")
    for one in own:
        is_row = one.isdigit()  # such figures stand on a page for other things too
        number = rf"(/|%2F){one}(?=[/\"?%]|$)" if is_row else f"(){re.escape(one)}"
        text, leads = re.sub(number, r"\1*", text), re.sub(number, r"\1*", leads)
    return answer.status_code, _VARIES.sub("*", leads), _VARIES.sub("*", text)


def _text(answer: HttpResponseBase) -> str:
    return b"".join(cast_to(Iterable[bytes], answer)).decode("utf-8", "replace")


def _ask(client: Client, method: str, address: str) -> HttpResponseBase:
    return cast_to(HttpResponseBase, getattr(client, method)(address))


@pytest.fixture(autouse=True)
def found_by_an_index() -> None:
    """The plans are watched where each page has its own tests."""


@pytest.fixture
def town(in_november: None, cast: Cast, tmp_path: Path, settings: LazySettings) -> Town:
    settled = marked.settle(cast, tmp_path)
    settings.MUNICIPALITY = CITY_OF_WARDS
    settings.EXTENSIONS = "all"  # what is off by default gives nothing away either
    return settled


@pytest.fixture
def clients(cast: Cast, town: Town, come_in: Callable[..., Client]) -> Mapping[str, Client]:
    """Everybody of the cast, each at a browser."""
    found = {name: getattr(cast, name) for name in cast.__dataclass_fields__}
    return {name: come_in(player, Client()) for name, player in found.items()}


COUNTER = ("clerk", "clerk_of_another_division", "administrator", "auditor", "contractor")


def _others(cast: Cast, town: Town, clients: Mapping[str, Client]) -> Mapping[str, Other]:
    """An id of somebody else for each argument; who may have none of them is left out of it."""
    theirs = str(received(cast.clerk_of_another_office, "moved_in"))
    search = reverse("counter:search", args=["change"])
    sent = clients["supervisor"].post(search, {"kana": marked.KANA})
    kept = sent["Location"].rpartition("/")[2]
    rows = ids.rows_of(cast.supervisor, cast)
    question = asked_why(cast.clerk, town.record_ids[OPEN]).pk
    disclosure = disclosure_of(cast.clerk, town.record_ids[OPEN])
    rows["disclosure_id"] = (disclosure, ("clerk_of_another_division", "administrator"))
    rows["question_id"] = (question, ("clerk_of_another_office", "clerk_of_another_division"))
    numbered = {
        f"<int:{name}>": Other(str(row), ids.NO_NUMBER, seekers)
        for name, (row, seekers) in rows.items()
    }
    return {
        "<uuid:reception_id>": Other(theirs, str(uuid4()), COUNTER),
        "<slug:work>": Other(theirs, str(uuid4()), COUNTER),
        "<uuid:record_id>": Other(
            str(town.record_ids[FAR]), str(uuid4()), ("clerk_of_another_division",)
        ),
        "<uuid:search_id>": Other(kept, str(uuid4()), COUNTER),
        **numbered,
    }


def _own_of(seeker: str, own: Mapping[str, str], route: str) -> dict[str, str]:
    work = "national_health_insurance" if seeker == "clerk_of_another_division" else "change"
    if route.startswith("reception/new"):
        work = "moved_in"
    return {**own, "<slug:work>": work}


_NO_ID = {"<slug:slug>", "<slug:kind>", "<str:code>", "<int:residence_no>"}
"""They name a thing of the program or of the counter, and nobody's row."""
_ELSEWHERE = {"<uuid:issue_id>", "<uuid:export_id>", "<uuid:message_id>", "<int:use_id>"}
"""Each has a test of its own below: such a row takes more to make."""


def test_of_another_persons_id_no_address_says_that_it_is_there(
    cast: Cast, town: Town, clients: Mapping[str, Client]
) -> None:
    others, own = _others(cast, town, clients), ids.own(cast, town)
    told, asked = [], set()
    for route in routes():
        for argument in set(arguments(route)) - _NO_ID - _ELSEWHERE:
            other = others[argument]
            for seeker in other.seekers:
                values = _own_of(seeker, own, route)
                theirs = filled(route, {**values, argument: other.theirs})
                nobodys = filled(route, {**values, argument: other.nobodys})
                for method in ("get", "post"):
                    client = clients[seeker]
                    there = _said(_ask(client, method, theirs), other.theirs)
                    not_there = _said(_ask(client, method, nobodys), other.nobodys)
                    assert there[0] < 500, (route, argument, seeker, method)
                    asked.add(argument)
                    if there != not_there:
                        told.append((route, argument, seeker, method, there[0], not_there[0]))
    assert not told
    assert asked == set(others)


def test_every_argument_of_an_address_is_asked_about() -> None:
    every = {argument for route in routes() for argument in arguments(route)}
    numbers = {f"<int:{one}>" for one in ("operator_id", "row_id", "factor", "review_id")}
    of_posts = {"<int:position_id>", "<int:holding_id>", "<int:list_id>", "<int:permit_id>"}
    of_posts |= {"<int:trail_id>", "<int:analysis_id>", "<int:request_no>", "<int:question_id>"}
    of_posts |= {"<int:disclosure_id>", "<int:notice_id>"}
    ids = {"<uuid:reception_id>", "<slug:work>", "<uuid:record_id>", "<uuid:search_id>"}
    assert every <= ids | numbers | of_posts | _NO_ID | _ELSEWHERE


def test_a_mask_or_designation_of_another_is_not_told_to_be_there(
    cast: Cast, town: Town, clients: Mapping[str, Client]
) -> None:
    ids.rows_of(cast.supervisor, cast)
    now, on = clock.now(), clock.today()
    mask = Mask.objects.create(
        operator=cast.supervisor.operator, item="record_code", since=on, given_at=now
    )
    charged = Designation.objects.get(operator=cast.supervisor.operator)
    for name, row in (("end_designation", charged.pk), ("end_mask", mask.pk)):
        for seeker in ("administrator", "security_manager"):
            at = [cast.clerk.operator.pk, row], [cast.clerk.operator.pk, int(ids.NO_NUMBER)]
            there, not_there = (
                _said(_ask(clients[seeker], "get", reverse(f"console:{name}", args=args)))
                for args in at
            )
            assert there[0] == not_there[0]
            assert there == not_there


def test_an_emergency_of_another_is_not_told_to_be_there(
    cast: Cast, town: Town, clients: Mapping[str, Client]
) -> None:
    asker, now = cast.clerk_of_another_office, clock.now()
    use = EmergencyUse.objects.create(
        operator=asker.operator,
        office=asker.operator.office,
        terminal="B101",
        purpose="emergency.life",
        reason="架空の理由",
        asked_at=now,
    )
    values = ids.own(cast, town)
    for route in routes():
        if "<int:use_id>" not in arguments(route):
            continue
        for seeker in ("clerk", "clerk_of_another_division", "contractor", "auditor"):
            for method in ("get", "post"):
                theirs, nobodys = (
                    filled(route, {**values, "<int:use_id>": one})
                    for one in (str(use.pk), ids.NO_NUMBER)
                )
                there = _said(_ask(clients[seeker], method, theirs), str(use.pk))
                not_there = _said(_ask(clients[seeker], method, nobodys), ids.NO_NUMBER)
                assert there == not_there, (route, seeker, method)


def test_a_paper_of_another_office_is_not_told_to_be_there(
    cast: Cast, family: None, come_in: Callable[..., Client]
) -> None:
    certifiers.ensure_made_up("郡山市", "福島県")
    other = cast.clerk_of_another_office
    made = issued(other, order(asked_for(other), HANAKO))
    client = come_in(cast.clerk)
    own = asked_for(cast.clerk)
    ((theirs,),) = _selected("SELECT issue_id FROM certificates_issue")
    said = [
        _said(client.post(_spoiling(own, one), {"reason": "misprint"}), str(one))
        for one in (theirs, uuid4())
    ]
    assert said[0] == said[1]
    assert said[0][0] == 404
    assert made
    assert not _selected("SELECT FROM certificates_spoiled")


def _spoiling(reception_id: UUID, issue_id: UUID) -> str:
    return reverse("counter:spoil", args=[reception_id, who(HANAKO), issue_id])


def _selected(sql: str) -> list[tuple[UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    ("address", "name"), [("/inquiry/change/", "edit"), ("/reception/new/moved_in", "after")]
)
def test_an_id_of_another_beside_the_address_is_not_told_to_be_there(
    cast: Cast, town: Town, clients: Mapping[str, Client], address: str, name: str
) -> None:
    others = _others(cast, town, clients)
    other = others["<uuid:search_id>" if name == "edit" else "<uuid:reception_id>"]
    client = clients["clerk"]
    there, not_there = (
        _said(client.get(f"{address}?{name}={one}"), one) for one in (other.theirs, other.nobodys)
    )
    assert there == not_there


_TYPING = {
    "security_manager": ("clerk", "euc_operator", "protection_officer"),
    "system_operator": ("administrator", "numbering_officer"),
    "auditor": (),
    "clerk_of_another_division": (),
}
"""Who types: with these rights more, they open whatever anybody opens; fewer pages are opened twice
than by everybody with one right each."""


@pytest.fixture
def typing(cast: Cast, town: Town, come_in: Callable[..., Client]) -> Mapping[str, Client]:
    for player, posts in _TYPING.items():
        for post in posts:
            given(getattr(cast, player), post)
    held = {post for one in _TYPING for post in getattr(cast, one).acting().posts}
    others = {post for one in vars(cast).values() for post in one.acting().posts}
    assert others - held == {"batch_operator"}, "it opens a command, and no screen"
    return {one: come_in(getattr(cast, one), Client()) for one in _TYPING}


@pytest.fixture
def resident(
    cast: Cast, town: Town, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Client:
    """A resident who came in by a card, and whose record was looked at."""
    own_cards.switched_on(settings, tmp_path, monkeypatch)
    settings.EXTENSIONS = "all"
    own_cards.looks_at(cast.clerk, town.record_ids[OPEN])
    return own_cards.come_in(own_cards.made(tmp_path, town.record_ids[OPEN]))


@pytest.fixture
def at_the_entry(cast: Cast, come_in: Callable[..., Client]) -> Mapping[str, Client]:
    """At each stage of the entry somebody; wrong answers put nobody out (`signs.Typing`)."""
    with holding(second_factor="required"):
        give_leave(cast.clerk)
        registering = Person(cast.clerk)
        registering.types_password()
    answering = with_device(cast.supervisor)
    answering.types_password()
    Operator.objects.filter(login="branch").update(password_is_initial=True)
    renewing = Person(cast.clerk_of_another_office)
    renewing.types_password()
    found = (Client(), Person(cast.administrator).comes_in().client, answering.client)
    come_in(cast.contractor, found[0])
    return dict(zip(signs.AT_THE_ENTRY, (*found, renewing.client, registering.client), strict=True))


def _rules_of(seeker: str) -> AbstractContextManager[None]:
    """Under other rules than those of a made-up town nobody may look at residents so often."""
    return holding(second_factor="required") if "registration" in seeker else nullcontext()


def test_signs_of_sql_and_control_characters_do_nothing_in_any_field(
    cast: Cast,
    town: Town,
    at_the_entry: Mapping[str, Client],
    typing: Mapping[str, Client],
    resident: Client,
) -> None:
    before, there, its = _counts(), ids.there(cast, town), signs.Typing()
    seekers = {signs.RESIDENT: resident, **at_the_entry, **typing}
    for seeker, client in seekers.items():
        client.raise_request_exception = False
        with _rules_of(seeker):
            for address in signs.addresses(seeker, there):
                for form, on_page, where in signs.forms_of(client, address, there):
                    its.type(seeker, client, form, on_page, where)
    everywhere = signs.sent_to(resident, there)
    without = everywhere - its.reached
    for seeker in ("security_manager", "system_operator"):
        for form, made_up, where in signs.without_a_page(without, there, seeker):
            its.type(seeker, typing[seeker], form, made_up, where)
    assert not its.wrong
    assert _counts() == before, "nothing of a resident was written or lost"
    for seeker, client in [*typing.items(), (signs.RESIDENT, resident)]:
        home = "/my/" if client is resident else "/"
        assert client.get(home).status_code == 200, f"{seeker} is out, and typed no more"
    assert not everywhere - its.reached - signs.ENDS
    done = {(one.leads_to, one.which) for one in its.forms}
    every = {(name, one) for name, those in signs.ACTS.items() for one in those}
    assert not every - done
    asked = set().union(*(one.fields for one in its.forms if one.leads_to == "counter:search"))
    assert asked >= set(FIELDS) - {NEVER_KEPT}, "whoever may ask for it"


@pytest.mark.parametrize("sign", signs.SIGNS.values(), ids=signs.SIGNS)
def test_signs_in_an_address_are_no_page(
    cast: Cast, town: Town, clients: Mapping[str, Client], sign: str
) -> None:
    client = clients["clerk"]
    client.raise_request_exception = False
    for name in ("edit", "after", "page", "day", "left", "next", "basis", "receptions"):
        for address in ("/", "/inquiry/change/", "/reception/new/moved_in"):
            answer = client.get(address, {name: sign})
            assert not signs.unsound(answer), (address, name)


def _counts() -> list[int]:
    tables = ("register_current", "register_recordversion", "register_recordedchange")
    with connection.cursor() as cursor:
        found = []
        for one in tables:
            cursor.execute(f"SELECT count(*) FROM {one}")  # noqa: S608  our own names
            found.append(int(cursor.fetchone()[0]))
        return found
