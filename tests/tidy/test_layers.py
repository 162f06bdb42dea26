"""The import contracts cover every package, so that a new one cannot stand outside them."""

import tomllib
from typing import Any

import pytest

from tidy.tree import PACKAGE, ROOT, Module, imported, module, modules, name_of

CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "tool"
]["importlinter"]["contracts"]
PURE = ("terms", "law")
# Screens of those who serve residents; every other package of `web` must not see one.
SEES_RESIDENTS = {"counter", "entry"}
HOLDS_RESIDENTS = ("register", "certificates", "exchange", "kiosk", "recording")


def _contract(kind: str, about: str) -> dict[str, Any]:
    found = [one for one in CONTRACTS if one["type"] == kind and about in str(one)]
    assert len(found) == 1, f"pyproject.toml: one {kind} contract about {about}, not {len(found)}"
    return found[0]


def _rings() -> set[str]:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return folders | {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}


def test_every_ring_stands_in_the_layers() -> None:
    contract = _contract("layers", "daicho")
    words = " ".join(contract["layers"]).replace("|", " ").replace("(", " ").replace(")", " ")
    assert contract["exhaustive"], "a package that stands in no layer could import anything"
    missing = _rings() - set(words.split())
    assert not missing, f"{missing} stand in no layer: say in pyproject.toml which ring they are"


def test_the_pure_rings_are_forbidden_every_framework() -> None:
    contract = _contract("forbidden", "daicho.terms")
    assert set(contract["source_modules"]) == {f"daicho.{ring}" for ring in PURE}
    assert {"django", "psycopg"} <= set(contract["forbidden_modules"])


def test_the_protocol_is_forbidden_every_framework() -> None:
    contract = _contract("forbidden", "daicho.network.protocol")
    assert {"daicho.network.messages", "daicho.network.duties"} <= set(contract["source_modules"])
    assert {"django", "psycopg", "daicho.access"} <= set(contract["forbidden_modules"])


def test_every_models_module_is_protected() -> None:
    contract = _contract("protected", "models")
    found = {path.parent for path in PACKAGE.rglob("models.py")}
    names = {name_of(one).removeprefix("src/").replace("/", ".") + ".models" for one in found}
    missing = names - set(contract["protected_modules"])
    assert not missing, f"{missing}: only a package itself imports its models"


def _foreign_models(of: Module) -> list[str]:
    own = of.name.removeprefix("src/").split("/")[1]
    parts = [one.split(".") for one in imported(of.tree)]
    return [
        ".".join(one)
        for one in parts
        if len(one) > 2 and one[0] == "daicho" and one[2] == "models" and one[1] != own
    ]


def test_only_a_package_itself_imports_its_models() -> None:
    found = {one.name: _foreign_models(one) for one in modules("src/daicho/")}
    wrong = {name: names for name, names in found.items() if names}
    assert not wrong, f"{wrong}: ask the package's queries; models are not its interface"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("from daicho.register.models import Current", 1),
        ("from daicho.register import models", 1),
        ("from daicho.web.models import Own", 0),
    ],
)
def test_the_check_sees_foreign_models(text: str, count: int) -> None:
    assert len(_foreign_models(module("src/daicho/web/counter/screens.py", text))) == count


def test_the_screens_that_serve_no_resident_may_not_import_what_holds_them() -> None:
    contract = _contract("forbidden", "daicho.web.console")
    screens = {path.parent.name for path in (PACKAGE / "web").glob("*/__init__.py")}
    wanted = {f"daicho.web.{one}" for one in screens - SEES_RESIDENTS}
    assert wanted <= set(contract["source_modules"]), "console and API do not see residents"
    there = {f"daicho.{one}" for one in HOLDS_RESIDENTS if one in _rings()}
    assert there <= set(contract["forbidden_modules"]), "what holds residents is forbidden there"
