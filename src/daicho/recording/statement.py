"""異動の申立て: what is brought to the write door, and how it may ask back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.law.safety.acquiring import Acquired
from daicho.register.matching import Match
from daicho.terms.changes import Change
from daicho.terms.changes.recorded import Recorded
from daicho.terms.records import Record


@dataclass(frozen=True, kw_only=True)
class Statement:
    """異動の申立て: a change with what the 受付 says of it.

    `expected` are the 履歴番号 that the clerk saw of each resident named; `accepted` the codes of
    the alerts the clerk has confirmed. `numbers` are the 個人番号 of persons whom the change
    enters, or to whom it assigns one: they go to the vault with it and nowhere else; `acquired`
    tells how each of them was acquired. `note` is the 留意事項 (統合記載欄 B類型) that the clerk
    writes to it.
    """

    change: Change
    occurred_on: str
    received_on: date | None
    basis: str
    expected: Mapping[UUID, int] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    reception_id: UUID | None = None
    numbers: Mapping[UUID, str] = field(default_factory=dict, repr=False)
    acquired: Mapping[UUID, Acquired] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Household:
    """異動後の世帯: the living members of one household as they would be, in its order (5.2).

    `is_planned`: so it will be on the 転出予定日, and not before.
    """

    number: str
    members: tuple[Record, ...]
    is_planned: bool = False


@dataclass(frozen=True)
class Preview:
    """入力確認 (4.0.9): what a statement would record, after everything is rolled back again.

    `findings` are all refusals or, where nothing refuses, all alerts, confirmed or not; `concerns`
    tells whom each is about, where it is about somebody and not about the change. `recorded` is
    what would stand in the ledger (its id is not final; 0 where something refuses), None where
    the effects cannot be reckoned. `messages` are the kinds that would be sent. `matches` gives
    each entering person's closed records that may be the same person; `gives_code` names who
    would be given a 住民票コード, which is blank here: another may be drawn. `households` are those
    that the change touches, also one that somebody joins or leaves; none where something refuses.
    """

    findings: tuple[Finding, ...]
    recorded: Recorded | None = None
    messages: tuple[str, ...] = ()
    matches: Mapping[UUID, tuple[Match, ...]] = field(default_factory=dict)
    gives_code: frozenset[UUID] = frozenset()
    households: tuple[Household, ...] = ()
    concerns: Mapping[Finding, tuple[UUID, ...]] = field(default_factory=dict)


class NotRecorded(Refused):
    """異動の拒否: something refuses; `found` says what, and whom it is about."""

    def __init__(self, found: Preview) -> None:
        super().__init__(found.findings)
        self.found = found


class Asked(Exception):
    """確認: nothing refuses, but alerts are not confirmed yet; nothing was written."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(one.code for one in findings))
        self.findings = tuple(findings)
