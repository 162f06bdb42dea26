"""データベースと役割の用意: one database with its own four roles (design §9).

| role | for | may |
|---|---|---|
| `owner_<name>` | migrations | own everything, be `vault_<name>` or `disposal_<name>` migrating |
| `app_<name>` | serving people | what `manage grant` gives; member of nothing |
| `vault_<name>` | owning the vault | no sign-in; its functions run as it |
| `disposal_<name>` | lawful disposal | delete under an approved list by its functions; no sign-in |

Done by the server's administrator: the embedded server does it by itself, for a server of your own
`./daicho manage provision NAME` prints these statements.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import LiteralString

from psycopg import Connection, sql

ROLES = ("owner", "app", "vault", "disposal")
WITH_SIGN_IN = ("owner", "app")
LOCK = 5_211_203

_SERVER: tuple[LiteralString, ...] = (
    # PostgreSQL lets the creator of a database be only a role it is a member of
    "GRANT {owner} TO CURRENT_USER",
    "GRANT {vault} TO {owner}",
    "GRANT {disposal} TO {owner}",
    "CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8'"
    " LOCALE_PROVIDER libc LOCALE 'C.UTF-8'",
    "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app}",
)

_DATABASE: tuple[LiteralString, ...] = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}, {vault}, {disposal}",
    "CREATE SCHEMA IF NOT EXISTS vault AUTHORIZATION {vault}",
    "REVOKE ALL ON SCHEMA vault FROM PUBLIC",
    "GRANT USAGE ON SCHEMA vault TO {app}",
    "CREATE SCHEMA IF NOT EXISTS disposal AUTHORIZATION {disposal}",
    "REVOKE ALL ON SCHEMA disposal FROM PUBLIC",
    "GRANT USAGE ON SCHEMA disposal TO {app}",
)


@dataclass(frozen=True)
class Names:
    """The names of one database and its roles."""

    database: str

    def role(self, which: str) -> str:
        assert which in ROLES, which
        return f"{which}_{self.database}"

    def identifiers(self) -> Mapping[str, sql.Identifier]:
        roles = {which: sql.Identifier(self.role(which)) for which in ROLES}
        return {"name": sql.Identifier(self.database), **roles}


def role_statements(names: Names, passwords: Mapping[str, str]) -> Iterator[sql.Composed]:
    """Statements that make the roles, or renew their passwords where they are there."""
    for which in ROLES:
        role = names.identifiers()[which]
        make = sql.SQL("CREATE ROLE {}").format(role)
        yield sql.SQL("DO $$ BEGIN {}; EXCEPTION WHEN duplicate_object THEN NULL; END $$").format(
            make
        )
        attributes = sql.SQL("NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
        if which in WITH_SIGN_IN:
            login: sql.Composable = sql.SQL("LOGIN PASSWORD {}").format(
                sql.Literal(passwords[which])
            )
        else:
            login = sql.SQL("NOLOGIN")
        yield sql.SQL("ALTER ROLE {} {} {}").format(role, attributes, login)


def server_statements(names: Names) -> Iterator[sql.Composed]:
    """Statements, each outside a transaction, that make the database."""
    for statement in _SERVER:
        yield sql.SQL(statement).format(**names.identifiers())


def database_statements(names: Names) -> Iterator[sql.Composed]:
    """Statements to be run inside the new database."""
    for statement in _DATABASE:
        yield sql.SQL(statement).format(**names.identifiers())


def primary_keys(
    connection: "Connection[tuple[object, ...]]", tables: Iterable[str]
) -> dict[str, list[str]]:
    """The columns of each table's primary key, as the database itself says."""
    query = """SELECT c.relname, array_agg(a.attname::text ORDER BY k.place)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace
            AND c.relname = ANY (%s)
        GROUP BY c.relname"""
    rows = connection.execute(query, [list(tables)])
    return {str(table): list(columns) for table, columns in rows}  # type: ignore[call-overload]  # an array


def provision(server: str, database: str, names: Names, passwords: Mapping[str, str]) -> None:
    """Make roles and database where they are not; `server` and `database` are superuser URLs.

    Everything here may run again: a start that was killed in between is completed by the next.
    """
    with Connection.connect(server, autocommit=True) as connection:
        # two commands starting at once: the second waits, then finds everything made
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        for statement in role_statements(names, passwords):
            connection.execute(statement)
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [names.database]
        ).fetchone()
        for statement in server_statements(names):
            if not (known and "CREATE DATABASE" in statement.as_string(connection)):
                connection.execute(statement)
        _inside(database, names)


def _inside(database: str, names: Names) -> None:
    with Connection.connect(database, autocommit=True) as connection:
        for statement in database_statements(names):
            connection.execute(statement)
