"""What is rightly signed and nasty ends as an outcome, and stops nobody's stream."""

from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from daicho.law.network.faults import TOO_LARGE
from daicho.network import running
from daicho.network.deeds import deed, holding, outcomes
from daicho.network.deeds.deed import Desk
from daicho.network.messages.outcomes import DONE
from daicho.network.models import Forwarded
from daicho.network.protocol.message import Malformed, Message, Stream, Turn
from daicho.network.protocol.parties import CENTRE, Party
from network.wires import OTHER_TOWN, PREFECTURE, TOWN

pytestmark = pytest.mark.django_db
CODE = "12345678903"
ID = "ff3412c1-3f2a-407a-bf8e-ec03a6a0eab0"


@pytest.fixture(autouse=True)
def connected(settings: LazySettings) -> None:
    settings.PARTY = PREFECTURE
    settings.NEIGHBOURS = dict.fromkeys((CENTRE, TOWN, OTHER_TOWN), "")


def message(origin: Party, body: dict[str, Any], kind: str, message_id: str = "") -> Message:
    stream = Stream(origin, PREFECTURE, str(uuid4()))
    return Message(message_id or str(uuid4()), kind, 1, stream, Turn(1, 1), 1, "x", body)


def notice(origin: Party, message_id: str = "") -> Message:
    body = {"code": CODE, "what": "opens", "reason": "born", "on": "2026-11-01", "items": {}}
    return message(origin, body, "identification_information", message_id)


@pytest.mark.parametrize("of", ["no id", "12", ID.upper(), f"{{{ID}}}", ID.replace("-", "")])
def test_an_outcome_of_an_id_that_no_message_has_is_malformed(of: str) -> None:
    with pytest.raises(Malformed):
        outcomes.pass_outcomes(message(CENTRE, {"of": {of: DONE}}, "outcomes"), "", Desk())


def test_an_outcome_too_long_to_be_told_on_is_malformed() -> None:
    said = {"of": {str(uuid4()): "x" * 55}}
    with pytest.raises(Malformed):
        outcomes.pass_outcomes(message(CENTRE, said, "outcomes"), "", Desk())


def test_many_outcomes_are_told_in_several_messages() -> None:
    desk = Desk()
    desk.tell_outcomes(TOWN, {str(uuid4()): DONE for _ in range(deed.OUTCOMES_AT_ONCE * 2 + 1)})
    assert [len(one.body["of"]) for one in desk.unsent] == [1_000, 1_000, 1]


def test_two_towns_that_use_one_id_are_both_told_on() -> None:
    same = str(uuid4())
    desk = Desk()
    for town in (TOWN, OTHER_TOWN):
        assert holding.hold_and_forward(notice(town, same), "signed", desk) == DONE
    desk.write()
    assert Forwarded.objects.filter(message_id=same).count() == 2


def test_what_the_centre_could_not_take_is_not_held_either() -> None:
    desk = Desk()
    assert holding.hold_and_forward(notice(TOWN), "x" * 200_000, desk) == TOO_LARGE.code
    assert not desk.held
    assert not desk.unsent


def test_a_loop_that_hangs_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STOP_SECONDS", 0.1)
    answer = Event()
    thread = Thread(target=answer.wait, daemon=True)
    thread.start()
    begun = monotonic()
    running._ended([thread, thread])
    assert monotonic() - begun < 2
    answer.set()
