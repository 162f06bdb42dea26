"""郵便番号から住所へ: what an address's fields would hold, and what is told to the clerk.

Nothing typed is ever replaced: where it differs, or where a code has several places, the clerk
chooses. A town typed on (朝日一丁目 for 朝日) is the same place. The fields of one address are
named `<of>_<part>`, where `of` may carry the prefix of a form (person-0-previous_address).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from daicho.register.places.dictionary import by_postal_code
from daicho.register.places.rows import Place
from daicho.terms.malformed import Malformed
from daicho.terms.typed import plain

_OF = re.compile(
    r"(?:[a-z0-9]+-)*(?:address|previous_address|planned_destination|confirmed_destination)"
)
_NOT_FOUND = "この郵便番号の住所は辞書にありません。番号を確かめるか、住所を入力してください。"
_FREE = "自由入力欄に入力があるため、住所を入れませんでした。どちらか一方に入力してください。"
TOLD_MOST = 5


@dataclass(frozen=True)
class Candidate:
    """候補: a place to choose, and the fields that choosing it fills; `then` is typed next."""

    text: str
    note: str
    fills: Mapping[str, str]
    then: str


@dataclass(frozen=True)
class Completion:
    """住所の補完: what is told, the fields to fill at once, or candidates to choose from."""

    told: str = ""
    fills: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    then: str = ""


def is_address(of: str) -> bool:
    """Whether `of` names the fields of an address."""
    return len(of) <= 60 and bool(_OF.fullmatch(of))


def complete(typed: Mapping[str, str], of: str) -> Completion:
    """The completion of the address `of` from its postal code, by what else was typed in it."""
    code = typed.get(f"{of}_postal_code", "")
    if not plain(code):
        return Completion()
    try:
        found = by_postal_code(code)
    except Malformed as malformed:
        return Completion(malformed.message)
    if not found or typed.get(f"{of}_free_text", ""):
        return Completion(_FREE if found else _NOT_FOUND)
    return _completion(found, typed, of)


def _completion(found: tuple[Place, ...], typed: Mapping[str, str], of: str) -> Completion:
    fitting = [place for place in found if _fits(place, typed, of)]
    written = [place for place in fitting if place.town and typed.get(f"{of}_town", "")]
    if written or len(fitting) == 1:
        # of 朝日 and 朝日町 the longer one is what was typed
        return _filled(max(written or fitting, key=lambda one: len(one.town)), typed, of)
    if fitting:
        return _asked(fitting, typed, of, f"この郵便番号の住所は{len(fitting)}件あります。")
    return _asked(
        found, typed, of, "入力済みの住所は、郵便番号の住所と違います。そのままにしました。"
    )


def filled(typed: Mapping[str, str], of: str) -> tuple[dict[str, str], str]:
    """The fields to fill and what is told, for a page without scripts: nothing can be chosen there,
    so that of several places only what they share is filled, and the places are named."""
    if not is_address(of):
        return {}, ""
    found = complete(typed, of)
    if not found.candidates:
        return dict(found.fills), found.told
    names = [one.text for one in found.candidates]
    more = f"など{len(names)}件" if len(names) > TOLD_MOST else ""
    told = f"{found.told} {'、'.join(names[:TOLD_MOST])}{more}"
    first, *others = [set(one.fills.items()) for one in found.candidates]
    shared = dict(first.intersection(*others)) if others else {}
    return {name: text for name, text in shared.items() if not typed.get(name, "")}, told


def _fits(place: Place, typed: Mapping[str, str], of: str) -> bool:
    """Whether what was typed contradicts nothing of the place."""
    said = {part: typed.get(f"{of}_{part}", "") for part in ("prefecture", "municipality", "town")}
    return (
        said["prefecture"] in ("", place.prefecture)
        and said["municipality"] in ("", place.municipality)
        and (not said["town"] or said["town"].startswith(place.town))
    )


def _filled(place: Place, typed: Mapping[str, str], of: str) -> Completion:
    fills = {name: text for name, text in _fills(place, typed, of).items() if not typed.get(name)}
    then = _then(place, of)
    note = f"({place.note})" if place.note else ""
    if not fills:
        return Completion(f"郵便番号の住所「{place.text}」と合っています。{note}", then=then)
    said = f"「{place.text}」を入れました。{note}"
    return Completion(f"{said}{_remedy(place)}", fills, then=then)


def _remedy(place: Place) -> str:
    if place.is_office:
        return "事業所の郵便番号です。番地を入力してください。"
    if not place.town:
        return "町字と番地を入力してください。"
    return "丁目と番地を続けて入力してください。" if place.has_chome else "番地を入力してください。"


def _asked(
    places: tuple[Place, ...] | list[Place], typed: Mapping[str, str], of: str, told: str
) -> Completion:
    candidates = tuple(
        Candidate(one.text, one.note, _fills(one, typed, of), _then(one, of)) for one in places
    )
    return Completion(f"{told}候補から選ぶと、その住所を入れます。", candidates=candidates)


def _fills(place: Place, typed: Mapping[str, str], of: str) -> dict[str, str]:
    """The fields as choosing the place leaves them: a town typed on and a 方書 stay as they are."""
    found = {f"{of}_{part}": text for part, text in place.parts.items()}
    if typed.get(f"{of}_town", "").startswith(place.town or "\0"):
        found.pop(f"{of}_town", None)
    if typed.get(f"{of}_building", ""):
        found.pop(f"{of}_building", None)
    return found


def _then(place: Place, of: str) -> str:
    part = "lot" if place.town and not place.has_chome else "town"
    return f"{of}_{part}"
