"""資料の生成: the pages of docs/reference/ and the lists of docs/glossary.md, made from the code.

`./daicho manage reference` writes them; tests/tidy fails while one of them is stale.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from daicho.site.reference.environment import settings_page
from daicho.site.reference.glossary import glossary_page
from daicho.site.reference.import_layout import import_page
from daicho.site.reference.tables import (
    findings_page,
    items_page,
    purposes_page,
    trail_page,
)

ROOT = Path(__file__).parents[4]

# Path from the repository's root -> what makes the page.
PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/settings.md": settings_page,
    "docs/reference/trail.md": trail_page,
    "docs/reference/findings.md": findings_page,
    "docs/reference/purposes.md": purposes_page,
    "docs/reference/items.md": items_page,
    "docs/reference/import.md": import_page,
    "docs/glossary.md": glossary_page,
}

__all__ = [
    "PAGES",
    "findings_page",
    "glossary_page",
    "import_page",
    "items_page",
    "purposes_page",
    "settings_page",
    "stale",
    "trail_page",
    "write",
]


def stale() -> tuple[str, ...]:
    """The pages that do not say what the code says."""
    return tuple(name for name, page in PAGES.items() if _written(name) != page())


def write() -> tuple[str, ...]:
    """Write the pages that are stale; gives their names."""
    changed = stale()
    for name in changed:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
    return changed


def _written(name: str) -> str:
    file = ROOT / name
    return file.read_text("utf-8") if file.exists() else ""
