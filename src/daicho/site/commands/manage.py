"""manage …: Django's own commands and ours, on this installation's database."""

import argparse
import sys

from daicho.site import installation
from daicho.site.commands import data_argument


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, metavar="命令", help="例: check --deploy"
    )


def run(arguments: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    with installation.opened(arguments.data, "manage"):
        execute_from_command_line([f"{sys.argv[0]} manage", *arguments.words])
    return 0
