"""窓口の速さ: signing in, and eight clerks who record movings-in of three persons through the
forms, on real workers.

With a second of thought between the pages the time of the step that records is measured; without
any, how many movings-in and pages a second two workers serve. The clerks begin one after the other
within that second, as eight people do who were not counted in. Made-up persons only.
"""

import http.client
import logging
import os
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.test import Client

from daicho.access import clock, permits, staff
from daicho.access.acting import actor
from daicho.access.trailing import ceiling
from daicho.law.safety.watching.ceilings import ceilings
from daicho.site import serving
from daicho.site.bench import codes
from daicho.site.bench.measuring import SMALL_TOWN, Figure, figure, in_turn, rounds

CLERKS = 8
CODES_EACH = 1_000  # three a moving-in
THINK_SECONDS = 1.0
FORMS_EACH = 6
HASTY_SECONDS = 20
SIGN_INS = 40
LOOKS = 200
PASSWORD = "bench-" + uuid4().hex
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_ALERT = re.compile(r'name="accept" value="([^"]+)"')
_ADDRESS = {
    "address_prefecture": "福島県",
    "address_municipality": "郡山市",
    "address_town": "計測町",
    "address_lot": "１番１号",
}
_FAMILY = (
    ("太郎", "タロウ", "1", "世帯主"),
    ("花子", "ハナコ", "2", "妻"),
    ("次郎", "ジロウ", "1", "子"),
)


def figures(folder: Path, residents: int) -> Iterator[Figure]:
    """The rows of this chapter; the workers end with it."""
    is_small = residents < SMALL_TOWN
    forms, seconds, think = (1, 1, 0.0) if is_small else (FORMS_EACH, HASTY_SECONDS, THINK_SECONDS)
    _hire()
    with _served(folder) as port:
        yield from _entering(port, residents)
        drawn = codes.unused(3_000_000_000)
        clerks = [_Clerk(port, number, list(islice(drawn, CODES_EACH))) for number in range(CLERKS)]
        for one in clerks:
            one.come_in()
        yield from _thoughtful(clerks, forms, think)
        yield from _hasty(clerks, seconds)


def of_entering(folder: Path, residents: int) -> Iterator[Figure]:
    """The rows of coming in, which need no residents."""
    _hire()
    with _served(folder) as port:
        yield from _entering(port, residents)


def _entering(port: int, residents: int) -> Iterator[Figure]:
    title = "sign-in page to the first screen"
    one = _Clerk(port, 0, []).come_in
    yield in_turn(title, one, _bare_sign_in(), rounds(SIGN_INS, residents))
    yield _limit(residents)


def _hire() -> None:
    ward = settings.MUNICIPALITY
    terminal = staff.TerminalRow("Z998", "計測端末", "計測")
    staff.ensure_offices((staff.OfficeRow("998", "計測", "resident_counter", ward, (terminal,)),))
    for number in range(CLERKS + 1):  # the last one only looks
        staff.ensure_operator(
            login=f"bench-{number}",
            name="計測 者",
            office="998",
            post="clerk",
            password=PASSWORD,
            is_demo=True,
        )


@contextmanager
def _served(folder: Path) -> Iterator[int]:
    """Gives the port where the workers answer."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        with serving.web(listener, os.environ, folder / "log" / "web.log"):
            yield listener.getsockname()[1]


def _bare_sign_in() -> Callable[[], None]:
    """The floor: one password compared, and as many statements as a sign-in sends."""
    hashed, statements = make_password(PASSWORD), _statements_of_sign_in()

    def bare() -> None:
        assert check_password(PASSWORD, hashed)
        with connection.cursor() as cursor:
            for _ in range(statements):
                cursor.execute("SELECT 1")

    return bare


def _statements_of_sign_in() -> int:
    """Counted in this process, where the program answers as it does in a worker."""
    sent: list[str] = []

    def note(
        execute: Callable[..., object], sql: str, params: object, many: bool, context: object
    ) -> object:
        sent.append(sql)
        return execute(sql, params, many, context)

    client = Client(SERVER_NAME="127.0.0.1")
    logging.disable(logging.INFO)  # its lines of the log are no part of the table
    try:
        with connection.execute_wrapper(note):
            client.get("/sign-in")
            client.post("/sign-in", {"login": "bench-1", "password": PASSWORD})
            client.get("/terminal")
            client.post("/terminal", {"terminal": "Z998"})
            assert client.get("/").status_code == 200, "who signs in comes to the first screen"
    finally:
        logging.disable(logging.NOTSET)
    return len(sent)


def _limit(residents: int) -> Figure:
    """What each work pays for the limit of looks, of somebody who is just below it."""
    on = clock.today()
    operator = get_user_model().objects.get(login=f"bench-{CLERKS}")
    looking = permits.permit(actor(operator, "Z998", uuid4()), "inquiry.change", on)
    with transaction.atomic():
        for _ in range(rounds(ceilings(on).looks_hour - 1, residents)):
            permits.look(looking, "look", "bench")

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT login FROM access_operator WHERE id = %s", [operator.pk])
            cursor.fetchone()

    title = "limit of looks asked, just below it"
    often = rounds(LOOKS, residents)
    return in_turn(title, lambda: ceiling.counted(operator.pk, on), bare, often)


def _thoughtful(clerks: "list[_Clerk]", forms: int, think_seconds: float) -> Iterator[Figure]:
    with ThreadPoolExecutor(CLERKS) as pool:
        apart = think_seconds / CLERKS
        runs = [
            pool.submit(one.work, forms, think_seconds, number * apart)
            for number, one in enumerate(clerks)
        ]
        times = [run.result() for run in runs]
    for step in ("check", "record"):
        found = sorted(took for one in times for took in one[step])
        title = {"check": "to the confirmation sheet", "record": "recorded"}[step]
        yield figure(f"form of a moving-in, {CLERKS} clerks: {title}", "ms", found, 0.0)


def _hasty(clerks: "list[_Clerk]", for_seconds: int) -> Iterator[Figure]:
    before = sum(one.page_count for one in clerks)
    began = time.monotonic()
    with ThreadPoolExecutor(CLERKS) as pool:
        runs = [pool.submit(one.work_until, began + for_seconds) for one in clerks]
        done = sum(run.result() for run in runs)
    seconds = time.monotonic() - began
    pages = sum(one.page_count for one in clerks) - before
    yield figure(f"closed loop, {CLERKS} clerks: movings-in", "1/s", [done / seconds], 0.0)
    yield figure(f"closed loop, {CLERKS} clerks: pages", "1/s", [pages / seconds], 0.0)


class _Clerk:
    """A clerk's browser: one connection, its cookies, and the forms as they come."""

    def __init__(self, port: int, number: int, codes: list[str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._number = number
        self._codes = codes
        self.page_count = 0

    def come_in(self) -> None:
        """From the sign-in page to the first screen, in a browser that knows nobody yet."""
        self._cookies.clear()
        self._get("/sign-in")
        self._post("/sign-in", {"login": f"bench-{self._number}", "password": PASSWORD})
        self._get("/terminal")
        self._post("/terminal", {"terminal": "Z998"})
        assert "計測端末" in self._get("/"), "the first screen says where one sits"

    def work(self, count: int, think_seconds: float, after: float) -> Mapping[str, list[float]]:
        """So many movings-in, from `after` seconds on; milliseconds of the two steps that work."""
        time.sleep(after)
        times: dict[str, list[float]] = {"check": [], "record": []}
        for _ in range(count):
            for step, took in self.record(think_seconds).items():
                times[step].append(took)
        return times

    def work_until(self, end: float) -> int:
        """As many movings-in as fit; how many."""
        done = 0
        while time.monotonic() < end:
            self.record(0)
            done += 1
        return done

    def record(self, think_seconds: float) -> dict[str, float]:
        """One moving-in of three persons, from the 受付 on."""
        said = {
            "basis": "notification",
            "capacity": "principal",
            "visitor_name": "計測　太郎",
            "identity": "individual_number_card",
            "received_on": clock.today().isoformat(),
        }
        where, _ = self._post("/reception/new/moved_in", said)
        assert "/change/" in where, "the 受付 leads to the form"
        time.sleep(think_seconds)
        page = self._get(where)
        time.sleep(think_seconds)
        began = time.perf_counter()
        _, sheet = self._post(where, {**_hidden(page), **self._family(), "do": "check"})
        checked = time.perf_counter()
        time.sleep(think_seconds)
        again = time.perf_counter()
        accept = list(dict.fromkeys(_ALERT.findall(sheet)))
        there, answer = self._post(where, {**_hidden(sheet), "do": "record", "accept": accept})
        recorded = time.perf_counter()
        assert "/household/" in there, f"not recorded: {re.findall('<code>([^<]+)', answer)}"
        return {"check": (checked - began) * 1000, "record": (recorded - again) * 1000}

    def _family(self) -> dict[str, str]:
        typed = {
            "occurred_on": "",
            "whence": "domestic",
            "evidence": "certificate",
            **_ADDRESS,
            "person_count": str(len(_FAMILY)),
        }
        for place, (given, kana, sex, relationship) in enumerate(_FAMILY):
            code = self._codes.pop()
            family = f"計測{code[-6:]}"
            born = "R2.2.3" if relationship == "子" else "H2.2.3"
            cells = {
                "resident_class": "japanese",
                "family_name": family,
                "given_name": given,
                "family_name_kana": "ケイソク",
                "given_name_kana": kana,
                "born_on": born,
                "sex": sex,
                "relationship": relationship,
                "registered_domicile": "栃木県宇都宮市架空一丁目１番地",
                "family_register_head": f"{family}　太郎",
                "resident_record_code": code,
                "previous_address_prefecture": "栃木県",
                "previous_address_municipality": "宇都宮市",
                "previous_address_town": "架空一丁目",
            }
            typed |= {f"person-{place}-{name}": text for name, text in cells.items()}
        typed["occurred_on"] = clock.today().isoformat()
        return typed

    def _get(self, address: str) -> str:
        return self._ask("GET", address, None)[1]

    def _post(self, address: str, typed: Mapping[str, str | list[str]]) -> tuple[str, str]:
        form = {
            "csrfmiddlewaretoken": self._cookies.get("csrftoken", ""),
            "request_id": str(uuid4()),
            **{name: text for name, text in typed.items() if name not in _OF_THE_PAGE},
        }
        return self._ask("POST", address, urlencode(form, doseq=True))

    def _ask(self, method: str, address: str, body: str | None) -> tuple[str, str]:
        # the server closes what waits too long: each page has a connection of its own
        self._connection.close()
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        self.page_count += 1
        return answer.headers.get("Location", ""), text


_OF_THE_PAGE = ("csrfmiddlewaretoken", "request_id")


def _hidden(page: str) -> dict[str, str]:
    return {name: unescape(text) for name, text in _HIDDEN.findall(page)}
