"""実演の操作者: offices, terminals and operators of the made-up town.

The passwords are made for each installation and kept beside its other secrets, so that no two
demos share one. The accounts end at the first import of a register that is not marked 架空.
"""

import json
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings

from daicho.access import staff

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else


@dataclass(frozen=True)
class Account:
    """One row of what `demo` prints."""

    login: str
    password: str
    title: str


def ensure(data: Path) -> tuple[Account, ...]:
    """Make the demo's offices and operators where they are not there; gives their accounts."""
    table = tomllib.loads(files(__package__).joinpath("operators.toml").read_text("utf-8"))
    rows = table[settings.ROLE.name]
    passwords = _passwords(data / "secrets" / "demo_passwords.json", rows["operator"])
    offices = {row["code"]: row for row in rows["office"]}
    staff.ensure_offices(tuple(_office(row) for row in rows["office"]))
    for row in rows["operator"]:
        staff.ensure_operator(
            login=row["login"],
            name=row["name"],
            office=row["office"],
            post=row["post"],
            password=passwords[row["login"]],
            is_demo=True,
        )
    return tuple(
        Account(
            row["login"], passwords[row["login"]], f"{offices[row['office']]['name']} {row['name']}"
        )
        for row in rows["operator"]
    )


def table(accounts: tuple[Account, ...]) -> str:
    """The accounts as lines for the terminal."""
    lines = [f"  {one.login:<12} {one.password:<16} {one.title}\n" for one in accounts]
    return "操作者(架空)とパスワード:\n" + "".join(lines) + "止めるには Ctrl-C\n"


def _office(row: Mapping[str, Any]) -> staff.OfficeRow:
    terminals = tuple(staff.TerminalRow(*terminal) for terminal in row["terminals"])
    return staff.OfficeRow(row["code"], row["name"], row["kind"], settings.MUNICIPALITY, terminals)


def _passwords(file: Path, rows: list[Mapping[str, str]]) -> Mapping[str, str]:
    known: dict[str, str] = json.loads(file.read_text("ascii")) if file.exists() else {}
    missing = [row["login"] for row in rows if row["login"] not in known]
    if missing:
        known |= {login: _password() for login in missing}
        part = file.with_suffix(".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            json.dump(known, opened)
        part.replace(file)
    return known


def _password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
