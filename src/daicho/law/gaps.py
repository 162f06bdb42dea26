"""欠け: what is not modelled, by article, with the reason and who must decide instead.

What the national standard says must not be built stands here too, so that nobody adds it kindly.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, Literal, get_args

from daicho.law.citation import Article, articles

Kind = Literal["must_not", "judgement", "later", "not_public"]


@dataclass(frozen=True)
class Gap:
    """欠け: one thing that is not here. `must_not`: the standard forbids it; `judgement`: a person
    decides; `later`: a coming version; `not_public`: the text cannot be had."""

    code: str
    title: str
    kind: Kind
    cites: tuple[Article, ...]
    reason: str
    decided_on: date


def _gap(code: str, row: Mapping[str, Any]) -> Gap:
    wanted = {"title", "kind", "cites", "reason", "decided_on"}
    assert set(row) == wanted, f"GAPS.toml [{code}]: holds {', '.join(sorted(wanted))}"
    assert row["kind"] in get_args(Kind), f"GAPS.toml [{code}]: kind"
    assert row["title"], f"GAPS.toml [{code}]: title"
    assert row["reason"].endswith("。"), f"GAPS.toml [{code}]: the reason is a sentence"
    assert type(row["decided_on"]) is date, f"GAPS.toml [{code}]: decided_on"
    return Gap(
        code, row["title"], row["kind"], articles(row["cites"]), row["reason"], row["decided_on"]
    )


_TOML = resources.files("daicho.law").joinpath("GAPS.toml").read_text(encoding="utf-8")
GAPS: tuple[Gap, ...] = tuple(_gap(code, row) for code, row in tomllib.loads(_TOML).items())
"""欠けの一覧: every gap, in the order of the file."""


def gaps_at(place: Article) -> tuple[Gap, ...]:
    """条項の欠け: the gaps that cite this place, a place inside it, or one that holds it."""
    return tuple(
        gap
        for gap in GAPS
        if any(place.covers(cited) or cited.covers(place) for cited in gap.cites)
    )
