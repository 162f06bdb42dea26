"""`./daicho verify-site`: a page for anyone, in a process that knows no register and no secret."""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from certificates import samples
from daicho.certificates import code_token, keys
from daicho.certificates.verify_site import contained, upload
from daicho.certificates.verify_site.app import FORM_BYTES_MAX, Application
from daicho.certificates.verifying import Report, Step, Verdict
from daicho.law.safety.watching.arrivals import Arrivals
from processes import bare_environment

SERVE = """
import argparse
from daicho.site.commands import verify_site
from daicho.site.trouble import Trouble
parser = argparse.ArgumentParser()
verify_site.add_arguments(parser)
try:
    verify_site.run(parser.parse_args())
except Trouble as trouble:
    raise SystemExit(str(trouble))
"""
BOUNDARY = "----made-up-boundary"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> samples.Town:
    return samples.town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def signed(town: samples.Town) -> bytes:
    return samples.certificate(town, samples.own_sheet())


def _start(*words: str | Path, **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-P", "-c", SERVE, *map(str, words)],
        env=bare_environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass
class Site:
    """A running page."""

    process: "subprocess.Popen[str]"
    port: int

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[HTTPResponse, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, named)
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def send(self, name: str, content: bytes) -> tuple[HTTPResponse, str]:
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.ask("POST", "/", form(name, content), content_type=kind)


def form(name: str, content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="a.pdf"\r\n'
    return (
        (head + "Content-Type: application/pdf\r\n\r\n").encode()
        + content
        + (f"\r\n--{BOUNDARY}--\r\n".encode())
    )


@pytest.fixture(scope="module")
def site(town: samples.Town) -> Iterator[Site]:
    process = _start("--key", town.published, "--port", "0")
    assert process.stdout is not None
    ready = process.stdout.readline()
    found = re.fullmatch(r"READY http://127\.0\.0\.1:(\d+)\n", ready)
    assert found, process.communicate()[1]
    yield Site(process, int(found[1]))
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, ""), "it ends in order, and logged nothing"


def test_it_knows_no_register_no_operators_and_no_vault() -> None:
    ask = "import sys; from daicho.site.commands import verify_site; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-P", "-c", ask],
        env=bare_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    known = set(run.stdout.split())
    assert "daicho.certificates.verifying" in known
    rings = ("register", "access", "vault", "network", "recording", "web")
    wrong = {name for name in known if name.startswith(tuple(f"daicho.{one}" for one in rings))}
    assert not wrong
    assert not known & {"django", "psycopg", "typst"}


def _headers(answer: HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.getheaders()}


def test_the_page_is_japanese_and_asks_nobody_else(site: Site) -> None:
    answer, page = site.ask("GET", "/")
    assert answer.status == 200
    assert '<html lang="ja">' in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href|action)="(?!/)', page)
    policy = _headers(answer)["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self'")


def test_every_field_has_its_label_and_every_section_its_name(site: Site) -> None:
    _, page = site.ask("GET", "/")
    fields = re.findall(r'<(?:input|textarea) id="(\w+)"', page)
    assert fields == re.findall(r'<label for="(\w+)"', page)
    named = re.findall(r'aria-labelledby="([\w-]+)"', page)
    assert all(f'<h2 id="{name}">' in page for name in named)


@pytest.mark.parametrize("path", ["/", "/style.css", "/certificates.pem", "/healthz", "/nowhere"])
def test_every_answer_is_kept_by_nobody_and_framed_by_nobody(site: Site, path: str) -> None:
    answer, _ = site.ask("GET", path)
    told = _headers(answer)
    assert told["cache-control"] == "no-store"
    assert told["x-frame-options"] == "DENY"
    assert told["x-content-type-options"] == "nosniff"
    assert answer.status == (404 if path == "/nowhere" else 200)


def test_the_published_certificates_can_be_taken_away(site: Site, town: samples.Town) -> None:
    _, pem = site.ask("GET", "/certificates.pem")
    assert pem == town.published.read_text("ascii")


def test_a_genuine_file_is_told_as_genuine(site: Site, signed: bytes) -> None:
    answer, page = site.send("file", signed)
    assert answer.status == 200
    assert "<title>本物と確かめました - " in page
    assert 'class="result genuine"' in page


def test_a_genuine_code_is_told_with_what_to_compare(site: Site, town: samples.Town) -> None:
    text = code_token.sign(samples.token(samples.own_sheet()), town.key)
    _, page = site.send("code", text.encode())
    assert "20261121-000123" in page
    assert "見比べてください" in page


def test_a_changed_file_is_told_as_not_genuine(site: Site, signed: bytes) -> None:
    _, page = site.send("file", signed.replace(b"Title", b"Titlf", 1))
    assert "<title>本物と認められません - " in page


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("file", b"GIF89a", 200, "PDF ではありません"),
        ("file", b"%PDF-1.7\n" + b"<<" * 50_000, 200, "途中で切れています"),
        ("file", b"", 400, "PDF ファイルを選ぶか"),
        ("code", b" \n", 400, "PDF ファイルを選ぶか"),
        ("code", b"\xff\xfe", 200, "台帳の符号ではありません"),
        ("code", b"<script>alert(1)</script>", 200, "台帳の符号ではありません"),
        ("other", b"x", 400, "PDF ファイルを選ぶか"),
        ("file", bytes(3 * FORM_BYTES_MAX), 413, "大きすぎます"),
    ],
    ids=["gif", "nested", "no file", "no code", "bytes", "html", "other", "large"],
)
def test_what_cannot_be_looked_at_is_told(
    site: Site, name: str, content: bytes, status: int, words: str
) -> None:
    answer, page = site.send(name, content)
    assert answer.status == status
    assert words in page
    assert "<script>" not in page


def test_what_is_no_form_of_ours_is_told(site: Site) -> None:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    for headers in ({}, {"content_type": "text/plain"}, {"content_type": kind}):
        answer, page = site.ask("POST", "/", b"a=b", **headers)
        assert answer.status == 400
        assert "ページから送ってください" in page


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("PUT", "/", 405), ("DELETE", "/", 405), ("POST", "/style.css", 405), ("GET", "/x", 404)],
)
def test_other_requests_are_refused(site: Site, method: str, path: str, status: int) -> None:
    assert site.ask(method, path)[0].status == status


def test_a_request_without_length_is_refused(site: Site) -> None:
    answer, _ = site.ask("POST", "/", b"", transfer_encoding="chunked")
    assert answer.status in (400, 411)


def test_one_address_sends_so_many_and_is_told_when_to_send_again(town: samples.Town) -> None:
    """Behind a web server on this machine only what its header says is known."""
    certificates = keys.published(town.published)
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Any:
        told.append((status, headers))

    def send(page: Application, **more: str) -> str:
        body = form("code", b"x")
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            **more,
        }
        told.clear()
        pages = page(environ, start)
        text = b"".join(pages).decode()
        return text if told[0][0].startswith("429") else told[0][0][:3]

    page = Application(certificates, Arrivals(a_minute=1, at_once=2))
    assert [send(page, REMOTE_ADDR="127.0.0.1") for _ in range(4)] == ["200"] * 4
    far = {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_REAL_IP": "192.0.2.9"}
    assert [send(page, **far) for _ in range(2)] == ["200", "200"]
    assert "60秒待ってから" in send(page, **far)
    assert ("Retry-After", "60") in told[0][1]
    assert send(page, REMOTE_ADDR="192.0.2.2") == "200"
    assert send(page, **far, REQUEST_METHOD="GET") == "200", "to read the page costs little"
    behind = Application(certificates, Arrivals(a_minute=1, at_once=1), "X-Real-IP")
    near = {"REMOTE_ADDR": "127.0.0.1"}
    assert send(behind, **near, HTTP_X_REAL_IP="192.0.2.1") == "200"
    assert "秒待ってから" in send(behind, **near, HTTP_X_REAL_IP="192.0.2.1")
    assert send(behind, **near, HTTP_X_REAL_IP="192.0.2.2") == "200"


# --- how it starts ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "more", "told"),
    [
        ((), {"DAICHO_EXTENSIONS": "none"}, "切られています"),
        ((), {"DAICHO_EXTENSIONS": "as_of"}, "DAICHO_EXTENSIONS"),
        ((), {"DATABASE_URL": "postgresql://a/b"}, "渡さないでください"),
        ((), {"DAICHO_SECRET_KEY_FILE": "x"}, "渡さないでください"),
        ((), {"DAICHO_VAULT_KEY_FILE": "x"}, "渡さないでください"),
        (("--key", "nowhere.pem"), {}, "nowhere.pem というファイルがありません"),
        (("--port", "99999"), {}, "待ち受けられません"),
    ],
)
def test_it_does_not_start_where_it_should_not(
    town: samples.Town, words: tuple[str, ...], more: dict[str, str], told: str
) -> None:
    process = _start("--key", town.published, *words, **more)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert told in errors


def test_a_private_key_is_not_published(tmp_path: Path) -> None:
    samples.town(tmp_path / "town")
    process = _start("--key", tmp_path / "town" / "key.pem", "--port", "0")
    assert "秘密鍵が入っています" in process.communicate(timeout=60)[1]


# --- a file that does harm -------------------------------------------------------------


def _hang() -> Report:
    while True:
        pass


def _eat() -> Report:
    return Report((Step("x", True, "x" * len(bytearray(4 * contained.MEMORY_BYTES_MAX))),))


def _crash() -> Report:
    os.kill(os.getpid(), signal.SIGKILL)
    return Report(())


def _write() -> Report:
    Path("written").write_bytes(b"x")
    return Report(())


@pytest.mark.parametrize("harm", [_hang, _eat, _crash, _write])
def test_a_harmful_file_harms_only_the_child(
    harm: Callable[[], Report], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(contained, "SECONDS_MAX", 1)
    report = contained.report_of(harm)
    assert report.verdict is Verdict.UNREADABLE
    assert "確かめられませんでした" in report.steps[0].told
    assert not any(path.read_bytes() for path in tmp_path.iterdir())


def test_a_report_comes_through_whole() -> None:
    report = Report((Step("署名", True, "○"), Step("失効", None, "―")), of_code=True)
    assert contained.report_of(lambda: report) == report


# --- forms, byte for byte --------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\r\n", b"\r\n--", bytes(range(256)), b"\r\r\n\n--x--"])
def test_a_part_is_what_was_sent(content: bytes) -> None:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    assert upload.parts(form("file", content), kind) == {"file": content}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", f"multipart/form-data; boundary={BOUNDARY}"),
        (form("file", b"x")[:-6], f"multipart/form-data; boundary={BOUNDARY}"),
        (form("file", b"x"), "multipart/form-data; boundary=other"),
        (form("file", b"x"), "multipart/form-data"),
        (form("file", b"x"), "application/x-www-form-urlencoded"),
        (form("file\r\n", b"x"), f"multipart/form-data; boundary={BOUNDARY}"),
        (form("a", b"x")[:-4] + form("a", b"x") * 9, f"multipart/form-data; boundary={BOUNDARY}"),
    ],
)
def test_what_no_browser_sends_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(upload.WrongForm):
        upload.parts(body, kind)


def test_the_demo_files_are_where_the_page_looks(town: samples.Town, tmp_path: Path) -> None:
    published = keys.demo_files(tmp_path)[1]
    published.parent.mkdir()
    published.write_bytes(town.published.read_bytes())
    process = _start("--data", tmp_path, "--port", "0")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("READY ")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
