"""操作者としての命令: commands that read or write the register act as an operator, who signs in."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from daicho.site.trouble import Trouble, reason

if TYPE_CHECKING:
    from daicho.access.permits import Permit


def operator_arguments(parser: argparse.ArgumentParser) -> None:
    """`--as LOGIN` and `--password-file FILE`; without them the command asks."""
    parser.add_argument(
        "--as",
        dest="login",
        metavar="操作者ID",
        help="操作者ID(サインインに使うもの。氏名ではありません)",
    )
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="パスワードだけを書いたファイル"
    )


def permit_of(arguments: argparse.Namespace, purpose: str) -> "Permit":
    """The permit of the operator named by the arguments, after a right password."""
    from daicho.access import clock
    from daicho.access.acting import actor
    from daicho.access.permits import permit
    from daicho.access.refusals import NotPermitted
    from daicho.access.sign_in import Backend

    login, password = _asked(arguments)
    operator = Backend().authenticate(None, login, password)
    if operator is None:
        raise Trouble("操作者IDかパスワードが違うか、利用が停止されています。")
    try:
        return permit(actor(operator, terminal="", request_id=uuid4()), purpose, clock.today())
    except NotPermitted as refused:
        found = refused.finding
        raise Trouble(f"{found.what}(根拠: {found.cited}){found.remedy}") from None


def _asked(arguments: argparse.Namespace) -> tuple[str, str]:
    login, file = arguments.login, arguments.password_file
    if (login is None or file is None) and not sys.stdin.isatty():
        raise Trouble("--as 操作者ID と --password-file FILE を指定してください。")
    try:
        if login is None:
            login = input("操作者ID: ")
        if file is None:
            return login, getpass.getpass("パスワード: ")
    except EOFError:
        raise Trouble("操作者IDとパスワードがなければ続けられません。") from None
    try:
        return login, file.read_text("utf-8").rstrip("\r\n")
    except OSError as trouble:
        raise Trouble(f"{file} を読めません({reason(trouble)})。") from None
    except UnicodeDecodeError:
        raise Trouble(f"{file} は文字のファイルではありません。") from None
