"""区域: at which terminals, and shown which factors, an 個人番号 may be seen.

No statute draws the three zones: the duty of safety (番号法12条) is general, and cities draw them
in their own security policies. The tables say so, and an adopter may load others.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import Article
from daicho.law.rule import Finding, finding, rule, words
from daicho.law.tables import Row, table

NUMBERS_SINCE = date(2015, 10, 5)
"""番号法の施行: before that day there was no number to be seen."""
KINDS = frozenset({"knowledge", "possession", "body"})
"""要素の種類: what one knows, what one has, what one is."""


@dataclass(frozen=True)
class Zone:
    """区域: a part of the network that a terminal belongs to; dated."""

    code: str
    name: str
    shows_number: bool
    cites: tuple[Article, ...]
    since: date
    until: date | None


@dataclass(frozen=True)
class Factor:
    """認証の要素: what a person shows at sign-in, and of which kind it is; dated."""

    code: str
    name: str
    kind: str
    since: date
    until: date | None


def _zone(row: Row) -> Zone:
    row.only("code", "name", "shows_number")
    return Zone(
        row.text("code"),
        row.text("name"),
        row.flag("shows_number"),
        row.cites,
        row.since,
        row.until,
    )


def _factor(row: Row) -> Factor:
    row.only("code", "name", "kind")
    if row.text("kind") not in KINDS:
        raise row.wrong(f"kind must be one of {', '.join(sorted(KINDS))}")
    return Factor(row.text("code"), row.text("name"), row.text("kind"), row.since, row.until)


ZONES: tuple[Zone, ...] = tuple(_zone(row) for row in table("zones").keyed())
"""区域の一覧: every row of the table, of every day."""

FACTORS: tuple[Factor, ...] = tuple(_factor(row) for row in table("factors").keyed())
"""認証の要素の一覧: every row of the table, of every day."""

NAMES: Mapping[str, str] = {one.code: one.name for one in ZONES}
"""区域の名前: by code."""

UNKNOWN = "unknown"
"""区域が登録されていない: what a terminal's zone is until somebody says it."""

words(NAMES.values())

_ANOTHER_ZONE = finding(
    "access.number_zone",
    refuses=True,
    cites=["MNA 12", "STD 10.3"],
    what="この端末の区域は「{zone}」です。個人番号は、個人番号を扱う区域の端末でだけ見られます。",
    remedy="マイナンバー利用事務系の端末で行ってください。"
    "この端末の区域の登録が誤っているときは、操作権限の管理担当に依頼してください。",
)
_ONE_FACTOR = finding(
    "access.number_factors",
    refuses=True,
    cites=["MNA 12", "STD 10.3"],
    what="個人番号は、二つの異なる要素でサインインした者だけが見られます。",
    remedy="サインアウトし、パスワードと認証器でサインインし直してください。"
    "認証器がないときは、操作権限の管理担当に登録の許可を依頼してください。",
)


def _on(on: date, one: Zone | Factor) -> bool:
    return one.since <= on and (one.until is None or on <= one.until)


@rule(cites=["MNA 12", "STD 10.3"], since=NUMBERS_SINCE)
def number_may_be_seen(zone: str, factors: Collection[str], on: date) -> Finding | None:
    """個人番号は、個人番号を扱う区域の端末で、異なる二つの要素でサインインした者だけが見る。

    An individual number is seen only at a terminal of a zone where numbers are handled, by somebody
    who showed two factors of different kinds; None means that it may be seen.
    """
    found = next((one for one in ZONES if one.code == zone and _on(on, one)), None)
    if found is None or not found.shows_number:
        return _ANOTHER_ZONE(zone=found.name if found else NAMES[UNKNOWN])
    kinds = {one.kind for one in FACTORS if one.code in factors and _on(on, one)}
    return None if len(kinds) > 1 else _ONE_FACTOR()


def sees_in(
    zone: str, factors: Collection[str], sees: frozenset[str], *, on: date, is_trial: bool
) -> frozenset[str]:
    """その場で見える項目: what remains of the classes `sees` of a purpose at that terminal.

    `is_trial`: the pack of a made-up town, which has no zones. `number_may_be_seen` says why the
    number is not there.
    """
    if is_trial or "individual_number" not in sees or on < NUMBERS_SINCE:
        return sees
    if number_may_be_seen(zone, factors, on=on) is None:
        return sees
    return sees - {"individual_number"}
