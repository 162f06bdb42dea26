"""職員: making offices, terminals and operators, and ending the lock of one."""

from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction

from daicho.access import clock
from daicho.access.models import Office, Operator, Terminal
from daicho.access.permits import look, system_permit


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
            permit = system_permit("operators", clock.today(), uuid4())
            said = f"{row.code} {row.kind} {len(row.terminals)}"
            look(permit, "office_changed", "staff", detail={"what": said})


def ensure_operator(
    *, login: str, name: str, office: str, post: str, password: str, is_demo: bool = False
) -> bool:
    """Make an operator where none has this login; tells whether one was made."""
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
            is_demo=is_demo,
            password_changed_at=clock.now(),
        )
        operator.set_password(password)
        operator.save()
        _trail(operator, "added")
    return True


def unlock(login: str) -> bool:
    """End the lock after repeated failures; tells whether there is such an operator."""
    with transaction.atomic():
        operator = Operator.objects.select_for_update().filter(login=login).first()
        if operator is None:
            return False
        operator.failures, operator.locked_until = 0, None
        operator.save(update_fields=["failures", "locked_until"])
        _trail(operator, "unlocked")
    return True


def end(login: str) -> bool:
    """End an operator's right to sign in, open sessions included; the row stays for the trail."""
    with transaction.atomic():
        operator = Operator.objects.select_for_update().filter(login=login).first()
        if operator is None:
            return False
        operator.is_active = False
        operator.save(update_fields=["is_active"])
        _trail(operator, "ended")
    return True


def end_demo() -> int:
    """End the operators that came with a made-up town; gives how many."""
    logins = Operator.objects.filter(is_demo=True, is_active=True).values_list("login", flat=True)
    return sum(end(login) for login in tuple(logins))


def _trail(operator: Operator, what: str) -> None:
    # Done at the server's own terminal, by whoever may start the program there.
    permit = system_permit("operators", clock.today(), uuid4())
    look(permit, "operator_changed", "staff", detail={"operator": operator.pk, "what": what})
