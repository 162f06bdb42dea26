"""緊急の利用を同時に: two who decide, two forms of one person, each with real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from daicho.access import clock
from daicho.access.emergencies import asking, deciding
from daicho.access.models import EmergencyUse, Trail
from daicho.access.permits import permit
from daicho.access.refusals import Refused
from people import Cast, Player, cast_of

pytestmark = [pytest.mark.durable, pytest.mark.usefixtures("durable")]


def _at_once(*steps: Callable[[], object]) -> list[str]:
    """What becomes of steps that begin together: blank where done, else the refusal's code."""
    begin = Barrier(len(steps))

    def take(step: Callable[[], object]) -> str:
        begin.wait()
        try:
            step()
        except Refused as refused:
            return refused.findings[0].code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(max_workers=len(steps)) as pool:
        return sorted(pool.map(take, steps))


def _asked(player: Player) -> int:
    own = permit(player.acting(), "emergency.ask", clock.today())
    return asking.ask(own, "emergency.life", "連絡が取れない")


def _deciding(player: Player, use_id: int, *, is_granted: bool) -> Callable[[], object]:
    own = permit(player.acting(), "emergency.decide", clock.today())
    return lambda: deciding.decide(own, use_id, is_granted=is_granted)


def test_of_two_who_decide_at_once_one_does() -> None:
    cast = cast_of()
    use_id = _asked(cast.clerk)
    found = _at_once(
        _deciding(cast.supervisor, use_id, is_granted=True),
        _deciding(cast.security_manager, use_id, is_granted=False),
    )
    assert found == ["", "access.emergency_decided"]
    changed = Trail.objects.filter(event="emergency_changed").values_list("detail__what", flat=True)
    use = EmergencyUse.objects.get(pk=use_id)
    assert sorted(changed) == sorted(["asked", "granted" if use.is_granted else "denied"])


def test_of_two_requests_of_one_person_at_once_one_stands() -> None:
    cast: Cast = cast_of()
    found = _at_once(lambda: _asked(cast.clerk), lambda: _asked(cast.clerk))
    assert found == ["", "access.emergency_open"]
    assert EmergencyUse.objects.count() == 1
