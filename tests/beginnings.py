"""場面の始まり: how each scene of `scenes` comes about, in the database in which it is to stand.

Residents are imported on the day to which the days that tests type belong; the cast is there for as
long as its rights say.
"""

import tempfile
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import scenes
import town
from daicho.access import clock
from daicho.access.models import Operator
from daicho.access.permits import permit
from daicho.register import importing
from people import Cast, cast_of

IN_NOVEMBER = datetime(2026, 11, 22, 3, tzinfo=UTC)


def cast() -> Cast:
    """The cast comes on stage."""
    return cast_of()


def two_live_here() -> None:
    """花子 and her grown 太郎."""
    _move_in(town.hanako(), town.taro(born_on="2005-10-10"))


def three_live_here() -> None:
    """花子, her grown 太郎 and the small 次郎."""
    _move_in(*town.family())


def few_live_here() -> None:
    """The few of `town.few`."""
    _move_in(*town.few())


def cast_again() -> Cast:
    """The cast that stands here already, each read anew."""
    given: Cast = scenes.given("cast")
    players = {one.name: getattr(given, one.name) for one in fields(given)}
    logins = [player.login for player in players.values()]
    found = Operator.objects.select_related("office").in_bulk(logins, field_name="login")
    now = {name: replace(one, operator=found[one.login]) for name, one in players.items()}
    return replace(given, **now)


def _move_in(*lines: town.Line) -> None:
    with clock.fixed(IN_NOVEMBER), tempfile.TemporaryDirectory() as folder:
        moving = permit(cast_again().system_operator.acting(), "data.migration", clock.today())
        file = town.write(Path(folder), lines)
        outcome = importing.run(
            moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None
        )
    assert outcome.accepted == len(lines)
