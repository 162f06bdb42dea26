"""The commands: equal files, each with `add_arguments` and `run`."""

import argparse
import os
from pathlib import Path


def data_argument(parser: argparse.ArgumentParser) -> None:
    """`--data DIR`: where the installation lives; `DAICHO_DATA` or `var` where it is not said."""
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("DAICHO_DATA", "var")),
        metavar="DIR",
        help="データの置き場所(既定は DAICHO_DATA、なければ var)",
    )


def count(text: str) -> int:
    """A whole number of 0 or more, as an argument."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise argparse.ArgumentTypeError("0以上の整数で指定してください。")
    return int(text)
