"""一つの利用の証し: the page of a use says whether it is what was written, and by which head."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.models import Trail, TrailHead, TrailLeaf
from daicho.access.proof import notes, tree
from daicho.access.proof.notes import Note
from daicho.access.proof.sequencing import LINE
from people import Cast

pytestmark = pytest.mark.django_db
ComeIn = Callable[..., Client]

SOUND, ALTERED = "書かれたときのままです", "書かれたときのままではありません"


@dataclass(frozen=True)
class Proved:
    """Rows that have their places, and the key that signs their heads."""

    rows: Sequence[int]
    hashes: Sequence[bytes]
    key: ec.EllipticCurvePrivateKey

    def head(self, size: int, root: bytes | None = None) -> TrailHead:
        """A signed head over the first so many of them."""
        top = root or tree.root_of(self.hashes[:size])
        note = notes.written(Note("072036", size, top, clock.now().replace(microsecond=0)))
        public = self.key.public_key()
        return TrailHead.objects.create(
            size=size,
            note=note,
            signature=notes.sign(note, self.key),
            public_key=public.public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ).decode(),
        )


@pytest.fixture
def proved(cast: Cast) -> Proved:
    """Five rows of the clerk, placed as by the sequencer; the last was altered since."""
    made = Trail.objects.bulk_create(
        Trail(event="look", operator=cast.clerk.operator, request_id=uuid4(), commitment=b"")
        for _ in range(5)
    )
    rows = [one.pk for one in made]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sha256('\\x00'::bytea || convert_to({LINE}, 'UTF8')) FROM access_trail t"  # noqa: S608  our own words
            " WHERE t.id = ANY (%s) ORDER BY t.id",
            [rows],
        )
        hashes = [bytes(one) for (one,) in cursor.fetchall()]
    hashes[-1] = tree.leaf_hash(b"what was written at first")
    TrailLeaf.objects.bulk_create(
        TrailLeaf(leaf_index=place, trail_id=row, leaf_hash=one)
        for place, (row, one) in enumerate(zip(rows, hashes, strict=True))
    )
    return Proved(rows, hashes, ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
def page(cast: Cast, come_in: ComeIn) -> Callable[[int], str]:
    client = come_in(cast.auditor)
    return lambda number: client.get(reverse("console:trail", args=[number])).content.decode()


def test_a_row_under_a_signed_head_is_as_it_was_written(
    proved: Proved, page: Callable[[int], str]
) -> None:
    proved.head(5)
    for place, row in enumerate(proved.rows[:4], 1):
        told = page(row)
        assert f"連番 {place}。" in told
        assert SOUND in told
        assert ALTERED not in told


def test_a_row_behind_the_newest_head_is_not_signed_yet(
    proved: Proved, page: Callable[[int], str]
) -> None:
    proved.head(2)
    told = page(proved.rows[2])
    assert "まだ署名された先頭に入っていません" in told
    assert ALTERED not in told


def test_a_row_that_was_altered_is_found(proved: Proved, page: Callable[[int], str]) -> None:
    assert ALTERED in page(proved.rows[4]), "before any head too"
    proved.head(5)
    assert ALTERED in page(proved.rows[4])
    assert SOUND in page(proved.rows[0]), "the others are whole"


def test_a_head_with_another_root_is_found(proved: Proved, page: Callable[[int], str]) -> None:
    proved.head(5, root=b"x" * 32)
    assert ALTERED in page(proved.rows[0])


def test_a_head_that_nobody_signed_is_found(proved: Proved, page: Callable[[int], str]) -> None:
    head = proved.head(5)
    TrailHead.objects.create(
        size=5, note=head.note, signature=b"\x30\x00", public_key=head.public_key
    )
    assert ALTERED in page(proved.rows[0])
