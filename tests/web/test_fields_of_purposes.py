"""事務の項目: whatever comes out is within the row of the purpose or job by which it was asked for.

Every read door is asked under every purpose and every job; a new one without a line here fails.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings

from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit, system_permit
from daicho.access.refusals import NotPermitted
from daicho.certificates import queries as certificates
from daicho.law import purposes
from daicho.law.data_exports.kinds import KINDS
from daicho.law.purposes import PURPOSES, SYSTEM_JOBS, Purpose
from daicho.network import queries as network
from daicho.register import due, exporting, queries, rebuilding, record_codes, remarks
from daicho.register.extracting import rows
from daicho.register.extracting.conditions import Conditions
from daicho.register.places import queries as places
from daicho.register.protecting import measures
from daicho.register.search import conditions
from daicho.terms.records import Record
from daicho.vault import acquiring, numbers
from people import Cast
from tidy.tree import PACKAGE
from web import marked
from web.marked import DAY, FAR, OPEN, PROTECTED, SUPPRESSED, Leave, Town

pytestmark = pytest.mark.django_db

LATER = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def found_by_an_index() -> None:
    """The plans are watched where each page has its own tests."""


@pytest.fixture
def town(cast: Cast, tmp_path: Path, settings: LazySettings) -> Iterator[Town]:
    """The marked town, in a city that has wards, on the day of the tests."""
    with clock.fixed(datetime(DAY.year, DAY.month, DAY.day, 3, tzinfo=UTC)):
        settled = marked.settle(cast, tmp_path)
        settings.MUNICIPALITY = marked.CITY_OF_WARDS
        yield settled


@dataclass(frozen=True)
class Asking:
    """Who asks: the permit, and what its row lets one see; `folder` is for what is written."""

    permit: Permit
    leave: Leave
    town: Town
    folder: Path

    def each(self, ask: Callable[[UUID], object]) -> list[object]:
        """What is answered of each person of the town."""
        return [ask(record_id) for record_id in self.town.record_ids.values()]


Door = Callable[[Asking], object]


def _search(asking: Asking) -> object:
    found = []
    town = asking.town
    typed = [
        {"kana": marked.KANA},
        {"address_number": town.marker(PROTECTED, "address_number")},
        *({"address": town.marker(who, "address_town")} for who in town.record_ids),
        {"household_number": town.marker(PROTECTED, "household_number")},
        {"resident_record_code": town.marker(OPEN, "resident_record_code")},
        {"card_number": town.marker(marked.MID_TERM, "residence_card_number")},
        {"individual_number": town.marker(OPEN, "individual_number")},
        {"kana": marked.KANA, "blank": "registered_domicile"},
        {"kana": marked.KANA, "sex": "1"},
    ]
    for one in typed:
        with suppress(NotPermitted):
            found.append(queries.search(asking.permit, conditions.read(one)))
    return found


def _households(asking: Asking) -> object:
    by_number = [asking.town.marker(who, "household_number") for who in asking.town.record_ids]
    return [
        asking.each(lambda one: queries.household(asking.permit, one)),
        [queries.household_numbered(asking.permit, one) for one in by_number],
        [queries.household_as_of(asking.permit, one, DAY, LATER) for one in by_number],
    ]


def _progress(asking: Asking) -> object:
    seen = queries.shown_of(asking.permit, asking.town.owners)
    return asking.each(
        lambda one: network.progress(asking.permit, one, withheld=not seen.tells_of(one))
    )


def _certified(asking: Asking) -> object:
    found = certificates.certified(asking.permit, tuple(asking.town.owners))
    again = certificates.again(asking.permit, found)
    with suppress(NotPermitted):
        first = [certificates.first_issue(asking.permit, one) for one in found]
        shown = {one.record_id: one.history_no for one in found}
        return found, again, first, certificates.moving_by(asking.permit, shown)
    return found, again


def _buildings(asking: Asking) -> object:
    at = [
        [asking.town.marker(who, f"address_{part}") for part in ("town", "lot")]
        for who in asking.town.record_ids
    ]
    return [places.buildings(asking.permit, *one) for one in at]


def _export(asking: Asking) -> object:
    return exporting.write(asking.permit, asking.folder).file.read_bytes()


def _extracted(asking: Asking) -> object:
    """Whatever a kind may hold, of everybody, and of those chosen by what is not shown of some."""
    of = Conditions(residents_only=False)
    wards = [Conditions(residents_only=False, ward=one) for one in (marked.ANOTHER_WARD,)]
    return [
        list(rows.stream(asking.permit, one.columns, conditions))
        for one in KINDS
        if one.columns
        for conditions in (of, *wards)
    ]


def _held(asking: Asking) -> object:
    number = asking.town.marker(OPEN, "individual_number")
    sealed = numbers.seal(asking.town.record_ids[OPEN], number)
    return numbers.held(asking.permit, [sealed.blind_index])


DOORS: Mapping[str, Door] = {
    "register.queries.search": _search,
    "register.queries.person": lambda it: it.each(lambda one: queries.person(it.permit, one)),
    "register.queries.history": lambda it: it.each(lambda one: queries.history(it.permit, one)),
    "register.queries.household": _households,
    "register.queries.household_numbered": _households,
    "register.queries.household_as_of": _households,
    "register.queries.person_as_of": lambda it: it.each(
        lambda one: queries.person_as_of(it.permit, one, DAY, LATER)
    ),
    "register.queries.change": lambda it: [queries.change(it.permit, one) for one in _changes()],
    "register.queries.shown_of": lambda it: queries.shown_of(it.permit, it.town.owners),
    "register.queries.recorded_in": lambda it: queries.recorded_in(it.permit),
    "register.queries.holds_anything": lambda it: queries.holds_anything(it.permit),
    "register.places.queries.buildings": _buildings,
    "register.protecting.measures.measures": lambda it: it.each(
        lambda one: measures.measures(it.permit, one)
    ),
    "register.remarks.of": lambda it: it.each(lambda one: remarks.of(it.permit, one)),
    "register.due.moving_out": lambda it: due.moving_out(it.permit, DAY),
    "register.due.overdue": lambda it: due.overdue(it.permit, DAY, 50),
    "register.due.overdue_count": lambda it: due.overdue_count(it.permit, DAY),
    "register.record_codes.stock": lambda it: record_codes.stock(it.permit),
    "register.rebuilding.check": lambda it: rebuilding.check(it.permit),
    "register.exporting.write": _export,
    "register.extracting.rows.stream": _extracted,
    "network.queries.progress": _progress,
    "network.queries.held": lambda it: it.each(lambda one: network.held(it.permit, one)),
    "certificates.queries.certified": _certified,
    "certificates.queries.again": _certified,
    "certificates.queries.first_issue": _certified,
    "certificates.queries.moving_by": _certified,
    "certificates.queries.issues_of": lambda it: it.each(
        lambda one: certificates.issues_of(it.permit, one)
    ),
    "certificates.queries.issues_under": lambda it: certificates.issues_under(it.permit, uuid4()),
    "recording.daily_closing.not_closed": lambda it: recording.not_closed(it.permit, DAY, 50),
    "recording.daily_closing.close_due": lambda it: recording.close_due(it.permit, DAY),
    "vault.acquiring.acquisitions": lambda it: it.each(
        lambda one: acquiring.acquisitions(it.permit, one)
    ),
    "vault.numbers.get": lambda it: it.each(lambda one: numbers.get(it.permit, one)),
    "vault.numbers.find": lambda it: numbers.find(
        it.permit, it.town.marker(OPEN, "individual_number")
    ),
    "vault.numbers.whose": lambda it: numbers.whose(
        it.permit, it.town.marker(OPEN, "individual_number")
    ),
    "vault.numbers.held": _held,
    "vault.former.former": lambda it: it.each(lambda one: numbers.former(it.permit, one)),
}
"""読む扉: every door through which something of a resident may come out, and how it is asked."""

_BY_PAGES = "what it gives is shown by pages, whose every form is held against the marks elsewhere"
_WRITES = "it writes and gives back nothing of a resident"
_IDS = "it gives ids alone, or what the caller brought"
_STAFF = "it is of the counter's own work: it names visitors and staff, no record"
NO_DOORS: Mapping[str, str] = {
    "register.visibility": "it is the rule itself",
    "register.receiving": _STAFF,
    "register.importing": _WRITES,
    "register.exporting.demand_all": _WRITES,
    "register.extracting.making": "it seals what `rows.stream` gives: it gives back counts alone",
    "register.extracting.whole": "it seals what `exporting` gives: it gives back counts alone",
    "register.ledger.awaiting": "whether another number is asked for, and nothing of it",
    "register.remarks.add": _WRITES,
    "register.remarks.unseen_in": "it names a class of items that the permit does not show",
    "register.rebuilding.rebuild": _WRITES,
    "register.search.naming": _IDS,
    "register.relating": _IDS,
    "register.record_codes.add": _WRITES,
    "register.record_codes.brought_by": _IDS,
    "register.record_codes.came_by": "the 異動事由 by which a code came, and never the code",
    "recording.telling.tell_all": _WRITES,
    "recording.door": _BY_PAGES,
    "recording.entering": _BY_PAGES,
    "recording.judging": _BY_PAGES,
    "recording.remarks": _WRITES,
    "recording.unseen": _IDS,
    "network.mending": "ids, kinds and faults of messages, never what they say of a resident",
    "network.watching": "counts of lines, which concern no person",
    "certificates.issuing": _BY_PAGES,
    "vault.numbers.put": _WRITES,
    "vault.numbers.put_sealed": _WRITES,
    "vault.former.leave_behind": _WRITES,
    "vault.rekeying": _WRITES,
    "vault.disposing": _IDS,
    "site": "commands: they write, or print counts",
    "web": "pages: they are opened one by one in another test",
    "access": "the ring does not know the register: import-linter keeps it so",
}
"""扉でないもの: functions with a Permit through which no record comes, and why not."""


def _changes() -> list[int]:
    from daicho.register.models import RecordedChange

    return list(RecordedChange.objects.order_by("id").values_list("id", flat=True)[:20])


def _functions() -> Iterator[str]:
    """Every public function that takes a Permit, as a place in the program."""
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text("utf-8")
        place = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for node in ast.parse(text).body if "Permit" in text else ():
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = [*node.args.args, *node.args.kwonlyargs]
                named = [it.annotation for it in arguments if it.annotation]
                if any(ast.unparse(it) == "Permit" for it in named):
                    yield f"{place}.{node.name}"


def _is_no_door(function: str) -> bool:
    return any(function == one or function.startswith(f"{one}.") for one in NO_DOORS)


def test_every_function_with_a_permit_is_a_door_or_has_a_reason() -> None:
    found = set(_functions())
    missing = {one for one in found if one not in DOORS and not _is_no_door(one)}
    assert not missing, f"{missing}: say how they are asked, or why nothing comes out"
    gone = set(DOORS) - found
    assert not gone, f"{gone}: there is no such function any more"


def _leave(row: Purpose) -> Leave:
    of_households = row.code.startswith(("change.", "certificate."))
    return Leave(row.sees, row.reach == "ward", row.protected == "withheld", of_households)


def _permits(cast: Cast) -> Iterator[tuple[str, Permit, Leave]]:
    """A permit of each purpose and each job, with what its row says."""
    somebody = cast.clerk.acting()
    for row in PURPOSES:
        actor = replace(
            somebody,
            office_kind=row.office_kinds[0],
            posts=frozenset(row.posts),
            trees=frozenset({row.tree}),
            granted=frozenset({row.code}),
        )
        yield row.code, permit(actor, row.code, DAY), _leave(row)
    for job in SYSTEM_JOBS:
        yield job.code, system_permit(job.code, DAY, uuid4()), Leave(job.sees)


def _asked(door: Door, asking: Asking) -> object:
    """What a door answers; nothing where it refuses. To a job it says so by an assertion."""
    try:
        return door(asking)
    except NotPermitted:
        return None
    except AssertionError:
        if asking.permit.actor is not None:
            raise
        return None


def test_no_door_gives_more_than_the_purpose_sees(cast: Cast, town: Town, tmp_path: Path) -> None:
    leaks: dict[tuple[str, str], list[tuple[int, str]]] = {}
    answered: dict[Door, set[Leave]] = {door: set() for door in DOORS.values()}
    for code, given, leave in _permits(cast):
        asking = Asking(given, leave, town, tmp_path)
        for name, door in DOORS.items():
            # of two purposes that see the same a door that has answered one answers the other so
            if leave in answered[door]:
                continue
            answer = _asked(door, asking)
            if answer:
                answered[door].add(leave)
            allowed = leave.and_the_suppressed() if name in _BELOW_THE_REGISTER else leave
            if found := town.leaks_of(answer, allowed):
                leaks[code, name] = found[:5]
    assert not leaks
    silent = {name for name, door in DOORS.items() if not answered[door]} - _SILENT
    assert not silent, f"{silent}: asked by everybody, they said nothing that could leak"


_BELOW_THE_REGISTER = {"vault.numbers.get"}
"""The vault does not know whose 照会 is suppressed: who asks it has asked the register first."""
_SILENT = {
    # nothing has been changed, issued, planned or sent since the town was taken over
    "register.queries.recorded_in",
    "register.due.moving_out",
    "network.queries.held",
    "register.due.overdue",
    "register.due.overdue_count",
    "certificates.queries.issues_under",
    "recording.daily_closing.not_closed",
}


def test_a_job_that_reads_residents_is_one_of_these() -> None:
    reading = {one.code for one in SYSTEM_JOBS if one.sees}
    assert reading == {
        "daily_closing",
        "migration_import",
        "rebuild_check",
        "demo",
        "vault_keys",
        "trail_relations",
        # of the network: what they read goes to another authority sealed, and onto no screen
        "identification_sending",
        "identification_holding",
        "number_making",
        "number_assigning",
    }


def test_every_person_and_class_is_marked(town: Town) -> None:
    whole = Leave(purposes.SEES)
    assert not [one for one in town.markers if not whole.covers(one.owner, one.column)]
    classes = {marked._class_of(one.column) for one in town.markers}
    assert classes == purposes.SEES - {"suppressed"}
    texts = [form for one in town.markers for form in one.forms[:1]]
    assert len(texts) == len(set(texts))


def test_the_check_sees_a_leak(cast: Cast, town: Town) -> None:
    whole = permit(cast.clerk.acting(), "inquiry.change", DAY)
    found = queries.person(whole, town.record_ids[OPEN])
    assert found is not None
    assert not town.leaks_of(found, Leave(whole.sees))
    without = whole.sees - {"family_register"}
    held = {"registered_domicile", "registered_domicile_code", "family_register_head"}
    assert {column for _, column in town.leaks_of(found, Leave(without))} == held
    code = Record(record_id=town.record_ids[marked.MID_TERM], residence_status="professor")
    stays = Leave(frozenset({"resident"}))
    assert town.leaks_of([code], stays) == [(marked.MID_TERM, "residence_status")]


@pytest.mark.parametrize(
    ("owner", "leave", "because"),
    [
        (FAR, Leave(frozenset({"resident"}), of_one_ward=True), "who lives in another ward"),
        (PROTECTED, Leave(frozenset({"resident"}), withholds_protected=True), "支援措置"),
        (SUPPRESSED, Leave(frozenset({"resident"})), "照会抑止"),
    ],
)
def test_the_check_sees_whom_it_should_not(
    town: Town, owner: int, leave: Leave, because: str
) -> None:
    assert town.leaks(town.marker(owner, "address_town"), leave), because
