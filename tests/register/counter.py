"""What a clerk does in the tests of changes: states them, confirms what is asked, looks after."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import connection

import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import Refused
from daicho.law.receptions import works
from daicho.law.safety.acquiring import Acquired
from daicho.law.safety.acquiring.acquired import SHOWN
from daicho.recording import Asked, Preview, Statement
from daicho.register import queries
from daicho.register.models import Reception as Row
from daicho.register.queries import Person
from daicho.terms.changes import Change
from daicho.terms.changes.recorded import Recorded
from daicho.terms.records import Cell
from receptions import standing

if TYPE_CHECKING:  # whose fixtures are made with what stands here
    from register.conftest import Import

HOUSEHOLD, ANOTHER = "000000000000205", "000000000000221"
NEWBORNS_CODE = "98765432170"
TODAY = date(2026, 11, 20)
CERTIFICATE = Acquired("certificate")
_CARD = "individual_number_card"
BY_CARD = Acquired("person", "principal", _CARD, identity=(_CARD,), shown=SHOWN)
LATER = datetime(2999, 1, 1, tzinfo=UTC)  # the ledger keeps the moment of the database
ELSEWHERE = {"prefecture": "栃木県", "municipality": "宇都宮市", "town": "架空一丁目"}


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """The counter is open on that day."""
    with clock.fixed(datetime(day.year, day.month, day.day, 3, tzinfo=UTC)):
        yield


def place(of: str, **parts: str) -> dict[str, Cell]:
    """The cells of an address elsewhere, or of the parts given."""
    return {f"{of}_{part}": text for part, text in (parts or ELSEWHERE).items()}


def in_stock(*codes: str) -> None:
    """住民票コード that came from above and that nobody has yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_recordcode (code) SELECT unnest(%s::text[])"
            " ON CONFLICT DO NOTHING",
            [list(codes)],
        )


def child(**more: Cell) -> dict[str, Cell]:
    """A newborn's own cells."""
    return {
        "record_id": str(uuid4()),
        "address_number": "000000000000132",
        "resident_class": "japanese",
        "family_name": "架空",
        "given_name": "三花",
        "family_name_kana": "カクウ",
        "given_name_kana": "ミカ",
        "family_name_reading": "カクウ",
        "given_name_reading": "ミカ",
        "sex": "2",
        "relationship": "子",
        "registered_domicile": "福島県郡山市架空町一丁目１番地",
        "family_register_head": "架空　花子",
        "resident_record_code": NEWBORNS_CODE,
        **more,
    }


@dataclass
class Clerk:
    """A clerk who opens what is concerned, fills in one form after the other, and confirms.

    The permit is that of the form; what is recorded is recorded for the purpose of its 受付.
    """

    permit: Permit

    def state(
        self,
        change: Change,
        *,
        occurred_on: date | str | None = None,
        basis: str = "notification",
        **more: object,
    ) -> Statement:
        """The statement of a change as it would be made now, every resident just opened, under a
        受付 of its own that says the same."""
        today = clock.today()
        occurred = occurred_on or today
        statement = Statement(
            change=change,
            occurred_on=occurred if isinstance(occurred, str) else occurred.isoformat(),
            received_on=None if basis == "ex_officio" else today,
            basis=basis,
            expected=_opened(change.record_ids),
        )
        said = replace(statement, **more)  # type: ignore[arg-type]  # fields of Statement
        if said.numbers and not said.acquired:
            usual = CERTIFICATE if getattr(change, "evidence", "") else BY_CARD
            said = replace(said, acquired=dict.fromkeys(said.numbers, usual))
        if said.reception_id or self.permit.actor is None:
            return said
        office = self.permit.actor.office
        its = standing(change.kind, said.basis, said.received_on, office)
        return replace(said, reception_id=its)

    def under(self, statement: Statement) -> Permit:
        """The permit of this form for the purpose of the statement's 受付."""
        return under(self.permit, statement)

    def preview(self, change: Change, **more: object) -> Preview:
        """The confirmation sheet of a change."""
        statement = self.state(change, **more)  # type: ignore[arg-type]  # as `state`
        return recording.preview(self.under(statement), statement)

    def record(self, change: Change, **more: object) -> Recorded:
        """Record with the next form, confirming whatever is asked."""
        statement = self.state(change, **more)  # type: ignore[arg-type]  # as `state`
        self.permit = next_form(self.permit)
        its = self.under(statement)
        try:
            return recording.record(its, statement)
        except Asked as asked:
            codes = frozenset(one.code for one in asked.findings)
            return recording.record(its, replace(statement, accepted=codes))

    def codes(self, change: Change, **more: object) -> tuple[str, set[str]]:
        """How the door answers, and the codes of what it says."""
        statement = self.state(change, **more)  # type: ignore[arg-type]  # as `state`
        self.permit = next_form(self.permit)
        try:
            recording.record(self.under(statement), statement)
        except Refused as refused:
            return "refused", {one.code for one in refused.findings if one.refuses}
        except Asked as asked:
            return "asked", {one.code for one in asked.findings}
        return "recorded", set()

    def see(self, record_id: UUID) -> Person:
        """The person as they stand now."""
        found = queries.person(self.permit, record_id)
        assert found is not None
        return found


def under(form: Permit, statement: Statement) -> Permit:
    """The permit of a form for the purpose of the statement's 受付, where it has a lawful one."""
    its = statement.reception_id
    row = Row.objects.filter(pk=its).first() if its else None
    lawful = works.bases(row.work, row.taken_on) if row else ()
    purpose = next((one.purpose for one in lawful if row and one.code == row.basis), "")
    if not purpose or form.actor is None:
        return form
    return replace(permit(form.actor, purpose, form.on), request_id=form.request_id)


@dataclass(frozen=True)
class Family:
    """花子 is 世帯主, 太郎 her grown 子, 次郎 a small one; all came in 2020."""

    hanako: UUID
    taro: UUID
    jiro: UUID


def moved_in_family(take_over: "Import", folder: Path) -> Family:
    """The family, taken over from an older system."""
    _, faults = take_over(town.write(folder, town.family()))
    assert faults == set()
    return family_here()


def family_here() -> Family:
    """The family, where `three_live_here`."""
    return Family(*(record_id(f"00000000000{n}") for n in ("0108", "0116", "0124")))


def next_form(permit: Permit) -> Permit:
    """The same clerk with the next form."""
    assert permit.actor is not None
    request_id = uuid4()
    actor = replace(permit.actor, request_id=request_id)
    return replace(permit, request_id=request_id, actor=actor)


def record_id(address_number: str) -> UUID:
    """Whom the register holds under a 宛名番号."""
    found = rows("SELECT record_id FROM register_current WHERE address_number = %s", address_number)
    ((one,),) = found
    assert isinstance(one, UUID)
    return one


def sent(recorded: Recorded) -> list[tuple[str, str]]:
    """Kind and what of the messages that a change has caused, each once."""
    return [
        (kind, what)
        for kind, what in rows(
            "SELECT DISTINCT kind, body->>'what' FROM network_outbox WHERE change_id = %s"
            " ORDER BY 1, 2",
            recorded.change_id,
        )
    ]


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database holds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def _opened(record_ids: tuple[UUID, ...]) -> Mapping[UUID, int]:
    found = rows(
        "SELECT record_id, history_no FROM register_current WHERE record_id = ANY (%s::uuid[])",
        list(record_ids),
    )
    return dict(found)
