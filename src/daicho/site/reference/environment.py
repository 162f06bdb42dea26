"""環境変数の頁: every variable the program reads, found in the code, with what it is for."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from daicho.site.reference import markdown

SRC = Path(__file__).parents[3]
# Django's and the suite's own; people do not set them.
INTERNAL = {"DJANGO_SETTINGS_MODULE"}
_READERS = {"os.environ.get", "os.environ.setdefault", "os.environ.pop", "os.getenv"}


@dataclass(frozen=True)
class Variable:
    """環境変数: a name that the code reads, its default as the code has it, and in which file."""

    name: str
    default: str
    file: str
    may_be_a_file: bool  # NAME_FILE holds the path of a file with the value


def meanings() -> Mapping[str, str]:
    """What each variable is for, by name."""
    text = resources.files(__package__).joinpath("environment.toml").read_text("utf-8")
    return {name: row["what"] for name, row in tomllib.loads(text).items()}


def variables() -> tuple[Variable, ...]:
    """Every variable that the package reads, by name."""
    found: dict[str, Variable] = {}
    for file in sorted(SRC.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for one in read_in(tree, file.relative_to(SRC.parent).as_posix()):
            if one.name not in INTERNAL and (one.may_be_a_file or one.name not in found):
                found[one.name] = one
    return tuple(found[name] for name in sorted(found))


def read_in(tree: ast.AST, file: str) -> Iterator[Variable]:
    """The variables one module reads: through `env.str(…)`, `os.environ` or `os.getenv`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env."):
            if node.args and (name := _name(node.args[0])):
                yield Variable(name, _default(node), file, may_be_a_file=True)
        elif name := _read_plainly(node):
            yield Variable(name, "", file, may_be_a_file=False)


def _read_plainly(node: ast.AST) -> str:
    """The name that `node` reads from `os.environ`, or blank."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in _READERS and node.args:
        return _name(node.args[0])
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return _name(node.slice) if ast.unparse(node.value) == "os.environ" else ""
    if isinstance(node, ast.Compare) and "os.environ" in map(ast.unparse, node.comparators):
        return _name(node.left)
    return ""


def settings_page() -> str:
    """docs/reference/settings.md."""
    said = meanings()
    rows = [
        [
            markdown.code(one.name) + (" or `_FILE`" if one.may_be_a_file else ""),
            markdown.code(one.default),
            said.get(one.name, ""),
            markdown.code(one.file),
        ]
        for one in variables()
    ]
    about = (
        "Everything is set by the environment. Where the table says `_FILE`, the variable of that"
        " name with `_FILE` behind it may name a file that holds the value instead, so that no"
        " secret stands in a process list. What is set wrongly is told at the start, with a hint"
        " (`daicho.site.checks`).\n\n"
        "`./daicho demo` and the other commands that work on a data folder set these variables"
        " themselves from that folder, unless `DATABASE_URL` is set."
        " The root script also knows `DAICHO_VENV`: another folder than `.venv`."
    )
    head = ("name", "default", "what it is for", "read in")
    return markdown.page("Settings", about, markdown.table(head, rows))


def _name(node: ast.expr) -> str:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    name = str(node.value) if is_text and isinstance(node, ast.Constant) else ""
    return name if name.isupper() else ""


def _default(call: ast.Call) -> str:
    found = (word.value for word in call.keywords if word.arg == "default")
    value = next(found, None)
    return "" if value is None or ast.unparse(value) == "''" else ast.unparse(value).strip("'")
