"""The pure rings compute: they open no file, read no clock and know no machine."""

import ast
import subprocess
import sys

import pytest

from processes import environment
from tidy.tree import Module, called, calls, imported, module, modules

PURE = ("src/daicho/terms/", "src/daicho/law/", "src/daicho/network/protocol/")
REACHES_OUT = {
    "asyncio",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
}


def _impure(one: Module) -> list[str]:
    opened = [
        f"{one.name}:{call.lineno} open" for call in calls(one.tree) if called(call) == "open"
    ]
    outside = {name.split(".")[0] for name in imported(one.tree)} & REACHES_OUT
    return opened + [f"{one.name} imports {name}" for name in sorted(outside)]


@pytest.mark.parametrize("ring", PURE)
def test_a_pure_ring_opens_nothing(ring: str) -> None:
    assert modules(ring), f"{ring} holds modules"
    wrong = [what for one in modules(ring) for what in _impure(one)]
    assert not wrong, f"{wrong}: tables are read once through importlib.resources; days come as on="


@pytest.mark.parametrize(
    "text",
    [
        "open('a')",
        "path.open()",
        "import os",
        "from pathlib import Path",
        "import urllib.request",
        "from time import time",
    ],
)
def test_the_check_sees_what_is_not_pure(text: str) -> None:
    assert _impure(module("a.py", text))


def _declares(one: Module) -> bool:
    """Does importing this module register a rule or a kind of finding?"""
    return any(called(call) in ("rule", "finding") for call in calls(one.tree)) and any(
        isinstance(node, ast.ImportFrom) and node.module == "daicho.law.rule"
        for node in ast.walk(one.tree)
    )


def _dotted(one: Module) -> str:
    path = one.name.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return path.replace("/", ".")


def test_the_law_index_knows_every_module_with_rules() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, daicho.law.index; print(*sys.modules, sep='\\n')"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    known = set(told.stdout.split())
    wrong = [
        one.name
        for one in modules("src/daicho/law/")
        if _declares(one) and _dotted(one) not in known
    ]
    assert not wrong, f"{wrong}: law/index.py does not import them, so `daicho law` is blind there"
