"""Nobody says when a row was written: what is given for it is written over, one row or many."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("at", "xid", "because"),
    [
        ("DEFAULT", "DEFAULT", "nothing was given"),
        ("clock_timestamp() - interval '1 second'", "DEFAULT", "a little earlier"),
        ("clock_timestamp() + interval '1 second'", "DEFAULT", "a little later"),
        ("DEFAULT", "'3'", "another's transaction"),
        ("DEFAULT", "(pg_current_xact_id()::text::bigint + 1)::text::xid8", "the next one"),
        ("NULL", "NULL", "nothing at all"),
    ],
)
def test_moment_and_transaction_are_the_true_ones(at: str, xid: str, because: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (before,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO register_suppression (at, xid, record_id, process, level, from_on)"  # noqa: S608  our own words
            f" VALUES ({at}, {xid}, gen_random_uuid(), 'change', 'alert', '2024-04-01')"
        )
        cursor.execute(
            "SELECT at >= %s, at <= clock_timestamp(),"
            " xid = pg_current_xact_id() FROM register_suppression",
            [before],
        )
        assert cursor.fetchall() == [(True, True, True)], because


def test_each_row_of_one_statement_has_its_own_moment() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_suppression (record_id, process, level, from_on)"
            " SELECT gen_random_uuid(), 'change', 'alert', '2024-04-01'"
            " FROM generate_series(1, 3), pg_sleep(0.001)"
        )
        cursor.execute(
            "SELECT count(DISTINCT at), bool_and(xid = pg_current_xact_id())"
            " FROM register_suppression"
        )
        assert cursor.fetchone() == (3, True)
