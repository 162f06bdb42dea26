"""Any sequence of changes: the register stays what its ledger says, and a plain model agrees."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit, system_permit
from daicho.access.refusals import Refused
from daicho.law.safety.acquiring import Acquired
from daicho.recording import Statement
from daicho.register import queries, rebuilding
from daicho.terms import numbers
from daicho.terms.changes import (
    KINDS,
    Born,
    Cancelled,
    Change,
    Corrected,
    DeclaredMissing,
    Died,
    HouseholderChanged,
    MovedIn,
    MovedOut,
    MovedOutClosed,
    MovedWithin,
    MoveInNoticeReceived,
    NumberAssigned,
    NumberChangeRequested,
    RecordCodeChanged,
)
from daicho.terms.records import Cell, difference
from people import Cast
from register.counter import (
    HOUSEHOLD,
    LATER,
    TODAY,
    Clerk,
    child,
    family_here,
    in_stock,
    on_day,
    place,
    rows,
)
from register.entering import number as individual_number

Place = tuple[str, str]  # 世帯番号 and 番地
_CLOSINGS = """
SELECT id, occurred_on, record_ids, ARRAY(
    SELECT (e->>'record_id')::uuid FROM jsonb_array_elements(body->'effects') e
    WHERE e->>'what' = 'closes')
FROM register_recordedchange WHERE kind = %s ORDER BY id
"""
BASES = dict.fromkeys(KINDS, "ex_officio") | {"move_in_notice_received": "notice"}
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 10**6)), min_size=5, max_size=12
)
# the same person (the one these seeds pick) says that they move out, and is found dead since before
DEAD_BEFORE_THE_PLAN = [("moved_out", 0), ("died", 0)]
# who lives alone moves on, and comes back to a household that nobody is left of
BACK_TO_NOBODY = [("moved_within", 0), ("moved_within", 0), ("cancelled", 0)]


@dataclass
class Model:
    """Who lives where on which day, in plain dicts: what was laid on each person, and from when."""

    laid: dict[UUID, list[tuple[date, int, Place | None]]] = field(default_factory=dict)
    log: list[tuple[int, tuple[UUID, ...]]] = field(default_factory=list)
    cancelled: set[int] = field(default_factory=set)

    def lay(
        self, change_id: int, touched: Iterable[UUID], day: date, places: dict[UUID, Place | None]
    ) -> None:
        for one, where in places.items():
            self.laid.setdefault(one, []).append((day, change_id, where))
        self.log.append((change_id, tuple(touched)))

    def cancel(self, change_id: int) -> None:
        for one, said in self.laid.items():
            self.laid[one] = [row for row in said if row[1] != change_id]
        self.log = [row for row in self.log if row[0] != change_id]
        self.cancelled.add(change_id)

    def return_to_new(self, one: UUID, cancelling: int, day: date, number: str) -> None:
        """Back at the old address, in a household that had to be made for it."""
        _, lot = self.home(one, day)
        self.laid[one].append((day, cancelling, (number, lot)))

    def lives(self, one: UUID, day: date) -> Place | None:
        """A place that is said after the end of a residence does not begin another."""
        where: Place | None = None
        ended = False
        for from_on, _, said in sorted(self.laid[one], key=lambda row: row[:2]):
            if from_on <= day:
                ended = ended or (said is None)
                where = None if ended else said
        return where

    def residents(self, day: date) -> list[UUID]:
        return [one for one in self.laid if self.lives(one, day)]

    def home(self, one: UUID, day: date) -> Place:
        where = self.lives(one, day)
        assert where is not None
        return where


@dataclass
class Town:
    """The counter on one day after the other, and the model beside it."""

    clerk: Clerk
    model: Model
    random: Random = field(default_factory=Random)
    on: date = TODAY
    given: int = 900
    recorded: Counter[str] = field(default_factory=Counter)
    new_households: int = 0

    def address_number(self) -> str:
        found = numbers.next_number(self.given, length=15)
        self.given = found.sequence
        return found.number

    def code(self) -> str:
        body = f"{self.random.randrange(10**10):010}"
        return body + numbers.resident_record_code_check_digit(body)

    def lot(self) -> str:
        return f"{self.given}番"

    def anyone(self) -> UUID | None:
        found = self.model.residents(self.on)
        return self.random.choice(found) if found else None

    def step(self, kind: str, seed: int) -> None:
        """One change of the kind, some days later; a refused one changes nothing."""
        self.random = Random(seed)  # noqa: S311  the sequence is to be repeatable
        self.on += timedelta(days=3)
        with on_day(self.on):
            try:
                _STEPS[kind](self)
            except Refused:
                return
        self.recorded[kind] += 1

    def state(
        self, change: Change, places: dict[UUID, Place | None], day: date | None = None
    ) -> None:
        day = day or self.on - timedelta(days=self.random.randrange(3))
        recorded = self.clerk.record(change, occurred_on=day, basis=BASES[change.kind])
        touched = [one.effect.record_id for one in recorded.touched]
        self.model.lay(recorded.change_id, touched, day, places)

    def moved_in(self) -> None:
        mover = child(
            address_number=self.address_number(),
            resident_record_code=self.code(),
            relationship="世帯主",
            born_on="1990-01-01",
            ward="072036",
            individual_number_state="pending",
            **place("previous_address"),
        )
        number, lot = self.address_number(), self.lot()
        change = MovedIn(
            from_abroad=False,
            evidence="certificate",
            joins=False,
            household_number=number,
            address=place("address", prefecture="福島県", municipality="郡山市", lot=lot),
            movers=(mover,),
        )
        self.state(change, {UUID(str(mover["record_id"])): (number, lot)})

    def moved_within(self) -> None:
        if (one := self.anyone()) is None:
            return
        number, lot = self.address_number(), self.lot()
        address = place("address", prefecture="福島県", municipality="郡山市", lot=lot)
        change = MovedWithin(
            joins=False, household_number=number, address=address, relationships={one: "世帯主"}
        )
        self.state(change, {one: (number, lot)})

    def moved_out(self) -> None:
        if (one := self.anyone()) is None:
            return
        abroad = self.random.random() < 0.3
        change = MovedOut(
            abroad=abroad, destination=place("planned_destination"), record_ids=(one,)
        )
        self.state(change, {}, self.on + timedelta(days=self.random.randrange(7)))

    def moved_out_closed(self) -> None:
        closing = recording.close_due(system_permit("daily_closing", self.on, uuid4()), self.on)
        assert closing.refused == ()
        known = {change_id for change_id, _ in self.model.log} | self.model.cancelled
        for change_id, day, touched, closed in rows(_CLOSINGS, MovedOutClosed.kind):
            if change_id not in known:
                self.model.lay(change_id, touched, day, dict.fromkeys(closed))

    def move_in_notice_received(self) -> None:
        if (one := self.anyone()) is None:
            return
        change = MoveInNoticeReceived(
            noticed_on=self.on, destination=place("confirmed_destination"), record_ids=(one,)
        )
        self.state(change, {one: None})

    def householder_changed(self) -> None:
        if (one := self.anyone()) is None:
            return
        number, _ = self.model.home(one, self.on)
        others = [
            it for it in self.model.residents(self.on) if self.model.home(it, self.on)[0] == number
        ]
        words = {it: "世帯主" if it == one else "同居人" for it in others}
        self.state(HouseholderChanged(household_number=number, relationships=words), {})

    def born(self) -> None:
        if (one := self.anyone()) is None:
            return
        home = self.model.home(one, self.on)
        in_stock(code := self.code())
        baby = child(
            address_number=self.address_number(),
            resident_record_code=code,
            relationship="同居人",
        )
        self.state(
            Born(household_number=home[0], children=(baby,)), {UUID(str(baby["record_id"])): home}
        )

    def died(self) -> None:
        """Found days after, so that it comes before what was recorded meanwhile."""
        if one := self.anyone():
            day = self.on - timedelta(days=self.random.randrange(10))
            self.state(Died(record_ids=(one,)), {one: None}, day)

    def declared_missing(self) -> None:
        if one := self.anyone():
            self.state(DeclaredMissing(record_ids=(one,)), {one: None})

    def corrected(self) -> None:
        one = self.random.choice(list(self.model.laid))
        note = f"架空の留意事項{self.given}"
        cells = {"given_name": f"架空{self.random.randrange(99)}"}
        items = {one: cells if self.model.lives(one, self.on) else {}}
        self.state(Corrected(is_error=True, items=items, note=note), {})

    def record_code_changed(self) -> None:
        """Of who has a code it is corrected, of who has none entered."""
        if (one := self.anyone()) is None:
            return
        in_stock(self.code())
        has_code = bool(self.clerk.see(one).record.resident_record_code)
        ground = "corrected" if has_code else "entered"
        typed = self.code() if self.random.random() < 0.5 else ""
        self.state(RecordCodeChanged(record_id=one, ground=ground, code=typed), {})

    def number_change_requested(self) -> None:
        """What changes nobody's place is not in the model, and hinders no cancellation."""
        if one := self.anyone():
            said = NumberChangeRequested(record_id=one, ground="ex_officio", circumstance="leaked")
            self.clerk.record(said, occurred_on=self.on, basis=BASES[said.kind])

    def number_assigned(self) -> None:
        if (one := self.anyone()) is None:
            return
        its = self.clerk.see(one)
        ground = "ex_officio" if its.record.individual_number_state == "held" else "new"
        said = Statement(
            change=NumberAssigned(ground=ground, record_ids=(one,)),
            occurred_on=self.on.isoformat(),
            received_on=None,
            basis=BASES[NumberAssigned.kind],
            expected={one: its.history_no},
            numbers={one: individual_number(self.random.randrange(10**11))},
            acquired={one: Acquired("agency_reply")},
        )
        recording.record(system_permit("number_assigning", self.on, uuid4()), said)

    def cancelled(self) -> None:
        if not self.model.log:
            return
        change_id, touched = self.random.choice(self.model.log[-2:])
        number = self.address_number()
        cancelling = Cancelled(cancels=change_id, record_ids=touched, household_number=number)
        recorded = self.clerk.record(cancelling, basis="ex_officio")
        self.model.cancel(change_id)
        for one in recorded.touched:
            if one.after.household_number == number:
                self.model.return_to_new(one.effect.record_id, recorded.change_id, self.on, number)
                self.new_households += 1


_STEPS: dict[str, Callable[[Town], None]] = {kind: getattr(Town, kind) for kind in KINDS}


def _play(
    clerk: Clerk, model: Model, steps: list[tuple[str, int]], allowed: Permit
) -> Counter[str]:
    stage = Town(clerk, model)
    for kind, seed in steps:
        stage.step(kind, seed)
    assert rebuilding.check(allowed).equal, steps
    days = [stage.on - timedelta(days=back) for back in (0, 2, 4, 3 * len(steps) // 2)]
    for one in model.laid:
        for day in days:
            seen = queries.person_as_of(clerk.permit, one, day, LATER).version
            there = seen is not None and seen.record.is_living
            found = (seen.record.household_number, seen.record.address_lot) if seen else None
            assert (found if there else None) == model.lives(one, day), (steps, one, day)
        assert _differs_today(clerk, one, stage.on) == {}, (steps, one)
    return stage.recorded + Counter(new_household=stage.new_households)


def _differs_today(clerk: Clerk, one: UUID, today: date) -> dict[str, Cell]:
    """The cells of the present that what was so today has not. A residence whose opening was
    cancelled never was, and when a cancellation was processed is nothing that was so."""
    present = clerk.see(one).record
    seen = queries.person_as_of(clerk.permit, one, today, LATER).version
    if present.closing_reason == "cancelled":
        assert seen is None or not seen.record.is_living
        return {}
    assert seen is not None
    cells = difference(seen.record, present)
    return {column: cell for column, cell in cells.items() if column != "processed_on"}


@pytest.mark.django_db
def test_any_sequence_leaves_the_register_as_its_ledger_and_the_model_say(
    three_live_here: None, cast: Cast, allowed: Permit
) -> None:
    with on_day(TODAY):
        clerk = Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))
        family = family_here()
    home = (HOUSEHOLD, "１番１号")
    recorded: Counter[str] = Counter()

    @settings(max_examples=40, derandomize=True, deadline=None, database=None)
    @example(DEAD_BEFORE_THE_PLAN)
    @example(BACK_TO_NOBODY)
    @given(STEPS)
    def play(steps: list[tuple[str, int]]) -> None:
        model = Model({one: [(date(2020, 4, 1), 0, home)] for one in vars(family).values()})
        before = transaction.savepoint()
        try:
            recorded.update(_play(clerk, model, steps, allowed))
        finally:
            transaction.savepoint_rollback(before)

    play()
    assert recorded.keys() == KINDS.keys() | {"new_household"}, "each in one sequence or another"
