"""移行 (standard 10.6): one history row of an older system, taken over as it stood there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from daicho.terms.records import Cell


@dataclass(frozen=True, slots=True)
class Imported:
    """移行: the whole record after one 異動 of the older system.

    `row` holds the cells of `terms.records.ITEMS` that are not blank, without the record_id, which
    is ours. `reason` is a code of `reasons.toml`; `history_remark` and `note` are its A and B類型.
    `apart` holds what came with it and is no part of the record: remark, 抑止, 支援措置.
    `occurred_on` is the cell of the event's date, which may be 不詳.
    """

    kind: ClassVar[str] = "imported"
    v: ClassVar[int] = 1

    history_no: int
    residence_no: int
    reason: str
    occurred_on: str
    history_remark: str
    note: str
    row: Mapping[str, Cell]
    apart: Mapping[str, str]

    def to_body(self) -> dict[str, Any]:
        """The JSON object of a ledger row; blank texts are left out."""
        said = {
            "occurred_on": self.occurred_on,
            "history_remark": self.history_remark,
            "note": self.note,
        }
        body = {name: text for name, text in said.items() if text}
        numbers = {"history_no": self.history_no, "residence_no": self.residence_no}
        apart = {"apart": dict(self.apart)} if self.apart else {}
        return {**numbers, "reason": self.reason, **body, "row": dict(self.row), **apart}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The change in a ledger row's body."""
        assert v == cls.v, f"imported v{v} is not known"
        return cls(
            history_no=body["history_no"],
            residence_no=body["residence_no"],
            reason=body["reason"],
            occurred_on=body.get("occurred_on", ""),
            history_remark=body.get("history_remark", ""),
            note=body.get("note", ""),
            row=body["row"],
            apart=body.get("apart", {}),
        )
