"""export OUTDIR: the whole register, without any 個人番号.

Of a made-up town it is one deterministic register.csv. Of any other it leaves sealed, under leave
that another person gave: --request N.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from daicho.site import installation, operating
from daicho.site.commands import data_argument
from daicho.site.trouble import Trouble, on_disk

if TYPE_CHECKING:
    from daicho.access.permits import Permit

FILES = ("register.csv", "register.csv.sealed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    operating.operator_arguments(parser)
    parser.add_argument("folder", type=Path, metavar="OUTDIR", help="書き出すフォルダー")
    parser.add_argument(
        "--request",
        type=int,
        metavar="番号",
        help="許可された持出しの求めの番号(架空の町のほかは必要。封をしたファイルになる)",
    )


def run(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.folder
    for name in FILES:
        if (folder / name).exists():
            raise Trouble(f"{folder}/{name} はもうあります。別のフォルダーにしてください。")
    with installation.opened(arguments.data, "export"):
        needs_leave(arguments.request)
        permit = operating.permit_of(arguments, "data.export")
        return written(permit, folder, arguments.request)


def written(permit: "Permit", folder: Path, request: int | None) -> int:
    """Write the file of a request, or the plain one of a made-up town; raises Trouble."""
    with on_disk(folder), operating.permitted():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _plain(permit, folder) if request is None else _sealed(permit, request, folder)


def needs_leave(request: int | None) -> None:
    """Raises Trouble where leave is needed and none is named: everywhere but in a made-up town."""
    from daicho.access import policy
    from daicho.law.packs import TRIAL

    if request is None and policy.pack().code != TRIAL:
        raise Trouble(
            "全件の出力には、別の者が許可した持出しの求めが必要です(住民基本台帳法第36条の2第1項)。"
            "「データの持出し」の画面で「標準の形式での全件」を求め、許可の後に"
            " --request 番号 を添えて実行してください。"
        )


def _plain(permit: "Permit", folder: Path) -> int:
    from daicho.register import exporting

    made = exporting.write(permit, folder)
    sys.stdout.write(f"{made.file} に {made.lines} 行を書き出しました。\nSHA-256 {made.sha256}\n")
    return 0


def _sealed(permit: "Permit", request: int, folder: Path) -> int:
    from daicho.access.people.registering import NotThere
    from daicho.access.refusals import Refused
    from daicho.register.extracting import whole

    try:
        made = whole.write(permit, request, folder)
    except NotThere:
        raise Trouble(f"持出しの求め {request} はありません。番号を確かめてください。") from None
    except Refused as refused:
        found = refused.findings[0]
        raise Trouble(f"{found.what}(根拠: {found.cited}){found.remedy}") from None
    sys.stdout.write(
        f"{folder / whole.FILE} に {made.rows} 行を、封をして書き出しました。\n"
        f"中身のSHA-256 {made.digest}\n"
        f"合い言葉 {made.passphrase}\n"
        "合い言葉は二度と表示しません。ファイルとは別の経路で渡してください。"
        f"なくしたときの作り直しは、許可の期間のうちに、あと{made.times_left}回です。"
        "開けるには ./daicho open-file ファイル 出力先\n"
    )
    return 0
