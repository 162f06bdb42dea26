"""witness: co-signs the heads of trails, as a process of its own that knows no register."""

import argparse
import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from daicho.access import clock
from daicho.access.proof import head_key
from daicho.access.witness import answering, book
from daicho.site import logs
from daicho.site.commands import count
from daicho.site.serving import apart
from daicho.site.trouble import Trouble, on_disk

DEFAULT_PORT = 8020
KEY, PUBLIC, BOOK = "witness_key.pem", "witness_key.pub.pem", "witness.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=Path("var-witness"), metavar="DIR", help="帳面と鍵の置き場所"
    )
    parser.add_argument("--port", type=count, default=DEFAULT_PORT, metavar="番号", help="待ち受け")
    parser.add_argument("--host", default="127.0.0.1", metavar="宛先", help="待ち受けるアドレス")
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="団体=指紋",
        help="その団体の署名鍵を、この指紋(SHA-256)の鍵とする",
    )
    parser.add_argument(
        "--forget",
        action="append",
        default=[],
        metavar="団体",
        help="その団体の最後の先頭を手放して終わる。次に示されるものから始まる(復元を認めるとき)",
    )


def run(arguments: argparse.Namespace) -> int:
    apart.must_know_no_secret("立会人")
    logs.configure()
    folder: Path = arguments.data
    if (folder / "installation.json").exists():
        raise Trouble(f"{folder} は台帳のフォルダーです。立会人には別のフォルダーを指定します。")
    with on_disk(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder):
            return _run(folder, arguments)


def _run(folder: Path, arguments: argparse.Namespace) -> int:
    key, kept = _opened(folder)
    _told_by_hand(kept, arguments)
    if arguments.forget:
        sys.stdout.write("手放しました。控えは帳面に残っています。\n")
        return 0
    witness = answering.Witness(kept, key, clock.now)
    try:
        server = answering.server(witness, arguments.host, arguments.port)
    except (OSError, OverflowError):
        raise apart.no_port(arguments.host, arguments.port) from None
    with server:
        sys.stdout.write(
            f"READY http://{arguments.host}:{server.server_port}{answering.ADDRESS}\n"
            f"公開鍵 {folder / PUBLIC}(指紋 {head_key.fingerprint(key.public)})\n"
            "止めるには Ctrl-C\n"
        )
        sys.stdout.flush()
        server.serve_forever()
    return 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process a book: two would sign two different continuations of one trail."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(f"{folder} では、別の立会人が動いています。") from None
        yield


def _opened(folder: Path) -> tuple[head_key.HeadKey, book.Book]:
    """Key and book: both made at the first start; later neither is made without the other."""
    try:
        if not (folder / KEY).exists() and not (folder / BOOK).exists():
            kept = book.begun(folder / BOOK)
            head_key.create(folder / KEY)
        else:
            kept = book.opened(folder / BOOK)
        key = head_key.load(folder / KEY)
    except (book.BookTrouble, head_key.KeyTrouble) as trouble:
        raise Trouble(f"{folder}: {trouble}") from None
    (folder / PUBLIC).write_text(key.public, encoding="ascii")
    return key, kept


def _told_by_hand(kept: book.Book, arguments: argparse.Namespace) -> None:
    for whose in arguments.forget:
        if kept.page(whose) == book.Page():
            raise Trouble(f"帳面に {whose} の頁がありません。団体の書き方を確かめてください。")
        kept.keep(whose, kept.page(whose).forgotten(clock.now()))
    for said in arguments.accept:
        whose, _, fingerprint = said.partition("=")
        if not whose or len(fingerprint) != 64 or set(fingerprint) - set("0123456789abcdef"):
            raise Trouble("--accept は 団体=指紋(16進数64桁)で指定します。")
        kept.keep(whose, replace(kept.page(whose), pinned=fingerprint))
