"""命令: `./daicho COMMAND`. Alone it lists its commands; each is one module of `site/commands/`."""

import argparse
import gc
import os
import select
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from types import FrameType
from typing import NoReturn, Protocol

from daicho.site.trouble import Trouble, on_disk

# name -> one line of help; the module is site/commands/<name>.py (import_ for import)
COMMANDS = {
    "demo": "架空の町で窓口を動かす(最初はこれ)",
    "import": "旧システムの住民データを取り込む(--trial で試行)",
    "export": "台帳の全件を書き出す(許可された求めにより封をして。架空の町はそのまま)",
    "open-file": "封をしたファイルを合い言葉で開ける(台帳は要らない)",
    "backup": "データベース全部を1つのファイルに書き出す",
    "restore": "書き出したファイルを空のフォルダーに戻す",
    "verify": "証明書のPDFの署名と内容を確かめる",
    "verify-site": "証明書を確かめるページを出す(公開の鍵だけを持つ別の処理)",
    "export-trail": "利用記録を、署名された先頭と共に書き出す",
    "verify-trail": "書き出された利用記録を、署名された先頭と照合する",
    "witness": "利用記録の先頭に立ち会って署名する(台帳を知らない別の処理)",
    "law": "条文から規則・試験・画面を引く",
    "kinds": "異動の種別ごとに、効果・審査・画面・後続・試験を表にする",
    "pki": "自治体・都道府県・機構の通信の認証局と、団体の鍵・証明書",
    "sim": "自治体・都道府県・機構の通信を、種から再現できる模擬で試す",
    "bench": "速さを、同じ場で測った下限との比で表にする",
    "test": "書式・型・契約・試験・画面操作をすべて確かめる",
    "manage": "管理命令(引数なしで一覧)",
}


# a word of Python cannot name a module, nor can a hyphen stand in one
MODULES = {
    "import": "import_",
    "verify-site": "verify_site",
    "open-file": "open_file",
    "export-trail": "export_trail",
    "verify-trail": "verify_trail",
}
# What a start loads stays. To look through it for garbage at every 700 objects, as Python does by
# itself, takes a twentieth of the start.
OBJECTS_UNTIL_GARBAGE = 50_000
UNEXPECTED = 70  # EX_SOFTWARE: a mistake of ours, neither the operator's nor the machine's
FRAMES_SHOWN = 3

_JAPANESE = {
    "usage: ": "使い方: ",
    "positional arguments": "指定するもの",
    "options": "選べるもの",
    "show this help message and exit": "この説明を出して終わる",
    "%(prog)s: error: %(message)s\n": "daicho: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "%s を指定してください。",
    "unrecognized arguments: %s": "%s という引数はありません。",
    "expected one argument": "値を1つ指定してください。",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(choices)s のどれかにしてください。",
}


class Command(Protocol):
    """What a module of `site/commands/` offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


class Stopped(KeyboardInterrupt):
    """止められた: Ctrl-C, SIGTERM or a closed terminal; `number` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code."""
    gc.set_threshold(OBJECTS_UNTIL_GARBAGE)
    take_signals()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _answer(words)
        sys.stdout.flush()
    except Trouble as trouble:
        code = _say(f"daicho: {trouble}", 1)
    except Stopped as stopped:
        code = _say("\ndaicho: 止めました。", 128 + stopped.number)
    except BrokenPipeError as broken:
        code = _ended_by_reader() if _reader_has_gone() else _say(described(broken), UNEXPECTED)
    except Exception as unexpected:
        code = _say(described(unexpected), UNEXPECTED)
    sys.exit(code)


def _answer(words: Sequence[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(overview())
        return 0
    if words[0] not in COMMANDS:
        return _say(f"「{words[0]}」という命令はありません。\n\n{overview()}", 2)
    with on_disk(Path()):
        return _run(words[0], words[1:])


def _run(name: str, words: Sequence[str]) -> int:
    command: Command = import_module(f"daicho.site.commands.{MODULES.get(name, name)}")
    # argparse asks this name for its sentences; what is not in our table stays as it is
    vars(argparse)["_"] = lambda text: _JAPANESE.get(text, text)
    parser = argparse.ArgumentParser(
        prog=f"./daicho {name}", description=COMMANDS[name], allow_abbrev=False
    )
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def _reader_has_gone() -> bool:
    """Does nobody read our words any more? Any other pipe or connection that broke is an error."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)  # only what is always told: that the other end is gone
    return any(told & (select.POLLERR | select.POLLHUP) for _, told in output.poll(0))


def _ended_by_reader() -> int:
    """Whoever reads us (head, less) has seen enough; Python must not try to flush at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _say(sentence: str, code: int) -> int:
    with suppress(BrokenPipeError):  # the code tells it, where nobody reads the words
        sys.stderr.write(f"{sentence}\n")
    return code


def described(unexpected: Exception) -> str:
    """Class and places only: what an exception says may hold what a person is called."""
    frames = extract_tb(unexpected.__traceback__)[-FRAMES_SHOWN:]
    places = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
    return (
        f"daicho: プログラムの誤りで止まりました({type(unexpected).__name__} {places})。"
        "書き終わっていない処理は取り消されています。この行を添えて知らせてください。"
    )


def overview() -> str:
    """The list of commands."""
    lines = "".join(f"  ./daicho {name:<12} {text}\n" for name, text in COMMANDS.items())
    return f"台帳(Daicho) 住民基本台帳\n\n{lines}\n各命令の説明: ./daicho 命令 --help\n"


def take_signals() -> None:
    """Ctrl-C and SIGTERM end the command cleanly, also where they came in as ignored."""
    signal.signal(signal.SIGINT, _stopped)
    signal.signal(signal.SIGTERM, _stopped)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup means to go on
        signal.signal(signal.SIGHUP, _stopped)


def _stopped(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)
