"""所属の操作権限の用意: what an office has, and who of the cast has nothing of his own."""

from datetime import date
from uuid import uuid4

from daicho.access import clock
from daicho.access.acting import Actor, actor
from daicho.access.models import Office, OfficeRight, Operator, Right
from people import LONG_AGO, Player


def office_has(
    code: str, post: str, since: date = LONG_AGO, until: date | None = None
) -> OfficeRight:
    """The office has it, given at the server's own terminal."""
    return OfficeRight.objects.create(
        office=Office.objects.get(code=code),
        post=post,
        since=since,
        until=until,
        given_at=clock.now(),
    )


def bare(player: Player) -> Player:
    """The player without any right of his own."""
    Right.objects.filter(operator=player.operator).delete()
    return player


def moved(player: Player, code: str) -> None:
    """The player belongs to another office from this moment."""
    office = Office.objects.get(code=code)
    Operator.objects.filter(pk=player.operator.pk).update(office=office)


def acting(player: Player, terminal: str = "") -> Actor:
    """The player as the database has him, at that terminal, or at his own."""
    found = Operator.objects.select_related("office").get(pk=player.operator.pk)
    return actor(found, terminal or player.terminal, uuid4())
