"""受付: one reception as a value, with or without who came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from daicho.law import receptions
from daicho.law.receptions import works
from daicho.register.models import Reception as Row

STATES: Mapping[str, str] = {
    "open": "受付中",
    "draft": "仮登録",
    "recorded": "記録済み",
    "issued": "交付済み",
    "accepted": "請求を受理",
    "withdrawn": "取下げ",
    "declined": "不受理",
}
"""受付の状態: every state by code; the last four are said by an ending."""


@dataclass(frozen=True)
class Papers:
    """示された書類: kinds of documents by code; like the capacity they name nobody."""

    identity: tuple[str, ...]
    authority: tuple[str, ...]


@dataclass(frozen=True)
class Visitor:
    """来庁した者: who stood there or wrote, how they showed it, and why they came."""

    visitor_name: str
    visitor_address: str
    visitor_phone: str
    principal_name: str
    identity: tuple[str, ...]
    authority: tuple[str, ...]
    sender: str
    reference: str
    reason: str


@dataclass(frozen=True)
class Reception:
    """受付: one visitor with one work, or one notice, or one matter taken up ex officio.

    `visitor` is there where somebody has looked and been trailed (`shown`, `with_visitor`); what
    it says is then told by the properties of the same names.
    """

    reception_id: UUID
    number: str  # 受付番号: day and running number of the office; tells nothing of a person
    work: str
    basis: str
    purpose: str
    party: str
    received_on: date
    taken_on: date
    taken_at: datetime
    capacity: str
    papers: Papers
    asked: tuple[str, ...]
    copy_count: int | None
    post_to_principal: bool
    previous_id: UUID | None
    office: str
    operator_id: int
    terminal: str
    state: str
    ended_because: str
    visitor: Visitor | None = field(default=None, repr=False)

    @property
    def work_name(self) -> str:
        """受付の種類の名: 転入, 証明書の請求."""
        return works.NAMES[self.work]

    @property
    def capacity_name(self) -> str:
        """来庁した者の資格の名; blank where nobody stood at the counter."""
        return dict(receptions.capacities(self.party, self.taken_on)).get(self.capacity, "")

    @property
    def state_name(self) -> str:
        """受付の状態の名."""
        return STATES[self.state]

    @property
    def is_ended(self) -> bool:
        """Was it withdrawn or declined?"""
        return self.state in ("withdrawn", "declined")

    @property
    def is_answered(self) -> bool:
        """Was what it asked for done?"""
        return self.state in ("recorded", "issued", "accepted")

    @property
    def visitor_name(self) -> str:
        """来庁した者の氏名."""
        return self._seen.visitor_name

    @property
    def visitor_address(self) -> str:
        """来庁した者の住所."""
        return self._seen.visitor_address

    @property
    def visitor_phone(self) -> str:
        """来庁した者の電話番号."""
        return self._seen.visitor_phone

    @property
    def principal_name(self) -> str:
        """依頼した者又は本人の氏名."""
        return self._seen.principal_name

    @property
    def identity(self) -> tuple[str, ...]:
        """本人確認の方法: codes."""
        return self._seen.identity

    @property
    def authority(self) -> tuple[str, ...]:
        """権限の確認の方法: codes."""
        return self._seen.authority

    @property
    def sender(self) -> str:
        """通知をした者, or the body that asks for official use."""
        return self._seen.sender

    @property
    def reference(self) -> str:
        """通知の番号."""
        return self._seen.reference

    @property
    def reason(self) -> str:
        """職権による理由 or 利用の目的."""
        return self._seen.reason

    @property
    def _seen(self) -> Visitor:
        assert self.visitor is not None, "nobody looked at who came: no Permit, no trail row"
        return self.visitor


def number_of(taken_on: date, day_no: int) -> str:
    """受付番号: month and day, and the running number of the office on that day."""
    return f"{taken_on:%m%d}-{day_no:04}"


def of_row(row: Row, state: str, ended_because: str, *, named: bool) -> Reception:
    """The value of a row; `named`: with who came, for whoever trails it."""
    basis = works.basis(row.work, row.basis, row.taken_on)
    return Reception(
        reception_id=row.reception_id,
        number=number_of(row.taken_on, row.day_no),
        work=row.work,
        basis=row.basis,
        purpose=basis.purpose,
        party=basis.party,
        received_on=row.received_on,
        taken_on=row.taken_on,
        taken_at=row.at,
        capacity=row.capacity,
        papers=Papers(tuple(row.identity), tuple(row.authority)),
        asked=tuple(row.asked),
        copy_count=row.copy_count,
        post_to_principal=row.post_to_principal,
        previous_id=row.previous_id,
        office=row.office,
        operator_id=row.operator_id,
        terminal=row.terminal,
        state=state,
        ended_because=ended_because,
        visitor=_visitor(row) if named else None,
    )


def _visitor(row: Row) -> Visitor:
    return Visitor(
        visitor_name=row.visitor_name,
        visitor_address=row.visitor_address,
        visitor_phone=row.visitor_phone,
        principal_name=row.principal_name,
        identity=tuple(row.identity),
        authority=tuple(row.authority),
        sender=row.sender,
        reference=row.reference,
        reason=row.reason,
    )
