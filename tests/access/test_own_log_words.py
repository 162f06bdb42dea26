"""本人に示す利用記録の言葉: of every event that names a resident."""

import pytest

from daicho.access.trail import EVENTS
from daicho.law.own_log import wording

_OF_RESIDENTS = [
    code
    for code, row in EVENTS.items()
    if "対象者" in row["holds"] or "関係のあった者" in row["holds"]
]


@pytest.mark.parametrize("event", _OF_RESIDENTS)
def test_every_event_that_names_a_resident_has_its_words(event: str) -> None:
    assert event in wording.EVENTS, f"{event}: a row of own_log_words.toml is missing"
