"""宛先の一覧: every address of the role, from the URLconf itself, with what it takes."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

_ARGUMENT = re.compile(r"<[a-z]+:[a-z_]+>")

# They end the session of who opens them, or ask machines; nothing of a resident is near.
NEVER_OPENED = frozenset({"lock", "unlock", "sign-out", "metrics"})


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        else:
            yield route


@cache
def routes() -> tuple[str, ...]:
    """Every address once, but for those that are never opened."""
    found = tuple(_routes(get_resolver("daicho.site.urls").url_patterns))
    assert len(found) == len(set(found))
    assert set(found) >= NEVER_OPENED
    return tuple(one for one in found if one not in NEVER_OPENED)


def arguments(route: str) -> tuple[str, ...]:
    """What a route takes: <uuid:record_id>."""
    return tuple(_ARGUMENT.findall(route))


def filled(route: str, values: Mapping[str, str]) -> str:
    """The address with these values; an argument that nobody has said fails."""
    for name in arguments(route):
        assert name in values, f"{route}: say what stands for {name}"
        route = route.replace(name, values[name])
    return f"/{route}"
