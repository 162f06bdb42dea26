"""打鍵された内容: what stands in the page, by name; how a block is added or taken away."""

import re
from datetime import datetime

from django.http import QueryDict

OPENED_FROM = "opened_from"
"""仮登録を入力したページ: the person it was typed for, kept with a draft; no page carries it."""

DRAFT_SEEN = "draft_seen"
"""見た仮登録: when the draft that the page shows was kept; carried by the page, not kept."""

OFFERED = "offered"
"""示した項目: the columns of which a page had fields; carried by it, and kept with a draft."""

_OF_THE_PAGE = ("csrfmiddlewaretoken", "request_id", "do", "accept", OPENED_FROM)
# What neither JSON in the database nor UTF-8 can hold; no key types it.
_UNFIT = re.compile("[\0\ud800-\udfff]")
_PERSON = re.compile(r"person-(\d{1,2})-(.+)", re.DOTALL)


def typed_in(post: QueryDict) -> dict[str, str]:
    """What the page carried of the form: all but what belongs to the page itself.

    Without the characters that cannot be kept at all; `is_fit` tells whether there were any.
    """
    return {
        name: _UNFIT.sub("", str(post[name]))
        for name in post
        if name not in _OF_THE_PAGE and not _UNFIT.search(name)
    }


def is_fit(post: QueryDict) -> bool:
    """Can all that was typed be kept, in a draft and in the ledger?"""
    return not any(_UNFIT.search(text) for name in post for text in (name, str(post[name])))


def with_person(typed: dict[str, str], count: int, most: int) -> dict[str, str]:
    """The same with one more person, who takes over what a family shares."""
    if count >= most:
        return typed
    shared = {
        f"person-{count}-{name}": text
        for name, text in _of_person(typed, count - 1).items()
        if name.startswith(_SHARED)
    }
    return {**typed, **shared, "person_count": str(count + 1)}


def without_person(typed: dict[str, str], count: int, place: int) -> dict[str, str]:
    """The same without one person; those after move up."""
    kept = {name: text for name, text in typed.items() if not _PERSON.fullmatch(name)}
    stay = [one for one in range(count) if one != place] or [0]
    for new, old in enumerate(stay):
        if count > 1:
            kept |= {f"person-{new}-{name}": text for name, text in _of_person(typed, old).items()}
    return {**kept, "person_count": str(len(stay))}


# 一括入力 (4.0.10): 氏, 本籍, 筆頭者 and 転入前住所 go over to the next member, 旧氏 never does. So
# does who stands there with a number; by which document the number itself is checked does not.
_SHARED = (
    "resident_class",
    "family_name",
    "registered_domicile",
    "family_register_head",
    "previous_address_",
    "nationality",
    "acquired_from",
    "identity_document",
    "purpose_shown",
)


def _of_person(typed: dict[str, str], place: int) -> dict[str, str]:
    found = {}
    for name, text in typed.items():
        match = _PERSON.fullmatch(name)
        if match and int(match[1]) == place:
            found[match[2]] = text
    return found


def of_person(typed: dict[str, str], place: int, cells: dict[str, str]) -> dict[str, str]:
    """The same with these texts in the block of one person, in place of all that stood there."""
    prefix = f"person-{place}-"
    kept = {name: text for name, text in typed.items() if not name.startswith(prefix)}
    return {**kept, **{f"{prefix}{name}": text for name, text in cells.items()}}


def moment_in(text: str) -> datetime | None:
    """日時: the moment that a page carries; None for a blank one, and for one that is made up."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
