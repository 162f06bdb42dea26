"""個人番号の取得の欄: whence a number that is typed comes, how it was checked (番号法16条, 19条).

Asked beside the number, and only where one is typed. Of a number from the 転出証明書 nothing more
is asked; of one that the person gives, what the 受付 has recorded stands there already.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from django import forms
from django.utils.timezone import localtime

from daicho.access.permits import Permit
from daicho.law.notifications import notifiers
from daicho.law.receptions.papers import Paper
from daicho.law.safety.acquiring import Acquired, checked_by, checks, exemptions, source, sources
from daicho.register.receiving.receptions import Reception
from daicho.terms.dates import wareki
from daicho.vault.acquiring import Acquisition
from daicho.web.counter.changing.fields import numbered

SOURCE = ("acquired_from",)
CHECK = (
    *("given_by", "number_document", "identity_document", "identity_document_more"),
    *("authority_document", "purpose_shown"),
)
FIELDS = (*SOURCE, *CHECK)
"""取得の欄: of one person, as they are drawn."""

_AS_USUAL = "転入の証明のとおり(国内は転出証明書、国外は本人から)"
_PURPOSE = "住民票への記載と番号法9条の事務"
# A 世帯主 or a member of the household may be the person or an agent: that is for the clerk to say.
_TAKEN_OVER = frozenset({"principal", "legal_representative", "agent", "messenger"})


@cache
def fields(on: date) -> tuple[tuple[str, forms.Field], ...]:
    """The fields of that day; made once, for a field keeps nothing of what is typed."""
    return tuple(zip(FIELDS, _fields(on), strict=True))


def _fields(on: date) -> Iterator[forms.Field]:
    identity = _papers(checks.identity_documents(on))
    yield _choice(
        "個人番号の取得元", [(one.code, one.name) for one in sources.at_counter(on)], _AS_USUAL
    )
    yield _choice("番号を提供した者", [(one.code, one.name) for one in notifiers(on)])
    yield _choice("番号の確認", _papers(checks.number_documents(on)))
    yield _choice("提供した者の身元の確認", identity)
    yield _choice("身元の確認(二点目)", identity)
    yield _choice("代理権の確認", _papers(checks.authority_documents(on)))
    yield _choice("利用目的の明示", list(exemptions.choices(on)), hint=_PURPOSE)


def _papers(found: tuple[Paper, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in found]


def _choice(
    label: str, choices: list[tuple[str, str]], blank: str = "選んでください", hint: str = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", blank), *numbered(choices)],
        required=False,
        error_messages={"invalid_choice": f"{label}を一覧から選んでください。"},
    )


def opening(permit: Permit, its: Reception, prefix: str) -> dict[str, str]:
    """受付からの初期値: who stands there and which documents the 受付 has recorded already."""
    if "individual_number" not in permit.sees:
        return {}
    on, shown = permit.on, its.papers
    identity = [one.code for one in checks.identity_documents(on) if one.code in shown.identity]
    authority = [one.code for one in checks.authority_documents(on) if one.code in shown.authority]
    is_own = checks.is_for_another(its.capacity, on) is False
    number = [one for one in identity if is_own and checks.shows(one, on)]
    found = {
        "given_by": its.capacity if its.capacity in _TAKEN_OVER else "",
        "number_document": next(iter(number), ""),
        "identity_document": next(iter(identity), ""),
        "identity_document_more": next(iter(identity[1:]), ""),
        "authority_document": next(iter(authority), ""),
    }
    return {f"{prefix}-{name}": code for name, code in found.items() if code}


def acquired(typed: Mapping[str, str], usual: str, on: date) -> Acquired:
    """取得: of what was typed for one person; `usual` is the source where none was chosen.

    What was filled in for a check that is not asked for is left out.
    """
    whence = typed.get("acquired_from") or usual
    its = source(whence, on)
    if its is None or not its.from_person:
        return Acquired(whence)
    shown = (typed.get("identity_document", ""), typed.get("identity_document_more", ""))
    authority = typed.get("authority_document", "")
    is_for_another = checks.is_for_another(typed.get("given_by", ""), on)
    return Acquired(
        source=whence,
        given_by=typed.get("given_by", ""),
        number_document=typed.get("number_document", ""),
        identity=tuple(dict.fromkeys(one for one in shown if one)),
        authority=(authority,) if authority and is_for_another else (),
        shown=typed.get("purpose_shown", ""),
    )


def told(one: Acquired, ground: str, way: str, on: date) -> list[tuple[str, str]]:
    """取得の表示: label and text of what is known of an acquisition, in the words of the screen."""
    givers = {it.code: it.name for it in notifiers(on)}
    identity = _names(one.identity, {it.code: it.name for it in checks.identity_documents(on)})
    authority = _names(one.authority, {it.code: it.name for it in checks.authority_documents(on)})
    cited = exemptions.cited(one.shown, on)
    rows = (
        ("取得元", sources.NAMES.get(one.source, one.source)),
        ("提供した者", givers.get(one.given_by, one.given_by)),
        ("番号の確認", checks.NUMBER_NAMES.get(one.number_document, one.number_document)),
        ("身元の確認", identity),
        ("代理権の確認", authority),
        ("確認の場合", checks.WAYS.get(way, "")),
        ("利用目的", exemptions.NAMES.get(one.shown, one.shown) + (f"({cited})" if cited else "")),
        ("根拠", sources.cited(ground, on)),
    )
    return [(label, text) for label, text in rows if text]


def _names(codes: tuple[str, ...], names: Mapping[str, str]) -> str:
    return "、".join(names.get(one, one) for one in codes)


def to_be_kept(one: Acquired, on: date) -> list[tuple[str, str]]:
    """確認の画面での表示: what would be kept of how the number was acquired."""
    its = source(one.source, on)
    return told(one, its.ground if its else "", checked_by(one, on), on)


def kept(found: tuple[Acquisition, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """取得の記録の表示: the day and what is known of each, the latest first."""
    days = [(localtime(one.at).date(), one) for one in reversed(found)]
    return [(wareki(day), told(one.acquired, one.ground, one.checked_by, day)) for day, one in days]
