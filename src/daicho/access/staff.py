"""職員: making offices, terminals and operators, and ending the lock of one."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction

from daicho.access import clock
from daicho.access.entering import leaves
from daicho.access.models import Holding, Office, Operator, Position, Right, Terminal
from daicho.access.people import accounts, leaving, positions, responsibles
from daicho.access.permits import Permit, look, system_permit
from daicho.law.packs import Bearer


@dataclass(frozen=True)
class TerminalRow:
    code: str
    name: str
    room: str


@dataclass(frozen=True)
class OfficeRow:
    code: str
    name: str
    kind: str
    ward: str
    terminals: tuple[TerminalRow, ...]


@dataclass(frozen=True)
class BearerRow:
    """責任者の行: a role, the position that bears it, and who holds that; blank: nobody."""

    role: str  # a row of law/tables/responsibles.toml
    position: str
    cite: str
    login: str


class NoSuchOffice(LookupError):
    """所属がない: no office has this code."""


def ensure_offices(rows: tuple[OfficeRow, ...]) -> None:
    """Make or bring up to date offices (入力場所) and their terminals (入力端末)."""
    with transaction.atomic():
        for row in rows:
            kept = {"name": row.name, "kind": row.kind, "ward": row.ward}
            office, _ = Office.objects.update_or_create(code=row.code, defaults=kept)
            for one in row.terminals:
                Terminal.objects.update_or_create(
                    code=one.code,
                    defaults={"name": one.name, "room": one.room, "office": office},
                )
            permit = _permit()
            said = f"{row.code} {row.kind} {len(row.terminals)}"
            look(permit, "office_changed", "staff", detail={"what": said})


def ensure_operator(
    *,
    login: str,
    name: str,
    office: str,
    post: str,
    password: str,
    kind: str = "staff",
    is_demo: bool = False,
    since: date | None = None,
) -> bool:
    """Make an operator where none has this login, with one right; tells whether one was made.

    A blank `post` gives no right: what comes with a responsibility is enough for some. `since` is
    the first day of the right, today where it is not said.
    """
    with transaction.atomic():
        if Operator.objects.filter(login=login).exists():
            return False
        its_office = Office.objects.filter(code=office).first()
        if its_office is None:
            raise NoSuchOffice(office)
        operator = Operator(
            login=login,
            name=name,
            office=its_office,
            post=post,
            kind=kind,
            is_demo=is_demo,
            password_changed_at=clock.now(),
            password_is_initial=not is_demo,  # somebody else has typed it
        )
        operator.set_password(password)
        operator.save()
        if post:
            Right.objects.create(
                operator=operator,
                office=its_office,
                post=post,
                since=since or clock.today(),
                given_at=clock.now(),
            )
        _trail(operator, "added")
    return True


def ensure_responsibles(rows: tuple[BearerRow, ...], since: date | None = None) -> None:
    """Positions for roles that nobody was ever named for, and who holds them where nobody ever did.

    `since` is the first day, today where it is not said.
    """
    bearers = [Bearer(one.role, one.position, one.cite) for one in rows]
    responsibles.ensure(_permit(since), bearers)
    for title, login in {(one.position, one.login) for one in rows if one.login}:
        position = Position.objects.get(title=title, office=None)
        operator = Operator.objects.get(login=login)
        if not Holding.objects.filter(position=position).exists():
            first_on = since or clock.today()
            positions.hold(_permit(since), position.pk, operator.pk, first_on, document="")


def unlock(login: str) -> bool:
    """End the lock after repeated failures; tells whether there is such an operator."""
    found = Operator.objects.filter(login=login).first()
    if found is not None:
        accounts.unlock(_permit(), found.pk)
    return found is not None


def end(login: str) -> bool:
    """End all of an operator today (`people.leaving`); the row stays for the trail."""
    found = Operator.objects.filter(login=login).first()
    if found is not None:
        leaving.leave(_permit(), found.pk, clock.today())
    return found is not None


def allow_registration(login: str) -> bool:
    """登録の許可: the operator may register one authenticator; tells whether there is one."""
    found = Operator.objects.filter(login=login).first()
    if found is not None:
        leaves.give(None, found, uuid4())
    return found is not None


def reset_password(login: str) -> str | None:
    """初期パスワードの再発行: a fresh one, told once; None where there is no such operator."""
    found = Operator.objects.filter(login=login).first()
    return leaves.reset_password(None, found, uuid4()) if found is not None else None


def end_demo() -> int:
    """End the operators that came with a made-up town; gives how many."""
    logins = Operator.objects.filter(is_demo=True, is_active=True).values_list("login", flat=True)
    return sum(end(login) for login in tuple(logins))


def _trail(operator: Operator, what: str) -> None:
    # Done at the server's own terminal, by whoever may start the program there.
    look(_permit(), "operator_changed", "staff", detail={"operator": operator.pk, "what": what})


def _permit(on: date | None = None) -> Permit:
    return system_permit("operators", on or clock.today(), uuid4())
