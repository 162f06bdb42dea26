"""立会いを求める: the newest head is shown to a witness, with the proof that it continues the last.

What is sent and answered is JSON of one shape (`docs/operating/trail.md`), so that another tier may
be a witness as well as a process of its own.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

import structlog

from daicho.access.models import TrailAttestation, TrailHead
from daicho.access.proof import notes, posting, tree
from daicho.access.proof.nodes import Blocks
from daicho.access.proof.posting import NoAnswer

COSIGNED, REFUSED = "cosigned", "refused"
KIND = "application/json"
AGREED, STALE, NO = 200, 409, 422

log = structlog.stdlib.get_logger("daicho.proof")


def last_size(address: str) -> int:
    """How many rows the newest head has that this witness has co-signed; 0 without one."""
    found = _attested(address, COSIGNED)
    return found.head.size if found is not None else 0


def is_due(address: str, head: TrailHead) -> bool:
    """Has this witness not yet co-signed that head?"""
    found = _attested(address, COSIGNED)
    return found is None or found.head.pk != head.pk


def ask(address: str, head: TrailHead) -> bool:
    """Show a head and keep what is answered; False where the witness refuses it.

    Raises posting.NoAnswer where there is none, and nodes.NotWhole where our own tree has a hole.
    """
    old_size = last_size(address)
    status, answer = _sent(address, head, old_size)
    if status == STALE:  # it knows another head of ours: its answer to an earlier one was lost
        old_size = _size_in(answer)
        if not old_size <= head.size:
            raise NoAnswer("no size of ours")
        status, answer = _sent(address, head, old_size)
    if status == AGREED:
        _keep_cosignature(address, head, answer)
        return True
    if status == NO:
        return _told_to_be_wrong(address, head, answer)
    raise NoAnswer(str(status))


def _sent(address: str, head: TrailHead, old_size: int) -> tuple[int, Mapping[str, Any]]:
    is_later = 0 < old_size <= head.size
    path = tree.consistency(Blocks().fetch, old_size, head.size) if is_later else []
    said = {
        "v": 1,
        "note": head.note,
        "signature": _text(bytes(head.signature)),
        "public_key": head.public_key,
        "old_size": old_size,
        "consistency": [_text(one) for one in path],
    }
    status, body = posting.post(address, json.dumps(said).encode(), KIND)
    try:
        answer = json.loads(body)
    except (RecursionError, ValueError):
        raise NoAnswer("no JSON") from None
    if not isinstance(answer, dict) or answer.get("v") != 1:
        raise NoAnswer("no answer of this shape")
    return status, answer


def _keep_cosignature(address: str, head: TrailHead, answer: Mapping[str, Any]) -> None:
    """A signature that proves nothing is not kept."""
    try:
        given = answer["cosignature"]
        at, public = notes.read_moment(given["at"]), str(answer["public_key"])
        signature = base64.b64decode(given["signature"], validate=True)
    except (KeyError, TypeError, ValueError):
        raise NoAnswer("no co-signature") from None
    if not notes.is_signed(notes.cosigned(head.note, at), signature, public):
        raise NoAnswer("a co-signature that is not one")
    before = _attested(address, COSIGNED)
    if before is not None and before.public_key != public:
        log.warning("trail_witness_has_another_key", address=address)
    TrailAttestation.objects.create(
        head=head,
        kind=COSIGNED,
        address=address,
        said=notes.moment(at),
        proof=signature,
        public_key=public,
    )


def _told_to_be_wrong(address: str, head: TrailHead, answer: Mapping[str, Any]) -> bool:
    """A refusal, unless the witness has by now seen a later head of this very trail."""
    code, known = str(answer.get("refused", ""))[:40], answer.get("known")
    note = known.get("note") if isinstance(known, dict) else None
    if isinstance(note, str) and TrailHead.objects.filter(note=note, id__gt=head.id).exists():
        return True  # another of our processes came first
    log.error("trail_head_refused", address=address, code=code, size=head.size)
    newest = TrailAttestation.objects.filter(address=address).order_by("-id").first()
    if newest is None or (newest.kind, newest.said) != (REFUSED, code):
        TrailAttestation.objects.create(
            head=head, kind=REFUSED, address=address, said=code, proof=b""
        )
    return False


def _attested(address: str, kind: str) -> TrailAttestation | None:
    found = TrailAttestation.objects.filter(address=address, kind=kind)
    return found.select_related("head").order_by("-id").first()


def _size_in(answer: Mapping[str, Any]) -> int:
    try:
        return int(answer["known"]["size"])
    except (KeyError, TypeError, ValueError):
        raise NoAnswer("no size") from None


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
