"""所属の操作権限を同時に: two administrators, and two presses of one button, with real commits."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from daicho.access import clock
from daicho.access.models import OfficeRight, OfficeRightExclusion, Operator, Trail
from daicho.access.office_rights import excluding, giving
from daicho.access.permits import Permit, permit
from people import Cast, Player, cast_of, given
from web.office_rights import acting, bare, office_has
from web.test_emergencies_at_once import _at_once

pytestmark = [pytest.mark.durable, pytest.mark.usefixtures("durable")]


def _permit(player: Player) -> Permit:
    return permit(acting(player), "people.administration", clock.today())


def _two(cast: Cast) -> tuple[Permit, Permit]:
    """Two administrators, each with a request of his own."""
    given(cast.system_operator, "administrator")
    return _permit(cast.administrator), _permit(cast.system_operator)


def _giving(own: Permit, post: str = "clerk") -> Callable[[], object]:
    return lambda: giving.give(own, "001", post, own.on, None)


def test_of_two_administrators_who_give_the_same_one_does() -> None:
    first, second = _two(cast_of())
    assert _at_once(_giving(first), _giving(second)) == ["", "access.held_twice"]
    assert OfficeRight.objects.count() == 1
    assert Trail.objects.filter(event="office_right_changed").count() == 1


def test_two_presses_of_one_button_are_one_step() -> None:
    own = _permit(cast_of().administrator)
    assert _at_once(_giving(own), _giving(replace(own))) == ["", ""]
    assert OfficeRight.objects.count() == 1


def test_two_who_exclude_the_same_person_exclude_once() -> None:
    cast = cast_of()
    first, second = _two(cast)
    right, who = office_has("001", "clerk"), bare(cast.clerk).operator.pk
    steps = [
        lambda own=own: excluding.exclude(own, right.pk, who, own.on, None)
        for own in (first, second)
    ]
    assert _at_once(*steps) == ["", "access.held_twice"]
    assert OfficeRightExclusion.objects.count() == 1
    assert acting(cast.clerk).posts == frozenset()


def test_who_leaves_while_the_office_is_given_a_right_has_none() -> None:
    cast = cast_of()
    own = _permit(cast.administrator)
    bare(cast.clerk)

    def leaving() -> None:
        Operator.objects.filter(pk=cast.clerk.operator.pk).update(is_active=False)

    assert _at_once(_giving(own), leaving) == ["", ""]
    assert acting(cast.clerk).posts == frozenset()
