"""Pointers of documents into the tree: `path`, or `path::name` of a test or a word there."""

import ast
import re
from functools import cache

from tidy.tree import ROOT


@cache
def _tests_of(path: str) -> frozenset[str]:
    """The test functions of a file, as pytest collects them: by name, also in a class."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = {node.name for node in ast.walk(tree) if isinstance(node, kinds)}
    return frozenset(name for name in names if name.startswith("test_"))


def wrong(pointer: str) -> str:
    """Why a pointer leads nowhere, or blank. A folder is no pointer."""
    path, _, name = pointer.partition("::")
    if not (ROOT / path).is_file():
        return f"{path} is no file"
    if not name:
        return ""
    if path.endswith(".py") and "/test_" in path:
        return "" if name in _tests_of(path) else f"{path} has no test {name}"
    found = re.search(rf"\b{re.escape(name)}\b", (ROOT / path).read_text("utf-8"))
    return "" if found else f"{path} does not name {name}"
