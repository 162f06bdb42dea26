"""封をしたファイル: it opens with its passphrase, whole and as it was sealed, or not at all."""

import argparse
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.access.sealed_files import frames, opening, passphrases
from daicho.access.sealed_files.opening import NotOpened, Opened
from daicho.access.sealed_files.sealing import Sealer
from daicho.site.commands import open_file
from daicho.site.trouble import Trouble

SAID = {"export": "e-1", "kind": "送付先の一覧", "ground": "架空の理由", "made_by": "system"}
PASSPHRASE = "2345-6789-ABCD-EFGH-JKMN-PQRS-TVWX"
FRAME = frames.FRAME_BYTES


def sealed(parts: Sequence[bytes], rows: int = 1, passphrase: str = PASSPHRASE) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, passphrase, SAID)
    for part in parts:
        sealer.write(part)
    sealer.end(rows)
    assert sealer.size_bytes == len(file.getvalue())
    return file.getvalue()


def opened(content: bytes, passphrase: str = PASSPHRASE) -> tuple[bytes, Opened]:
    out = io.BytesIO()
    found = opening.opened(io.BytesIO(content), passphrase, out.write)
    return out.getvalue(), found


def start_of_frames(content: bytes) -> int:
    at = len(frames.MAGIC)
    (length,) = frames.LENGTH.unpack(content[at : at + 4])
    return at + 4 + int(length) + 16 + 12 + frames.WRAPPED_BYTES


def split(content: bytes) -> tuple[bytes, list[bytes]]:
    """What stands before the frames, and each frame."""
    at = start_of_frames(content)
    head, found = content[:at], []
    while at < len(content):
        _, length = frames.FRAME.unpack(content[at : at + frames.FRAME.size])
        found.append(content[at : at + frames.FRAME.size + length])
        at += len(found[-1])
    return head, found


THREE = sealed([b"a" * FRAME, b"b" * FRAME, b"c"], rows=3)


@given(st.lists(st.binary(max_size=200) | st.just(b"x" * FRAME), max_size=6), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_it_goes_round(parts: list[bytes], rows: int) -> None:
    plain, found = opened(sealed(parts, rows))
    assert plain == b"".join(parts)
    assert (found.rows, found.said) == (rows, SAID)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_bit_that_is_not_as_it_was_is_found(data: st.DataObject) -> None:
    content = bytearray(sealed([b"line\n" * 20]))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NotOpened):
        opened(bytes(content))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_an_end_that_is_cut_off_or_hung_on_is_found(data: st.DataObject) -> None:
    content = sealed([b"line\n" * 20])
    with pytest.raises(NotOpened):
        opened(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(NotOpened):
        opened(content + data.draw(st.binary(min_size=1, max_size=40)))


@pytest.mark.parametrize(
    "order",
    [[1, 0, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 1, 1, 2, 3], [0, 1, 2, 3, 3], [3], []],
    ids=str,
)
def test_a_frame_moved_left_out_or_doubled_is_found(order: list[int]) -> None:
    head, found = split(THREE)
    assert len(found) == 4
    assert opened(head + b"".join(found))[0].endswith(b"bc")
    with pytest.raises(NotOpened) as no:
        opened(head + b"".join(found[one] for one in order))
    assert no.value.reason == opening.DAMAGED


def test_a_frame_of_another_file_is_found() -> None:
    head, found = split(THREE)
    _, others = split(sealed([b"a" * FRAME, b"b" * FRAME, b"c"], rows=3))
    with pytest.raises(NotOpened):
        opened(head + found[0] + others[1] + found[2] + found[3])


def test_a_frame_that_is_made_the_last_is_found() -> None:
    head, found = split(THREE)
    with pytest.raises(NotOpened):
        opened(head + found[0] + b"\x01" + found[1][1:])


def test_another_passphrase_opens_nothing_and_a_badly_typed_one_does() -> None:
    content = sealed([b"a"])
    with pytest.raises(NotOpened) as no:
        opened(content, passphrases.made())
    assert no.value.reason == opening.PASSPHRASE
    for typed in (
        f" {PASSPHRASE.lower().replace('-', ' ')}\n",
        f"\ufeff{PASSPHRASE}",  # as an editor of Windows keeps it
        PASSPHRASE.replace("-", "–"),  # as a word processor makes it
        PASSPHRASE.translate({one: one + 0xFEE0 for one in range(0x21, 0x7F)}),
    ):
        assert opened(content, typed)[0] == b"a"


def test_who_and_why_cannot_be_rewritten() -> None:
    text = json.dumps(SAID, ensure_ascii=False, sort_keys=True).encode()
    other = text.replace(b"system", b"nobody")
    with pytest.raises(NotOpened) as no:
        opened(sealed([b"a"]).replace(text, other))
    assert no.value.reason == opening.PASSPHRASE
    with pytest.raises(NotOpened) as no:
        opened(b"PK\x03\x04" + bytes(100))
    assert no.value.reason == opening.NOT_OURS


def test_a_header_as_deep_as_a_well_is_no_header() -> None:
    text = b"[" * frames.HEADER_BYTES_MAX
    with pytest.raises(NotOpened) as no:
        opened(frames.MAGIC + frames.LENGTH.pack(len(text)) + text + bytes(100))
    assert no.value.reason == opening.DAMAGED


def test_a_file_that_was_not_ended_is_opened_by_nobody() -> None:
    file = io.BytesIO()
    Sealer(file, PASSPHRASE, SAID).write(b"a" * (3 * FRAME))
    with pytest.raises(NotOpened):
        opened(file.getvalue())


def test_no_more_than_a_frame_is_held() -> None:
    """However much comes at once or in all, what waits is at most a frame."""

    class Counting(io.RawIOBase):
        length = 0

        def write(self, content: object) -> int:
            assert isinstance(content, bytes)
            assert len(content) <= FRAME + 1024
            self.length += len(content)
            return len(content)

    file = Counting()
    sealer = Sealer(file, PASSPHRASE, SAID)  # type: ignore[arg-type]  # all that is asked of a file
    for _ in range(40):
        sealer.write(b"x" * 50_000)
        assert len(sealer._waiting) <= FRAME
    sealer.end(40)
    assert file.length == sealer.size_bytes > 2_000_000


def test_a_passphrase_has_more_than_128_bits_and_is_never_the_same() -> None:
    found = {passphrases.plain(passphrases.made()) for _ in range(50)}
    assert len(found) == 50
    assert all(len(one) == passphrases.CHARS for one in found)
    assert len(set(passphrases.LETTERS)) ** passphrases.CHARS > 2**128


def test_what_stands_beside_the_output_stays(tmp_path: Path) -> None:
    """The file to be opened too, whatever it is called."""
    sealed, typed = tmp_path / "out.part", tmp_path / "typed"
    sealed.write_bytes(b"daicho-sealed-file 1\n" + bytes(40))
    typed.write_text("ABCD")
    with pytest.raises(Trouble, match="開けません"):
        open_file.opened(sealed, "ABCD", tmp_path / "out")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out.part", "typed"]


def test_a_file_that_does_not_open_leaves_nothing(tmp_path: Path) -> None:
    sealed, typed = tmp_path / "some.sealed", tmp_path / "typed"
    sealed.write_bytes(b"daicho-sealed-file 1\n" + bytes(40))
    typed.write_text("ABCD")
    asked_for = argparse.Namespace(file=sealed, out=tmp_path / "out", passphrase_file=typed)
    with pytest.raises(Trouble, match="開けません"):
        open_file.run(asked_for)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["some.sealed", "typed"]
