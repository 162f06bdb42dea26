"""verify FILE.pdf: is this certificate genuine? Needs no database, no register, no network."""

import argparse
import sys
from pathlib import Path

from daicho.certificates import keys, verifying
from daicho.certificates.verifying import Report, Step, Verdict
from daicho.site.commands import data_argument
from daicho.site.trouble import Trouble, reason

_CODES = {Verdict.GENUINE: 0, Verdict.NOT_GENUINE: 1, Verdict.UNREADABLE: 2}  # a file has no other


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    parser.add_argument("file", type=Path, metavar="FILE.pdf", help="確かめる証明書")
    key_argument(parser)


def key_argument(parser: argparse.ArgumentParser) -> None:
    """`--key PEM`: the published certificates; without it those of the data folder."""
    parser.add_argument(
        "--key",
        type=Path,
        metavar="PEM",
        help="公開されている証明書(既定はデータの置き場所の published/certificates.pem)",
    )


def run(arguments: argparse.Namespace) -> int:
    try:
        certificates = published(arguments)
    except Trouble as trouble:
        sys.stderr.write(f"daicho: {trouble}\n")
        return _CODES[Verdict.UNREADABLE]
    report = _report(arguments.file, certificates)
    for step in report.steps:
        sys.stdout.write(f"{step.mark} {step.what}: {step.told}\n")
    sys.stdout.write(f"{report.verdict.value}。\n")
    return _CODES[report.verdict]


def published(arguments: argparse.Namespace) -> keys.Certificates:
    """The certificates of `--key`, or of the data folder; Trouble where they are not usable."""
    file: Path = arguments.key or keys.demo_files(arguments.data)[1]
    ask = "--key で公開されている証明書を指定してください。"
    if not file.is_file():
        raise Trouble(f"{file} というファイルがありません。{ask}")
    try:
        return keys.published(file)
    except keys.KeyTrouble as trouble:
        raise Trouble(f"{trouble}{ask}") from None


def _report(file: Path, certificates: keys.Certificates) -> Report:
    try:
        with file.open("rb") as opened:
            content = opened.read(verifying.PDF_BYTES_MAX + 1)
    except OSError as refusal:
        step = Step("ファイル", False, f"{file} を読めません({reason(refusal)})。")
        return Report((step,), unreadable=True)
    return verifying.verify_pdf(content, certificates)
