"""請求: what is asked for, and of which persons, as the disclosure judges it."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from daicho.terms.records import Record

Form = Literal["household_copy", "individual_copy", "moved_out_certificate"]
SpecialHistory = Literal["", "omitted", "shown"]
Under = Literal["own_notification", "other_notification", "request"]
"""受付の別: the 転出届 by which these persons move out, one that is not theirs, or a request."""

FORMS: dict[Form, str] = {
    "household_copy": "住民票の写し（世帯連記式）",
    "individual_copy": "住民票の写し（個人票）",
    "moved_out_certificate": "転出証明書",
}
"""様式: the forms that are made here, by code."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """請求: who asks for which form and what is specially asked (BRRA 12(5)).

    `requester` is a code of `requesters_items`, `asked` codes of `certificate_items`.
    `special_history` is the clerk's explicit choice for rows of a special cause (E56), blank where
    none was made. `is_reissue` of a 転出証明書 needs `has_first_issue`. `by_special` tells that the
    persons move out by the 特例 (BRRA 24-2), `under` what the 受付 was taken for; under a 転出届
    `requester` is the capacity of who brought it.
    """

    form: Form
    requester: str
    asked: frozenset[str] = field(default_factory=frozenset)
    with_history: bool = False
    special_history: SpecialHistory = ""
    is_reissue: bool = False
    has_first_issue: bool = False
    by_special: bool = False
    under: Under = "request"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """証明の対象者: one person of the certificate with the marks of the register.

    `suppressed` is the highest level at which 証明書発行 is held back ("", alert, error);
    `declared_missing`: the record was closed by a 失踪宣告, which its 消除事由 (職権消除) does not
    say. `protection_ended`: a protection has passed its last day, and nobody has renewed or ended
    it. `has_special_history`: the history holds rows of a special cause (standard 1.1.4).
    """

    record: Record
    protected: bool = False
    provisionally_protected: bool = False
    protection_ended: bool = False
    suppressed: Literal["", "alert", "error"] = ""
    declared_missing: bool = False
    has_special_history: bool = False

    @property
    def record_id(self) -> UUID:
        """記録ID: of the person's record."""
        return self.record.record_id

    @property
    def closed(self) -> bool:
        """除票: whether the record is closed."""
        return not self.record.is_living

    @property
    def died(self) -> bool:
        """死亡: whether the person died, or is deemed dead by a 失踪宣告 (CC 31)."""
        return self.record.state == "died" or (self.closed and self.declared_missing)
