"""命令: `./daicho COMMAND`. Alone it lists its commands; each is one module of `site/commands/`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn, Protocol

from daicho.site.trouble import Trouble

# name -> one line of help; the module is site/commands/<name>.py (import_ for import)
COMMANDS = {
    "demo": "架空の町で窓口を動かす(最初はこれ)",
    "import": "旧システムの住民データを取り込む(--trial で試行)",
    "export": "台帳の全件を register.csv に書き出す",
    "backup": "データベース全部を1つのファイルに書き出す",
    "restore": "書き出したファイルを空のフォルダーに戻す",
    "law": "条文から規則・試験・画面を引く",
    "bench": "速さを、同じ場で測った下限との比で表にする",
    "test": "書式・型・契約・試験・画面操作をすべて確かめる",
    "manage": "管理命令(引数なしで一覧)",
}


MODULES = {"import": "import_"}  # a word of Python cannot name a module


class Command(Protocol):
    """What a module of `site/commands/` offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code."""
    take_signals()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(overview())
        sys.exit(0)
    if words[0] not in COMMANDS:
        sys.stderr.write(f"「{words[0]}」という命令はありません。\n\n{overview()}")
        sys.exit(2)
    try:
        sys.exit(_run(words[0], words[1:]))
    except Trouble as trouble:
        sys.stderr.write(f"daicho: {trouble}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("\ndaicho: 止めました。\n")
        sys.exit(130)


def _run(name: str, words: Sequence[str]) -> int:
    command: Command = import_module(f"daicho.site.commands.{MODULES.get(name, name)}")
    parser = argparse.ArgumentParser(prog=f"./daicho {name}", description=COMMANDS[name])
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def overview() -> str:
    """The list of commands."""
    lines = "".join(f"  ./daicho {name:<9} {text}\n" for name, text in COMMANDS.items())
    return f"台帳(Daicho) 住民基本台帳\n\n{lines}\n各命令の説明: ./daicho 命令 --help\n"


def take_signals() -> None:
    """Ctrl-C and SIGTERM end the command cleanly, also where they came in as ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminated)


def _terminated(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
