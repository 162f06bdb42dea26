"""Screens speak Japanese, say so, and fetch nothing from outside."""

import re
from pathlib import Path

import pytest

from tidy.tree import PACKAGE, files, name_of

_OUTSIDE = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/(?:2000/svg|1999/xlink))[a-z0-9-]+\.\S+""")
_EXTENDS = re.compile(r'\{%\s*extends\s+"([^"]+)"')
_INCLUDES = re.compile(r'\{%\s*include\s+"([^"]+)"')
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$|\{#.*?#\}", re.DOTALL | re.MULTILINE)


def _templates() -> dict[str, str]:
    """Template name, as Django knows it, to its text."""
    found = [path for path in files() if path.suffix == ".html" and PACKAGE in path.parents]
    return {
        name_of(path).partition("/templates/")[2]: path.read_text("utf-8")
        for path in found
        if "templates" in path.parts
    }


def _leads_outside(text: str) -> list[str]:
    return [match[0] for match in _OUTSIDE.finditer(_COMMENT.sub("", text))]


def test_nothing_a_browser_loads_leads_outside() -> None:
    def is_loaded(path: Path) -> bool:
        return path.suffix in {".html", ".css", ".js", ".svg"} and PACKAGE in path.parents

    found = {
        name_of(path): _leads_outside(path.read_text("utf-8"))
        for path in files()
        if is_loaded(path)
    }
    assert found, "there are screens"
    wrong = {name: hits for name, hits in found.items() if hits}
    assert not wrong, f"{wrong}: a terminal at the counter reaches nothing but this server"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('<script src="https://cdn.example.com/a.js">', 1),
        ("@import url(//fonts.example.com/css)", 1),
        ('<svg xmlns="http://www.w3.org/2000/svg">', 0),
        ("/* from https://example.com/ */ a { }", 0),
    ],
)
def test_the_check_sees_what_leads_outside(text: str, count: int) -> None:
    assert len(_leads_outside(text)) == count


def _page_of(name: str, templates: dict[str, str]) -> str:
    """The outermost template that this one extends."""
    match = _EXTENDS.search(templates[name])
    return _page_of(match[1], templates) if match else name


def test_every_page_says_in_which_language_it_is() -> None:
    templates = _templates()
    parts = {part for text in templates.values() for part in _INCLUDES.findall(text)}
    pages = {_page_of(name, templates) for name in templates if name not in parts}
    wrong = sorted(name for name in pages if '<html lang="ja"' not in templates[name])
    assert pages, "there are pages"
    assert not wrong, f'{wrong}: <html lang="ja">, or a screen reader reads Japanese as English'


def test_no_template_runs_script_or_style_of_its_own() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    wrong = {name: hits for name, text in _templates().items() if (hits := inline.findall(text))}
    assert not wrong, f"{wrong}: the content security policy refuses it; use static files"


_WESTERN_YEAR = re.compile(r"""\|date(?!:)|\|date:["'][^"']*[Yyo][^"']*["']|\{%\s*now\b""")


def test_no_template_shows_a_western_year() -> None:
    wrong = {name: hits for name, text in _templates().items() if (hits := _western_years(text))}
    assert not wrong, f"{wrong}: dates are 和暦 (1.1.9); use wareki_moment or terms.dates"


def _western_years(text: str) -> list[str]:
    return _WESTERN_YEAR.findall(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('{{ at|date:"Y年n月j日 H:i" }}', 1),
        ("{{ at|date }}", 1),
        ('{% now "Y" %}', 1),
        ('<time datetime="{{ at|date:\'c\' }}">{{ at|date:"n月j日 H:i" }}</time>', 0),
        ("{{ at|wareki_moment }}", 0),
    ],
)
def test_the_check_sees_a_western_year(text: str, count: int) -> None:
    assert len(_western_years(text)) == count
