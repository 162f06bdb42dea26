"""時刻認証: a token of a time-stamping authority over a head (RFC 3161), so that its moment rests
on another clock than our own.

What is kept is the token as it came. Here it is compared with what was asked; whose signature it
bears is checked by whoever relies on it (`verify-trail --tsa`), with a certificate from elsewhere.
"""

import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from asn1crypto import algos, core, tsp
from django.conf import settings

from daicho.access.models import TrailAttestation, TrailHead
from daicho.access.proof import notes, posting
from daicho.access.proof.posting import NoAnswer

STAMPED = "stamped"
KIND = "application/timestamp-query"
GRANTED = frozenset({"granted", "granted_with_mods"})
NONCE_BYTES = 16
YOUNG = timedelta(minutes=90)
"""A head that is older is not stamped: a token long after its moment looks like a forgery. There is
one each hour, so a newer one comes."""


def every() -> timedelta:
    """How often a head is stamped."""
    return timedelta(minutes=settings.TRAIL_TSA_MINUTES)


def last() -> TrailAttestation | None:
    """The newest token."""
    found = TrailAttestation.objects.filter(address=settings.TRAIL_TSA, kind=STAMPED)
    return found.select_related("head").order_by("-id").first()


def is_due(head: TrailHead, now: datetime) -> bool:
    """Is it time for another token, and is this head a young one that has none?"""
    if now - notes.read(head.note).at > YOUNG:
        return False
    found = last()
    return found is None or (found.head.pk != head.pk and now - found.at >= every())


def stamp(address: str, head: TrailHead) -> None:
    """Have a head stamped and keep the token; raises posting.NoAnswer."""
    digest, nonce = sha256(head.note.encode()).digest(), int.from_bytes(os.urandom(NONCE_BYTES))
    request = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": tsp.MessageImprint(
                {
                    "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                    "hashed_message": digest,
                }
            ),
            "nonce": core.Integer(nonce),
            "cert_req": True,
        }
    )
    status, body = posting.post(address, request.dump(), KIND)
    if status != 200:
        raise NoAnswer(str(status))
    token, at = _opened(body, digest, nonce)
    TrailAttestation.objects.create(
        head=head, kind=STAMPED, address=address, said=notes.moment(at), proof=token
    )


def _opened(body: bytes, digest: bytes, nonce: int) -> tuple[bytes, datetime]:
    """The token and its moment, where it is over what was asked."""
    try:
        answer = tsp.TimeStampResp.load(body, strict=True)
        status = answer["status"]["status"].native
        if status not in GRANTED:
            raise NoAnswer(f"not granted: {status}")
        token = answer["time_stamp_token"]
        said = token["content"]["encap_content_info"]["content"].parsed
        imprint = said["message_imprint"]
        found = (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native)
        at: datetime = said["gen_time"].native
        is_ours = found == ("sha256", digest) and said["nonce"].native == nonce
        dumped = bytes(token.dump())
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NoAnswer("no token") from None
    if not is_ours:
        raise NoAnswer("a token over something else")
    return dumped, at.astimezone(UTC)
