"""export-trail OUTDIR: the trail, line by line as its tree has it, with its signed heads."""

import argparse
import sys
from pathlib import Path

from daicho.site import installation, operating
from daicho.site.commands import data_argument
from daicho.site.trouble import Trouble, on_disk

TRAIL, HEADS = "trail.jsonl", "heads.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    operating.operator_arguments(parser)
    parser.add_argument("folder", type=Path, metavar="OUTDIR", help="書き出すフォルダー")


def run(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.folder
    if any((folder / name).exists() for name in (TRAIL, HEADS)):
        raise Trouble(f"{folder} にはもう利用記録があります。別のフォルダーにしてください。")
    with installation.opened(arguments.data, "export-trail"):
        from daicho.access.proof import exporting, head_key

        permit = operating.permit_of(arguments, "audit.trail")
        with on_disk(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            parts = {name: folder / f"{name}.part" for name in (TRAIL, HEADS)}
            try:
                sys.stderr.write(brought_up())
                with (
                    parts[TRAIL].open("w", encoding="utf-8") as lines,
                    parts[HEADS].open("w", encoding="utf-8") as kept,
                ):
                    rows = exporting.write(permit, lines, kept)
            except head_key.KeyTrouble as trouble:
                raise Trouble(str(trouble)) from None
            for name, part in parts.items():
                part.replace(folder / name)
    sys.stdout.write(
        f"{folder / TRAIL} に {rows} 件、{folder / HEADS} に署名された先頭を書き出しました。\n"
        f"確かめるには ./daicho verify-trail {folder / TRAIL} --heads {folder / HEADS}"
        " --key 別に受け取った公開鍵\n"
    )
    return 0


def brought_up() -> str:
    """Bring the newest rows under a head, and that to its witnesses; what hinders it, as a line.

    A tree with a hole is handed over all the same: who checks it must see it. Raises
    head_key.KeyTrouble.
    """
    from daicho.access.proof import heads, nodes, sequencing
    from daicho.site.serving import attesting

    try:
        sequencing.catch_up()
        heads.make()
        attesting.attempt({})
    except nodes.NotWhole:
        return (
            "利用記録の木に欠けがあります。新しい先頭を作らずに、あるものを書き出します。"
            "利用記録の点検担当に知らせてください。\n"
        )
    return ""
