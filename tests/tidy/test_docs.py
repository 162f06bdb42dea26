"""What the documents name exists: paths, commands, identifiers, links, settings, pages."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from daicho.site import reference
from daicho.site.cli import COMMANDS, MODULES
from daicho.site.reference import environment
from daicho.site.version import version
from tidy.tree import PACKAGE, ROOT, files, modules, name_of

_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]+)?(?:#([^)]+))?\)")
_COMMAND = re.compile(r"\./daicho(?: +(?P<name>[a-z][a-z-]*))?(?: +(?P<second>[a-z_]+))?")
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*(?:\(\))?")
_PLACEHOLDER = re.compile(r"<[^>]+>|NNNN|…")
_SUFFIXES = (".py", ".toml", ".md", ".html", ".csv", ".txt", ".yaml", ".css", ".js")
# Programs of others that an operator calls.
PROGRAMS = {"psql", "pip"}
# Made by running the program, so not in the tree.
_RUN_TIME = ("var/", ".venv", "installation.json", "owner.lock", "manifest.json", "vault_keys.json")


def _documents() -> list[Path]:
    pages = [path for path in files() if path.suffix == ".md" and "tests" not in path.parts]
    return [path for path in pages if PACKAGE not in path.parents]


DOCUMENTS = [pytest.param(path, id=name_of(path)) for path in _documents()]
WORDS = frozenset(
    word
    for path in [*files(), ROOT / "daicho"]
    if path.suffix != ".md" and path.name != "traceability.csv"
    for word in re.findall(r"\w+", path.read_text("utf-8"))
)


def _spans(text: str) -> Iterator[str]:
    yield from _SPAN.findall(_FENCE.sub("", text))


def _is_path(span: str) -> bool:
    return bool(re.fullmatch(r"[\w./<>*…-]+", span)) and (
        span.endswith((*_SUFFIXES, "/")) or "/" in span
    )


def _path_exists(span: str, beside: Path) -> bool:
    pattern = _PLACEHOLDER.sub("*", span).rstrip("/")
    if any(mark in span for mark in _RUN_TIME):
        return True
    if span.startswith("/"):
        return _is_address(span)
    if "/" not in span:
        return any(path.name == pattern for path in [*files(), *PACKAGE.rglob("tokens.css")])
    templates = [path for path in PACKAGE.rglob("templates") if path.is_dir()]
    places = (ROOT, PACKAGE, beside, ROOT / "docs", ROOT / "tests", PACKAGE / "site", *templates)
    return any(next(place.glob(pattern), None) for place in places)


def _is_address(span: str) -> bool:
    try:
        return bool(resolve(span))
    except Resolver404:
        return False


def _identifier_exists(span: str) -> bool:
    if span.startswith("_"):  # the end of names, such as `_on`
        return any(word.endswith(span) for word in WORDS)
    parts = span.removesuffix("()").split(".")
    return all(part in WORDS or part in PROGRAMS for part in parts)


def _wrong_command(text: str) -> Iterator[str]:
    for match in _COMMAND.finditer(text):
        name, second = match["name"], match["second"]
        module = PACKAGE / "site" / "commands" / f"{MODULES.get(name, name)}.py"
        if name and (name not in COMMANDS or not module.exists()):
            yield match[0]
        if name == "manage" and second and second not in get_commands():
            yield match[0]


def _exists(span: str, beside: Path) -> bool:
    if _is_path(span):
        return _path_exists(span, beside)
    return not _IDENTIFIER.fullmatch(span) or _identifier_exists(span)


def _wrong_spans(text: str, beside: Path) -> Iterator[str]:
    yield from (span for span in _spans(text) if not _exists(span, beside))


@pytest.mark.parametrize("path", DOCUMENTS)
def test_what_a_document_writes_as_code_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    wrong = [*_wrong_spans(text, path.parent), *_wrong_command(text)]
    assert not wrong, (
        f"{name_of(path)}: {wrong}: no such path, command or name; documents tell what is"
    )


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("`src/daicho/access/clock.py`", False),
        ("`access/clock.py`", False),
        ("`law/tables/<name>.toml`", False),
        ("`src/daicho/access/clocks.py`", True),
        ("`/sign-in`", False),
        ("`/sign-in-here`", True),
        ("`access.permits.permit`", False),
        ("`access.permits.leave_to_lo" + "ok`", True),
        ("`SIGN_IN_FAILURES_MAX`", False),
        ("./daicho backup x", False),
        ("./daicho destroy", True),
        ("`./daicho manage provision`", False),
        ("`./daicho manage unmigrate`", True),
    ],
)
def test_the_check_sees_what_does_not_exist(text: str, is_wrong: bool) -> None:
    assert bool([*_wrong_spans(text, ROOT), *_wrong_command(text)]) == is_wrong


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", one.replace("`", "")).strip().lower() for one in headings)
    return {one.replace(" ", "-") for one in plain}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_links_of_a_document_lead_somewhere(path: Path) -> None:
    text = _FENCE.sub("", path.read_text("utf-8"))
    for target, anchor in _LINK.findall(text):
        led = (path.parent / target).resolve() if target else path
        assert led.exists(), f"{name_of(path)} links to {target}, which is not there"
        if anchor and led.suffix == ".md":
            there = _anchors(led.read_text("utf-8"))
            assert anchor in there, f"{name_of(path)}: {target}#{anchor} has no such heading"


_stale = cache(reference.stale)
_variables = cache(environment.variables)


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_generated_page_says_what_the_code_says(name: str) -> None:
    assert name not in _stale(), f"{name} is stale: ./daicho manage reference"


def test_every_variable_that_is_read_is_explained_and_the_reverse() -> None:
    read = {one.name for one in _variables()}
    said = set(environment.meanings())
    assert read - said == set(), "read, but not in site/reference/environment.toml"
    assert said - read == set(), "in site/reference/environment.toml, but nobody reads it"


def test_every_variable_that_a_sentence_names_is_read() -> None:
    read = {one.name for one in _variables()}
    known = read | {f"{name}_FILE" for name in read} | {"DAICHO_VENV"}
    sources = [*modules("src/"), *(one for one in modules() if one.name == "daicho")]
    named = {name for one in sources for name in re.findall(r"\bDAICHO_[A-Z_]+[A-Z]\b", one.text)}
    assert named - known == set(), "told to people, but nobody reads it"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('env.str("DAICHO_A", default="x")', {"DAICHO_A"}),
        ('os.environ["DAICHO_B"]', {"DAICHO_B"}),
        ('if "DAICHO_C" in os.environ: ...', {"DAICHO_C"}),
        ('os.environ.get("DAICHO_D", "")', {"DAICHO_D"}),
        ('os.environ["DAICHO_E"] = "1"', set()),
    ],
)
def test_the_check_sees_how_variables_are_read(text: str, names: set[str]) -> None:
    assert {one.name for one in environment.read_in(ast.parse(text), "a.py")} == names


def test_every_dependency_has_its_line() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]
    names = {re.split(r"[\[<>=~ ]", one)[0] for one in wanted}
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    said = set(re.findall(r"^\| `([\w.-]+)`", text, re.MULTILINE))
    assert names - said == set(), "docs/dependencies.md: what for, licence, who keeps it, instead"
    assert said - names == set(), "docs/dependencies.md tells of what pyproject.toml does not have"


def test_every_vendored_folder_is_told() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    vendored = [path.parent for path in ROOT.glob("tests/vendor/*/LICENSE")]
    vendored += [path.parent for path in PACKAGE.rglob("LICENSE")]
    missing = [name_of(path) for path in vendored if f"{name_of(path)}/" not in text]
    assert not missing, f"{missing}: what stands in the tree from elsewhere is told, with licence"


def test_the_version_is_that_of_the_changelog() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", version())
    assert f"## {version()}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_decision_says_what_would_change_it() -> None:
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+", path.stem), f"{path.name}: NNNN-words.md"
        headings = set(re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE))
        assert {"Decision", "Grounds", "What would change our mind"} <= headings, path.name


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_what_the_readme_quotes_stands_in_the_tree(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    quoted = re.findall(r"^```(?:python|yaml)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    kept = [path.read_text("utf-8") for path in files() if path.suffix in {".py", ".yaml"}]
    assert quoted, f"{name} shows how law is written"
    for one in quoted:
        assert any(one in file for file in kept), f"{name} quotes what stands nowhere:\n{one}"


def test_the_readme_is_one_page() -> None:
    for name in ("README.md", "README.ja.md"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        assert len(lines) <= 90, f"{name}: {len(lines)} lines; what is longer belongs in docs/"


def test_every_public_class_of_terms_stands_in_the_glossary() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    classes = {
        node.name
        for one in modules("src/daicho/terms/")
        for node in one.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    missing = {name for name in classes if f"`{name}`" not in text}
    assert not missing, f"{missing}: ./daicho manage reference"


def test_every_rule_stands_in_the_glossary() -> None:
    from daicho.law.rule import RULES

    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    missing = {name for name in RULES if f"`{name}`" not in text}
    assert not missing, f"{missing}: ./daicho manage reference"
