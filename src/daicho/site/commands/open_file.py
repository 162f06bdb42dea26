"""open-file FILE OUT: open a sealed file with its passphrase; no register is needed.

Nothing half is written: OUT has its name once the last frame has been proven. The passphrase comes
from a question or from a file, never from the command line, which other processes can read.
"""

import argparse
import getpass
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from daicho.access.sealed_files import opening
from daicho.access.sealed_files.opening import NotOpened, Opened
from daicho.site.trouble import Trouble, on_disk, reason

_WHY = {
    opening.NOT_OURS: "台帳が封をしたファイルではありません。",
    opening.PASSPHRASE: "合い言葉が違うか、表書きが書き換えられています。",
    opening.DAMAGED: "途中で切れているか、書き換えられています。送り直してもらってください。",
}
_TOLD = {
    "export": "持出しの番号",
    "request": "求めの番号",
    "kind": "種類",
    "purpose": "事務",
    "article": "根拠",
    "made_by": "作った者(操作者ID)",
    "asked_by": "求めた者(操作者ID)",
    "approved_by": "許可した者(操作者ID)",
    "made_on": "作った日",
    "ground": "理由",
    "recipient": "渡す相手",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="封をしたファイル")
    parser.add_argument("out", type=Path, metavar="OUT", help="中身の出力先(まだないもの)")
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="合い言葉だけを書いたファイル"
    )


def run(arguments: argparse.Namespace) -> int:
    out: Path = arguments.out
    if out.exists():
        raise Trouble(f"{out} はもうあります。別の名前にしてください。")
    passphrase = _passphrase(arguments.passphrase_file)
    with on_disk(out):
        found = opened(arguments.file, passphrase, out)
    told = "".join(f"{name}: {_line(found.said.get(key, ''))}\n" for key, name in _TOLD.items())
    sys.stdout.write(f"{told}{out} に {found.rows} 行を書き出しました。\nSHA-256 {found.sha256}\n")
    return 0


def opened(file: Path, passphrase: str, out: Path) -> Opened:
    """Open `file` into `out`, mode 0600, whole or not at all; raises Trouble."""
    try:
        sealed = file.open("rb")
    except OSError as trouble:
        raise Trouble(f"{file} を読めません({reason(trouble)})。") from None
    with sealed:
        # a name that nothing has: what stands beside it is somebody's, or FILE itself
        handle, name = tempfile.mkstemp(".part", f".{out.name}-", out.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as written:
                found = opening.opened(sealed, passphrase, written.write)
                written.flush()
                os.fsync(written.fileno())
            part.replace(out)
        except NotOpened as no:
            raise Trouble(f"{file} を開けません。{_WHY[no.reason]}") from None
        finally:
            part.unlink(missing_ok=True)
    return found


def _line(said: Any) -> str:
    # a header that is not changed is still somebody else's text: it must not move the cursor
    return "".join(letter for letter in str(said) if letter.isprintable())


def _passphrase(file: Path | None) -> str:
    if file is not None:
        try:
            return file.read_text("utf-8").strip()
        except OSError as trouble:
            raise Trouble(f"{file} を読めません({reason(trouble)})。") from None
        except UnicodeDecodeError:
            raise Trouble(f"{file} は文字のファイルではありません。") from None
    if not sys.stdin.isatty():
        raise Trouble("合い言葉が必要です。--passphrase-file FILE を指定してください。")
    try:
        return getpass.getpass("合い言葉: ")
    except EOFError:
        raise Trouble("合い言葉がなければ開けられません。") from None
