"""kinds [KIND]: of every kind of change where its parts are, or why it has none of them."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from daicho.site.trouble import Trouble

ROOT = Path(__file__).parents[4]
NONE = "none: "

# Kind and column -> why the kind has nothing there. A cell with neither pointer nor reason fails.
BECAUSE: Mapping[tuple[str, str], str] = {
    ("died", "審査"): "死亡に固有の定めはなく、すべての異動に共通の審査による",
    ("declared_missing", "審査"): "失踪宣告に固有の定めはなく、すべての異動に共通の審査による",
    ("moved_out_closed", "入力"): "転出予定日の到来により日次の仕事が記録する",
    ("moved_out_closed", "様式"): "入力の画面がない",
    ("number_assigned", "入力"): "機構の通知した番号を、機械の仕事が記録する",
    ("number_assigned", "様式"): "入力の画面がない",
    ("householder_changed", "後続"): "世帯と続柄は、本人確認情報と戸籍の附票の項目ではない",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="*", metavar="種別", help="例: moved_in(なければすべて)")


def run(arguments: argparse.Namespace) -> int:
    _set_up()
    found = matrix()
    if unknown := set(arguments.kind) - set(found):
        raise Trouble(f"{'、'.join(sorted(unknown))} という種別はありません: {'、'.join(found)}")
    shown = {kind: found[kind] for kind in arguments.kind or found}
    for kind, cells in shown.items():
        sys.stdout.write(f"\n{kind}\n")
        sys.stdout.writelines(
            f"  {name} {cell or '(ありません)'}\n" for name, cell in cells.items()
        )
    return 0 if all(all(cells.values()) for cells in shown.values()) else 1


def matrix() -> dict[str, dict[str, str]]:
    """Kind to column to where it is, `none: ` and why it is not, or blank. Django is set up."""
    from daicho.terms.changes import KINDS

    return {
        kind: {name: find(kind) or _because(kind, name) for name, find in COLUMNS.items()}
        for kind in KINDS
    }


def _because(kind: str, column: str) -> str:
    reason = BECAUSE.get((kind, column), "")
    return f"{NONE}{reason}" if reason else ""


def _effects(kind: str) -> str:
    from daicho.terms.changes import KINDS

    return _name(KINDS[kind].effects)


def _law(kind: str) -> str:
    from daicho.law import changes
    from daicho.terms.changes import KINDS

    judge = changes.OF_A_KIND.get(KINDS[kind])
    return _name(judge) if judge else ""


def _bases(kind: str) -> str:
    from daicho.access import clock
    from daicho.law.changes import bases
    from daicho.terms.changes.reasons import BASES

    return "、".join(BASES[basis] for basis in bases.lawful(kind, clock.today()))


def _form(kind: str) -> str:
    from daicho.web.counter.changes import FORMS

    return _name(FORMS[kind]) if kind in FORMS else ""


def _template(kind: str) -> str:
    from django.template.loader import get_template

    from daicho.web.counter.changes import FORMS

    if kind not in FORMS:
        return ""
    name = FORMS[kind].template
    get_template(name)  # raises where the file is not there, or not a template
    return name


def _consequences(kind: str) -> str:
    from daicho.recording import CONSEQUENCES
    from daicho.terms.changes import KINDS

    return ", ".join(cause.__name__ for cause in CONSEQUENCES[KINDS[kind]])


def _tests(kind: str) -> str:
    """The files of tests that record it; none where only the program is there."""
    from daicho.terms.changes import KINDS

    said = f"{KINDS[kind].__name__}("
    files = sorted((ROOT / "tests" / "register").glob("test_*.py"))
    return ", ".join(one.name for one in files if said in one.read_text("utf-8"))


def _glossary(kind: str) -> str:
    from daicho.terms.changes import KINDS

    page = ROOT / "docs" / "glossary.md"
    row = f"| `{KINDS[kind].__name__}` | "
    text = page.read_text("utf-8") if page.exists() else ""
    return text.partition(row)[2].partition(" |")[0]


def _name(thing: object) -> str:
    found = f"{getattr(thing, '__module__', '')}.{getattr(thing, '__qualname__', '')}"
    return found.removeprefix("daicho.")


COLUMNS: Mapping[str, Callable[[str], str]] = {
    "用語": _glossary,
    "効果": _effects,
    "審査": _law,
    "根拠": _bases,
    "入力": _form,
    "様式": _template,
    "後続": _consequences,
    "試験": _tests,
}
"""列: what a kind must have, and how it is looked up in the program that runs."""


def _set_up() -> None:
    """The program's own apps, without a database: the kinds are the municipality's."""
    import django

    os.environ["DAICHO_ROLE"] = "municipality"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.site.settings")
    django.setup()
