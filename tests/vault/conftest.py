"""Keepers of keys for the tests: a key file and, where SoftHSM is installed, a token."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from daicho.site.bench import softhsm
from daicho.vault import custody, keys
from daicho.vault.custody import Keeper
from daicho.vault.hardware import Token

NEEDS_SOFTHSM = pytest.mark.skipif(not softhsm.is_installed(), reason="apt-get install softhsm2")
KINDS = ["file", pytest.param("token", marks=NEEDS_SOFTHSM)]


@dataclass(frozen=True)
class Place:
    """Where keys are kept: opened anew as often as a test wants, as by another process."""

    kind: str
    file: Path
    label: str

    def open(self, pin: str = softhsm.PIN) -> Keeper:
        if self.kind == "token":
            return Token(str(softhsm.MODULE), self.label, pin)
        return keys.KeyFile(self.file)


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which SoftHSM keeps the tokens of this worker."""
    return softhsm.configure(tmp_path_factory.mktemp("softhsm"))


@pytest.fixture
def label(tokens: Path) -> str:
    """An empty token of this test's own, by its label."""
    name = f"test-{uuid4().hex[:12]}"
    softhsm.make_token(name)
    return name


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Each kind of keeper in turn, with the keys of version 1."""
    file = tmp_path / "keys.json"
    if request.param == "file":
        keys.create(file)
        return Place("file", file, "")
    made = Place("token", file, request.getfixturevalue("label"))
    made.open().make(1)
    return made


@pytest.fixture
def own_file(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A key file of this test's own, which it may change."""
    file = tmp_path / "own_keys.json"
    keys.create(file)
    settings.VAULT_KEY_FILE = str(file)
    custody.forget()
    yield file
    custody.forget()


@pytest.fixture
def own_token(own_file: Path, label: str, settings: Settings) -> Iterator[str]:
    """The same, with an empty token beside the file."""
    settings.VAULT_PKCS11, settings.VAULT_TOKEN = str(softhsm.MODULE), label
    settings.VAULT_PIN = softhsm.PIN
    custody.forget()
    yield label
    custody.forget()
