"""受付で述べられたこと: what was said and shown at the counter, as it is about to be recorded."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Said:
    """受付の内容: one visitor, one work. Codes are those of the tables; texts stay as typed.

    `sender` is who sent a notice, or the body in whose name a certificate is asked for official
    use. `accepted` are the codes of the alerts that the clerk has confirmed.
    """

    work: str
    basis: str
    received_on: date | None
    capacity: str = ""
    visitor_name: str = ""
    visitor_address: str = ""
    visitor_phone: str = ""
    principal_name: str = ""
    identity: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    sender: str = ""
    reference: str = ""
    reason: str = ""
    asked: tuple[str, ...] = ()
    copy_count: int | None = None
    previous_id: UUID | None = None
    accepted: frozenset[str] = frozenset()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that was typed freely."""
        return (
            self.visitor_name,
            self.visitor_address,
            self.visitor_phone,
            self.principal_name,
            self.sender,
            self.reference,
            self.reason,
        )
