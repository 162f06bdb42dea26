"""After a disposal nothing is left: in no table, after no kill, and in no backup once the key is
gone."""

import contextlib
import os
import signal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

import databases
from daicho.access.models import TrailSubjects
from daicho.access.refusals import Refused
from daicho.law.safety.acquiring import IMPORTED
from daicho.vault import custody, numbers, rekeying
from daicho.vault.disposing import carrying_out, proofs, proposing, queries, rows
from daicho.vault.keys import KeyTrouble
from people import Cast, cast_of
from vault.disposals import DISPOSER, approved, done, worker
from vault.made_up import CHANGER, all_come_back, beside, of_the_import, of_the_keys, put, quiet

pytestmark = pytest.mark.durable

Superuser = psycopg.Connection[tuple[object, ...]]
LIVES_HERE = """INSERT INTO register_current (record_id, address_number, history_no, residence_no,
    household_number, state, ward, resident_record_code)
    VALUES (%s, '1', 1, 1, '1', 'living', '072036', '')"""
_TABLES = """SELECT n.nspname, c.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('information_schema')"""


@pytest.fixture
def cast(durable: str) -> Cast:
    return cast_of()


def left_of(listed: rows.Listed) -> proofs.Backups:
    return proofs.backups(listed, proofs.standing_now())


def as_superuser(database: str) -> Superuser:
    return psycopg.connect(databases.the_server().url(database, "superuser"), autocommit=True)


def sealed(superuser: Superuser, record_id: UUID) -> tuple[object, ...]:
    row = superuser.execute("SELECT * FROM vault.number WHERE record_id = %s", [record_id])
    found = row.fetchone()
    assert found is not None
    return found


def stands_in(superuser: Superuser, sought: set[str]) -> list[str]:
    """The tables in whose rows any of these texts stands."""
    found = []
    for schema, table in superuser.execute(_TABLES).fetchall():
        its = sql.Identifier(str(schema), str(table))
        rows_of = superuser.execute(sql.SQL("SELECT t::text FROM {} t").format(its))
        text = "\n".join(str(row) for (row,) in rows_of)
        found += [f"{schema}.{table}"] * any(one in text for one in sought)
    return found


def test_nothing_of_the_number_is_left_and_a_backup_opens_no_more(
    durable: str, own_file: Path, cast: Cast
) -> None:
    (gone, number), (stays, other) = put(2).items()
    with as_superuser(durable) as superuser:
        superuser.execute(LIVES_HERE, [stays])
        backup = sealed(superuser, gone)
        sought = {bytes(it).hex() for it in backup if isinstance(it, bytes)}
        assert len(sought) == 2, "the ciphertext and the blind index"
        assert stands_in(superuser, sought) == ["vault.number"], "the search finds what is there"
        list_id = done(cast)
        assert stands_in(superuser, {*sought, number}) == []
        _the_key_goes(superuser, list_id, backup)
        with pytest.raises(KeyTrouble):
            numbers.get(of_the_import(), gone)
    assert all_come_back({stays: other})


def test_a_list_that_was_altered_after_its_approval_is_not_carried_out(
    durable: str, own_file: Path, cast: Cast
) -> None:
    held = put(2)
    list_id = approved(cast)
    (other,) = put(1)
    with as_superuser(durable) as superuser:
        superuser.execute(
            "UPDATE vault.disposal_line SET record_id = %s WHERE record_id = %s", [other, min(held)]
        )
        _is_refused(cast, list_id)
        superuser.execute("UPDATE vault.disposal_list SET digest = vault.disposal_digest(list_id)")
        _is_refused(cast, list_id)
    assert numbers.get(of_the_import(), other) is not None


def test_a_list_that_was_altered_after_it_was_done_is_not_certified(
    durable: str, own_file: Path, cast: Cast
) -> None:
    put(2)
    list_id = done(cast)
    whole = queries.whole(worker(cast), list_id)
    assert whole is not None
    queries.certified(worker(cast), whole, "072036")
    with as_superuser(durable) as superuser:
        superuser.execute("UPDATE vault.disposal_line SET outcome = 'kept'")
    whole = queries.whole(worker(cast), list_id)
    assert whole is not None
    assert whole.is_altered
    with pytest.raises(Refused) as refused:
        queries.certified(worker(cast), whole, "072036")
    assert [one.code for one in refused.value.findings] == ["mna20.disposal_not_proven"]


def test_while_keys_change_and_numbers_come_in_each_is_destroyed_once(
    durable: str, own_file: Path, cast: Cast
) -> None:
    held = put(7)
    comes_again = min(held)
    list_id = approved(cast)
    rekeying.make(of_the_keys(), "file")
    with (
        beside(CHANGER, durable) as changing,
        beside(DISPOSER, durable, str(list_id)) as disposing,
    ):
        with contextlib.suppress(Refused):  # whichever ends last finds it done
            carrying_out.carry_out(worker(cast), list_id)
        numbers.put(of_the_import(), {comes_again: held[comes_again]}, IMPORTED)
        for one in (changing, disposing):
            one.communicate(timeout=60)
    assert [one.outcome for one in rows.lines(list_id)] == ["destroyed"] * 7
    named = TrailSubjects.objects.filter(trail__event="disposal_done")
    each = [it for one in named.values_list("record_ids", flat=True) for it in one]
    assert sorted(each) == sorted(held), "of two at once each is destroyed by one"
    found = rows.listed(list_id)
    assert found is not None
    assert 1 in left_of(found).versions, "under which they all were once"
    assert all_come_back({comes_again: held[comes_again]}), "what came afterwards stays"


def test_a_key_that_is_closed_and_still_here_is_not_called_destroyed(
    durable: str, own_file: Path, cast: Cast
) -> None:
    put(1)
    found = rows.listed(done(cast))
    assert found is not None
    before = own_file.read_bytes()
    rekeying.make(of_the_keys(), "file")
    rekeying.change(of_the_keys(), quiet)
    rekeying.retire(of_the_keys(), 1, "system")
    assert left_of(found).are_closed
    own_file.write_bytes(before)  # as where the destruction was cut off, or a copy came back
    assert left_of(found).versions == (1,)


def _is_refused(cast: Cast, list_id: int) -> None:
    with pytest.raises(Refused) as refused:
        carrying_out.carry_out(worker(cast), list_id)
    assert [one.code for one in refused.value.findings] == ["mna20.disposal_altered"]


def _the_key_goes(superuser: Superuser, list_id: int, backup: tuple[object, ...]) -> None:
    """The keys change, and the old one is destroyed; then the old backup comes back."""
    found = rows.listed(list_id)
    assert found is not None
    assert left_of(found).versions == (1,)
    assert left_of(found).must_change
    rekeying.make(of_the_keys(), "file")
    rekeying.change(of_the_keys(), quiet)
    assert not left_of(found).must_change
    assert not left_of(found).are_closed, "it can be opened until its key is destroyed"
    rekeying.retire(of_the_keys(), 1, "system")
    assert left_of(found).are_closed
    places = sql.SQL(", ").join([sql.Placeholder()] * len(backup))
    superuser.execute(sql.SQL("INSERT INTO vault.number VALUES ({})").format(places), backup)
    custody.forget()


def test_cut_off_between_two_batches_it_goes_on_where_it_was(
    durable: str, own_file: Path, cast: Cast
) -> None:
    held = put(7)
    list_id = approved(cast)
    with beside(DISPOSER, durable, str(list_id)) as working:
        assert working.stdout is not None
        assert working.stdout.readline().strip() == "5"
        os.kill(working.pid, signal.SIGKILL)
        working.communicate(timeout=10)
    found = rows.listed(list_id)
    assert found is not None
    assert found.state == "approved"
    assert 0 < found.left_count <= 5
    carrying_out.carry_out(worker(cast), list_id)
    assert [numbers.get(of_the_import(), one) for one in held] == [None] * 7
    named = TrailSubjects.objects.filter(trail__event="disposal_done")
    each = [it for one in named.values_list("record_ids", flat=True) for it in one]
    assert sorted(each) == sorted(held), "each is destroyed, and trailed, once"


def test_a_number_that_comes_again_after_its_disposal_is_a_new_one(
    durable: str, own_file: Path, cast: Cast
) -> None:
    (record_id, number) = next(iter(put(1).items()))
    carrying_out.carry_out(worker(cast), approved(cast))
    assert rows.destroyed([record_id]) == {record_id}
    numbers.put(of_the_import(), {record_id: number}, IMPORTED)
    assert rows.destroyed([record_id]) == frozenset()
    assert proposing.propose(worker(cast)) > 1, "and is due again where nobody needs it"
