"""Advisory locks: each has its own number, or two things that are not one wait for each other."""

import re
from collections import Counter

from tidy.tree import modules

_NUMBER = re.compile(r"^\w+ = (5_211_\d{3})\b", re.MULTILINE)


def test_no_two_locks_have_one_number() -> None:
    found = Counter(number for one in modules("src/") for number in _NUMBER.findall(one.text))
    assert len(found) > 10
    twice = {number for number, count in found.items() if count > 1}
    assert not twice, f"{twice}: take the next number that nobody has"
