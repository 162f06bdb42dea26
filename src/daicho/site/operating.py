"""操作者としての命令: commands that read or write the register act as an operator, who signs in."""

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from daicho.site.trouble import Trouble, reason

if TYPE_CHECKING:
    from daicho.access.entering import Operator
    from daicho.access.permits import Permit

NOT_ACCEPTED = "操作者IDかパスワードが違うか、利用が停止されています。"


def operator_arguments(parser: argparse.ArgumentParser) -> None:
    """`--as LOGIN`, `--password-file FILE`, `--code-file FILE`; without them the command asks."""
    parser.add_argument(
        "--as",
        dest="login",
        metavar="操作者ID",
        help="操作者ID(サインインに使うもの。氏名ではありません)",
    )
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="パスワードだけを書いたファイル"
    )
    parser.add_argument(
        "--code-file",
        type=Path,
        metavar="FILE",
        help="ワンタイムパスワードか回復用コードだけを書いたファイル(求められる操作者のとき)",
    )


def permit_of(arguments: argparse.Namespace, purpose: str) -> "Permit":
    """The permit of the operator named by the arguments, after everything that sign-in asks.

    An authenticator cannot be asked here: who has only that one takes a recovery code, or registers
    a device that shows codes.
    """
    from daicho.access import clock
    from daicho.access.acting import actor
    from daicho.access.entering import admitting, passwords
    from daicho.access.permits import permit

    login, password = _asked(arguments)
    request_id = uuid4()
    operator = passwords.Backend().authenticate(None, login, password)
    if operator is None:
        raise Trouble(NOT_ACCEPTED)
    if passwords.must_be_changed(operator):
        raise Trouble("パスワードを変える必要があります。画面でサインインして変えてください。")
    shown = ["password", *_second_factor(arguments, operator, request_id)]
    if admitting.admit(operator, shown, "", request_id) is not None:
        raise Trouble(NOT_ACCEPTED)
    with permitted():
        return permit(actor(operator, terminal="", request_id=request_id), purpose, clock.today())


def works_here(login: str) -> bool:
    """Is this the 操作者ID of somebody who has not ended? For commands that are told one."""
    from daicho.access import clock
    from daicho.access.people import queries
    from daicho.access.permits import system_permit

    known = queries.operators(system_permit("operators", clock.today(), uuid4()))
    return any(one.login == login and one.state != "ended" for one in known)


@contextmanager
def permitted() -> Iterator[None]:
    """Turn what is not permitted inside, which is trailed already, into a `Trouble`."""
    from daicho.access.refusals import NotPermitted

    try:
        yield
    except NotPermitted as refused:
        found = refused.finding
        raise Trouble(f"{found.what}(根拠: {found.cited}){found.remedy}") from None


def _second_factor(
    arguments: argparse.Namespace, operator: "Operator", request_id: UUID
) -> list[str]:
    """The kind of the code that was shown, where one is asked of this operator."""
    from daicho.access.entering import codes, factors, tries
    from daicho.law.rule import Finding
    from daicho.law.safety.factors import WRONG

    if factors.must_be_registered(operator):
        raise Trouble("認証の方法が登録されていません。画面でサインインして登録してください。")
    kinds = factors.kinds_of(operator)
    if not kinds:
        return []
    if kinds == {factors.WEBAUTHN}:
        raise Trouble(f"命令では認証器を使えません。{_instead()}")
    code, shown = _code(arguments), ""

    def check(kept: "Operator") -> Finding | None:
        nonlocal shown
        shown = codes.which(kept, code)
        return None if shown else WRONG()

    found = tries.attempt(
        operator, check, failed="second_factor_failed", terminal="", request_id=request_id
    )
    if found is not None:
        raise Trouble("コードが違うか、利用が停止されています。")
    return [shown]


def _instead() -> str:
    """What may be registered for the use with commands, by the rules of sign-in."""
    from daicho.access import policy
    from daicho.access.entering import factors

    codes = (factors.TOTP, factors.RECOVERY_CODES)
    titles = [factors.TITLES[one] for one in codes if one in policy.sign_in().factors]
    if titles:
        return f"画面で{'か'.join(titles)}を登録してください。"
    return (
        "規程の組は認証器だけを認めています。命令を使うには、規程の組の factors に totp か"
        " recovery_codes を加えてから、画面で登録してください。"
    )


def _code(arguments: argparse.Namespace) -> str:
    if arguments.code_file is not None:
        return _only_line(arguments.code_file)
    if not sys.stdin.isatty():
        raise Trouble("この操作者にはコードも必要です。--code-file FILE を指定してください。")
    try:
        return getpass.getpass("ワンタイムパスワードか回復用コード: ")
    except EOFError:
        raise Trouble("コードがなければ続けられません。") from None


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
    return login, _only_line(file)


def _only_line(file: Path) -> str:
    try:
        return file.read_text("utf-8").rstrip("\r\n")
    except OSError as trouble:
        raise Trouble(f"{file} を読めません({reason(trouble)})。") from None
    except UnicodeDecodeError:
        raise Trouble(f"{file} は文字のファイルではありません。") from None
