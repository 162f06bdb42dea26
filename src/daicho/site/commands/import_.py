"""import FILE.csv: a whole register of an older system through the one door of migration."""

import argparse
import sys
from pathlib import Path

from daicho.site import installation, operating
from daicho.site.commands import data_argument
from daicho.site.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    operating.operator_arguments(parser)
    parser.add_argument(
        "file", type=Path, metavar="FILE.csv", help="docs/reference/import.md の様式"
    )
    parser.add_argument("--trial", action="store_true", help="何も書き込まずに確かめる")


def run(arguments: argparse.Namespace) -> int:
    file: Path = arguments.file
    if not file.is_file():
        raise Trouble(f"{file} というファイルがありません。")
    with installation.opened(arguments.data, "import"):
        from daicho.register.importing import csv_file
        from daicho.site import migration

        permit = operating.permit_of(arguments, "data.migration")
        folder = arguments.data / "imports" / str(permit.request_id)
        try:
            outcome = migration.run(permit, file, folder, trial=arguments.trial)
        except csv_file.FileTrouble as trouble:
            raise Trouble(f"{trouble} 何も書き込んでいません。") from None
    sys.stdout.write(
        f"読んだ行 {outcome.lines}、受け入れた行 {outcome.accepted}、同じ内容の行"
        f" {outcome.unchanged}、拒んだ行 {outcome.refused_lines}\n照合報告: {folder}/report.md\n"
    )
    if outcome.refused_lines:
        sys.stdout.write(
            f"拒んだ行: {folder}/refused.csv(直して、もう一度取り込めます)\n"
            f"拒んだ理由: {folder}/reasons.csv(行ごと)\n"
            "拒んだ行は読んだままなので個人番号を含みます。直したら消してください。\n"
        )
    return 0 if outcome.refused_lines == 0 else 3
