"""前段の配信サーバー: docs/operating/nginx as a real nginx runs it, before our own web server."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from conftest import Live
from daicho.access import clock
from tidy.tree import ROOT

CONFIGURATION = ROOT / "docs" / "operating" / "nginx"
NAME = "daicho.city.example"
PLACES = (str(Path(sys.executable).parent), "/usr/sbin", "/usr/local/sbin", "/usr/bin")
NGINX = shutil.which("nginx", path=os.pathsep.join(PLACES))
MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
events {{ worker_connections 128; }}
http {{
    access_log off;
    error_log {folder}/error.log warn;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include daicho.conf;
}}
"""

pytestmark = [
    pytest.mark.durable,
    pytest.mark.skipif(NGINX is None, reason="no nginx: ./daicho test fetches one"),
]


@dataclass(frozen=True)
class Front:
    """The web server in front, and whom its certificate names."""

    port: int
    certificate: Path

    def connected(self, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        context = context or ssl.create_default_context(cafile=self.certificate)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        try:
            return context.wrap_socket(plain, server_hostname=NAME)
        except ssl.SSLError:
            plain.close()
            raise

    def asks(self, head: str, body: bytes = b"", host: str = NAME) -> tuple[HTTPResponse, str]:
        """The answer to a request written by hand."""
        lines = f"{head}\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        with self.connected() as there:
            there.sendall(lines + body)
            answer = HTTPResponse(there)
            answer.begin()
            return answer, answer.read().decode()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    files = folder / "daicho.pem", folder / "daicho.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    files[1].write_bytes(plain)
    return files


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


def _adapted(text: str, places: Mapping[str, str]) -> str:
    """The file as it stands, but for where things are on this machine."""
    for was, now in places.items():
        assert was in text, f"{was} stands in the example"
        text = text.replace(was, now)
    return text


@contextmanager
def serving(folder: Path, upstream: str) -> Iterator[Front]:
    """nginx with the files of the documents, before the program at `upstream`."""
    certificate, key = _certificate(folder)
    port = _free_port()
    places = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/nginx/daicho.pem": str(certificate),
        "/etc/nginx/daicho.key": str(key),
        "unix:/run/daicho/program.sock": upstream,
    }
    example = (CONFIGURATION / "daicho.conf").read_text("utf-8")
    (folder / "daicho.conf").write_text(_adapted(example, places), "utf-8")
    shutil.copy(CONFIGURATION / "daicho_program.conf", folder)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), "utf-8")
    words = ["-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    assert NGINX is not None, "skipped otherwise"
    process = subprocess.Popen([NGINX, *map(str, words)])
    try:
        _wait(process, port, folder)
        yield Front(port, certificate)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    give_up_at = time.monotonic() + 20
    while time.monotonic() < give_up_at:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
            raise AssertionError((folder / "error.log").read_text("utf-8"))
    raise AssertionError("nginx does not answer")


@pytest.fixture(scope="session")
def own_keys(own_keys: Mapping[str, str]) -> Mapping[str, str]:
    """The program behind HTTPS, as web-server.md sets it."""
    https = {"DAICHO_HTTPS": "true", "DAICHO_HOSTS": f"{NAME},127.0.0.1"}
    return {**own_keys, **https, "DAICHO_ADDRESS_HEADER": "X-Real-IP"}


@pytest.fixture
def front(live: Live, tmp_path: Path) -> Iterator[Front]:
    with serving(tmp_path, live.url.removeprefix("http://")) as found:
        yield found


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[Front, list[Message]]]:
    """nginx before a program that keeps what it is told."""
    kept: list[Message] = []

    class Program(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.append(self.headers)
            self.send_response(204)
            self.end_headers()

        def do_POST(self) -> None:
            kept.append(self.headers)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.rfile.read(int(self.headers["Content-Length"])) * 8)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Program) as program:
        thread = Thread(target=program.serve_forever)
        thread.start()
        try:
            with serving(tmp_path, f"127.0.0.1:{program.server_port}") as found:
                yield found, kept
        finally:
            program.shutdown()
            thread.join()


def _speaks_only(version: ssl.TLSVersion, certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certificate)
    context.set_ciphers("DEFAULT@SECLEVEL=0")  # our own side would take the oldest
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    return context


def test_tls_of_today_alone_is_spoken(told: tuple[Front, list[Message]]) -> None:
    front, _ = told
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises(ssl.SSLError, match=r"(?i)alert protocol version"):
            front.connected(_speaks_only(version, front.certificate))
    today = {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}
    for version, name in today.items():
        context = _speaks_only(version, front.certificate)
        with front.connected(context) as there:
            cipher = there.cipher()
            assert there.version() == name
            assert cipher is not None
            assert "GCM" in cipher[0]


def test_what_is_forged_does_not_reach_the_program(told: tuple[Front, list[Message]]) -> None:
    front, kept = told
    forged = (
        "X-Forwarded-Proto: http\r\nX-Forwarded-For: 192.0.2.1\r\nX-Real-IP: 192.0.2.1\r\n"
        "X_Real_IP: 192.0.2.1\r\nX-Forwarded-Host: evil.example\r\nForwarded: for=192.0.2.1"
    )
    assert front.asks(f"GET / HTTP/1.1\r\n{forged}")[0].status == 204
    (headers,) = kept
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-For"] == headers["X-Real-IP"] == "127.0.0.1"
    assert headers["Host"] == NAME
    assert not {"forwarded", "x-forwarded-host", "x_real_ip"} & {one.lower() for one in headers}
    assert not any("192.0.2.1" in one for one in headers.values())


def test_the_program_answers_by_https_whatever_was_forged(front: Front) -> None:
    plain = "GET /sign-in HTTP/1.1\r\nX-Forwarded-Proto: http"
    answer, page = front.asks(plain)
    assert answer.status == 200, "it is not led on"
    assert "サインイン" in page
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "__Host-" in answer.headers["Set-Cookie"]
    assert "nginx/" not in str(answer.headers)
    assert front.asks("GET /sign-in HTTP/1.1", host="evil.example")[0].status == 421
    assert front.asks("GET /metrics HTTP/1.1")[0].status == 404


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Length: 4\r\nTransfer-Encoding: chunked", b"0\r\n\r\nGET"),
        ("Content-Length: 4\r\nContent-Length: 6", b"abcdef"),
        ("Content-Length: +4", b"abcd"),
        ("Transfer-Encoding: xchunked", b"0\r\n\r\n"),
        ("Transfer-Encoding: chunked, chunked", b"0\r\n\r\n"),
    ],
)
def test_a_request_of_doubtful_length_reaches_nobody(
    told: tuple[Front, list[Message]], head: str, body: bytes
) -> None:
    front, kept = told
    answer, _ = front.asks(f"GET / HTTP/1.1\r\n{head}", body)
    assert answer.status in (400, 501)
    assert kept == []


def test_too_much_and_too_often_is_told_in_japanese(front: Front) -> None:
    answer, page = front.asks("POST /sign-in HTTP/1.1\r\nContent-Length: 2097153")
    assert (answer.status, answer.headers["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert "2MBまで" in page
    answers = [front.asks("GET /sign-in HTTP/1.1") for _ in range(13)]
    assert {one.status for one, _ in answers} == {200, 429}
    refused, page = next(one for one in answers if one[0].status == 429)
    assert refused.headers["Retry-After"] == "10"
    assert "10秒ほど待って" in page


def test_nothing_that_is_sent_or_shown_is_laid_on_the_disk(
    told: tuple[Front, list[Message]], tmp_path: Path
) -> None:
    front, kept = told
    body = b"x" * 2_000_000
    answer, page = front.asks(f"POST / HTTP/1.1\r\nContent-Length: {len(body)}", body)
    assert (answer.status, len(page), len(kept)) == (200, 8 * len(body), 1)
    assert "temporary file" not in (tmp_path / "error.log").read_text("utf-8")


def test_one_address_holds_so_many_connections_and_no_more(front: Front) -> None:
    """Each says that a body will come, and leaves the server waiting for it."""
    lines = ("POST /terminal HTTP/1.1", f"Host: {NAME}", "Content-Length: 1", "Connection: close")
    head = "\r\n".join((*lines, "Expect: 100-continue\r\n\r\n")).encode()
    with ExitStack() as held:
        waiting = [held.enter_context(front.connected()) for _ in range(20)]
        for one in waiting:
            one.sendall(head)
            assert b"100 Continue" in one.recv(64)
        assert front.asks("GET /healthz HTTP/1.1")[0].status == 429
        waiting[0].sendall(b"x")
        while waiting[0].recv(65_536):
            pass  # to the end of the answer
        waiting[0].close()
        assert front.asks("GET /healthz HTTP/1.1")[0].status == 200
