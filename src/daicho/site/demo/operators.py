"""実演の操作者: offices, terminals and operators of the made-up town.

The passwords are made for each installation and kept beside its other secrets, so that no two
demos share one. The accounts end at the first import of a register that is not marked 架空.
"""

import json
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from daicho.access import staff
from daicho.access.sealed_files import onto_disk
from daicho.site.trouble import Trouble

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else


UNKNOWN = "(ここにはありません)"  # changed since, or brought by a backup
ENDED = (
    "実演の操作者は、架空でない住民を取り込んだときに終わっています。"
    "操作者は ./daicho manage operator add で登録します。"
)


class _Known(NamedTuple):
    """An operator who is in the database."""

    has_changed: bool  # the password, since it was made up here
    is_demo: bool
    is_active: bool


@dataclass(frozen=True)
class Account:
    """One row of what `demo` prints."""

    login: str
    password: str
    title: str


def ensure(data: Path) -> tuple[Account, ...]:
    """Make the demo's offices and operators where they are not there; gives who may sign in.

    None is added to a register that has operators of its own, or where the demo's have ended.
    """
    rows = _table()[settings.ROLE.name]
    known = _known()
    demo = {login: one for login, one in known.items() if one.is_demo}
    if known and not demo:
        raise Trouble(
            "この台帳には実演のものでない操作者がいます。架空の町は別の --data で動かしてください。"
        )
    kept = _passwords(data / "secrets" / "demo_passwords.json", rows["operator"], demo)
    if all(one.is_active for one in demo.values()):
        staff.ensure_offices(tuple(_office(row) for row in rows["office"]))
        for row in rows["operator"]:
            _ensure(row, kept)
        staff.ensure_responsibles(tuple(_bearer(row) for row in rows.get("bearer", ())))
    offices = {row["code"]: row["name"] for row in rows["office"]}
    return tuple(
        Account(row["login"], password, f"{offices[row['office']]} {row['name']}")
        for row in rows["operator"]
        if (password := _usable(row["login"], kept, demo))
    )


def have_ended() -> bool:
    """実演の終わり: whether this is no made-up town, or is none any more."""
    demo = [one for one in _known().values() if one.is_demo]
    return not demo or not all(one.is_active for one in demo)


def table(accounts: tuple[Account, ...]) -> str:
    """The accounts as lines for the terminal."""
    head = "操作者(架空)とパスワード:\n" if accounts else ""
    return f"{head}{rows(accounts)}止めるには Ctrl-C\n"


def rows(accounts: tuple[Account, ...]) -> str:
    """A line for each account; where none is left, why."""
    lines = [f"  {one.login:<14} {one.password:<16} {one.title}\n" for one in accounts]
    return "".join(lines) or f"{ENDED}\n"


def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("operators.toml").read_text("utf-8"))


def _ensure(row: Mapping[str, str], passwords: Mapping[str, str]) -> None:
    staff.ensure_operator(
        login=row["login"],
        name=row["name"],
        office=row["office"],
        post=row["post"],
        password=passwords.get(row["login"], ""),
        is_demo=True,
    )


# Asked of the passwords used before: to try eight of them would take a second of each start.
_WHO = """
SELECT login, EXISTS (SELECT FROM access_usedpassword u WHERE u.operator_id = o.id),
    is_demo, is_active
FROM access_operator o
"""


def _known() -> Mapping[str, _Known]:
    with connection.cursor() as cursor:
        cursor.execute(_WHO)
        return {login: _Known(*rest) for login, *rest in cursor.fetchall()}


def _usable(login: str, kept: Mapping[str, str], demo: Mapping[str, _Known]) -> str:
    """What to print as the password; blank for an operator who may not sign in any more."""
    one = demo.get(login)
    if one is None:
        return "" if any(not other.is_active for other in demo.values()) else kept[login]
    if not one.is_active:
        return ""
    return kept[login] if login in kept and not one.has_changed else UNKNOWN


def _office(row: Mapping[str, Any]) -> staff.OfficeRow:
    terminals = tuple(staff.TerminalRow(*terminal) for terminal in row["terminals"])
    return staff.OfficeRow(row["code"], row["name"], row["kind"], settings.MUNICIPALITY, terminals)


def _bearer(row: Mapping[str, str]) -> staff.BearerRow:
    return staff.BearerRow(row["role"], row["position"], "試用", row["login"])


def _passwords(
    file: Path, rows: list[Mapping[str, str]], there: Mapping[str, _Known]
) -> Mapping[str, str]:
    """The passwords kept, with fresh ones for those who are not there yet.

    Nobody knows those of operators that a backup brought: none is made up for them.
    """
    known: dict[str, str] = json.loads(file.read_text("ascii")) if file.exists() else {}
    missing = [row["login"] for row in rows if row["login"] not in {*known, *there}]
    if missing:
        known |= {login: _password() for login in missing}
        onto_disk.replaced(file, json.dumps(known).encode("ascii"))
    return known


def _password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
