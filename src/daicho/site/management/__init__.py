"""管理命令: what our own commands have in common; each is a module of `commands/`."""

from argparse import SUPPRESS
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandParser

from daicho.access.operating import OPERATING
from daicho.site.checks import SETTING


class OwnCommand(BaseCommand):
    """A command of ours: its `--help` shows its own words, without Django's English ones."""

    # not the addresses: they load every screen and all that makes papers
    requires_system_checks: tuple[str, ...] = (SETTING, Tags.security, OPERATING)
    suppressed_base_arguments = {  # noqa: RUF012  Django declares it so, and only reads it
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
    }

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if self.requires_system_checks:
            # Django adds this one past the set above.
            parser._option_string_actions["--skip-checks"].help = SUPPRESS
        return parser
