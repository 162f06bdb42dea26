"""異動の効果: what a change does to each person it touches, in cells.

A kind of change says what the clerk stated; its effects are reckoned once, when it is recorded, and
stand in the ledger beside the statement. The fold then needs no kind: it lays cells on cells, so a
rule that changes later cannot change what an old row means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from daicho.terms.records import Cell, Record, from_row, to_row


class What(StrEnum):
    """記載・修正・消除: what a change does to one record."""

    OPENS = "opens"
    CHANGES = "changes"
    CLOSES = "closes"


@dataclass(frozen=True, slots=True)
class When:
    """異動の日: the days of one change. `occurred_on` is a cell, for it may be 不詳."""

    occurred_on: str
    received_on: date | None
    processed_on: date


@dataclass(frozen=True, slots=True)
class Effect:
    """一人への効果: the cells laid on the record of one person.

    For `OPENS` the cells are the whole row that is not blank; else only what becomes different, a
    cell that becomes blank included ("" or None). `history_remark` is the A類型 of 統合記載欄.
    """

    record_id: UUID
    what: What
    reason: str
    cells: Mapping[str, Cell]
    history_remark: str = ""

    def on(self, before: Record | None) -> Record:
        """The record after the change; `before` is None where there was none."""
        start: dict[str, Cell] = {}
        if self.what is not What.OPENS:
            assert before is not None, f"{self.reason} changes a record that is not there"
            start = to_row(before)
        return from_row({**start, **self.cells, "record_id": str(self.record_id)})

    def to_body(self) -> dict[str, Any]:
        """The JSON object in a ledger row's `effects`."""
        remark = {"history_remark": self.history_remark} if self.history_remark else {}
        said = {"record_id": str(self.record_id), "what": self.what.value, "reason": self.reason}
        return {**said, **remark, "cells": dict(self.cells)}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """The effect in a ledger row."""
        return cls(
            record_id=UUID(body["record_id"]),
            what=What(body["what"]),
            reason=body["reason"],
            cells=body["cells"],
            history_remark=body.get("history_remark", ""),
        )


def difference(before: Record, after: Record) -> dict[str, Cell]:
    """The cells that become different, for the effect of a change."""
    old, new = to_row(before), to_row(after)
    return {column: cell for column, cell in new.items() if old[column] != cell}


@dataclass(frozen=True, slots=True)
class Scene:
    """異動の場: what a change finds when it is recorded.

    `befores` are the records it names, `members` the living members of every household it touches,
    by 世帯番号, the named ones included.
    """

    when: When
    befores: Mapping[UUID, Record]
    members: Mapping[str, tuple[Record, ...]]
