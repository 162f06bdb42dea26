"""打ち込まれる印: signs of SQL, of a terminal and of a page, typed into every field of a form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast as cast_to
from urllib.parse import urlsplit

from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve

from web.pages import Form, Forms
from web.routes import filled, routes

SIGNS = {
    "SQL": "x' OR '1'='1'; DROP TABLE register_current;--\\",
    "wildcards": '%_*"%%(a)s{0}{{',
    "control": "\x00\x1b[2J\r\n\x7f",
    "markup": "\"><script>alert('x')</script>",
}
_OURS = frozenset({"csrfmiddlewaretoken", "do", "request_number"})
_ONE_BY_ONE = 24
"""Of a form with more fields all are typed at once: one by one would take minutes."""
_BY_ONE_DOOR = frozenset({"request_id"})
"""Read by the middleware for every form alike: it stands alone in many, where it is typed alone."""
_ENDS = frozenset({"entry:sign_out", "entry:lock", "entry:unlock", "resident:sign_out"})
"""They end the session of who types, and have no field."""


@dataclass(frozen=True)
class Typed:
    """書式: one form, wherever it stands: where it leads, and what it asks."""

    leads_to: str  # the name of its address
    method: str
    fields: frozenset[str]


def forms_of(client: Client, address: str) -> Iterator[tuple[Typed, Form, str]]:
    """Each form of a page that has a field, what it is, and whereto it is sent."""
    answer = client.get(address)
    if answer.status_code != 200 or "text/html" not in answer.get("Content-Type", ""):
        return
    parser = Forms()
    parser.feed(answer.content.decode())
    for form in parser.forms:
        where = urlsplit(form.action or address).path
        fields = frozenset(form.controls) - _OURS
        if form.method != "dialog" and fields:
            leads_to = resolve(where).view_name
            if leads_to not in _ENDS:
                yield Typed(leads_to, form.method, fields), form, where


def typings(form: Form, sign: str) -> Iterator[dict[str, str]]:
    """What is sent: the sign in all fields, then in each; with each of the first two buttons."""
    names = sorted(set(form.controls) - _OURS)
    ours = ("csrfmiddlewaretoken",)
    plain = {name: text for name, text in form.typed.items() if name not in ours}
    for button in form.buttons[:2] or [""]:
        typed = {**plain, **({"do": button} if button else {})}
        yield {**typed, **dict.fromkeys(names, sign)}
        if 1 < len(names) <= _ONE_BY_ONE:
            for name in (one for one in names if one not in _BY_ONE_DOOR):
                yield {**typed, name: sign}


def sent(client: Client, method: str, address: str, typed: Mapping[str, str]) -> HttpResponseBase:
    """What is answered, by the method of the form."""
    ask = client.post if method == "post" else client.get
    return cast_to(HttpResponseBase, ask(address, typed))


def unsound(answer: HttpResponseBase) -> str:
    """What must not be answered, whatever was typed; blank where nothing is amiss."""
    if answer.status_code >= 500:
        return f"status {answer.status_code}"
    text = b"".join(cast_to(Iterable[bytes], answer)).decode("utf-8", "replace")
    found = [one for one in ("Traceback", "psycopg", "<script>alert(", "SELECT ") if one in text]
    return ", ".join(found)


AT_THE_ENTRY = "entry"
"""Who types at the entry alone."""
_WORK = {"clerk_of_another_division": "national_health_insurance"}
_SLUGS = {
    "console/people/": ("give", "hide", "designate", "engage", "change"),
    "console/terminals/": ("change",),
    "disclosures/": ("decide",),
}


def addresses(seeker: str, there: Mapping[str, str]) -> Iterator[str]:
    """Every address that this one may open, with what stands for its arguments."""
    for route in routes():
        slugs = next((it for start, it in _SLUGS.items() if route.startswith(start)), ("give",))
        work = "moved_in" if route.startswith("reception/new") else _WORK.get(seeker, "change")
        for slug in slugs if "<slug:slug>" in route else ("",):
            values = {**there, "<slug:work>": work, "<slug:slug>": slug}
            if route.startswith("certificate/"):
                values["<uuid:reception_id>"] = there["certificate"]
            address = filled(route, values)
            if _whose(address) == (seeker if seeker in ("resident", AT_THE_ENTRY) else ""):
                yield address


def _whose(address: str) -> str:
    """Who alone opens it; blank for whoever sits at a terminal."""
    name = resolve(address).view_name
    if name.startswith("resident:"):
        return "resident"
    return AT_THE_ENTRY if name.startswith("entry:") else ""


REACHED = frozenset(
    {
        *("counter:receive", "counter:reception", "counter:search", "counter:as_of"),
        *("counter:change", "counter:remark", "counter:question", "counter:ask_export"),
        *("counter:act_on_disclosure", "counter:own_record", "counter:whose_trail"),
        *("counter:certificate", "console:person_act", "console:new_operator", "console:hold"),
        *("console:machine_act", "console:ask_emergency", "console:decide_emergency"),
        *("console:hold_retention", "console:take_off_disposal", "console:ask_number_file"),
        *("console:review", "console:analysis", "console:trails"),
        *("resident:sign_in", "resident:language", "resident:ask"),
        *("entry:terminal", "entry:password", "entry:confirm"),
    }
)
"""Some of the forms of every role: that they are reached is not left to chance."""
