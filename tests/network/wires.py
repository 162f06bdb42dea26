"""A few parties with real keys and a line between them on this machine."""

import ipaddress
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPResponse
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from daicho.access import clock
from daicho.network.keys import folders
from daicho.network.keys.certificates import Use, issue, key_id, make_authority
from daicho.network.protocol.links import NO_LOG, Parcel, Receipt
from daicho.network.protocol.parties import Party
from daicho.network.wire.answering import Waits
from daicho.network.wire.client import Client
from daicho.network.wire.identity import Identity
from daicho.network.wire.server import Limits, Server, running

TOWN, OTHER_TOWN, PREFECTURE = Party("072036"), Party("072044"), Party("07")
HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
DIGEST = "0123456789abcdef" * 2


def parcel(*signed: str, sender: Party = TOWN, receiver: Party = PREFECTURE) -> Parcel:
    """A parcel from the first place."""
    return Parcel(sender, receiver, 1, 1, NO_LOG, signed)


def receipt_of(one: Parcel) -> Receipt:
    """As it is given where all was taken."""
    return Receipt(one.sender, one.receiver, one.epoch, 1, len(one.signed), DIGEST, (), False)


@dataclass
class Nation:
    """An authority with its directory, and the folders of the parties that it knows."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(init=False)
    certificate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = make_authority(self.key, "試験の認証局", clock.now(), 1000)
        self.directory.mkdir(parents=True)
        folders.write_certificate(self.authority, self.certificate)

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def directory(self) -> Path:
        return self.folder / "directory"

    def give(
        self,
        of: Party,
        uses: tuple[Use, ...] = tuple(Use),
        *,
        to: str = "",
        host: x509.GeneralName = HERE,
        at: datetime | None = None,
        is_listed: bool = True,
    ) -> Path:
        """The next keys of a party, with certificates; gives its folder."""
        own = self.folder / (to or of)
        own.mkdir(mode=0o700, exist_ok=True)
        number = 1 + max((one for _, one in folders.numbers(own)), default=0)
        for use in uses:
            private = ec.generate_private_key(ec.SECP256R1())
            hosts = [host] if use is Use.SPEAK else []
            given = issue(
                of, use, private.public_key(), self.certificate, self.key,
                at or clock.now(), 30, hosts,
            )  # fmt: skip
            if is_listed:
                folders.write_certificate(self.directory / f"{key_id(given)}.pem", given)
            folders.write_key(own / f"{use.value}-{number}.key", private)
            folders.write_certificate(own / f"{use.value}-{number}.pem", given)
        return own

    def identity(self, of: Party, keys: Path | None = None) -> Identity:
        return Identity(of, keys or self.folder / of, self.authority, self.directory)


def long_ago() -> datetime:
    """A day of which a certificate of thirty days has ended."""
    return clock.now() - timedelta(days=40)


@dataclass
class Answers:
    """What a running server counted, and where it is."""

    port: int
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    taken: list[Parcel] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"


@contextmanager
def serving(
    identity: Identity,
    take: Callable[[Parcel], Receipt | None] = receipt_of,
    *,
    waits: Waits | None = None,
    limits: Limits | None = None,
) -> Iterator[Answers]:
    """A server of the prefecture, to which one town belongs."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        answers = Answers(listening.getsockname()[1])

        def count(peer: str, fault: str) -> None:
            answers.counted[peer, fault] += 1

        def taking(one: Parcel) -> Receipt | None:
            answers.taken.append(one)
            return take(one)

        server = Server(
            identity, {TOWN}, taking, count, limits=limits or Limits(), waits=waits or Waits()
        )
        with running(server, listening):
            yield answers


@contextmanager
def client(identity: Identity) -> Iterator[Client]:
    """A client whose connections are ended."""
    one = Client(identity)
    try:
        yield one
    finally:
        one.close()


@contextmanager
def raw(answers: Answers, keys: Path, authority: Path) -> Iterator[ssl.SSLSocket]:
    """TLS with the first key of a folder, to send what no client of ours would."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority)
    context.load_cert_chain(keys / "tls-1.pem", keys / "tls-1.key")
    with (
        socket.create_connection(("127.0.0.1", answers.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as spoken,
    ):
        yield spoken


@contextmanager
def saying(identity: Identity, answer: bytes) -> Iterator[Answers]:
    """A server that says one thing to the first parcel, whatever it holds."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_say, args=(listening, identity, answer))
        thread.start()
        try:
            yield Answers(listening.getsockname()[1])
        finally:
            thread.join()


def _say(listening: socket.socket, identity: Identity, answer: bytes) -> None:
    plain, _ = listening.accept()
    plain.settimeout(10)
    tls = identity.for_server()
    with plain, suppress(OSError), tls.wrap_socket(plain, server_side=True) as spoken:
        came = b""
        while not came.endswith(b"}") and (more := spoken.recv(65536)):
            came += more
        spoken.sendall(answer)


@contextmanager
def hearing(nation: Nation, keys: Path, heard: list[bytes]) -> Iterator[Answers]:
    """A server of whoever has these keys, which keeps what it hears."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / "tls-1.pem", keys / "tls-1.key")

    def hear() -> None:
        plain, _ = listening.accept()
        plain.settimeout(10)
        with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as spoken:
            heard.extend(iter(lambda: spoken.recv(65536), b""))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=hear)
        thread.start()
        try:
            yield Answers(listening.getsockname()[1])
        finally:
            thread.join()


def answer_of(spoken: socket.socket) -> tuple[int, bytes]:
    """The status and the body of the next answer."""
    with closing(HTTPResponse(spoken)) as response:
        response.begin()
        return response.status, response.read()


def until_end(spoken: socket.socket) -> bytes:
    """Everything that is answered until the other end closes."""
    came = b""
    while more := spoken.recv(65536):
        came += more
    return came
