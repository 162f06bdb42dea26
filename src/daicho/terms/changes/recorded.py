"""記録された異動: what a change was, once it stands in the ledger; pure values for what follows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daicho.terms.changes.effects import Effect, When
from daicho.terms.records import Record


@dataclass(frozen=True, slots=True)
class Touched:
    """一人の前後: one person before and after the change; `before` is None for a new record."""

    effect: Effect
    before: Record | None
    after: Record
    history_no: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """記録された異動: the first result of a request; a repeat of the request gives it again."""

    change_id: int
    kind: str
    when: When
    ward: str
    request_id: UUID
    touched: tuple[Touched, ...]

    @property
    def processed_on(self) -> date:
        """処理日: the business day of recording."""
        return self.when.processed_on
