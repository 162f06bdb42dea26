"""Which modules may open a way out of the process; and that our scripts keep and run nothing."""

import re

import pytest

from tidy.tree import PACKAGE, Module, imported, module, modules, name_of

WAYS_OUT = (
    "aiohttp",
    "ftplib",
    "http.client",
    "http.server",
    "httpx",
    "imaplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "xmlrpc",
)
# Whom or what each reaches; every address comes from the settings, none from what a browser sent.
# The database (psycopg) and the token of the vault (PKCS#11) stand in docs/security/inventory.md.
OPENS = {
    "src/daicho/access/proof/posting.py": "the witnesses and the time-stamping authority",
    "src/daicho/access/witness/answering.py": "listens where it is told, for heads of trails",
    "src/daicho/certificates/verify_site/server.py": "a socket that is handed to it",
    "src/daicho/network/running.py": "listens where it is told, for its neighbours",
    "src/daicho/network/wire/client.py": "the neighbours, by TLS with certificates of both ends",
    "src/daicho/network/wire/identity.py": "nobody: what TLS is told of us and of them",
    "src/daicho/network/wire/server.py": "a socket that is handed to it, for the neighbours",
    "src/daicho/network/wire/streams.py": "who connected to that socket",
    "src/daicho/site/bench/clerks.py": "the demo of the same bench",
    "src/daicho/site/commands/demo.py": "listens on this machine",
    "src/daicho/site/nation/seats.py": "keeps places on this machine",
    "src/daicho/site/serving/apart.py": "listens where it is told",
    "src/daicho/site/serving/workers.py": "its own web server, until it answers",
    "src/daicho/web/entry/directory.py": "the city's own directory, where one is set",
}


def _opens(one: Module) -> bool:
    dotted = tuple(f"{way}." for way in WAYS_OUT)
    return any(name in WAYS_OUT or name.startswith(dotted) for name in imported(one.tree))


def test_only_the_named_modules_open_a_connection() -> None:
    found = {one.name for one in modules("src/") if _opens(one)}
    because = "who reaches out is named here and in docs/security/inventory.md"
    assert found == OPENS.keys(), f"{found ^ OPENS.keys()}: {because}"


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("import requests", True),
        ("from urllib.request import urlopen", True),
        ("import urllib.request as web", True),
        ("from urllib.parse import quote", False),
        ("from http import HTTPStatus", False),
        ("import socket", True),
    ],
)
def test_the_check_sees_a_way_out(text: str, opens: bool) -> None:
    assert _opens(module("a.py", text)) == opens


# What would make the web server's parser take more than by itself (tests/site/test_framing.py).
LOOSENING = (
    "casefold_http_method",
    "forwarded_allow_ips",
    "header_map",
    "limit_request_field_size",
    "limit_request_fields",
    "limit_request_line",
    "permit_obsolete_folding",
    "permit_unconventional_http_method",
    "proxy_protocol",
    "strip_header_spaces",
)


def test_nothing_of_ours_loosens_the_parser_of_requests() -> None:
    texts = {one.name: one.text.replace("-", "_") for one in modules("src/")}
    assert not {name for name, text in texts.items() if any(word in text for word in LOOSENING)}


# -- In the browser --------------------------------------------------------------------------------

_RUNS = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function)\b"
    r"|\b(?:setTimeout|setInterval)\(\s*[\"'`]"
)
_KEEPS = re.compile(r"\b(?:localStorage|sessionStorage|indexedDB|document\.cookie|caches)\b")
_HEARS = re.compile(
    r"window\.(?:addEventListener\(\s*[\"']message|onmessage|opener)|\.postMessage\(.*\*"
)
_HINDERS = re.compile(r"[\"']paste[\"']|\bonpaste\b")


def _scripts() -> dict[str, str]:
    ours = PACKAGE / "web" / "static" / "daicho"
    return {name_of(one): one.read_text("utf-8") for one in sorted(ours.glob("*.js"))}


@pytest.mark.parametrize(
    ("pattern", "because"),
    [
        (_RUNS, "what people typed is put into a page as text, and no text is run"),
        (_KEEPS, "nothing of a resident stays in the browser"),
        (_HEARS, "our pages talk among themselves only (BroadcastChannel)"),
        (_HINDERS, "a password may be pasted from where it is kept"),
    ],
)
def test_our_scripts_do_none_of_it(pattern: re.Pattern[str], because: str) -> None:
    assert len(_scripts()) >= 5
    found = {name: pattern.findall(text) for name, text in _scripts().items()}
    assert not any(found.values()), f"{found}: {because}"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (_RUNS, "place.innerHTML = typed"),
        (_RUNS, 'setTimeout("go()", 1)'),
        (_KEEPS, "localStorage.setItem(a, b)"),
        (_HEARS, 'window.addEventListener("message", take)'),
        (_HEARS, 'frame.postMessage(typed, "*")'),
        (_HINDERS, 'field.addEventListener("paste", stop)'),
    ],
)
def test_the_check_of_scripts_sees_it(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)
