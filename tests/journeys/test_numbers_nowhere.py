"""番号の行方: a 個人番号 typed and printed stands nowhere else; and the search for it finds what
was put anywhere. What every other journey leaves is searched too, in `live`."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import typst
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Route

import databases
from daicho.certificates import certifiers
from daicho.register.search import conditions
from journeys.conftest import Clerk, _at_a_browser
from journeys.counter import (
    FROM_UTSUNOMIYA,
    MOTHER,
    day,
    fill,
    find,
    receive,
    record,
    rows,
    say_who,
)
from journeys.watching import Watch, Watched, nowhere
from searching_everything import (
    HANAKO,
    MARKERS,
    TYPED,
    Files,
    in_bytes,
    in_database,
    in_pdf,
    in_session,
    in_text,
    told,
)

pytestmark = [pytest.mark.browser, pytest.mark.durable]

NEWCOMER = MOTHER | FROM_UTSUNOMIYA
NUMBER = "person-0-individual_number"
WIDE = TYPED.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
FOURS = "-".join(TYPED[at : at + 4] for at in (0, 4, 8))


def _type_everything(clerk: Clerk) -> None:
    receive(clerk, "1", "転入")
    say_who(clerk)
    fill(clerk, occurred_on=day(-3), whence="1", evidence="1", address_postal_code="9638601")
    clerk.press("Enter")
    clerk.page.locator("[data-postal-told]", has_text="朝日").first.wait_for()
    fill(clerk, address_lot="２３番７号", **NEWCOMER)


def _type_number(clerk: Clerk) -> None:
    clerk.tab_to(f"[name={NUMBER}]")
    assert clerk.page.input_value(f"[name={NUMBER}]") == "", "nothing has kept it"
    clerk.type(FOURS)


def _locked_meanwhile(clerk: Clerk) -> None:
    """The server locks the screen before the form is sent: it is asked for again."""
    rows("UPDATE access_presence SET seen_at = seen_at - interval '31 minutes'")
    clerk.press_and_wait("F8")
    assert "個人番号と思われる内容は、この画面に残していません" in clerk.reads()
    clerk.type(clerk.live.cast.clerk.password)
    clerk.press_and_wait("Enter")


def _kept_as_a_draft(clerk: Clerk) -> None:
    clerk.press_and_wait("Shift+F8")
    assert "仮登録" in clerk.reads()
    ((reception_id,),) = rows("SELECT reception_id FROM register_draft")
    clerk.open(f"/change/{reception_id}/")
    assert "仮登録した内容を開きました。" in clerk.reads()


def test_a_number_that_is_typed_stands_in_its_field_and_then_nowhere(
    at_the_counter: Clerk,
) -> None:
    clerk = at_the_counter
    _type_everything(clerk)
    _type_number(clerk)
    _locked_meanwhile(clerk)
    _type_number(clerk)
    _kept_as_a_draft(clerk)
    _type_number(clerk)
    clerk.press_and_wait("F9")
    assert clerk.page.input_value(f"[name={NUMBER}]") == FOURS
    clerk.tab_to('[value="remove:1"]')
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("F8")
    assert "転入の確認" in clerk.reads(), clerk.reads()
    assert TYPED not in clerk.reads()
    assert FOURS not in clerk.reads()
    record(clerk)
    held = rows(
        "SELECT individual_number_state FROM register_recordversion WHERE given_name = '花'"
    )
    assert held == [("held",)], "it is in the vault"


@pytest.mark.parametrize("field", ["address_number", "kanji"])
def test_a_number_that_is_looked_for_in_a_wrong_field_is_kept_nowhere(
    at_the_counter: Clerk, field: str
) -> None:
    clerk = at_the_counter
    clerk.open("/inquiry/change/")
    fill(clerk, **{field: HANAKO})
    clerk.press_and_wait("Enter")
    assert "個人番号と思われる" in clerk.reads()
    assert clerk.page.input_value(f"[name={field}]") == HANAKO


def test_what_only_looks_like_a_number_is_looked_for() -> None:
    assert conditions.read({"address_number": f"000{HANAKO}"}).numbers, "all fifteen figures"
    assert conditions.read({"individual_number": HANAKO}).individual_number == HANAKO
    with pytest.raises(conditions.Unclear, match="address_number"):
        conditions.read({"address_number": HANAKO})


def _ask_for_a_copy_with_the_number(clerk: Clerk) -> None:
    receive(clerk, "10", "証明書の請求")
    fill(clerk, capacity="1", visitor_name="架空　花子", visitor_address="架空町一丁目１番１号")
    fill(clerk, identity="1")
    clerk.tab_to('[name="asked"][value="individual_number"]')
    clerk.press("Space")
    clerk.press_and_wait("F8")
    find(clerk, "カクウ")


def test_a_number_that_is_printed_stands_on_the_certificate_and_nowhere_else(
    chromium: Browser, family: Watched
) -> None:
    certifiers.ensure_made_up("郡山市", "福島県")
    with _at_a_browser(chromium, family) as clerk:
        clerk.sit_down(family.cast.clerk)
        _ask_for_a_copy_with_the_number(clerk)
        clerk.press_and_wait("Shift+F8")
        clerk.press_and_wait("F8")
        assert "まだ発行していません" in clerk.reads(), clerk.reads()
        certificate = _read_on_its_way(clerk)
    printed = {one.whose for one in in_pdf("the certificate", certificate)}
    assert printed == {"花子's", "太郎's"}, "the household's, as it was asked"
    assert rows("SELECT shows_individual_number FROM certificates_issue") == [(True,)]


def _read_on_its_way(clerk: Clerk) -> bytes:
    """Press F8 and read the file, which the browser's viewer shows and hands to nobody."""
    files: list[bytes] = []

    def read(route: Route) -> None:
        answer = route.fetch()
        files.append(answer.body())
        route.fulfill(response=answer)

    context = clerk.page.context
    context.route("**/print", read)
    with context.expect_event("response", lambda answer: answer.url.endswith("/print")):
        clerk.press("F8")
    return files[0]


# --- the search itself ---------------------------------------------------------------------------


def _sha256(number: str) -> bytes:
    return hashlib.sha256(number.encode()).digest()


WAYS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "as it is": ("figures", lambda number: f"n={number};".encode()),
    "in fours": ("figures", lambda _: FOURS.encode()),
    "with blanks": ("figures", lambda number: " ".join(number).encode()),
    "in full width": ("figures", lambda _: WIDE.encode()),
    "in full width, in fours": ("figures", lambda _: "　".join((WIDE[:4], WIDE[4:])).encode()),
    "in JSON without letters": ("figures", lambda _: json.dumps(WIDE).encode()),
    "in a PDF's title": ("figures", lambda number: number.encode("utf-16-be")),
    "as the database writes bytes": (
        "hex",
        lambda number: f"\\x00{number.encode().hex()}".encode(),
    ),
    "full width as bytes": ("hex", lambda _: WIDE.encode().hex().encode()),
    "at the start": ("base64", lambda number: base64.b64encode(number.encode())),
    "one byte later": ("base64", lambda number: base64.b64encode(f'"{number}"'.encode())),
    "two bytes later": ("base64", lambda number: base64.b64encode(f'{{"{number}"}}'.encode())),
    "as a digest": ("a digest without a key", lambda number: _sha256(number).hex().encode()),
    "as the bytes of a digest": ("a digest without a key", _sha256),
}


@pytest.mark.parametrize("way", WAYS)
def test_however_a_number_is_written_it_is_found_and_not_told(way: str) -> None:
    kind, written = WAYS[way]
    found = in_bytes("here", b"before " + written(TYPED) + b" after")
    assert [(one.whose, one.kind) for one in found] == [("the newcomer's", kind)]
    assert all(number not in told(found) for number in MARKERS.values())


def test_what_is_no_number_of_theirs_is_not_found() -> None:
    another = TYPED[:-2] + "40"
    assert in_bytes("here", f"{another} {TYPED[:-1]} {TYPED[1:]}".encode()) == []


def test_an_address_is_read_unquoted() -> None:
    assert in_text("an address", f"/?n={quote(WIDE)}")
    assert in_text("an address", f"/?n={quote('　'.join((WIDE[:4], WIDE[4:])))}")


def test_files_their_names_and_what_was_added_to_a_log_are_searched(tmp_path: Path) -> None:
    files = Files()
    (tmp_path / "web.log").write_text("a line\n")
    assert files.below(tmp_path) == []
    with (tmp_path / "web.log").open("a") as log:
        log.write(f'{{"event": "{TYPED}"}}\n')
    (tmp_path / "counters.db").write_bytes(b"\0" * 1000 + HANAKO.encode())
    (tmp_path / f"out-{TYPED}.txt").write_text("")
    _pdf(tmp_path / "paper.pdf")
    places = {one.place for one in files.below(tmp_path)}
    assert places == {
        "the file web.log",
        "the file counters.db",
        "the file paper.pdf",
        "the name of a file",
    }


def _pdf(file: Path) -> None:
    """A page that says the number in a compressed stream."""
    file.write_bytes(typst.compile(f"#set text(size: 12pt)\n{FOURS}".encode()))
    assert FOURS.encode() not in file.read_bytes()
    assert in_pdf("paper", file.read_bytes())


def test_every_table_of_every_schema_is_searched(durable: str) -> None:
    url = databases.the_server().url(durable, "superuser")
    assert in_database(url) == []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE vault.noted (said jsonb, bytes bytea)")
        said = "INSERT INTO vault.noted VALUES (jsonb_build_object('n', %s::text), %s)"
        connection.execute(said, [TYPED, HANAKO.encode()])
        connection.execute("CREATE TABLE job (arguments bigint[])")
        connection.execute("INSERT INTO job VALUES (ARRAY[%s::bigint])", [TYPED])
    session = SessionStore()
    session["searches"] = [TYPED, "x" * 500]
    session.save()
    found = {(one.place, one.kind) for one in in_database(url)}
    assert found == {
        ("the table vault.noted", "figures"),
        ("the table vault.noted", "hex"),
        ("the table public.job", "figures"),
        ("a session", "figures"),
    }


def test_a_session_is_read_packed_and_plain() -> None:
    for more in ("", "x" * 5_000):
        data = SessionStore().encode({"n": TYPED, "more": more})
        assert data.startswith(".") is bool(more)
        assert in_session("a session", data)


def test_nothing_is_kept_in_a_cache_that_would_have_to_be_searched() -> None:
    assert {one["BACKEND"] for one in settings.CACHES.values()} == {
        "django.core.cache.backends.dummy.DummyCache"
    }
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def _in_the_address(clerk: Clerk) -> None:
    clerk.open(f"/sign-in?n={TYPED}")


def _sent_by_a_script(clerk: Clerk) -> None:
    clerk.page.evaluate(
        "async n => (await fetch('/sign-in', {method: 'POST', body: n})).text()", TYPED
    )


def _on_a_page(clerk: Clerk) -> None:
    page = f"<!doctype html><title>-</title><p>{FOURS}</p><input value='{TYPED}'>"
    clerk.page.route("**/planted", lambda route: route.fulfill(body=page, content_type="text/html"))
    clerk.open("/planted")


def _in_storage(clerk: Clerk) -> None:
    clerk.page.evaluate("n => sessionStorage.setItem('n', n)", TYPED)


def _in_a_cookie(clerk: Clerk) -> None:
    cookie = {"name": "n", "value": TYPED, "url": clerk.live.url}
    clerk.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dict


def _in_the_console(clerk: Clerk) -> None:
    clerk.page.evaluate("n => console.log(n)", FOURS)


def _in_a_form_that_gives_it_back(clerk: Clerk) -> None:
    clerk.type(TYPED)
    clerk.press("Tab")
    clerk.type("wrong-wrong-wrong")
    clerk.press_and_wait("Enter")


PLANTED: dict[str, tuple[Callable[[Clerk], None], set[str]]] = {
    "address": (_in_the_address, {"an address"}),
    "script": (_sent_by_a_script, {"what was sent by a script, POST /sign-in"}),
    "page": (_on_a_page, {"GET /planted", "what may be kept, GET /planted"}),
    "storage": (_in_storage, {"what a page stored"}),
    "cookie": (_in_a_cookie, {"a cookie or what a page stored"}),
    "console": (_in_the_console, {"the browser's console"}),
    "form": (_in_a_form_that_gives_it_back, set()),
}


@pytest.mark.parametrize("place", PLANTED)
def test_whatever_a_browser_sends_is_given_or_keeps_is_searched(
    chromium: Browser, live: Watched, place: str
) -> None:
    plant, places = PLANTED[place]
    watch = Watch()
    with _at_a_browser(chromium, replace(live, watch=watch)) as clerk:
        clerk.open("/sign-in")
        assert clerk.focus_is_on("#id_login")
        plant(clerk)
    assert watch.answers, "they were recorded"
    assert not watch.is_blind
    assert places == {one.place for one in watch.found}
    assert watch.asked == ({"POST /sign-in"} if place == "form" else set())


def test_a_journey_that_leaves_a_number_fails_and_is_told_where(
    live: Watched, tmp_path: Path
) -> None:
    server, watch = tmp_path / "server", Watch()
    (tmp_path / "while").mkdir()
    server.mkdir()
    there = replace(live, watch=watch, log=server / "web.log")
    nowhere(there, tmp_path / "while", Files())
    there.log.write_text(f"{HANAKO}\n")
    (tmp_path / "while" / "paper.typ").write_text(FOURS)
    watch.address(f"/?n={TYPED}")
    session = SessionStore()
    session["n"] = HANAKO
    session.save()
    with pytest.raises(pytest.fail.Exception) as failure:
        nowhere(there, tmp_path / "while", Files())
    session.delete()
    said = str(failure.value).splitlines()[1:]
    assert said == [
        "a session: 花子's number, as figures",
        "an address: the newcomer's number, as figures",
        "the file paper.typ: the newcomer's number, as figures",
        "the file web.log: 花子's number, as figures",
        "the table public.django_session: 花子's number, as base64",
    ]


def test_a_watch_that_read_too_little_says_so() -> None:
    watch = Watch(answers=20, unread=["GET /"] * 3)
    assert not watch.is_blind
    watch.unread.append("GET /")
    assert watch.is_blind
