"""従前の個人番号: what another number replaces stays, finds its record, and goes with it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from daicho.access import clock
from daicho.access.models import Trail, TrailSubjects
from daicho.access.permits import Permit, look, permit
from daicho.access.refusals import NotPermitted
from daicho.law.safety.acquiring import IMPORTED, Acquired
from daicho.vault import custody, numbers, rekeying, versions
from daicho.vault.acquiring import acquisitions
from daicho.vault.disposing import proofs, queries, rows
from people import Cast, cast_of
from vault.at_once import SECONDS_MOST, alone, until_it_waits
from vault.disposals import done, listed, worker
from vault.made_up import made_up, of_the_import, of_the_keys, quiet
from vault.test_disposing_wholly import LIVES_HERE, as_superuser, stands_in

REPLY = Acquired("agency_reply")
FIRST, SECOND, THIRD = made_up(3).values()


@pytest.fixture
def clerk(cast: Cast) -> Permit:
    return permit(cast.clerk.acting(), "change.moved_in", clock.today())


def changed_to(*each: str) -> UUID:
    """A record that has had these numbers, one after the other."""
    record_id = uuid4()
    for number in each:
        numbers.put(of_the_import(), {record_id: number}, IMPORTED)
    return record_id


def test_each_number_that_was_replaced_is_a_former_one(db: None) -> None:
    record_id = changed_to(FIRST, SECOND, THIRD)
    given = of_the_import()
    assert numbers.get(given, record_id) == THIRD
    for number in (FIRST, SECOND):
        assert numbers.whose(given, number) == numbers.Whose(before=(record_id,))
        assert numbers.find(given, number) == (record_id,)
    first, second = numbers.former(given, record_id)
    assert first < second
    assert len(acquisitions(given, record_id)) == 3


def test_a_number_that_is_put_in_again_replaces_none(db: None) -> None:
    record_id = changed_to(FIRST, FIRST)
    assert numbers.former(of_the_import(), record_id) == ()
    assert not Trail.objects.filter(event="vault_replaced").exists()


def test_of_many_put_in_at_once_only_what_is_replaced_stays_behind(db: None) -> None:
    same, changed, new = changed_to(FIRST), changed_to(SECOND), uuid4()
    given = of_the_import()
    numbers.put(given, {same: FIRST, changed: THIRD, new: SECOND}, IMPORTED)
    assert numbers.whose(given, SECOND) == numbers.Whose(now=(new,), before=(changed,))
    assert [len(numbers.former(given, one)) for one in (same, changed, new)] == [0, 1, 0]
    row = Trail.objects.get(event="vault_replaced")
    assert (row.detail["rows"], row.number_seen) == (1, False)
    assert TrailSubjects.objects.get(trail=row).record_ids == [changed]


def test_what_was_sealed_before_leaves_the_number_that_it_replaces_behind(clerk: Permit) -> None:
    record_id = changed_to(FIRST)
    sealed = numbers.seal(record_id, SECOND)
    numbers.put_sealed(clerk, [sealed], REPLY)
    assert numbers.get(clerk, record_id) == SECOND
    assert numbers.whose(clerk, FIRST) == numbers.Whose(before=(record_id,))


def test_a_former_number_is_held_like_any_other(db: None) -> None:
    changed_to(FIRST, SECOND)
    indexes = [numbers.seal(uuid4(), one).blind_index for one in (FIRST, SECOND, THIRD)]
    assert numbers.held(of_the_import(), indexes) == frozenset(indexes[:2])


def test_a_number_that_becomes_the_present_one_again_is_no_former_one(db: None) -> None:
    record_id = changed_to(FIRST, SECOND, FIRST)
    assert numbers.whose(of_the_import(), FIRST) == numbers.Whose(now=(record_id,))
    assert numbers.whose(of_the_import(), SECOND) == numbers.Whose(before=(record_id,))


def test_a_look_at_former_numbers_is_trailed_and_opens_none(clerk: Permit) -> None:
    record_id = changed_to(FIRST, SECOND)
    (until_at,) = numbers.former(clerk, record_id)
    row = Trail.objects.latest("id")
    assert (row.event, row.number_seen) == ("vault_former", False)
    assert TrailSubjects.objects.get(trail=row).record_ids == [record_id]
    assert until_at < row.at


def test_who_may_see_no_number_is_told_of_no_former_one(cast: Cast) -> None:
    looking = permit(cast.clerk.acting(), "inquiry.change", clock.today())
    with pytest.raises(NotPermitted):
        numbers.former(looking, uuid4())
    with pytest.raises(NotPermitted):
        numbers.whose(looking, FIRST)


# --- what the database itself refuses -------------------------------------------------------------


def _asked(event: str, named: UUID, statement: str, *more: Any, seen: bool = False) -> object:
    with transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(of_the_import(), event, "test", record_ids=[named], number_seen=seen)
        cursor.execute(statement, [trail_id, *more])
        return cursor.fetchall()


def _number_id(record_id: UUID, database: str) -> UUID:
    with as_superuser(database) as superuser:
        found = superuser.execute(
            "SELECT number_id FROM vault.former WHERE record_id = %s", [record_id]
        ).fetchone()
    assert found is not None
    assert isinstance(found[0], UUID)
    return found[0]


@pytest.mark.durable
def test_under_its_own_id_a_former_number_neither_leaves_nor_changes(
    durable: str, own_file: Path
) -> None:
    record_id = changed_to(FIRST, SECOND)
    number_id = _number_id(record_id, durable)
    assert numbers.get(of_the_import(), number_id) is None
    for event, statement in (
        ("vault_get", "SELECT * FROM vault.get_all(%s)"),
        ("vault_replaced", "SELECT * FROM vault.replaced(%s)"),
    ):
        assert _asked(event, number_id, statement, seen=event == "vault_get") == []
    with pytest.raises(DatabaseError, match="never replaced"):
        numbers.put(of_the_import(), {number_id: FIRST}, IMPORTED)


@pytest.mark.parametrize(
    ("event", "statement", "because"),
    [
        ("vault_put", "SELECT * FROM vault.replaced(%s)", "putting in is not taking out"),
        ("vault_find", "SELECT * FROM vault.get_all(%s)", "nor is finding"),
        ("vault_acquisition", "SELECT * FROM vault.former_until(%s, gen_random_uuid())", "another"),
        ("vault_former", "SELECT * FROM vault.former_until(%s, gen_random_uuid())", "not named"),
        (
            "vault_find",
            "SELECT * FROM vault.to_replace(%s, ARRAY[gen_random_uuid()], ARRAY['x'::bytea])",
            "it puts nothing in",
        ),
        (
            "vault_replaced",
            "SELECT vault.leave_behind(%s, 1, '{}', '{}', '{}', '{}', 1, '')",
            "nothing is put in its place",
        ),
    ],
)
def test_without_its_own_trail_row_nothing_moves(
    db: None, event: str, statement: str, because: str
) -> None:
    with pytest.raises(DatabaseError, match="vault"), transaction.atomic():
        _asked(event, uuid4(), statement)
    assert because


def _left_behind(record_id: UUID, blind_index: bytes) -> None:
    given, ring = of_the_import(), custody.ring()
    with transaction.atomic(), connection.cursor() as cursor:
        put = look(given, "vault_put", "test", record_ids=[record_id])
        replaced = look(given, "vault_replaced", "test", record_ids=[record_id])
        cursor.execute(
            "SELECT vault.leave_behind(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                *(replaced, put, [record_id], [uuid4()], [b"x"], [blind_index]),
                *(ring.current, ring.fingerprints[ring.current]),
            ],
        )


def test_what_is_left_behind_is_what_was_held(db: None) -> None:
    record_id, current = changed_to(FIRST), custody.ring().current
    wrong = numbers.sealed_as(numbers.seal(record_id, SECOND).blind_index)[current]
    with pytest.raises(DatabaseError, match="not what was held"):
        _left_behind(record_id, wrong)
    assert numbers.former(of_the_import(), record_id) == ()


def test_no_number_is_overwritten_that_was_not_left_behind(db: None) -> None:
    """As where another transaction has put one in since it was asked what is held."""
    record_id = changed_to(FIRST)
    sealed, ring = numbers.seal(record_id, SECOND), custody.ring()
    with pytest.raises(versions.Stale), versions.told(), transaction.atomic():
        _asked(
            "vault_put",
            record_id,
            "SELECT vault.put(%s, %s, %s, %s, %s, %s, 'file', %s::jsonb, '{0}')",
            [record_id],
            [sealed.ciphertext],
            [numbers.sealed_as(sealed.blind_index)[ring.current]],
            ring.current,
            ring.fingerprints[ring.current],
            '[{"place": 0, "source": "import", "ground": "register", "given_by": "",'
            ' "checked_by": "", "number_document": "", "identity_documents": [],'
            ' "authority_documents": [], "purpose_shown": ""}]',
        )
    assert numbers.get(of_the_import(), record_id) == FIRST


# --- keys, tampering, disposal --------------------------------------------------------------------


@pytest.mark.durable
def test_keys_change_for_former_numbers_too(durable: str, own_file: Path) -> None:
    record_id = changed_to(FIRST, SECOND)
    rekeying.make(of_the_keys(), "file")
    rekeying.promote(of_the_keys())
    numbers.put(of_the_import(), {record_id: THIRD}, IMPORTED)  # while two versions are in use
    assert versions.counts() == {1: 1, 2: 2}
    assert numbers.whose(of_the_import(), FIRST) == numbers.Whose(before=(record_id,))
    found = rekeying.change(of_the_keys(), quiet)
    assert (found.unreadable, found.left_count) == ((), 0)
    rekeying.retire(of_the_keys(), 1, "system")
    for number in (FIRST, SECOND):
        assert numbers.whose(of_the_import(), number) == numbers.Whose(before=(record_id,))
    assert numbers.get(of_the_import(), record_id) == THIRD


@pytest.mark.durable
@pytest.mark.parametrize("is_promoted", [True, False])
def test_the_same_number_put_in_under_another_key_replaces_none(
    durable: str, own_file: Path, is_promoted: bool
) -> None:
    record_id = changed_to(FIRST)
    rekeying.make(of_the_keys(), "file")
    if is_promoted:
        rekeying.promote(of_the_keys())
    numbers.put(of_the_import(), {record_id: FIRST}, IMPORTED)
    assert numbers.former(of_the_import(), record_id) == ()


@pytest.mark.durable
def test_ciphertexts_that_somebody_has_exchanged_are_found(durable: str, own_file: Path) -> None:
    record_id = changed_to(FIRST, SECOND)
    number_id = _number_id(record_id, durable)
    with as_superuser(durable) as superuser:
        superuser.execute(
            "UPDATE vault.number n SET ciphertext = o.ciphertext FROM vault.number o"
            " WHERE (n.record_id, o.record_id) IN ((%(a)s, %(b)s), (%(b)s, %(a)s))",
            {"a": record_id, "b": number_id},
        )
    with pytest.raises(numbers.InvalidTag):
        numbers.get(of_the_import(), record_id)
    with pytest.raises(numbers.InvalidTag):
        numbers.put(of_the_import(), {record_id: THIRD}, IMPORTED)
    rekeying.make(of_the_keys(), "file")
    found = rekeying.change(of_the_keys(), quiet)
    assert set(found.unreadable) == {record_id, number_id}


def _one_waits_for_the_other(database: str, record_id: UUID) -> None:
    def another() -> None:
        numbers.put(of_the_import(), {record_id: THIRD}, IMPORTED)

    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            numbers.put(of_the_import(), {record_id: SECOND}, IMPORTED)
            sent = beside.submit(alone, another)
            until_it_waits(database, sent)
        sent.result(SECONDS_MOST)


@pytest.mark.durable
def test_two_who_replace_one_number_leave_each_other_nothing_unsaid(
    durable: str, own_file: Path
) -> None:
    """The second waits, and then replaces what the first has put in."""
    record_id = changed_to(FIRST)
    _one_waits_for_the_other(durable, record_id)
    given = of_the_import()
    assert numbers.get(given, record_id) == THIRD
    assert [numbers.whose(given, one).before for one in (FIRST, SECOND)] == [(record_id,)] * 2


@pytest.mark.durable
def test_two_who_put_in_the_first_number_leave_each_other_nothing_unsaid(
    durable: str, own_file: Path
) -> None:
    changed_to(FIRST)  # the keys are there
    record_id = uuid4()
    _one_waits_for_the_other(durable, record_id)
    given = of_the_import()
    assert numbers.get(given, record_id) == THIRD
    assert numbers.whose(given, SECOND) == numbers.Whose(before=(record_id,))


@pytest.mark.durable
def test_a_disposal_takes_former_numbers_with_the_present_one(durable: str, own_file: Path) -> None:
    cast = cast_of()
    gone, other = changed_to(FIRST, SECOND, THIRD), changed_to(made_up(4).popitem()[1])
    with as_superuser(durable) as superuser:
        superuser.execute(LIVES_HERE, [other])
        sealed = superuser.execute(
            "SELECT ciphertext, blind_index FROM vault.number WHERE record_id <> %s", [other]
        ).fetchall()
        ids = superuser.execute("SELECT number_id FROM vault.former").fetchall()
        sought = {bytes(it).hex() for row in sealed for it in row if isinstance(it, bytes)}
        assert len(sought) == 6, "ciphertext and blind index of each of the three"
        list_id = done(cast)
        assert stands_in(superuser, {*sought, FIRST, SECOND, THIRD}) == []
        of_ids = stands_in(superuser, {str(one) for (one,) in ids})
        assert of_ids == [], "nor an id under which a former one was"
    assert listed(list_id) == {gone}, "a list has one line for a record"
    whole = queries.whole(worker(cast), list_id)
    assert whole is not None
    content = queries.certified(worker(cast), whole, "072036")
    assert content["destroyed_count"] == 1
    assert proofs.marks(whole.shown.listed, whole.lines) == tuple(content["marks"])
    given = of_the_import()
    assert numbers.former(given, gone) == ()
    assert numbers.find(given, FIRST) == ()
    assert rows.destroyed([gone]) == {gone}
    assert versions.counts() == {1: 1}


@pytest.mark.durable
def test_of_a_backup_with_former_numbers_the_newest_key_must_go(
    durable: str, own_file: Path
) -> None:
    record_id = changed_to(FIRST)
    rekeying.make(of_the_keys(), "file")
    rekeying.promote(of_the_keys())
    numbers.put(of_the_import(), {record_id: SECOND}, IMPORTED)
    found = rows.listed(done(cast_of()))
    assert found is not None
    assert found.key_version == 2
    assert proofs.backups(found, proofs.standing_now()).versions == (1, 2)
