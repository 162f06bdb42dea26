"""立会人: what it signs, what it refuses and remembers, and that it knows no register."""

import base64
import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from access.shown import KEY, Trail, body
from daicho.access.proof import head_key, notes
from daicho.access.witness import answering, book
from processes import bare_environment, call

NOON = datetime(2026, 11, 22, 3, tzinfo=UTC)
OK, CONFLICT, NO = HTTPStatus.OK, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY


class Standing:
    """A witness with a book on disk, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.file, self.now = folder / "witness.json", NOON
        book.begun(self.file)
        key_file = folder / "witness_key.pem"
        head_key.create(key_file)
        self.key = head_key.load(key_file)
        self.again()

    def again(self) -> None:
        """The process ends and another begins."""
        self._witness = answering.Witness(book.opened(self.file), self.key, lambda: self.now)

    def shown(self, asked: bytes) -> tuple[int, Any]:
        status, said = self._witness.answer(asked)
        return status, said

    def refused(self) -> Sequence[str]:
        """The codes of what is remembered, of the one trail there is."""
        return [one["code"] for one in book.opened(self.file).page("072036").refused]


@pytest.fixture
def witness(tmp_path: Path) -> Standing:
    return Standing(tmp_path)


def test_a_trail_that_grows_is_co_signed_each_time(witness: Standing) -> None:
    trail, seen = Trail(), 0
    for size in (0, 3, 3, 300, 301):
        trail.grow(size)
        status, said = witness.shown(trail.asked(NOON, seen))
        assert status == OK, said
        given = said["cosignature"]
        text = notes.cosigned(trail.note(NOON), notes.read_moment(given["at"]))
        mark = base64.b64decode(given["signature"])
        assert notes.is_signed(text, mark, said["public_key"])
        assert not notes.is_signed(trail.note(NOON), mark, said["public_key"])
        seen = size
        witness.again()


def test_a_proof_from_another_size_is_asked_for_again(witness: Standing) -> None:
    trail = Trail(3)
    assert witness.shown(trail.asked(NOON, 0))[0] == OK
    trail.grow(9)
    status, said = witness.shown(trail.asked(NOON, 0))
    assert (status, said["known"]["size"]) == (CONFLICT, 3)
    assert witness.refused() == [], "that is no fault"
    assert witness.shown(trail.asked(NOON, 3))[0] == OK


@pytest.fixture
def known(witness: Standing) -> Trail:
    """A trail of which nine rows are co-signed."""
    trail = Trail(9)
    assert witness.shown(trail.asked(NOON, 0))[0] == OK
    return trail


def test_a_shortened_trail_is_refused_and_remembered(witness: Standing, known: Trail) -> None:
    status, said = witness.shown(Trail(8).asked(NOON, 0))
    assert (status, said["refused"], said["known"]["note"]) == (NO, "smaller", known.note(NOON))
    witness.again()
    assert witness.refused() == ["smaller"]
    (kept,) = book.opened(witness.file).page("072036").refused
    mark = base64.b64decode(kept["signature"])
    assert notes.is_signed(kept["note"], mark, kept["public_key"]), "the forger's own signature"


@pytest.mark.parametrize("size", [9, 12])
def test_a_fork_is_refused_with_whatever_proof(witness: Standing, known: Trail, size: int) -> None:
    forged = Trail(size, altered=4)
    assert witness.shown(forged.asked(NOON, 9))[1]["refused"] == "fork"
    known.grow(size)
    proof = json.loads(known.asked(NOON, 9))["consistency"] if size > 9 else []
    asked = json.loads(forged.asked(NOON, 9)) | {"consistency": proof}
    assert witness.shown(json.dumps(asked).encode())[1]["refused"] == "fork"
    assert witness.refused() == ["fork"]
    known.grow(20)
    assert witness.shown(known.asked(NOON, 9))[0] == OK, "the true one goes on"


def test_another_key_is_refused_until_it_is_accepted(witness: Standing, known: Trail) -> None:
    key = head_key.HeadKey(ec.generate_private_key(ec.SECP256R1()))
    known.grow(10)
    assert witness.shown(known.asked(NOON, 9, key))[1]["refused"] == "key"
    assert witness.shown(known.asked(NOON, 9))[0] == OK


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOON + timedelta(minutes=11), "ahead"),
        (NOON - timedelta(seconds=1), "earlier"),
    ],
)
def test_moments_that_cannot_be_are_refused(
    witness: Standing, known: Trail, at: datetime, code: str
) -> None:
    known.grow(10)
    assert witness.shown(known.asked(at, 9))[1]["refused"] == code


@pytest.mark.parametrize(
    "change",
    [
        {"signature": base64.b64encode(b"made up").decode()},
        {"public_key": "no key"},
        {"note": "no head\n"},
    ],
)
def test_what_is_not_signed_is_refused_and_leaves_nothing(
    witness: Standing, change: dict[str, str]
) -> None:
    asked = json.loads(Trail(3).asked(NOON, 0)) | change
    status, said = witness.shown(json.dumps(asked).encode())
    assert (status, said["refused"]) == (NO, "signature")
    assert witness.refused() == []


@pytest.mark.parametrize(
    "asked",
    [
        b"",
        b"3",
        b"[" * 100_000,
        b'{"v": 2}',
        b'{"v": 1, "consistency": ["x"]}',
        json.dumps(body("", b"", "", 0, [b"short"])).encode(),
        json.dumps(body("", b"", "k" * 500, 0, [])).encode(),
    ],
)
def test_what_cannot_be_read_is_no_head(witness: Standing, asked: bytes) -> None:
    assert witness.shown(asked)[0] == HTTPStatus.BAD_REQUEST


def test_nothing_is_signed_that_cannot_be_written_down(witness: Standing) -> None:
    before = witness.file.read_bytes()
    witness.file.with_name(f"{witness.file.name}.part").mkdir()
    status, said = witness.shown(Trail(3).asked(NOON, 0))
    assert (status, said["refused"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "not_written")
    assert "cosignature" not in said
    assert witness.file.read_bytes() == before


@pytest.mark.parametrize("content", [None, "", "{", '{"v": 1}', '{"v": 2, "trails": {}}'])
def test_a_book_that_is_lost_or_spoilt_is_never_begun_anew(
    witness: Standing, content: str | None
) -> None:
    witness.file.unlink()
    if content is not None:
        witness.file.write_text(content)
    with pytest.raises(book.BookTrouble, match=r"witness\.json"):
        witness.again()


# --- the command ------------------------------------------------------------------------------

SERVE = """
import argparse, sys
from daicho.site.commands import witness
from daicho.site import cli
cli.take_signals()
parser = argparse.ArgumentParser()
witness.add_arguments(parser)
try:
    witness.run(parser.parse_args())
except cli.Stopped:
    kept = [name for name in sys.modules if name.startswith(("daicho.", "django"))]
    print(*kept)
"""


@dataclass
class Running:
    """A witness that answers at `port`; what it had loaded, once it has ended."""

    port: int
    modules: list[str]


@contextmanager
def running(folder: Path, *words: str) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", SERVE, "--data", str(folder), "--port", "0", *words],
        env=bare_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as told:
        address = re.match(r"READY http://127\.0\.0\.1:(\d+)/v1/heads\n", told.readline())
        assert address is not None
        found = Running(int(address[1]), [])
        try:
            yield found
        finally:
            process.send_signal(signal.SIGTERM)
            found.modules += told.read().splitlines()[-1].split()
            process.wait(30)


def posted(port: int, asked: bytes, path: str = "/v1/heads") -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, asked)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_the_process_knows_no_register_and_remembers_over_its_end(tmp_path: Path) -> None:
    now, folder, trail = datetime.now(UTC), tmp_path / "witness", Trail(9)  # noqa: TID251  its own
    with running(folder) as one:
        port = one.port
        status, said = posted(port, trail.asked(now, 0))
        assert status == OK, said
        assert said["public_key"] == (folder / "witness_key.pub.pem").read_text()
        assert posted(port, b"x" * 70_000)[0] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert posted(port, b"", "/")[0] == HTTPStatus.NOT_FOUND
    assert "daicho.access.witness.answering" in one.modules
    strange = ("django", "daicho.register", "daicho.vault", "daicho.access.models")
    assert not [name for name in one.modules if name.startswith(strange)]
    assert (folder / "witness_key.pem").stat().st_mode & 0o077 == 0
    with running(folder) as one:
        assert posted(one.port, Trail(8).asked(now, 0))[1]["refused"] == "smaller"
        assert "別の立会人" in call("witness", "--data", folder, "--forget", "072036").stderr
    assert call("witness", "--data", folder, "--forget", "072036").returncode == 0
    with running(folder) as one:
        assert posted(one.port, Trail(8).asked(now, 0))[0] == OK, "by hand, and on record"
    (gone,) = book.opened(folder / "witness.json").page("072036").before
    assert gone["note"] == trail.note(now)


def test_a_key_is_accepted_by_hand(tmp_path: Path) -> None:
    now, folder = datetime.now(UTC), tmp_path / "witness"  # noqa: TID251  the process has its own
    with running(folder, "--accept", f"072036={'0' * 64}") as one:
        assert posted(one.port, Trail(1).asked(now, 0))[1]["refused"] == "key"
    with running(folder, "--accept", f"072036={head_key.fingerprint(KEY.public)}") as one:
        assert posted(one.port, Trail(1).asked(now, 0))[0] == OK


def test_it_is_given_no_secret_and_no_folder_of_a_register(tmp_path: Path) -> None:
    run = call("witness", "--data", tmp_path / "w", DAICHO_TRAIL_KEY_FILE="key.pem")
    assert (run.returncode, "DAICHO_TRAIL_KEY_FILE" in run.stderr) == (1, True)
    (tmp_path / "installation.json").write_text("{}")
    run = call("witness", "--data", tmp_path)
    assert (run.returncode, "台帳のフォルダー" in run.stderr) == (1, True)
    assert not (tmp_path / "witness_key.pem").exists()
