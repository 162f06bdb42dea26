"""A program of the role tests: brings a role's database up to date and tells, as JSON, what it is.

It runs as a process of its own, with nothing of the suite in it but its environment.
"""

import io
import json
import sys
from importlib import import_module
from pathlib import Path

import django

django.setup()

from django.apps import apps  # noqa: E402  Django is set up above, with this role's apps
from django.conf import settings  # noqa: E402  as above
from django.core.management import call_command  # noqa: E402  as above
from django.db import connection  # noqa: E402  as above
from django.template.loader import get_template  # noqa: E402  as above
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse  # noqa: E402  as above

from daicho.access import clock  # noqa: E402  as above
from daicho.access.disposing import lists  # noqa: E402  as above
from daicho.access.disposing.sources import sources  # noqa: E402  as above
from daicho.site.database import migrating  # noqa: E402  as above
from daicho.site.serving import timetable  # noqa: E402  as above


def checked() -> str:
    """Every system check, those of the database included; a warning ends the program."""
    said = io.StringIO()
    call_command("check", databases=["default"], fail_level="WARNING", stdout=said)
    call_command("migrate", check_unapplied=True, verbosity=0)
    return said.getvalue().strip()


def templates() -> list[str]:
    """Every template of the role's own apps, loaded."""
    found = []
    for config in apps.get_app_configs():
        folder = Path(config.path) / "templates"
        if config.name.startswith("daicho."):
            found += [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")]
    for name in found:
        get_template(name)
    return sorted(found)


def names(patterns: "list[URLPattern | URLResolver]", space: str = "") -> list[str]:
    """The names of the role's addresses that take no argument."""
    found = []
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            found += names(one.url_patterns, inner)
        elif one.name and not one.pattern.regex.groups:
            found.append(f"{space}{one.name}")
    return found


def resolved() -> dict[str, str]:
    """Address to the name that it leads to, for every name of the role."""
    addresses = {reverse(name) for name in names(get_resolver().url_patterns)}
    return {address: resolve(address).view_name for address in sorted(addresses)}


def importable(module: str) -> str:
    """Blank where a module can be imported here, else the class of what was raised."""
    try:
        import_module(module)
    except Exception as refusal:
        return type(refusal).__name__
    return ""


def let_go() -> list[str]:
    """The kinds of records that this role lets go; of each the database is asked what is due."""
    timetable.propose_due(clock.today())
    assert not lists.lists(), "nothing is kept yet, so nothing is due"
    return sorted(sources())


def main() -> None:
    migrating.bring_up_to_date()
    told = {
        "role": settings.ROLE.name,
        "checked": checked(),
        "urls": [import_module(module).__name__ for _, module in settings.ROLE.urls],
        "resolved": resolved(),
        "home": reverse(settings.LOGIN_REDIRECT_URL),
        "templates": templates(),
        "tables": sorted(connection.introspection.table_names()),
        "register": importable("daicho.register.models"),
        "lets_go": let_go(),
        "modules": sorted(name for name in sys.modules if name.startswith("daicho.")),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
