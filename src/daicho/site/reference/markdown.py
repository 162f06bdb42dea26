"""Markdown of the generated pages."""

from collections.abc import Iterable, Sequence

HEADER = (
    "<!-- Made by `./daicho manage reference`. Do not edit: change the code it is made from. -->"
)


def page(title: str, about: str, *parts: str) -> str:
    """A generated page: header, title, one paragraph, its parts."""
    return "\n\n".join((HEADER, f"# {title}", about, *parts)) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a cell's line breaks and bars are made harmless."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def code(text: str) -> str:
    """`text` as code, or nothing where there is none."""
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
