"""The repository as the tidy tests read it: files, parsed modules, and ratchets."""

import ast
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "daicho"
TEXTS = {".py", ".toml", ".md", ".html", ".css", ".js", ".yaml", ".csv", ".txt", ".svg", ".json"}
# Not ours to shape: other people's files, kept as they came.
VENDORED = ("tests/vendor/", "src/daicho/web/static/daicho/tokens/")
MADE_AT_RUN_TIME = {".git", ".venv", "var", "__pycache__", "node_modules"}


@dataclass(frozen=True)
class Module:
    """One Python file: `name` is its path from the root, `tree` what it says."""

    name: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


def module(name: str, text: str) -> Module:
    """A module from its text: also how a test shows a check what it must find."""
    return Module(name, text, ast.parse(text))


@cache
def files() -> tuple[Path, ...]:
    """Every text file of the repository that is ours and is not made at run time."""
    found = (Path(folder, name) for folder, names in _folders() for name in names)
    texts = (path for path in found if path.suffix in TEXTS and not path.name.startswith("."))
    return tuple(sorted(path for path in texts if not name_of(path).startswith(VENDORED)))


def _folders() -> Iterator[tuple[str, list[str]]]:
    """The folders that are ours, with the files of each; what lies below others is not read."""
    for folder, below, names in os.walk(ROOT):
        below[:] = (one for one in below if not one.startswith(".") and one not in MADE_AT_RUN_TIME)
        yield folder, names


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules(under: str = "") -> tuple[Module, ...]:
    """Every Python module below a folder, the root script included at the root."""
    found = [path for path in files() if path.suffix == ".py" and name_of(path).startswith(under)]
    if not under:
        found.append(ROOT / "daicho")
    return tuple(map(_parsed, found))


@cache
def _parsed(path: Path) -> Module:
    return module(name_of(path), path.read_text("utf-8"))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names a module imports, `from a import b` as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(call: ast.Call) -> str:
    """The last word of what is called: `create` of `Trail.objects.create(…)`."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def ratchet(what: str, found: Mapping[str, int], allowed: Mapping[str, int], because: str) -> None:
    """Compare what is beyond the rule with the exceptions, which may only shrink."""
    worse = {name: n for name, n in found.items() if n > allowed.get(name, 0)}
    assert not worse, f"{what}: {worse}. {because}"
    better = {name: found.get(name, 0) for name, n in allowed.items() if found.get(name, 0) < n}
    assert not better, f"{what}: better than the table of exceptions, which now shrinks: {better}"
