"""誰が見たか: from a key that proves nobody to an auditor who finds what was altered.

It stands on the server apart of the trail's proof: a place in the tree waits for whatever is open.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.test import override_settings
from django.test.testcases import LiveServerThread

import beginnings
import town
from access.auditing import handed_over, verified
from access.conftest import Superuser, apart, stage, superuser  # noqa: F401  its fixtures, by name
from conftest import Live
from daicho.access import clock
from daicho.access.entering import factors
from daicho.access.models import Trail
from daicho.access.permits import permit
from daicho.access.proof import heads, sequencing
from daicho.register import importing
from daicho.site.demo import cards
from journeys.conftest import Clerk
from journeys.test_signing_in import (
    Plug,
    Plugged,
    _AsItIs,
    give_leave,
    person,  # noqa: F401  a fixture
    plug,  # noqa: F401  a fixture
    registers_a_key,
    searched,
)
from searching_everything import Files
from web.desk import HANAKO, who
from web.own_cards import PIN
from web.second_factors import holding

pytestmark = [pytest.mark.browser, pytest.mark.durable]

WITHIN = "住所などの変更の手続に備えた確認のため、記録を開きました。"
EDIT = (
    "UPDATE access_trail SET operator_id = %s WHERE event = 'look' AND purpose = 'inquiry.change'"
)


@pytest.fixture
def counter(stage: str, tmp_path: Path, files: Files) -> Iterator[Live]:  # noqa: F811  the fixture
    """A counter at a name, in this very process; 花子 lives in the town."""
    cast = beginnings.cast_again()
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, [town.hanako()])
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    authority = str(tmp_path / "published" / "resident_ca.pem")
    server = LiveServerThread("localhost", _AsItIs)
    server.daemon = True
    with override_settings(EXTENSIONS="my-data-my-log", RESIDENT_CA_FILE=authority):
        server.start()
        server.is_ready.wait()
        assert server.error is None
        address = f"http://localhost:{server.port}"
        with searched(address, cast, stage, tmp_path, files) as found:
            yield found
            server.terminate()


@pytest.fixture
def card(counter: Live, tmp_path: Path) -> Path:
    """花子's test card."""
    hanako: UUID = who(HANAKO)
    return cards.make(tmp_path, hanako, PIN)


def _comes_in(clerk: Clerk, plug: Plug) -> None:  # noqa: F811  the fixture
    """A key that was only touched is refused, one that verified the person lets in."""
    operator = clerk.live.cast.clerk
    give_leave(operator)
    touched: Plugged = plug(hasUserVerification=False, isUserVerified=False)
    clerk.sign_in(operator)
    clerk.press_and_wait("F8")
    clerk.press("F8")
    clerk.page.wait_for_selector("[data-status]:has-text('確認できませんでした')")
    assert factors.registered(operator.operator) == ()
    touched.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": touched.id})
    plug()
    clerk.open("/registration")
    registers_a_key(clerk)
    clerk.press_and_wait("F8")
    assert clerk.focus_is_on("[name=terminal]")
    clerk.press("Space")
    clerk.press_and_wait("F8")


def _looks_outside_and_within(clerk: Clerk) -> None:
    clerk.open("/inquiry/resident_tax/")
    assert "利用できない事務です" in clerk.reads()
    assert "住民基本台帳法第36条の2第1項" in clerk.reads()
    row = Trail.objects.latest("id")
    assert (row.event, row.purpose) == ("not_permitted", "inquiry.resident_tax")
    clerk.open("/inquiry/change/")
    assert clerk.focus_is_on("#id_kana")
    clerk.type("ハナコ")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    assert "花子" in clerk.reads()
    clerk.press_and_wait("Shift+F9")


def test_a_look_is_permitted_told_to_the_person_and_proven(
    person: Clerk,  # noqa: F811  the fixture
    plug: Plug,  # noqa: F811  the fixture
    card: Path,
    superuser: Superuser,  # noqa: F811  the fixture
    tmp_path: Path,
) -> None:
    with holding(second_factor="required"):
        _comes_in(person, plug)
        _looks_outside_and_within(person)
    person.open("/my/")
    # the file is chosen in a window of the system, which a browser without a window does not have
    person.page.set_input_files("#card", card)
    person.tab_to("#pin")
    person.type(PIN)
    person.press_and_wait("Enter")
    assert WITHIN in person.reads()
    assert "課税" not in person.reads(), "what was refused showed nothing of her"

    assert sequencing.catch_up() > 0
    assert heads.make() is not None
    before = handed_over(tmp_path / "before")
    assert '"purpose":"inquiry.resident_tax"' in (before / "trail.jsonl").read_text("utf-8")
    code, told = verified(before)
    assert (code, "一致" in told) == (0, True), told
    somebody_else = person.live.cast.supervisor.operator.pk
    assert superuser().execute(EDIT, [somebody_else]).rowcount >= 1
    code, told = verified(handed_over(tmp_path / "after"), "--older", before / "heads.json")
    assert (code, "不一致" in told) == (1, True), told
