"""廃棄の帳面: the two matters whose lists stand on the same pages, and how each is worked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from daicho.access.disposing import carrying_out as carrying_out_records
from daicho.access.disposing import deciding as deciding_records
from daicho.access.disposing import proposing as proposing_records
from daicho.access.disposing import queries as records
from daicho.access.disposing.lists import Line as LineOfRecords
from daicho.access.permits import Permit
from daicho.law.citation import article
from daicho.law.retention import kinds
from daicho.law.retention.disposing import OUTCOMES, REASONS
from daicho.terms.dates import wareki
from daicho.vault.disposing import carrying_out, deciding, proposing
from daicho.vault.disposing import queries as numbers
from daicho.vault.disposing.rows import Line as LineOfNumbers


@dataclass(frozen=True)
class Book:
    """廃棄の帳面: of numbers or of records; `whole` and what it gives have the same names in both.

    `thing` is what is destroyed, `names` the addresses of the steps, `line` what a page shows of a
    line, `key` how a line is named in a form.
    """

    title: str
    thing: str
    work: str
    approve: str
    look: str
    names: Mapping[str, str]
    key: Callable[[str], Any]
    line: Callable[[Any], dict[str, Any]]
    propose: Callable[[Permit], int]
    lists: Callable[[Permit], Any]
    whole: Callable[[Permit, int], Any]
    certified: Callable[[Permit, Any, str], Mapping[str, Any]]
    take_off: Callable[[Permit, int, Any, str], None]
    decide: Callable[..., None]
    stop: Callable[[Permit, int], None]
    carry_out: Callable[[Permit, int], object]
    may_decide: Callable[[Permit, Any], bool]
    may_stop: Callable[[Permit, Any], bool]

    @property
    def looks(self) -> tuple[str, str, str]:
        """The purposes under which its lists are seen."""
        return self.approve, self.work, self.look

    def address(self, step: str, list_id: int) -> str:
        """Where a step on a list is taken."""
        return reverse(f"console:{self.names[step]}", args=[list_id])

    def addresses(self, list_id: int) -> dict[str, str]:
        """Where each step on a list is taken."""
        return {step: self.address(step, list_id) for step in self.names}


def _names(of: str) -> dict[str, str]:
    steps = ("take_off", "decide", "stop", "carry_out")
    return {"list": of, "certificate": f"{of}_certificate"} | {one: f"{one}_{of}" for one in steps}


def _why(one: LineOfNumbers | LineOfRecords) -> dict[str, Any]:
    return {
        "kind": kinds.NAMES.get(one.kind, one.kind),
        "cited": article(one.article).japanese,
        "due_on": one.due_on,
        "taken_off": REASONS.get(one.taken_off, ""),
        "outcome": OUTCOMES[one.outcome],
    }


def _of_numbers(one: LineOfNumbers) -> dict[str, Any]:
    off_before = REASONS.get(one.off_before, "")
    return {"key": str(one.record_id), "off_before": off_before, **_why(one)}


def _of_records(one: LineOfRecords) -> dict[str, Any]:
    month = month_name(one.month)
    return {"key": str(one.line_id), "month": month, "count": one.row_count, **_why(one)}


def month_name(month: date) -> str:
    """月の名: of a month by its first day."""
    return wareki(month).removesuffix("1日")


NUMBERS = Book(
    title="個人番号の廃棄",
    thing="番号",
    work="disposal.work",
    approve="disposal.approve",
    look="disposal.look",
    names=_names("disposal"),
    key=UUID,
    line=_of_numbers,
    propose=proposing.propose,
    lists=numbers.lists,
    whole=numbers.whole,
    certified=numbers.certified,
    take_off=deciding.take_off,
    decide=deciding.decide,
    stop=deciding.stop,
    carry_out=carrying_out.carry_out,
    may_decide=numbers.may_decide,
    may_stop=numbers.may_stop,
)
RECORDS = Book(
    title="記録の廃棄",
    thing="記録",
    work="retention.work",
    approve="retention.approve",
    look="retention.look",
    names=_names("retention"),
    key=int,
    line=_of_records,
    propose=proposing_records.propose,
    lists=records.all_of,
    whole=records.whole,
    certified=records.certified,
    take_off=deciding_records.take_off,
    decide=deciding_records.decide,
    stop=deciding_records.stop,
    carry_out=carrying_out_records.carry_out_by_day,
    may_decide=records.may_decide,
    may_stop=records.may_stop,
)
BOOKS = (NUMBERS, RECORDS)
