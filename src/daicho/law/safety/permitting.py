"""利用の許可: whether a work may be done, what it shows and whom it reaches, and by which line.

One decision over all the tables: purposes, designations, emergencies, zones and factors, and what
one person does not see. It names the line that made it, so that who disagrees knows what to mend.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from daicho.law import purposes
from daicho.law.purposes import Purpose
from daicho.law.rule import Finding, finding, rule
from daicho.law.safety import designating, masking, zones


@dataclass(frozen=True)
class Asked:
    """許可の申出: the facts by which leave is judged; codes only.

    `granted`: the emergencies that a second person has granted at this moment. `at_terminal`: at a
    screen, not at the server itself. `is_trial`: the pack of a made-up town.
    """

    purpose: str
    office_kind: str
    posts: Collection[str]
    trees: Collection[str] = ()
    zone: str = ""
    factors: Collection[str] = ()
    masks: Collection[str] = ()
    granted: Collection[str] = ()
    at_terminal: bool = True
    is_trial: bool = False


@dataclass(frozen=True)
class Decision:
    """許可の判断: leave, or the finding that refuses; `sees` is what is left to be seen.

    `line` names the row that made it: "purposes:change.moved_in@1967-11-10". `cut_by` names those
    that took away a class of items which the purpose sees.
    """

    finding: Finding | None
    line: str
    sees: frozenset[str] = frozenset()
    reach: str = ""
    protected: str = ""
    cut_by: tuple[str, ...] = ()


_NOT_GRANTED = finding(
    "access.emergency_not_granted",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="「{purpose}」は、緊急の利用として許可を受けている間だけ利用できます。",
    remedy="「緊急の利用」の画面で、理由を入力して許可を求めてください。"
    "許可の時間が過ぎたときは、もう一度求めてください。",
)


@rule(cites=["BRRA 36-2(1)", "MNA 12", "STD 10.3", "STD 10.4"], since=date(1967, 11, 10))
def permitted(asked: Asked, on: date) -> Decision:
    """住民票の記載事項は、定めた事務のため、担当する者が、必要な項目に限って利用する。

    The decision for one work of one person at one place on one day.
    """
    finding = purposes.may_use(asked.purpose, asked.office_kind, asked.posts, on=on)
    try:
        row = purposes.purpose(asked.purpose, on=on)
    except purposes.UnknownPurpose:
        return Decision(finding, "purposes")
    if finding is not None:
        return Decision(finding, row.line)
    if row.needs_grant and row.code not in asked.granted:
        return Decision(_NOT_GRANTED(purpose=row.name), row.line)
    if row.tree and not asked.is_trial:
        finding = designating.designated(asked.purpose, asked.trees, on=on)
        if finding is not None:
            return Decision(finding, f"responsibles:{row.tree}")
    sees, cut_by = _seen(asked, row, on)
    return Decision(None, row.line, sees, row.reach, row.protected, cut_by)


def _seen(asked: Asked, row: Purpose, on: date) -> tuple[frozenset[str], tuple[str, ...]]:
    """What is left of the classes of a purpose, and the lines that took some away."""
    # A command runs at the server itself, where the keys lie: no zone of a terminal is asked.
    there = row.sees
    if asked.at_terminal:
        there = zones.sees_in(asked.zone, asked.factors, row.sees, on=on, is_trial=asked.is_trial)
    cut = (f"zones:{asked.zone or zones.UNKNOWN}",) if there != row.sees else ()
    masked = [one for one in sorted(there) if masking.masked(one, asked.masks, on=on)]
    return there - set(masked), (*cut, *(f"maskable_items:{one}" for one in masked))


def not_seen(asked: Asked, seen: str, on: date) -> Finding:
    """見えない項目: why this work does not see a class of items: purpose, person, place."""
    if seen not in purposes.purpose(asked.purpose, on=on).sees:
        return purposes.not_seen(asked.purpose, on)
    found = masking.masked(seen, asked.masks, on=on)
    if found is None and seen == "individual_number":
        found = zones.number_may_be_seen(asked.zone, asked.factors, on=on)
    return found or purposes.not_seen(asked.purpose, on)
