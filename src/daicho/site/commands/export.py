"""export OUTDIR: the whole register as one deterministic register.csv, without any 個人番号."""

import argparse
import sys
from pathlib import Path

from daicho.site import installation, operating
from daicho.site.commands import data_argument
from daicho.site.trouble import Trouble, on_disk


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    operating.operator_arguments(parser)
    parser.add_argument("folder", type=Path, metavar="OUTDIR", help="書き出すフォルダー")


def run(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.folder
    if (folder / "register.csv").exists():
        raise Trouble(f"{folder}/register.csv はもうあります。別のフォルダーにしてください。")
    with installation.opened(arguments.data, "export"):
        from daicho.register import exporting

        permit = operating.permit_of(arguments, "data.export")
        with on_disk(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = exporting.write(permit, folder)
    sys.stdout.write(f"{made.file} に {made.lines} 行を書き出しました。\nSHA-256 {made.sha256}\n")
    return 0
