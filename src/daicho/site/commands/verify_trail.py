"""verify-trail EXPORT --heads FILE: does a trail that was handed over hold what its heads say?

The work is done by one file that an auditor can take away: `daicho/site/verify_trail.py`.
"""

import argparse

from daicho.site import verify_trail


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verify_trail.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    return verify_trail.run(arguments)
