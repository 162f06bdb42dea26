"""Modules are named by what they do, and consequences do not hide in signals."""

import ast

import pytest

from tidy.tree import Module, called, calls, files, imported, module, modules, name_of

# Names that say nothing: what is put there belongs to whatever it is about.
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "services", "managers", "signals", "misc"}
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals", "blinker")


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = {name_of(path): {*path.parts, path.stem} for path in files() if path.suffix == ".py"}
    wrong = sorted(name for name, words in parts.items() if words & SAYS_NOTHING)
    assert not wrong, f"{wrong}: name a module by what it does ({', '.join(sorted(SAYS_NOTHING))})"


def _signals(one: Module) -> list[str]:
    found = [name for name in imported(one.tree) if name.startswith(SIGNALS)]
    return found + ["receiver" for call in calls(one.tree) if called(call) == "receiver"]


def test_nobody_uses_signals() -> None:
    wrong = {one.name: found for one in modules("src/") if (found := _signals(one))}
    assert not wrong, f"{wrong}: consequences stand in one table (recording/consequences.py)"


@pytest.mark.parametrize(
    "text",
    [
        "from django.dispatch import receiver",
        "from django.db.models.signals import post_save",
        "import django.core.signals",
        "@receiver(post_save)\ndef f(): ...",
    ],
)
def test_the_check_sees_signals(text: str) -> None:
    assert _signals(module("a.py", text))


def _public_classes(tree: ast.Module) -> list[ast.ClassDef]:
    kinds = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return [node for node in kinds if not node.name.startswith("_")]


def test_public_things_of_the_pure_rings_say_their_japanese_name_first() -> None:
    def is_japanese(text: str) -> bool:
        return any("ぁ" <= letter <= "龯" for letter in text.partition(":")[0])

    wrong = [
        f"{one.name}:{node.name}"
        for ring in ("src/daicho/terms/", "src/daicho/law/")
        for one in modules(ring)
        for node in _public_classes(one.tree)
        if not is_japanese(ast.get_docstring(node) or "")
    ]
    assert not wrong, f"{wrong}: the docstring begins with the Japanese term; the glossary shows it"
