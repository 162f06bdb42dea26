"""役割: one page for each role says everything that makes a process that role."""

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Role:
    """A role: its apps, its screens (prefix, URL module) and what an operator of it is shown."""

    name: str
    title: str
    apps: tuple[str, ...]
    urls: tuple[tuple[str, str], ...]
    home: str  # URL name of the first page after sign-in


NAMES = ("municipality", "prefecture", "centre", "test")


def load(name: str) -> Role:
    """The page of one role; an unknown name is told with the names there are."""
    if name not in NAMES:
        raise LookupError(f"DAICHO_ROLE={name!r}: one of {', '.join(NAMES)}")
    role = import_module(f"daicho.site.roles.{name}").ROLE
    assert isinstance(role, Role)
    return role
