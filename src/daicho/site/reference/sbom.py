"""部品表: what the program is made of, as CycloneDX 1.6, from the tree alone.

The parts that are installed stand in the lock, their licences and what comes along with them in
`parts.toml`. Nothing is asked of a network or of what happens to be installed, and no moment is
noted: equal trees give equal bytes.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from daicho.site.version import version

LOCK = Path(__file__).parents[4] / "requirements" / "run.txt"
NAME = "daicho"
LICENCE = "Apache-2.0"

_HEAD = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\\n]+))?"
)
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")
_BROUGHT_BY = re.compile(r"^    # +(?:via +)?(?!via$)(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """部品: one locked distribution; `brought_by` are the names of those that need it."""

    name: str
    version: str
    marker: str
    digests: tuple[str, ...]
    brought_by: frozenset[str]

    @property
    def purl(self) -> str:
        """The name by which lists of weaknesses know it."""
        return f"pkg:pypi/{self.name}@{self.version}"


@cache
def locked() -> tuple[Part, ...]:
    """錠の部品: every distribution of the lock, in its order."""
    blocks = re.split(r"^(?=[a-z0-9])", LOCK.read_text("utf-8"), flags=re.MULTILINE)
    return tuple(_part(block) for block in blocks if block.strip())


def _part(block: str) -> Part:
    head = _HEAD.match(block)
    if head is None:
        raise ValueError(f"{LOCK.name}: no name and version: {block.splitlines()[0]}")
    digests = tuple(_DIGEST.findall(block))
    by = frozenset(_BROUGHT_BY.findall(block))
    return Part(head["name"], head["version"], (head["marker"] or "").strip(), digests, by)


@cache
def known() -> Mapping[str, Any]:
    """部品の控え: `parts.toml`: licences, what wheels bring along, what stands in the tree."""
    return tomllib.loads(resources.files(__package__).joinpath("parts.toml").read_text("utf-8"))


def bill() -> dict[str, Any]:
    """部品表: the document, ready to be written as JSON."""
    parts = locked()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _itself()},
        "components": [*map(_of_lock, parts), *map(_vendored, known()["vendored"])],
        "dependencies": list(_needs(parts)),
    }


def _ref() -> str:
    return f"pkg:generic/{NAME}@{version()}"


def _itself() -> dict[str, Any]:
    return _component("application", NAME, version(), _ref(), LICENCE)


def _component(kind: str, name: str, release: str, purl: str, licence: str) -> dict[str, Any]:
    return {
        "type": kind,
        "bom-ref": purl,
        "name": name,
        "version": release,
        "licenses": [{"expression": licence}],
        "purl": purl,
    }


def _of_lock(part: Part) -> dict[str, Any]:
    licence = known()["licences"][part.name]
    found = _component("library", part.name, part.version, part.purl, licence)
    # one file of several is installed, whichever fits the machine; where from, the lock leaves open
    hashes = [{"alg": "SHA-256", "content": one} for one in part.digests]
    found["externalReferences"] = [
        {"type": "distribution", "url": part.purl, "comment": "any one of these", "hashes": hashes}
    ]
    if part.marker:
        found["properties"] = [{"name": "daicho:only-where", "value": part.marker}]
    inside = [one for one in known()["bundled"] if one["inside"] == part.name]
    if inside:
        found["components"] = [
            _component(one["type"], one["name"], one["version"], one["purl"], one["licence"])
            for one in inside
        ]
    return found


def _vendored(one: Mapping[str, Any]) -> dict[str, Any]:
    found = _component(one["type"], one["name"], one["version"], one["purl"], one["licence"])
    found["scope"] = "required" if one["shipped"] else "excluded"
    found["hashes"] = [{"alg": "SHA-256", "content": one["sha256"]}]
    found["properties"] = [{"name": "daicho:path", "value": one["path"]}]
    return found


def _needs(parts: tuple[Part, ...]) -> Iterator[dict[str, Any]]:
    shipped = [one["purl"] for one in known()["vendored"] if one["shipped"]]
    own = [part.purl for part in parts if NAME in part.brought_by]
    yield {"ref": _ref(), "dependsOn": [*own, *shipped]}
    for part in parts:
        needed = [one.purl for one in parts if part.name in one.brought_by]
        yield {"ref": part.purl, "dependsOn": needed}
