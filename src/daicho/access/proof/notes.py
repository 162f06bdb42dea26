"""先頭の文: the text that a head is, and the one that a witness signs beside it.

A head is five lines, each ended: what it is, whose trail, the size, the root, the moment. What a
witness signs says what it is and its own moment, and then the head as it stands.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

TITLE = "daicho trail head v1"
COSIGNED = "daicho trail cosignature v1"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
WHOSE_MAX = 40
SIZE_MAX = 2**63
PEM_LENGTH_MAX = 400


@dataclass(frozen=True)
class Note:
    """先頭: whose trail, how many rows, their root, and when; the moment is of whole seconds."""

    whose: str
    size: int
    root: bytes
    at: datetime


def written(note: Note) -> str:
    """署名する文: the five lines."""
    root = base64.b64encode(note.root).decode()
    lines = (TITLE, note.whose, str(note.size), root, moment(note.at))
    return "".join(f"{one}\n" for one in lines)


def read(text: str) -> Note:
    """What such a text says; raises ValueError where it is not one, letter for letter."""
    title, whose, size, root, at = text.removesuffix("\n").split("\n")
    note = Note(whose, int(size), base64.b64decode(root, validate=True), read_moment(at))
    is_sound = 0 < len(whose) <= WHOSE_MAX and 0 <= note.size < SIZE_MAX and len(note.root) == 32
    if not is_sound or title != TITLE or written(note) != text:
        raise ValueError("no head")
    return note


def moment(at: datetime) -> str:
    """時刻: as these texts write it, in UTC."""
    return at.astimezone(UTC).strftime(MOMENT)


def read_moment(text: str) -> datetime:
    """The moment of such a text; raises ValueError."""
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)


def cosigned(text: str, at: datetime) -> str:
    """立会人が署名する文: a head as it stands, under the witness's own moment."""
    return f"{COSIGNED}\n{moment(at)}\n{text}"


def sign(text: str, private: ec.EllipticCurvePrivateKey) -> bytes:
    """署名: ECDSA with SHA-256, DER."""
    return private.sign(text.encode(), ec.ECDSA(hashes.SHA256()))


def is_signed(text: str, signature: bytes, public: str) -> bool:
    """Is it signed with that key (PEM, P-256)? What is no such key has signed nothing."""
    if len(public) > PEM_LENGTH_MAX:  # a reader of PEM passes over whatever else stands there
        return False
    try:
        key = load_pem_public_key(public.encode())
    except (TypeError, UnsupportedAlgorithm, ValueError):
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        return False
    try:
        key.verify(signature, text.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
