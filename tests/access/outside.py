"""Who stands outside the register: witnesses and a time-stamping authority, on this machine."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from daicho.access import clock
from daicho.access.proof import head_key
from daicho.access.witness import answering, book

START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


@contextmanager
def _serving(server: ThreadingHTTPServer) -> Iterator[str]:
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Witness:
    """A witness that answers at `address`; its public key stands in the file `key`."""

    address: str
    key: Path
    book: Path


@contextmanager
def witness(folder: Path) -> Iterator[Witness]:
    """One with a book of its own; it may end and come again at another address."""
    folder.mkdir(exist_ok=True)
    key_file, its_book = folder / "key.pem", folder / "book.json"
    if not key_file.exists():
        head_key.create(key_file)
        book.begun(its_book)
    key = head_key.load(key_file)
    (folder / "public.pem").write_text(key.public)
    it = answering.Witness(book.opened(its_book), key, clock.now)
    with _serving(answering.server(it, "127.0.0.1", 0)) as address:
        yield Witness(f"{address}{answering.ADDRESS}", folder / "public.pem", its_book)


Answer = Callable[[bytes], tuple[int, Mapping[str, str], bytes]]


@contextmanager
def somebody(answer: Answer) -> Iterator[str]:
    """A server that says to every POST whatever it likes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, headers, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield address


@dataclass
class Authority:
    """A time-stamping authority under one of its own: its certificates, and what it answers."""

    name: str
    start: datetime = START
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING
    signer: x509.Certificate = field(init=False)
    issuer: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        root_key, self._key = (
            rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)
        )
        self.issuer = _certificate(f"{self.name} CA", root_key, f"{self.name} CA", root_key, START)
        self.signer = _certificate(
            self.name, self._key, f"{self.name} CA", root_key, self.start, self.usage
        )

    def answered(self, query: bytes, at: datetime | None = None) -> bytes:
        """The answer to such a query, at a moment."""
        der = serialization.Encoding.DER
        key = self._key.private_bytes(
            der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(self.signer.public_bytes(der)),
            asn1_keys.PrivateKeyInfo.load(key),
            fixed_dt=at or clock.now(),
        )
        answer = stamper.request_tsa_response(tsp.TimeStampReq.load(query))
        return bytes(answer.dump())

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Answering over HTTP."""
        kind = {"Content-Type": "application/timestamp-reply"}
        with somebody(lambda query: (200, kind, self.answered(query))) as address:
            yield address


def pem(certificate: x509.Certificate, file: Path) -> Path:
    """The certificate in a file."""
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return file


def _certificate(
    name: str,
    key: rsa.RSAPrivateKey,
    issuer: str,
    issuer_key: rsa.RSAPrivateKey,
    start: datetime,
    usage: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(min(END, start + timedelta(days=7000)))
    )
    if usage is not None:
        made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return made.sign(issuer_key, hashes.SHA256())
