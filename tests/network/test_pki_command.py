"""pki: an authority, a party's keys, its certificates: each step as its people do it."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from daicho.access import clock
from daicho.network.keys import folders
from daicho.network.keys.certificates import Use
from daicho.network.keys.folders import (
    AUTHORITY,
    AUTHORITY_KEY,
    Damaged,
    Directory,
    NoKey,
    OwnFolder,
)
from daicho.network.keys.signing import Checker, Signer
from daicho.network.protocol.parties import Party
from daicho.site import cli
from daicho.site.commands import pki

TOWN = Party("072036")


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(["pki", *map(str, words)])
    return int(ended.value.code or 0)


class Office:
    """The folders of an authority and of one party."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.ca, self.own, self._capsys = folder / "ca", folder / "own", capsys
        self.directory = self.ca / pki.DIRECTORY
        assert run("new", self.ca) == 0

    def ask(self, number: int = 1) -> tuple[Path, str]:
        self._capsys.readouterr()
        assert run("ask", self.own, TOWN, "--host", "localhost", "--host", "127.0.0.1") == 0
        (found,) = re.findall(r"指紋 ([0-9a-f]{64})", self._capsys.readouterr().out)
        return self.own / f"requests-{number}.pem", found

    def enter(self, number: int = 1) -> None:
        requests, fingerprint = self.ask(number)
        assert run("sign", self.ca, requests, TOWN, "--fingerprint", fingerprint) == 0
        assert run("take", self.own, self.directory) == 0

    @property
    def keys(self) -> OwnFolder:
        return OwnFolder(self.own, folders.read_certificate(self.ca / AUTHORITY))

    @property
    def parties(self) -> Directory:
        return Directory(self.directory, folders.read_certificate(self.ca / AUTHORITY))


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, capsys)


def test_a_party_comes_into_the_network(office: Office) -> None:
    office.enter()
    own = office.keys.newest(Use.SIGN, clock.now())
    checker = Checker(office.parties.find, clock.now)
    assert checker.opened(Signer(own.key).signed(b"text")) == (TOWN, b"text")
    assert {one.use for one in office.parties.all()} == set(Use)


def test_keys_are_for_nobody_else_to_read(office: Office) -> None:
    office.enter()
    for file in (office.ca / AUTHORITY_KEY, *office.own.glob("*.key")):
        assert file.stat().st_mode & 0o777 == 0o600
    assert office.own.stat().st_mode & 0o777 == 0o700
    (office.own / "sign-1.key").chmod(0o640)
    with pytest.raises(Damaged):
        office.keys.newest(Use.SIGN, clock.now())


def test_no_private_key_leaves_the_folder_of_its_party(office: Office) -> None:
    office.enter()
    requests = (office.own / "requests-1.pem").read_text()
    given = "".join(one.read_text() for one in office.directory.iterdir())
    assert "PRIVATE" not in requests + given


def test_a_new_key_is_used_when_it_has_its_certificate_and_the_old_one_still_opens(
    office: Office,
) -> None:
    office.enter()
    old = office.keys.newest(Use.SIGN, clock.now())
    parties = office.parties
    signed = Signer(old.key).signed(b"text")
    office.ask(2)
    assert office.keys.newest(Use.SIGN, clock.now()).key.key_id == old.key.key_id
    requests = office.own / "requests-2.pem"
    fingerprint = pki._fingerprint(requests.read_bytes())
    assert run("sign", office.ca, requests, TOWN, "--fingerprint", fingerprint) == 0
    assert run("take", office.own, office.directory) == 0
    new = office.keys.newest(Use.SIGN, clock.now())
    assert new.key.key_id != old.key.key_id
    checker = Checker(parties.find, clock.now)  # as it was read before the new one came
    assert checker.opened(signed) == (TOWN, b"text")
    assert checker.opened(Signer(new.key).signed(b"new")) == (TOWN, b"new")
    assert office.keys.find(old.key.key_id) is not None


def test_nothing_is_signed_for_another_fingerprint(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    requests, _ = office.ask()
    assert run("sign", office.ca, requests, TOWN, "--fingerprint", "0" * 64) != 0
    assert "指紋が、団体の告げたものと違います" in capsys.readouterr().err
    assert not list(office.directory.iterdir())


def test_nothing_is_signed_for_another_party(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    requests, fingerprint = office.ask()
    assert run("sign", office.ca, requests, "072010", "--fingerprint", fingerprint) != 0
    assert "この団体の申請ではない" in capsys.readouterr().err
    assert not list(office.directory.iterdir())


@pytest.mark.parametrize("content", [b"", b"x", b"-----BEGIN CERTIFICATE REQUEST-----\nAA==\n"])
def test_what_is_no_request_is_told(
    office: Office, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "requests.pem"
    file.write_bytes(content)
    fingerprint = pki._fingerprint(content)
    assert run("sign", office.ca, file, TOWN, "--fingerprint", fingerprint) != 0
    assert "申請を読めません" in capsys.readouterr().err


def test_an_authority_is_never_overwritten(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (office.ca / AUTHORITY_KEY).read_bytes()
    assert run("new", office.ca) != 0
    assert "認証局がもうあります" in capsys.readouterr().err
    assert (office.ca / AUTHORITY_KEY).read_bytes() == before


def test_what_holds_how_long_is_shown(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.enter()
    capsys.readouterr()
    assert run("show", office.ca) == 0
    said = capsys.readouterr().out
    assert said.count("072036 ") == 3
    assert "あと" not in said
    with clock.fixed(clock.now() + timedelta(days=pki.PARTY_DAYS - 10)):
        assert run("show", office.ca) == 0
    assert capsys.readouterr().out.count("(あと") == 3
    with clock.fixed(clock.now() + timedelta(days=pki.PARTY_DAYS + 1)):
        assert run("show", office.ca) == 0
        with pytest.raises(NoKey):
            office.keys.newest(Use.SIGN, clock.now())
    assert capsys.readouterr().out.count("に切れた") == 3


def test_a_damaged_file_is_named_and_nothing_of_what_it_holds(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.ca / AUTHORITY_KEY).write_bytes(b"-----BEGIN PRIVATE KEY-----\nsecret\n")
    requests, fingerprint = office.ask()
    assert run("sign", office.ca, requests, TOWN, "--fingerprint", fingerprint) != 0
    said = capsys.readouterr().err
    assert AUTHORITY_KEY in said
    assert "secret" not in said


def test_a_party_is_named_by_its_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", tmp_path / "own", "郡山市") != 0
    assert "市区町村6桁" in capsys.readouterr().err


def test_a_full_disk_leaves_no_half_key(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert run("ask", office.own, TOWN) != 0
    assert not list(office.own.glob("*.key"))
