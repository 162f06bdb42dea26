"""回線の送り口: hands a parcel to a neighbour and brings its receipt, or says why there is none.

Nothing is sent before it is known who answers: its address and authority by TLS, and by its
certificate that it is the neighbour.
"""

import json
import ssl
from collections.abc import Iterator

import h11
import httpx

from daicho.law.network.faults import FAULTS
from daicho.network.keys.folders import Damaged, NoKey
from daicho.network.protocol.intake import KeyNotKnownYet, Untrusted
from daicho.network.protocol.links import Parcel, Receipt
from daicho.network.protocol.message import Malformed
from daicho.network.protocol.parties import Party
from daicho.network.wire import parcels
from daicho.network.wire.answering import PATH
from daicho.network.wire.identity import Identity

UNREACHABLE, NOT_TRUSTED, REFUSED, NONSENSE, NO_KEY = (
    "unreachable",
    "not_trusted",
    "refused:",
    "nonsense",
    "no_key",
)
"""応答のない理由: nobody there; not the neighbour, or its signature is not; its refusal, followed
by the fault; no answer of this protocol; we ourselves have no certificate that holds."""
TIMEOUT = httpx.Timeout(60, connect=5, pool=5)
_LIMITS = httpx.Limits(max_connections=4, max_keepalive_connections=4, keepalive_expiry=60)
_REFUSAL_BYTES_MAX = 64 * 1024


class NoAnswer(Exception):
    """応答なし: no receipt came; `code` says why. Whether the parcel was taken nobody knows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Client:
    """送り口: of one party; its threads use it at once for different neighbours only."""

    def __init__(self, identity: Identity, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._identity = identity
        self._timeout = timeout
        self._kept: dict[Party, tuple[str, httpx.Client]] = {}

    def post(self, neighbour: Party, address: str, parcel: Parcel) -> tuple[Receipt, str]:
        """小包を渡す: at an address such as https://pref.example.lg.jp:8443; gives the receipt, and
        its signed text, which proves it; raises NoAnswer."""
        assert address.startswith("https://"), "nothing goes without TLS"
        text = parcels.parcel_written(parcel)
        assert len(text) <= parcels.PARCEL_BYTES_MAX, "a parcel is filled no further"
        try:
            status, answer = self._answer(neighbour, address, text)
        except (NoKey, Damaged):
            raise NoAnswer(NO_KEY) from None
        except httpx.InvalidURL:
            raise NoAnswer(UNREACHABLE) from None
        except httpx.HTTPError as failure:
            raise NoAnswer(_code(failure)) from None
        if status != httpx.codes.OK:
            raise NoAnswer(_refusal(answer))
        return self._receipt(neighbour, answer)

    def close(self) -> None:
        """終える: its connections end."""
        for neighbour in list(self._kept):
            self._kept.pop(neighbour)[1].close()

    def _answer(self, neighbour: Party, address: str, text: bytes) -> tuple[int, bytes]:
        to = httpx.URL(address).join(PATH)
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        http = self._http(neighbour)
        with http.stream("POST", to, content=text, headers=headers) as response:
            is_receipt = response.status_code == httpx.codes.OK
            most = parcels.RECEIPT_BYTES_MAX if is_receipt else _REFUSAL_BYTES_MAX
            return response.status_code, b"".join(_up_to(most, response.iter_raw()))

    def _http(self, neighbour: Party) -> httpx.Client:
        """The connections to a neighbour, new ones where our key has changed."""
        own = self._identity.speaks_by()
        key_id, http = self._kept.get(neighbour, ("", None))
        if http is not None and key_id == own.key.key_id:
            return http
        if http is not None:
            http.close()
        tls = self._identity.for_client(neighbour, own)
        http = httpx.Client(
            verify=tls,
            timeout=self._timeout,
            limits=_LIMITS,
            trust_env=False,
            follow_redirects=False,
        )
        self._kept[neighbour] = own.key.key_id, http
        return http

    def _receipt(self, neighbour: Party, answer: bytes) -> tuple[Receipt, str]:
        try:
            signed = answer.decode("ascii")
            signer, text = self._identity.checker.opened(signed)
            receipt = parcels.receipt_read(text)
        except (Untrusted, KeyNotKnownYet):
            raise NoAnswer(NOT_TRUSTED) from None
        except (UnicodeDecodeError, Malformed):
            raise NoAnswer(NONSENSE) from None
        if signer != neighbour:
            raise NoAnswer(NOT_TRUSTED)
        if (receipt.sender, receipt.receiver) != (self._identity.party, neighbour):
            raise NoAnswer(NONSENSE)
        return receipt, signed


def _up_to(most: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    came = 0
    for piece in pieces:
        came += len(piece)
        if came > most:
            raise NoAnswer(NONSENSE)
        yield piece


def _code(failure: BaseException) -> str:
    """Where TLS itself failed they are not who they should be, or do not know us."""
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return NOT_TRUSTED
        if isinstance(cause, h11.RemoteProtocolError):
            return NONSENSE
        cause = cause.__cause__ or cause.__context__
    return UNREACHABLE


def _refusal(answer: bytes) -> str:
    try:
        fault = json.loads(answer)["fault"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return NONSENSE
    return f"{REFUSED}{fault}" if isinstance(fault, str) and fault in FAULTS else NONSENSE
