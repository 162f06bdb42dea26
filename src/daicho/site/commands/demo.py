"""demo: a made-up town with the counter at http://127.0.0.1:PORT, until Ctrl-C."""

import argparse
import os
import socket
import sys
from pathlib import Path

from daicho.site import installation
from daicho.site.commands import data_argument
from daicho.site.postgres import owner
from daicho.site.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    parser.add_argument("--port", type=int, default=8000, help="窓口の番号(既定 8000)")
    parser.add_argument(
        "--municipality",
        default=installation.DEFAULT_MUNICIPALITY,
        metavar="CODE",
        help="全国地方公共団体コード6桁(既定 072036 郡山市)",
    )
    parser.add_argument(
        "--residents", type=int, default=5_000, metavar="N", help="架空の住民の数(既定 5000)"
    )
    parser.add_argument(
        "--role", choices=("municipality", "prefecture"), default="municipality", help="役割"
    )


def run(arguments: argparse.Namespace) -> int:
    listener = _listen(arguments.port)
    wanted = installation.Installation(role=arguments.role, municipality=arguments.municipality)
    with installation.opened(arguments.data, "demo", wanted):
        _only_one(arguments.data.resolve())
        from daicho.site import serving
        from daicho.site.demo import operators, residents

        accounts = operators.ensure(arguments.data)
        residents.ensure(arguments.data, arguments.residents)
        with serving.web(listener, os.environ, arguments.data / "log" / "web.log") as web:
            port = listener.getsockname()[1]
            sys.stdout.write(f"READY http://127.0.0.1:{port}\n{operators.table(accounts)}")
            sys.stdout.flush()
            serving.wait(web)
    return 0


def _only_one(data: Path) -> None:
    host = owner.read(data)
    if "DATABASE_OWNER_URL" in os.environ and host is not None and host.pid != os.getpid():
        raise Trouble(
            f"{data} では「{host.command}」(pid {host.pid})がもう動いています。"
            "それを止めるか、--data で別のフォルダーを指定してください。"
        )


def _listen(port: int) -> socket.socket:
    """Take the port before anything else is done, so that a taken one costs no waiting."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except (OSError, OverflowError):
        raise Trouble(
            f"ポート {port} は使えません(ほかのプログラムが使用中か、許されない番号です)。"
            f"--port で別の番号を指定してください。例: ./daicho demo --port {port % 60000 + 1}"
        ) from None
    listener.listen(128)
    return listener
