"""異動の効果: what a change does to each person it touches, in cells.

A kind of change says what the clerk stated; its effects are reckoned once, when it is recorded, and
stand in the ledger beside the statement. The fold then needs no kind: it lays cells on cells, so a
rule that changes later cannot change what an old row means.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from daicho.terms.ages import age
from daicho.terms.records import Cell, Record, from_row, laid_on


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
    cell that becomes blank included ("" or None). `history_remark` is the A類型 of 統合記載欄 and
    `note` the B類型. `special` marks a 転出 under 24条の2, which the 異動事由 does not tell apart.
    """

    record_id: UUID
    what: What
    reason: str
    cells: Mapping[str, Cell]
    history_remark: str = ""
    note: str = ""
    special: bool = False

    def on(self, before: Record | None) -> Record:
        """The record after the change; `before` is None where there was none."""
        cells = {**self.cells, "record_id": str(self.record_id)}
        if self.what is What.OPENS:
            return from_row(cells)
        assert before is not None, f"{self.reason} changes a record that is not there"
        return laid_on(before, cells)

    def to_body(self) -> dict[str, Any]:
        """The JSON object in a ledger row's `effects`."""
        texts = {"history_remark": self.history_remark, "note": self.note}
        written: dict[str, Any] = {name: text for name, text in texts.items() if text}
        if self.special:
            written["special"] = True
        said = {"record_id": str(self.record_id), "what": self.what.value, "reason": self.reason}
        return {**said, **written, "cells": dict(self.cells)}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """The effect in a ledger row."""
        return cls(
            record_id=UUID(body["record_id"]),
            what=What(body["what"]),
            reason=body["reason"],
            cells=body["cells"],
            history_remark=body.get("history_remark", ""),
            note=body.get("note", ""),
            special=body.get("special", False),
        )


def noted(effects: Iterable[Effect], named: Collection[UUID], note: str) -> tuple[Effect, ...]:
    """留意事項 (B類型, 1.1.14): the note that a clerk adds to a change of any kind.

    It stands with each person the change names, not with who is only left behind; what a kind
    itself notes (a correction) stays.
    """
    return tuple(
        replace(one, note=note) if note and not one.note and one.record_id in named else one
        for one in effects
    )


@dataclass(frozen=True, slots=True)
class Undone:
    """取り消される異動: the change that a cancellation names, as the ledger holds it.

    `befores` are the records before it (who was not there is left out). `last_of` gives the last
    change in force of each person, `cancelled` those for whom it is cancelled already.
    """

    change_id: int
    kind: str
    effects: Mapping[UUID, Effect]
    befores: Mapping[UUID, Record]
    last_of: Mapping[UUID, int]
    cancelled: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Scene:
    """異動の場: what a change finds when it is recorded.

    `befores` are the records it names, `members` the living members of every household it touches,
    by 世帯番号, the named ones included. Who is younger than `householder_years` is not made 世帯主
    without having been asked for (a row of the law's table of ages). `undone` is what a
    cancellation names. `awaiting` are those named whose other 個人番号 is asked for and not there.
    """

    when: When
    befores: Mapping[UUID, Record]
    members: Mapping[str, tuple[Record, ...]]
    householder_years: int = 0
    undone: Undone | None = None
    awaiting: frozenset[UUID] = frozenset()

    def may_head(self, one: Record) -> bool:
        """世帯主となり得る者: old enough on the day of processing, or of an age that is open."""
        years = age(one.born_on, on=self.when.processed_on) if one.born_on else None
        return years is None or years >= self.householder_years
