"""demo: a made-up town with the counter at http://127.0.0.1:PORT, until Ctrl-C."""

import argparse
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path

from daicho.law import packs
from daicho.site import installation
from daicho.site.commands import count, data_argument
from daicho.site.demo.materials.places import MUNICIPALITIES
from daicho.site.postgres import owner
from daicho.site.trouble import Trouble, say
from daicho.terms import numbers

PORT_MAX = 65_535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    parser.add_argument("--port", type=count, default=8000, help="窓口の番号(既定 8000)")
    parser.add_argument(
        "--municipality",
        metavar="CODE",
        help=f"全国地方公共団体コード6桁(既定 {installation.DEFAULT_MUNICIPALITY} 郡山市)",
    )
    parser.add_argument(
        "--residents", type=count, default=5_000, metavar="N", help="架空の住民の数(既定 5000)"
    )
    parser.add_argument(
        "--role", choices=("municipality", "prefecture"), help="役割(既定 municipality)"
    )


def run(arguments: argparse.Namespace) -> int:
    listener = _listen(arguments.port)
    _only_one(arguments.data.resolve())
    wanted = _wanted(arguments)
    # one password is enough in a made-up town, unless somebody tries another pack there
    os.environ.setdefault("DAICHO_POLICY_PACK", packs.TRIAL)
    os.environ.setdefault("DAICHO_EXTENSIONS", "all")  # what is off by default is seen here too
    with installation.opened(arguments.data, "demo", wanted) as server:
        _only_one(arguments.data.resolve())
        _serve(arguments, listener, server.pid if server else None)
    return 0


def _serve(arguments: argparse.Namespace, listener: socket.socket, database: int | None) -> None:
    from daicho.site import serving
    from daicho.site.demo import cards, operators, residents

    accounts = operators.ensure(arguments.data)
    residents.ensure(arguments.data, arguments.residents)
    if accounts:  # they end with the first residents who are not made up, and so does this
        residents.ensure_certifier()
        if told := cards.ensure(arguments.data):
            say(told)
    set_rules(arguments.data, are_made_up=bool(accounts))
    try:
        with serving.web(listener, os.environ, arguments.data / "log" / "web.log") as web:
            port = listener.getsockname()[1]
            sys.stdout.write(f"READY http://127.0.0.1:{port}\n{operators.table(accounts)}")
            sys.stdout.flush()
            serving.wait(web, database)
    except KeyboardInterrupt:
        say("\n止めています…")  # how a demo is meant to end, so it ends with 0


def set_rules(data: Path, *, are_made_up: bool) -> None:
    """The trial's rules of sign-in end with the last account that is made up.

    From then on those of the municipality itself hold, for every command on this folder.
    """
    known, pack = installation.read(data), packs.TRIAL if are_made_up else ""
    if known is not None and known.pack != pack:
        installation.write(data, replace(known, pack=pack))
    if not are_made_up and os.environ["DAICHO_POLICY_PACK"] == packs.TRIAL:
        os.environ["DAICHO_POLICY_PACK"] = ""


def _wanted(arguments: argparse.Namespace) -> installation.Installation:
    """What the arguments ask for; where they say nothing, what the data is for already."""
    known = installation.read(arguments.data)
    role = arguments.role or (known.role if known else "municipality")
    code = arguments.municipality
    if known is not None and code in (None, known.municipality):
        return _of(role, known.municipality, known.name)
    city = MUNICIPALITIES[installation.DEFAULT_MUNICIPALITY]
    if role == "prefecture":
        # 都道府県の団体コード: the city's first two digits, 000 and its check digit
        own = city["code"][:2] + "000"
        own += numbers.local_government_code_check_digit(own)
        return _of(role, code or own, city["prefecture"] if not code else "")
    code = code or city["code"]
    if code not in MUNICIPALITIES:
        towns = "、".join(f"{one['code']} {one['name']}" for one in MUNICIPALITIES.values())
        raise Trouble(f"架空の町は {code} にはありません。次のどれかにしてください: {towns}")
    return _of(role, code, f"{MUNICIPALITIES[code]['name']}(架空)")


def _of(role: str, code: str, name: str) -> installation.Installation:
    return installation.Installation(role, code, name, pack=packs.TRIAL)


def _only_one(data: Path) -> None:
    """A second demo of the same data has nothing to serve: the first one's counter is open."""
    if (host := owner.read(data)) is None or host.pid == os.getpid():
        return
    with owner.claim(data, "demo") as claim:
        if claim is not None:
            return  # whom the file names has ended
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
        other = port + 1 if port < PORT_MAX else 8001
        raise Trouble(
            f"ポート {port} は使えません(ほかのプログラムが使用中か、許されない番号です)。"
            f"--port で別の番号を指定してください。例: ./daicho demo --port {other}"
        ) from None
    listener.listen(128)
    return listener
