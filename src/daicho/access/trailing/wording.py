"""利用記録の文: what a row of the trail says, in the words of who checks it."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from daicho.access.trail import EVENTS
from daicho.access.trailing.kinds import KINDS
from daicho.law.citation import MalformedCitation, article
from daicho.law.disclosure import FORMS, REQUESTERS
from daicho.law.network.mending import HOLDS
from daicho.law.purposes import POSTS, PURPOSES, SYSTEM_JOBS
from daicho.law.receptions import works
from daicho.law.record_codes import NOTICES
from daicho.law.rule import FINDINGS
from daicho.law.safety import entering, responsibles, zones
from daicho.law.safety.masking import MASKABLE
from daicho.law.tables import table
from daicho.terms.changes.reasons import BASES, REASONS

_TABLE = tomllib.loads(files(__package__).joinpath("fields.toml").read_text("utf-8"))
FIELDS: Mapping[str, str] = _TABLE["names"]
"""個別の項目の名: the Japanese name of each own field of an event."""
ASKED: Mapping[str, str] = _TABLE["asked"]
"""条件の名: of each condition by which the trail is looked through."""
PURPOSE_NAMES: Mapping[str, str] = {one.code: one.name for one in PURPOSES}
"""事務の名: by code, of those too whose row has ended."""
_JOBS = {one.code: one.name for one in SYSTEM_JOBS}
# What a row calls its kind is one of an operator or of a change: no code is both.
_KINDS = {**_TABLE["words"]["kind"], **{code: one.name for code, one in entering.KINDS.items()}}
_CAPACITIES = {row.text("code"): row.text("name") for row in (*table("notifiers"), *REQUESTERS)}
_WORDS: Mapping[str, Mapping[str, str]] = {
    **_TABLE["words"],
    "keys": {**ASKED, **_TABLE["words"]["keys"]},
    "capacity": _CAPACITIES,
    "form": {**dict(FORMS.items()), **NOTICES, **_TABLE["words"]["form"]},
    "item": MASKABLE,
    "post": POSTS,
    "purpose": PURPOSE_NAMES,
    "tree": responsibles.TREES,
    "zone": zones.NAMES,
    "zone_before": zones.NAMES,
    "factors": {one.code: one.name for one in zones.FACTORS},
    "basis": BASES,
    "reason": {
        **{code: one.text for code, one in REASONS.items()},
        **{code: one.name for code, one in HOLDS.items()},
        **_TABLE["words"]["reason"],
    },
    "work": works.NAMES,
    **dict.fromkeys(("kind", "kind_before"), _KINDS),
}
_LISTS = frozenset({"factors", "findings", "keys"})


class _Left(dict[str, str]):
    """What a sentence takes and the trail does not keep."""

    def __missing__(self, name: str) -> str:
        return "…"


def event_name(event: str) -> str:
    """利用の名: of an event; its code where the program has forgotten it."""
    return str(EVENTS[event]["name"]) if event in EVENTS else event


def kind_name(event: str) -> str:
    """種別の名: of the kind to which an event belongs."""
    return KINDS[EVENTS[event]["kind"]].name if event in EVENTS else ""


def affairs(purpose: str, job: str) -> str:
    """事務の名: of the purpose, or of the machine's job; blank where there was neither."""
    return PURPOSE_NAMES.get(purpose, purpose) or _JOBS.get(job, job)


@cache
def cited(article_code: str) -> str:
    """条項: as printed: 住民基本台帳法第22条第1項."""
    try:
        return article(article_code).japanese if article_code else ""
    except MalformedCitation:  # of a statute that is gone from our table
        return article_code


def refusal(code: str, purpose: str = "") -> str:
    """拒んだ理由: the sentence of a finding; what the trail does not keep of it is left open."""
    kind = FINDINGS.get(code)
    if kind is None:
        return code
    known = {"purpose": PURPOSE_NAMES[purpose]} if purpose in PURPOSE_NAMES else {}
    return string.Formatter().vformat(kind.what, (), _Left(known))


def own_fields(detail: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """個別の項目: the code, the name and the words of each own field of a row, in the names' order.

    An operator stays a number here: who reads it is told whose.
    """
    for name in sorted(detail, key=lambda one: (FIELDS.get(one, "～"), one)):
        text = str(detail[name])
        if text:
            yield name, FIELDS.get(name, name), _said(name, text)


def _said(name: str, text: str) -> str:
    parts = text.split(",") if name in _LISTS else [text]
    return "、".join(_word(name, part) for part in parts)


def _word(name: str, code: str) -> str:
    if name == "findings":
        return refusal(code)
    return _WORDS.get(name, {}).get(code, code)
