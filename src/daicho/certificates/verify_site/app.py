"""検証ページの応答: a WSGI application of four addresses; it keeps nothing and logs nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from wsgiref.types import InputStream, StartResponse, WSGIEnvironment

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from daicho.certificates import verifying
from daicho.certificates.verify_site import contained, page, upload
from daicho.certificates.verifying import Report, Step

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

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Application:
    """検証ページ: callable by any WSGI server; made once with the published certificates."""

    def __init__(self, certificates: Sequence[x509.Certificate]) -> None:
        self._certificates = tuple(certificates)
        pem = b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
        self._fixed: Mapping[str, Callable[[], tuple[str, bytes]]] = {
            "/": lambda: (HTML, page.render(self._certificates)),
            "/style.css": lambda: (CSS, page.style()),
            "/certificates.pem": lambda: (PEM, pem),
            "/healthz": lambda: (TEXT, b"ok\n"),
        }

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            status, (kind, body) = HTTPStatus.OK, self._answer(environ)
        except Refused as refused:
            report = Report((Step("送信", False, str(refused)),), unreadable=True)
            status, kind, body = refused.status, HTML, page.render(self._certificates, report)
        headers = [*HEADERS, ("Content-Type", kind), ("Content-Length", str(len(body)))]
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
        return HTML, page.render(self._certificates, self._checked(_form(environ)))

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
