"""部品表: it names every part of the lock and of the tree, with licence and digest."""

import hashlib
import json
import re
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import pytest

from daicho.site.postgres import binaries
from daicho.site.reference import sbom
from processes import call

ROOT = Path(__file__).parents[2]
# As CycloneDX 1.6 and SPDX write them; another licence is put in here when it is read and accepted.
KINDS = {"application", "library", "file"}
LICENCES = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "IPA", "LGPL-3.0-only", "MIT", "MIT-0",
    "MPL-2.0", "PSF-2.0", "PostgreSQL",
}  # fmt: skip
PURL = re.compile(r"pkg:(?:pypi|npm|generic)/(?:%40[\w-]+/)?[\w.-]+@[\w.]+")


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return sbom.bill()


def _components(bill: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in [bill["metadata"]["component"], *bill["components"]]:
        yield one
        yield from one.get("components", ())


def _hashes(one: dict[str, Any]) -> list[dict[str, str]]:
    told = list(one.get("hashes", ()))
    return told + [
        it for reference in one.get("externalReferences", ()) for it in reference["hashes"]
    ]


def test_it_is_a_cyclonedx_document(bill: dict[str, Any]) -> None:
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    for one in _components(bill):
        assert one["type"] in KINDS
        assert PURL.fullmatch(one["purl"]), one["purl"]
        assert one["purl"].endswith(f"@{one['version']}")
        assert one.get("scope", "required") in {"required", "excluded"}
        (licence,) = one["licenses"]
        assert set(re.split(r" (?:AND|OR) ", licence["expression"])) <= LICENCES, one["name"]
        assert all(it["alg"] == "SHA-256" for it in _hashes(one))
        assert all(re.fullmatch(r"[0-9a-f]{64}", it["content"]) for it in _hashes(one))


def test_every_part_has_a_name_of_its_own_and_what_it_needs_is_there(bill: dict[str, Any]) -> None:
    refs = [one["bom-ref"] for one in _components(bill)]
    assert len(refs) == len(set(refs))
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert set(needs) <= set(refs)
    assert {name for names in needs.values() for name in names} <= set(refs)
    reached, ahead = set[str](), [bill["metadata"]["component"]["bom-ref"]]
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead += needs.get(one, [])
    required = {one["bom-ref"] for one in bill["components"] if one.get("scope") != "excluded"}
    assert required <= reached, "a part that nobody needs"


def test_it_has_every_line_of_the_lock(bill: dict[str, Any]) -> None:
    text = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    wanted = dict(re.findall(r"^([\w-]+)==(\S+)", text, re.MULTILINE))
    told = {one["name"]: one for one in bill["components"] if one["purl"].startswith("pkg:pypi/")}
    assert {name: one["version"] for name, one in told.items()} == wanted
    assert sum(len(_hashes(one)) for one in told.values()) == text.count("--hash=sha256:")
    assert all(_hashes(one) for one in told.values())


def test_every_licence_belongs_to_a_part_and_is_the_one_that_is_told() -> None:
    assert sbom.known()["licences"].keys() == {one.name for one in sbom.locked()}
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    lines = re.findall(r"^\| `([\w-]+)` \|[^|]*\| ([^|]*) \|", page, re.MULTILINE)
    told = {name: said for name, said in lines if name in sbom.known()["licences"]}
    assert told.keys() == {one.name for one in sbom.locked() if sbom.NAME in one.brought_by}
    for name, said in told.items():
        ids = re.split(r" (?:AND|OR) ", sbom.known()["licences"][name])
        assert all(one in said for one in ids), f"{name}: {said} is not {ids}"


def test_what_comes_inside_a_part_is_of_that_version() -> None:
    bundled = {one["name"]: one["version"] for one in sbom.known()["bundled"]}
    file = resources.files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"
    assert f'version:"{bundled["htmx.org"]}"' in file.read_text("utf-8")
    assert bundled["postgresql"] == str(binaries.MAJOR)


def test_what_is_installed_says_the_same_licence() -> None:
    """Where a distribution states an SPDX expression, ours is that one."""
    said = sbom.known()["licences"]
    for part in sbom.locked():
        try:
            told = metadata.metadata(part.name)
        except metadata.PackageNotFoundError:
            assert part.marker, f"{part.name} is locked and not installed"
            continue
        if "License-Expression" in told:
            assert told["License-Expression"] == said[part.name], part.name


def test_what_stands_in_the_tree_from_elsewhere_is_unchanged() -> None:
    for one in sbom.known()["vendored"]:
        found = hashlib.sha256((ROOT / one["path"]).read_bytes()).hexdigest()
        assert found == one["sha256"], f"{one['path']} is not {one['name']} {one['version']}"
        folder = one["path"].rpartition("/")[0]
        assert f"`{folder}/`" in (ROOT / "docs" / "dependencies.md").read_text("utf-8")


def test_the_command_writes_the_same_bytes_in_another_process(bill: dict[str, Any]) -> None:
    written = call("manage", "sbom", PYTHONHASHSEED="1")
    assert written.returncode == 0, written.stderr
    assert written.stdout == json.dumps(bill, ensure_ascii=False, indent=1) + "\n"
    assert "://" not in written.stdout, "it names no place to fetch from"
