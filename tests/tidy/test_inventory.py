"""docs/security/inventory.md: the figures that it tells are those of the program."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from daicho.certificates import verifying
from daicho.certificates.verify_site import contained
from daicho.law import packs
from daicho.law.safety.watching.ceilings import ceilings
from daicho.register.queries import HITS_MOST
from tidy.tree import PACKAGE, ROOT

PAGE = (ROOT / "docs" / "security" / "inventory.md").read_text("utf-8")
WEB_SERVER = (ROOT / "docs" / "operating" / "nginx" / "daicho.conf").read_text("utf-8")
SETTINGS = Path(PACKAGE / "site" / "settings.py").read_text("utf-8")
STANDARD = packs.PACKS[packs.STANDARD].sign_in
LIMITS = ceilings(date.max)
WORDS = {5: "five", 10: "ten", 30: "half an hour"}
MB = 1024 * 1024


@pytest.mark.parametrize(
    "told",
    [
        f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MB} MB,"
        f" {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields",
        f"a PDF of {verifying.PDF_BYTES_MAX // MB} MB,",
        f"with {contained.MEMORY_BYTES_MAX // MB} MB, {contained.SECONDS_MAX} seconds",
        f"{HITS_MOST} persons shown",
        f"{WORDS[STANDARD.failures_max]} in a row,"
        f" then locked for {WORDS[STANDARD.lock_minutes]} (standard pack)",
        f"(standard {STANDARD.idle_minutes})",
        f"over after {WORDS[settings.SESSION_COOKIE_AGE // 3600]} hours",
        f"{LIMITS.looks_minute} in a minute, {LIMITS.looks_hour} in an hour",
        f"{LIMITS.arrivals_minute} a minute, {LIMITS.arrivals_at_once} at once",
        f"{LIMITS.checks_minute} a minute, {LIMITS.checks_at_once} at once",
    ],
)
def test_a_limit_is_the_one_that_is_told(told: str) -> None:
    assert told in " ".join(PAGE.split())


def test_the_time_limits_are_those_that_are_told() -> None:
    assert "15 seconds, 5 for a lock" in PAGE
    assert "-c statement_timeout=15s -c lock_timeout=5s" in SETTINGS


def test_the_web_server_in_front_takes_as_much_as_the_program() -> None:
    assert f"client_max_body_size {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MB}m;" in WEB_SERVER
