"""登録端末: under the standard pack nobody signs in at a browser that is no terminal's."""

from collections.abc import Mapping

import pytest

from daicho.access import terminals
from journeys.conftest import Clerk

pytestmark = [pytest.mark.browser, pytest.mark.durable]


@pytest.fixture(scope="session")
def own_keys(own_keys: Mapping[str, str]) -> Mapping[str, str]:
    """The live counter runs by the standard pack."""
    return {**own_keys, "DAICHO_POLICY_PACK": "standard"}


def test_an_unknown_browser_is_led_to_the_registration_and_then_to_the_sign_in(
    clerk: Clerk,
) -> None:
    code = terminals.issue_code(None, "C001")
    clerk.open("/sign-in")
    assert "このブラウザは端末として登録されていません" in clerk.reads()
    assert clerk.page.locator("input[type=password]").count() == 0
    clerk.is_sound("terminal-unknown")
    clerk.press_and_wait("F2")
    assert clerk.focus_is_on("#id_code")
    clerk.type(code.lower())
    clerk.press_and_wait("Enter")
    assert "端末として登録しました" in clerk.reads()
    assert clerk.focus_is_on("#id_login")
    clerk.is_sound("terminal-registered")
