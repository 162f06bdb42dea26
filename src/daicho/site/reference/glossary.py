"""用語集の一覧: classes of `terms` and rules of `law`, into their places in docs/glossary.md.

The page is written by people; between a pair of marks the lists are made from the docstrings, in
which the Japanese term stands first.
"""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import daicho.terms
from daicho.law.citation import printed
from daicho.law.rule import RULES
from daicho.site.reference import laws, markdown
from daicho.site.reference.markdown import code

GLOSSARY = Path(__file__).parents[4] / "docs" / "glossary.md"
_BLOCK = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

assert laws.ALL, "the rules are registered by importing them"


def public_classes() -> Iterator[type]:
    """Every public class that a module of `terms` defines, in the order of the modules."""
    found = pkgutil.walk_packages(daicho.terms.__path__, "daicho.terms.")
    for name in sorted(one.name for one in found):
        for _, member in inspect.getmembers(import_module(name), inspect.isclass):
            if member.__module__ == name and not member.__name__.startswith("_"):
                yield member


def glossary_page() -> str:
    """docs/glossary.md with its lists as the code has them now."""
    lists = {"terms": _terms(), "rules": _rules()}
    text = GLOSSARY.read_text("utf-8") if GLOSSARY.exists() else ""
    names = {match[2] for match in _BLOCK.finditer(text)}
    assert names == set(lists), f"docs/glossary.md has places for {sorted(lists)}, not {names}"
    return _BLOCK.sub(lambda match: f"{match[1]}{lists[match[2]]}\n{match[3]}", text)


def _terms() -> str:
    rows = []
    for one in public_classes():
        japanese, _, said = (inspect.getdoc(one) or "").partition("\n\n")[0].partition(":")
        module = one.__module__.removeprefix("daicho.")
        rows.append([code(one.__name__), japanese, said.strip(), code(module)])
    return markdown.table(("identifier", "日本語", "what it is", "module"), rows)


def _rules() -> str:
    rows = [
        [code(name), rule.japanese, rule.english, printed(rule.cites), str(rule.since)]
        for name, rule in sorted(RULES.items())
    ]
    return markdown.table(("rule", "日本語", "in English", "根拠", "since"), rows)
