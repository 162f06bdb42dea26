"""A server of one's own: the printed statements make it usable; what is wrong with it is told."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from daicho.access import clock
from daicho.certificates import keys
from daicho.site import embedded
from daicho.site.postgres import binaries
from processes import Visitor, call, demo

NAME = "machi"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Own:
    """A server as its administrator has it after running the statements."""

    app: str
    owner: str
    superuser: str
    environment: dict[str, str]

    def call(self, *words: str | Path, url: str = "", **more: str) -> "tuple[int, str]":
        """Run a command there, as `app` where nothing else is said."""
        run = call(*words, **{**self.environment, "DATABASE_URL": url or self.app, **more})
        assert "Traceback" not in run.stderr
        return run.returncode, run.stdout + run.stderr


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    folder = tmp_path_factory.mktemp("own")
    server = embedded.start(folder / "server", durable=False)
    printed = call("manage", "--data", folder / "var", "provision", NAME)
    assert printed.returncode == 0, printed.stderr
    assert not (folder / "var").exists(), "printing needs no database"
    psql = [str(binaries.folder() / "psql"), "--no-psqlrc", "--quiet", server.url()]
    subprocess.run(psql, input=printed.stdout, text=True, check=True, capture_output=True)
    signing_in = dict(re.findall(r"^-- (\w+)=postgresql://(\w+:[\w-]+)@", printed.stdout, re.M))
    found = {
        variable: server.url(NAME, *login.split(":")) for variable, login in signing_in.items()
    }
    assert call("manage", "keys", folder / "keys.json").returncode == 0
    assert call("manage", "trail_key", folder / "trail_key.pem").returncode == 0
    key, chain = keys.demo_files(folder)
    keys.ensure_demo(key, chain, "072036", "架空市", clock.now())
    environment = {
        "DAICHO_MUNICIPALITY": "072036",
        "DAICHO_SIGNING_KEY": str(key),
        "DAICHO_SIGNING_CERT": str(chain),
        "DAICHO_SECRET_KEY": "made-up-" * 8,
        "DAICHO_VAULT_KEY_FILE": str(folder / "keys.json"),
        "DAICHO_TRAIL_KEY_FILE": str(folder / "trail_key.pem"),
        "DAICHO_HTTPS": "true",
        "DAICHO_LEAKED_PASSWORDS": str(folder / "leaked.txt"),
    }
    (folder / "leaked.txt").write_text(f"{'0' * 40}:1\n", "ascii")
    superuser = server.url(NAME)
    yield Own(found["DATABASE_URL"], found["DATABASE_OWNER_URL"], superuser, environment)
    embedded.stop(server)


@pytest.fixture(scope="module")
def migrated(own: Own) -> Own:
    """The same, after the migrations that the first command with the owner's address makes."""
    code, said = own.call("manage", "check")
    assert code == 1
    assert "移行が残っています" in said
    code, said = own.call("manage", "migrate", "--check", DATABASE_OWNER_URL=own.owner)
    assert code == 0, said
    code, said = own.call("manage", "grant", DATABASE_OWNER_URL=own.owner)
    assert code == 0, said
    return own


def test_the_check_before_going_public_finds_nothing(migrated: Own) -> None:
    code, said = migrated.call("manage", "check", "--deploy", "--database", "default")
    assert code == 0, said
    page = (ROOT / "docs" / "operating" / "install.md").read_text("utf-8")
    found = set(re.findall(r"security\.\w+|daicho\.\w+", said))
    assert found == set()
    assert all(one in page for one in found)


def test_an_upgrade_that_the_administrator_has_not_prepared_is_told(migrated: Own) -> None:
    """As on a server that was prepared by a version without the role that disposes."""
    role = f"disposal_{NAME}"
    with psycopg.connect(migrated.superuser, autocommit=True) as superuser:
        superuser.execute(f"REVOKE {role} FROM owner_{NAME}")
        try:
            code, said = migrated.call("manage", "migrate", DATABASE_OWNER_URL=migrated.owner)
        finally:
            superuser.execute(f"GRANT {role} TO owner_{NAME}")
    assert code == 1
    assert "docs/operating/own-server.md" in said


@pytest.mark.parametrize("who", ["superuser", "owner"])
def test_more_rights_than_app_are_refused(migrated: Own, who: str) -> None:
    code, said = migrated.call("manage", "check", url=getattr(migrated, who))
    assert code == 1
    assert "daicho.E007" in said
    assert "app_<名前>" in said


def test_a_key_that_is_too_short_is_told(migrated: Own) -> None:
    code, said = migrated.call("export", "out", DAICHO_SECRET_KEY="short")
    assert code == 1
    assert "daicho.E002" in said
    assert "short" not in said


@pytest.mark.parametrize("url", ["postgresql://x:hush@127.0.0.1:1/x", ":::"])
def test_a_server_that_cannot_be_reached_is_told_without_its_password(own: Own, url: str) -> None:
    code, said = own.call("backup", "out.tar", url=url)
    assert code == 1
    assert "DATABASE_URL" in said
    assert "hush" not in said
    assert not Path("out.tar").exists()


def test_a_name_that_would_be_a_statement_is_refused() -> None:
    run = call("manage", "provision", "x; DROP ROLE y")
    assert run.returncode == 1
    assert run.stdout == ""
    assert "英小文字" in run.stderr


def test_people_are_served_from_it(migrated: Own, tmp_path: Path) -> None:
    more = {**migrated.environment, "DATABASE_URL": migrated.app, "DAICHO_HTTPS": "false"}
    with demo(tmp_path / "var", "--residents", "0", **more) as running:
        assert not (tmp_path / "var" / "postgres").exists()
        assert Visitor(running.url).signs_in("madoguchi", running.accounts["madoguchi"])


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    made = call("manage", "keys", tmp_path / "keys.json")
    assert made.returncode == 0
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    before = (tmp_path / "keys.json").read_bytes()
    again = call("manage", "keys", tmp_path / "keys.json")
    assert again.returncode == 1
    assert "もうあります" in again.stderr
    assert (tmp_path / "keys.json").read_bytes() == before
