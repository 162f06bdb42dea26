"""Nothing in the repository belongs to one machine, one network or one download address."""

import re

import pytest

from tidy.tree import ROOT, files, name_of

# Folders of people and of this machine; /tmp, /usr and /dev/shm are every machine's.
_PEOPLES = "|".join(("home", "root", "Users", "work", "mnt"))
_MACHINE = re.compile(rf"(?<![\w.:/<])/(?:{_PEOPLES})/\w+")
_ADDRESS = re.compile(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|@ file:")
_HOST = re.compile(
    r"(?<![\w.-])(?!allauth\.)(?:[\w-]+\.)+(?:internal|local|lan|corp)\b|\b10\.\d+\.\d+\.\d+\b"
)

_REGISTRY = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io)\b")


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match[0] for match in pattern.finditer(text)]


@pytest.mark.parametrize(
    ("pattern", "because"),
    [
        (_MACHINE, "a path of one machine: make it from __file__ or take it as an argument"),
        (_HOST, "a host of one network: it comes from the environment"),
        (_REGISTRY, "a package registry: from where pip fetches is the machine's own affair"),
    ],
)
def test_no_file_names_a_machine(pattern: re.Pattern[str], because: str) -> None:
    ours = [*files(), ROOT / "daicho"]
    found = {name_of(path): _found(pattern, path.read_text("utf-8")) for path in ours}
    wrong = {name: hits for name, hits in found.items() if hits}
    assert not wrong, f"{wrong}: {because}"


def test_no_file_names_the_folder_it_happens_to_stand_in() -> None:
    wrong = [name_of(path) for path in files() if f"{ROOT}/" in path.read_text("utf-8")]
    assert not wrong, f"{wrong}: the tree must work wherever it is put"


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert len(locks) >= 2, "requirements/ holds the locks of running and of testing"
    for lock in locks:
        text = lock.read_text("utf-8")
        assert not _found(_ADDRESS, text), f"{lock.name}: pip's own configuration says from where"
        names = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==", text, re.MULTILINE)
        pinned = re.findall(r"^[^#\s].*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
        unhashed = [one.split("\n")[0] for one in pinned if "--hash=sha256:" not in one]
        assert names, f"{lock.name} pins nothing"
        assert not unhashed, f"{lock.name}: without a hash anybody's file would do: {unhashed}"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (_MACHINE, "look in /" + "home/alice/x"),
        (_MACHINE, '"/' + 'work/main"'),
        (_HOST, "mirror.example." + "internal"),
        (_HOST, "10." + "1.2.3"),
        (_ADDRESS, "--index-url x"),
        (_REGISTRY, "from files.python" + "hosted.org"),
    ],
)
def test_the_check_sees_a_place(pattern: re.Pattern[str], text: str) -> None:
    assert _found(pattern, text)
