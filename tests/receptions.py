"""受け付けられた人: receptions as a clerk of the cast records them. All names are made up."""

from dataclasses import replace
from datetime import date
from itertools import count
from uuid import UUID, uuid4

from daicho.access import clock
from daicho.access.acting import Actor
from daicho.access.permits import Permit, permit
from daicho.law.receptions import Said, works
from daicho.register.models import Reception as Row
from daicho.register.receiving import taking
from daicho.register.receiving.receptions import Reception
from people import WARD, Player

VISITOR = "架空　花子"
LONG_AGO = date(2020, 1, 6)
_day_nos = count(1)


def said(work: str = "moved_within", basis: str = "notification", **more: object) -> Said:
    """What a visitor says who comes with everything that is needed."""
    complete = Said(
        work=work,
        basis=basis,
        received_on=clock.today(),
        capacity="principal",
        visitor_name=VISITOR,
        visitor_address="架空町一丁目１番１号",
        identity=("driving_licence",),
        sender="架空市",
        reference="架市第12号",
        reason="実態調査の結果による",
    )
    return replace(complete, **more)  # type: ignore[arg-type]  # fields of Said


def permit_for(actor: Actor, content: Said) -> Permit:
    """The permit of the purpose which work and basis have."""
    purpose = works.basis(content.work, content.basis, clock.today()).purpose
    return permit(actor, purpose, clock.today())


def received(player: Player, work: str = "moved_within", **more: object) -> Reception:
    """A reception that the player has just taken, in a request of its own."""
    content = said(work, **more)  # type: ignore[arg-type]  # as `said`
    return taking.receive(permit_for(player.acting(), content), content)


def permit_under(player: Player, reception: Reception, request_id: UUID | None = None) -> Permit:
    """The permit under which the player works on that reception, in a request of its own."""
    actor = replace(player.acting(), request_id=request_id or uuid4())
    return permit(actor, reception.purpose, clock.today())


def standing(
    kind: str, basis: str, received_on: date | None = None, office: str = "001"
) -> UUID | None:
    """A 受付 for a change of that kind, as it stands in the register, lawful or not.

    None for what comes from no 受付. It is of a day long past, so that the counter's own numbers of
    today and the list of the day stay as they are.
    """
    today = clock.today()
    work = next((one.code for one in works.works(today) if kind in one.kinds), None)
    if work is None:
        return None
    row = Row.objects.create(
        reception_id=uuid4(),
        request_id=uuid4(),
        office=office,
        taken_on=LONG_AGO,
        day_no=next(_day_nos),
        work=work,
        basis=basis,
        received_on=received_on or today,
        visitor_name=VISITOR,
        identity=[],
        authority=[],
        asked=[],
        operator_id=1,
        terminal="C001",
        ward=WARD,
    )
    return row.reception_id


def day_of(player: Player) -> Permit:
    """The permit of the first screen, for the receptions of the office."""
    return permit(player.acting(), "reception.day", clock.today())
