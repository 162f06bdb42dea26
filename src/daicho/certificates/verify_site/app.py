"""検証ページの応答: a WSGI application of four addresses; it keeps nothing and logs nothing."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from wsgiref.types import InputStream, StartResponse, WSGIEnvironment

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from daicho.certificates import verifying
from daicho.certificates.verify_site import contained, page, upload
from daicho.certificates.verifying import Report, Step
from daicho.law.safety.watching.arrivals import Arrivals, whose

FORM_BYTES_MAX = verifying.PDF_BYTES_MAX + 64 * 1024
THROWN_BYTES_MAX = 256 * 1024 * 1024
HTML, CSS, TEXT = "text/html; charset=utf-8", "text/css; charset=utf-8", "text/plain; charset=utf-8"
PEM = "application/x-pem-file"
HEADERS = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)


class Refused(Exception):
    """受け付けない: an answer that is no check, with its status and sentence."""

    def __init__(self, status: HTTPStatus, sentence: str, wait_seconds: int = 0) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = [("Retry-After", str(wait_seconds))] if wait_seconds else []


class Application:
    """検証ページ: callable by any WSGI server; made once with the published certificates.

    What one address sends is checked so often, where `arrivals` counts it; each process counts for
    itself. `header` names that in which a web server on this machine says whose address it is;
    none is believed unsaid, and what comes from this machine is then not counted.
    """

    def __init__(
        self,
        certificates: Sequence[x509.Certificate],
        arrivals: Arrivals | None = None,
        header: str = "",
    ) -> None:
        self._certificates = tuple(certificates)
        self._arrivals = arrivals
        self._header = f"HTTP_{header.upper().replace('-', '_')}" if header else ""
        pem = b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
        self._fixed: Mapping[str, Callable[[], tuple[str, bytes]]] = {
            "/": lambda: (HTML, page.render(self._certificates)),
            "/style.css": lambda: (CSS, page.style()),
            "/certificates.pem": lambda: (PEM, pem),
            "/healthz": lambda: (TEXT, b"ok\n"),
        }

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        more: list[tuple[str, str]] = []
        try:
            status, (kind, body) = HTTPStatus.OK, self._answer(environ)
        except Refused as refused:
            report = Report((Step("送信", False, str(refused)),), unreadable=True)
            status, kind, body = refused.status, HTML, page.render(self._certificates, report)
            more = refused.headers
        headers = [*HEADERS, *more, ("Content-Type", kind), ("Content-Length", str(len(body)))]
        start(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, bytes]:
        method, address = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if address not in self._fixed:
            raise Refused(HTTPStatus.NOT_FOUND, "このページはありません。")
        if method in ("GET", "HEAD"):
            return self._fixed[address]()
        if method != "POST" or address != "/":
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "この操作はできません。")
        self._count(environ)
        return HTML, page.render(self._certificates, self._checked(_form(environ)))

    def _count(self, environ: WSGIEnvironment) -> None:
        if self._arrivals is None:
            return
        told = environ.get(self._header, "") if self._header else None
        address = whose(environ.get("REMOTE_ADDR", ""), told)
        seconds = self._arrivals.seconds_to_wait(address, time.monotonic())
        if seconds:
            sentence = f"続けて送られすぎました。{seconds}秒待ってから、もう一度送ってください。"
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, sentence, seconds)

    def _checked(self, form: Mapping[str, bytes]) -> Report:
        if pdf := form.get("file"):
            return contained.report_of(lambda: verifying.verify_pdf(pdf, self._certificates))
        if code := form.get("code", b"").decode("utf-8", "replace").strip():
            return contained.report_of(lambda: verifying.verify_code(code, self._certificates))
        raise Refused(HTTPStatus.BAD_REQUEST, "PDF ファイルを選ぶか、符号を入力してください。")


def _form(environ: WSGIEnvironment) -> Mapping[str, bytes]:
    length = environ.get("CONTENT_LENGTH", "")
    if not (length.isascii() and length.isdecimal()):
        raise Refused(HTTPStatus.LENGTH_REQUIRED, "送信の長さが分かりません。")
    if int(length) > FORM_BYTES_MAX:
        _throw_away(environ["wsgi.input"], min(int(length), THROWN_BYTES_MAX))
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, verifying.too_large())
    body = environ["wsgi.input"].read(int(length))
    try:
        return upload.parts(body, environ.get("CONTENT_TYPE", ""))
    except upload.WrongForm:
        raise Refused(
            HTTPStatus.BAD_REQUEST, "送信を読み取れません。ページから送ってください。"
        ) from None


def _throw_away(stream: InputStream, length: int) -> None:
    """A browser listens only after it has sent everything."""
    while length > 0 and (part := stream.read(min(length, 1 << 16))):
        length -= len(part)
