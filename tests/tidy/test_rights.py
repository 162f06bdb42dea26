"""操作権限: what can be given to a person opens something; what nothing asks for opens nothing."""

import ast
from collections.abc import Iterator

from daicho.law.data_exports.kinds import KINDS
from daicho.law.purposes import OFFICE_KINDS, POSTS, PURPOSES
from daicho.law.receptions import works
from daicho.law.safety.giving import POSTS_OF_ROLES
from daicho.web.counter.inquiry.work import WORKS
from tidy.tree import modules

LAST = max(one.since for one in PURPOSES)
"""A day on which every row of the table has begun."""


def _asked_for() -> Iterator[str]:
    """The purposes that a screen or a command asks a permit for: by name, or by a table."""
    for one in modules("src/daicho/"):
        if not one.name.startswith("src/daicho/law/"):
            yield from (
                node.value
                for node in ast.walk(one.tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
    yield from WORKS.values()
    yield from (one.purpose for one in KINDS)
    yield from (one.purpose for it in works.works(LAST) for one in works.bases(it.code, LAST))
    yield from (f"console.{one.role.replace('-', '_')}" for one in OFFICE_KINDS.values())


def test_every_purpose_is_asked_for_by_a_screen_or_a_command() -> None:
    idle = {one.code for one in PURPOSES} - set(_asked_for())
    assert not idle, f"{idle}: nothing opens under them; take them out, or say in GAPS.toml why"


def test_every_right_that_can_be_given_opens_something() -> None:
    opened = {post for one in PURPOSES if one.in_force(LAST) for post in one.posts}
    given = set(POSTS) - POSTS_OF_ROLES
    assert given <= opened, f"{given - opened}: a right without an effect is not offered"
    assert opened >= POSTS_OF_ROLES, "nor is one that comes with a responsibility"
