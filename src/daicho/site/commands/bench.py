"""bench: every figure beside the floor of the same run, on a throw-away durable server."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from daicho.law import packs
from daicho.site import installation
from daicho.site.commands import count
from daicho.site.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "part", nargs="?", choices=["access"], help="access: 利用記録と番号の保管だけ(既定は全部)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="表をJSONでも書く")
    parser.add_argument(
        "--residents", type=count, default=100_000, metavar="N", help="町の人数(既定 100000)"
    )
    parser.add_argument(
        "--trail-rows",
        type=count,
        default=100_000,
        metavar="N",
        help="点検する利用記録の件数(既定 100000)",
    )


def run(arguments: argparse.Namespace) -> int:
    if "DATABASE_URL" in os.environ:
        del os.environ["DATABASE_URL"]  # never measure on, or write to, someone's own server
    if arguments.json and not arguments.json.absolute().parent.is_dir():
        raise Trouble(f"{arguments.json.absolute().parent} というフォルダーがありません。")
    if not arguments.residents:
        raise Trouble("測るには住民が要ります。--residents を1以上にしてください。")
    with tempfile.TemporaryDirectory(prefix="daicho-bench-") as folder:
        data = Path(folder) / "var"
        with installation.opened(data, "bench", _made_up()):
            from daicho.site.bench import chapters

            rows = []
            sys.stdout.write(chapters.HEADER)
            chosen = chapters.of_access if arguments.part else chapters.figures
            for figure in chosen(Path(folder), arguments.residents, arguments.trail_rows):
                rows.append(figure.row())
                sys.stdout.write(chapters.line(figure))
                sys.stdout.flush()
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def _made_up() -> installation.Installation:
    return installation.Installation(pack=packs.TRIAL)
