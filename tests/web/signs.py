"""打ち込まれる印: signs of SQL, of a terminal and of a page, typed into every field of a form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast as cast_to
from urllib.parse import urlsplit

from django.http import HttpResponseBase
from django.test import Client
from django.urls import ResolverMatch, resolve

from daicho.access.models import Operator, Presence
from daicho.law.data_exports.kinds import kinds_of
from daicho.law.receptions import works
from daicho.web.console import machines, person_acts
from daicho.web.counter.changes import FORMS
from daicho.web.counter.disclosing import acting
from daicho.web.counter.inquiry.work import WORKS
from web.marked import DAY
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
ENDS = frozenset({"entry:sign_out", "entry:lock", "entry:unlock", "resident:sign_out"})
"""They end the session of who types, and have no field."""


@dataclass(frozen=True)
class Typed:
    """書式: one form, wherever it stands: where it leads, which of those there, what it asks."""

    leads_to: str  # the name of its address
    which: str  # of those at one address: its work and basis, its kind or its act
    method: str
    fields: frozenset[str]

    @property
    def alone(self) -> frozenset[tuple[str, str]]:
        """The fields that are typed alone, each with its address: where several forms of one
        address have a field, it is read by the same code, and typed alone once."""
        return frozenset((self.leads_to, name) for name in self.fields - _BY_ONE_DOOR)


def forms_of(
    client: Client, address: str, there: Mapping[str, str]
) -> Iterator[tuple[Typed, Form, str]]:
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
            its = resolve(where)
            if its.view_name not in ENDS:
                which = _which(its, form, there)
                yield Typed(its.view_name, which, form.method, fields), form, where


def _which(its: ResolverMatch, form: Form, there: Mapping[str, str]) -> str:
    """Of an address that has several forms: which one this is."""
    said = its.kwargs
    if its.view_name == "counter:receive":
        return f"{said['work']} {form.typed['basis']}"
    if its.view_name == "counter:change":
        return next(one for one in FORMS if there[one] == str(said["reception_id"]))
    if its.view_name == "counter:search":
        return said["work"] if said["work"] in WORKS else "under a 受付"
    return str(said.get("slug", said.get("kind", "")))


def typings(form: Form, sign: str, alone: Iterable[str]) -> Iterator[dict[str, str]]:
    """What is sent: the sign in all fields, with each button, and with the first of them in each
    of these alone; where there are two buttons, with both of them."""
    names = frozenset(form.controls) - _OURS
    plain = {name: text for name, text in form.typed.items() if name != "csrfmiddlewaretoken"}
    buttons = list(dict.fromkeys(form.buttons)) or [""]
    for place, button in enumerate(buttons):
        typed = {**plain, **({"do": button} if button else {})}
        yield {**typed, **dict.fromkeys(names, sign)}
        if (place == 0 or len(buttons) == 2) and 1 < len(names) <= _ONE_BY_ONE:
            yield from ({**typed, name: sign} for name in alone)


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


RESIDENT = "resident"
AT_THE_ENTRY = ("in", "confirmed", "at the factor", "at the renewal", "at the registration")
"""Who types at the entry alone: at each of its stages one."""
_WHOSE = {RESIDENT: "resident", **dict.fromkeys(AT_THE_ENTRY, "entry")}
ACTS: Mapping[str, tuple[str, ...]] = {
    "counter:act_on_disclosure": tuple(acting._STEPS),
    "counter:ask_export": tuple(one.code for one in kinds_of(DAY)),
    "counter:change": tuple(FORMS),
    "counter:receive": tuple(
        f"{work.code} {basis.code}"
        for work in works.works(DAY)
        for basis in works.bases(work.code, DAY)
    ),
    "console:machine_act": tuple(machines._ACTS),
    "console:person_act": tuple(person_acts.ACTS),
}
"""一つの宛先の書式: every one of those that stand at one address, from the program itself."""
NOTHING: Mapping[str, str] = {}
SENT: Mapping[str, Mapping[str, str]] = {
    # by a script, without a form
    "counter:postal": {"of": "address", "address_postal_code": ""},
    "counter:buildings": {"of": "address", "address_town": "", "address_lot": ""},
    "entry:here": NOTHING,
    # from a page that stands only later in the work
    "counter:print": {"form": "", "persons": "", "asked": "", "copy_count": "", "accept": ""},
    "counter:code_notice": {"accept": ""},
    "counter:spoil": {"reason": ""},
    "console:lift_retention": {"hold": "1"},
    "console:message_act": {"reason": ""},
    "console:review_emergency": {"outcome": "proper", "note": ""},
    # the same, and nothing but the number of the request is sent
    "entry:factors_codes": NOTHING,
    "entry:registration": NOTHING,
    "entry:registration_codes": NOTHING,
    "entry:remove_factor": NOTHING,
    "entry:renew_codes": NOTHING,
    "console:carry_out_disposal": NOTHING,
    "console:carry_out_retention": NOTHING,
    "console:end_emergency": NOTHING,
    "console:notice_act": NOTHING,
    "console:stop_disposal": NOTHING,
    "console:stop_retention": NOTHING,
    "counter:give_disclosure": NOTHING,
    "counter:hand_over_export": NOTHING,
    "counter:make_export": NOTHING,
}
"""書式のない宛先: what is sent to an address to which no page of this town leads."""
_OF_ROUTE = {
    "certificate/": ("<uuid:reception_id>", "certificate"),
    "disclosure-requests/new/": ("<uuid:reception_id>", "disclosure_request"),
    "remark/": ("<uuid:reception_id>", "corrected"),
    "console/people/<int:operator_id>/masks/": ("<int:row_id>", "mask"),
    "console/people/<int:operator_id>/designations/": ("<int:row_id>", "designation"),
    "console/people/<int:operator_id>/factors/": ("<int:row_id>", "<int:factor>"),
    "console/responsibles/roles/": ("<str:code>", "role"),
    "console/terminals/": ("<str:code>", "machine"),
    "console/reviews/open/": ("<str:code>", "office"),
    "console/offices/": ("<str:code>", "other_office"),
    "console/offices/<str:code>/rights/": ("<int:row_id>", "office_right"),
    "console/offices/<str:code>/rights/<int:row_id>/exclude": ("<int:row_id>", "other_right"),
    "console/offices/<str:code>/excluded/": ("<int:row_id>", "exclusion"),
    "console/disposals/records/": ("<int:list_id>", "records"),
    "console/relations/": ("<int:analysis_id>", "relations"),
}
"""What stands for an argument where its name means another thing than elsewhere."""


def addresses(seeker: str, there: Mapping[str, str]) -> Iterator[str]:
    """Every address that this one may open, with what stands for its arguments."""
    for route in routes():
        said = [it for start, it in _OF_ROUTE.items() if route.startswith(start)]
        values = {**there, **{argument: there[key] for argument, key in said}}
        for more, asked in _each(route, values):
            address = filled(route, {**values, **more})
            if _whose(address) == _WHOSE.get(seeker, ""):
                yield address + asked


def _each(route: str, there: Mapping[str, str]) -> Iterator[tuple[dict[str, str], str]]:
    """What stands for an argument of which all are tried, and what is asked behind the address."""
    acts = ACTS.get(_name_of(route, there), ())
    if route.startswith("change/"):
        yield from (({"<uuid:reception_id>": there[one]}, "") for one in acts)
    elif route.startswith("reception/new/"):
        for work, _, basis in (one.partition(" ") for one in acts):
            yield {"<slug:work>": work}, f"?basis={basis}"
    elif route.startswith("inquiry/<slug:work>/"):
        received = there["<uuid:reception_id>"]
        yield from (({"<slug:work>": one}, "") for one in (*WORKS, received))
    elif route == "disclosure-requests/<int:disclosure_id>/":
        yield from (
            ({"<int:disclosure_id>": one}, "")
            for one in (there["<int:disclosure_id>"], there["mending"])
        )
    elif acts:
        argument = "<slug:kind>" if "<slug:kind>" in route else "<slug:slug>"
        yield from (({argument: one}, "") for one in acts)
    else:
        yield {}, ""


def _name_of(route: str, there: Mapping[str, str]) -> str:
    return resolve(filled(route, there)).view_name


def _whose(address: str) -> str:
    """The space of the addresses of those who sit at no terminal; blank of all others."""
    space, _, _ = resolve(address).view_name.partition(":")
    return space if space in _WHOSE.values() else ""


def without_a_page(
    names: Iterable[str], there: Mapping[str, str], seeker: str
) -> Iterator[tuple[Typed, Form, str]]:
    """Those of `SENT` among these addresses, as if each stood on a page of this one's."""
    for route in routes():
        where = filled(route, there)
        name = resolve(where).view_name
        if name in SENT and name in names:
            typed = {"request_id": "", **SENT[name]}
            yield (
                Typed(name, seeker, "post", frozenset(typed)),
                Form(dict(typed), controls=[*typed], method="post"),
                where,
            )


def sent_to(client: Client, there: Mapping[str, str]) -> frozenset[str]:
    """The names of all addresses to which something is sent, as each says it itself."""
    found = set()
    for route in routes():
        address = filled(route, there)
        if "POST" in client.options(address).get("Allow", ""):
            found.add(resolve(address).view_name)
    return frozenset(found)


def _tries_anew() -> None:
    """So that what is typed is read, and not refused for what was typed before."""
    Operator.objects.filter(failures__gt=0).update(failures=0, locked_until=None)
    Presence.objects.filter(failures__gt=0).update(failures=0)


@dataclass
class Typing:
    """打込み: what was typed, and what was answered that may not be."""

    forms: set[Typed] = field(default_factory=set)
    alone: set[tuple[str, str]] = field(default_factory=set)
    wrong: list[tuple[str, Typed, str, str]] = field(default_factory=list)

    def type(self, seeker: str, client: Client, form: Typed, it: Form, where: str) -> None:
        """Every sign into one form, unless it was typed into by who came before."""
        if form in self.forms:
            return
        self.forms.add(form)
        new = [name for _, name in sorted(form.alone - self.alone)]
        self.alone |= form.alone
        for name, sign in SIGNS.items():
            for one in typings(it, sign, new):
                if said := unsound(sent(client, form.method, where, one)):
                    self.wrong.append((seeker, form, name, said))
                if form.leads_to.startswith("entry:"):
                    _tries_anew()

    @property
    def reached(self) -> set[str]:
        """The addresses to which it was sent."""
        return {one.leads_to for one in self.forms}
