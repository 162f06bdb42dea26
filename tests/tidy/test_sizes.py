"""Files, functions and packages stay small enough to be read whole; exceptions only shrink."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tidy.tree import PACKAGE, Module, files, module, modules, name_of, ratchet

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
DEPTH_MAX = 4
MODULES_MAX = 14
# Migrations are not measured: they are made from the models and never edited.
MEASURED = {".py", ".css", ".js", ".html"}

# Registers of equal files: one file for each kind, so that their number says nothing.
REGISTERS = {
    "law/tables",
    "law/changes/kinds",
    "terms/changes",
    "web/counter/changes",
    "network/messages",
    "governance/procedures",
    "site/commands",
    "site/management/commands",
}

# Exceptions: name -> lines or modules. A number here may only become smaller.
LONG_FILES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}
FULL_PACKAGES: dict[str, int] = {}


def test_no_file_is_longer_than_a_reader_holds() -> None:
    measured = [
        path for path in files() if path.suffix in MEASURED and "migrations" not in path.parts
    ]
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in measured}
    long = {name: n for name, n in lengths.items() if n > FILE_LINES_MAX}
    ratchet("Files", long, LONG_FILES, f"Over {FILE_LINES_MAX} lines: split by what is named.")


def _functions(one: Module) -> dict[str, int]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(one.tree) if isinstance(node, kinds)]
    lengths = Counter({f"{one.name}:{it.name}": 0 for it in found})
    for it in found:  # of two with one name, the longer
        own = Counter({f"{one.name}:{it.name}": (it.end_lineno or 0) - it.lineno + 1})
        lengths |= own
    return lengths


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {name: n for one in modules() for name, n in _functions(one).items()}
    long = {name: n for name, n in lengths.items() if n > FUNCTION_LINES_MAX}
    because = f"Over {FUNCTION_LINES_MAX} lines: keep the branches here, make pure leaves."
    ratchet("Functions", long, LONG_FUNCTIONS, because)


@pytest.mark.parametrize("lines", [1, 60, 61])
def test_the_check_counts_a_function_from_def_to_end(lines: int) -> None:
    text = "def f():\n" + "    x = 1\n" * (lines - 1) if lines > 1 else "def f(): ...\n"
    assert _functions(module("a.py", text)) == {"a.py:f": lines}


def _depth(path: Path) -> int:
    return len(path.relative_to(PACKAGE).parts) - 1


def test_no_module_lies_deeper_than_four_folders() -> None:
    deep = {
        one.name
        for one in modules("src/daicho/")
        if _depth(PACKAGE.parents[1] / one.name) > DEPTH_MAX
    }
    assert not deep, f"{deep}: over {DEPTH_MAX} folders below src/daicho; who looks finds nothing"


def test_no_package_holds_more_modules_than_fit_on_a_page() -> None:
    parents = Counter(
        name_of(path.parent).removeprefix("src/daicho/")
        for path in files()
        if path.suffix == ".py" and PACKAGE in path.parents and path.name != "__init__.py"
    )
    # migrations are equal files in the order of their numbers, and no one reads them by name
    parents = Counter(
        {
            name: n
            for name, n in parents.items()
            if name not in REGISTERS and not name.endswith("/migrations")
        }
    )
    full = {name: n for name, n in parents.items() if n > MODULES_MAX}
    because = f"Over {MODULES_MAX} modules: a package within it wants a name."
    ratchet("Packages", full, FULL_PACKAGES, because)
