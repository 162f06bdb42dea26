"""demo: a made-up town with the counter at http://127.0.0.1:PORT, until Ctrl-C; with --network a
small nation of six parties, from that port on."""

import argparse
import os
import socket
import sys
from contextlib import ExitStack

from daicho.law import packs
from daicho.site import installation
from daicho.site.commands import count, data_argument
from daicho.site.demo.materials.places import MUNICIPALITIES
from daicho.site.nation.members import prefecture_code
from daicho.site.postgres import owner
from daicho.site.serving.apart import PORT_MAX
from daicho.site.trouble import Trouble, say

RESIDENTS, RESIDENTS_OF_A_NATION = 5_000, 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    parser.add_argument("--port", type=count, default=8000, help="窓口の番号(既定 8000)")
    parser.add_argument(
        "--municipality",
        metavar="CODE",
        help=f"全国地方公共団体コード6桁(既定 {installation.DEFAULT_MUNICIPALITY} 郡山市)",
    )
    parser.add_argument(
        "--residents",
        type=count,
        metavar="N",
        help=f"架空の住民の数(既定 {RESIDENTS}。--network では1市ごとに {RESIDENTS_OF_A_NATION})",
    )
    parser.add_argument(
        "--role",
        choices=("municipality", "prefecture", "centre"),
        help="役割(既定 municipality)",
    )
    parser.add_argument(
        "--network",
        action="store_true",
        help="3つの市、2つの県、機構を、通信でつないで動かす(番号は --port から)",
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.network:
        return _nation(arguments)
    listener = _listen(arguments.port)
    data = arguments.data.resolve()
    owner.must_be_alone(data, "demo")
    wanted = _wanted(arguments)
    # one password is enough in a made-up town, unless somebody tries another pack there
    os.environ.setdefault("DAICHO_POLICY_PACK", packs.TRIAL)
    os.environ.setdefault("DAICHO_EXTENSIONS", "all")  # what is off by default is seen here too
    with ExitStack() as held:
        server = held.enter_context(installation.opened(arguments.data, "demo", wanted))
        owner.must_be_alone(data, "demo")
        if server and server.data != data:  # one of several on that server, so held by itself
            held.enter_context(owner.alone(data, "demo"))
        _serve(arguments, listener, server.pid if server else None)
    return 0


def _nation(arguments: argparse.Namespace) -> int:
    if arguments.municipality or arguments.role:
        raise Trouble(
            "--network は団体が決まっています。--municipality と --role を外してください。"
        )
    from daicho.site.nation import running

    people = arguments.residents
    running.run(arguments.data, arguments.port, RESIDENTS_OF_A_NATION if people is None else people)
    return 0


def _serve(arguments: argparse.Namespace, listener: socket.socket, database: int | None) -> None:
    from django.conf import settings

    from daicho.site import serving
    from daicho.site.demo import beginning, operators
    from daicho.site.serving import keeping, lines
    from daicho.site.serving.keeping import Needed

    log = arguments.data / "log"
    people = RESIDENTS if arguments.residents is None else arguments.residents
    accounts, told = beginning.ensure(arguments.data, people)
    if told:
        say(told)
    kept = [lines.kept(os.environ, log / "lines.log")] if settings.NETWORK_IS_SET else []
    try:
        with serving.web(listener, os.environ, log / "web.log") as web:
            needed = [Needed("窓口の配信", web.pid, log / "web.log")]
            if database is not None:
                needed.append(Needed("データベース", database, log / "postgres.log"))
            for one in kept:
                one.begin()
            port = listener.getsockname()[1]
            sys.stdout.write(f"READY http://127.0.0.1:{port}\n{operators.table(accounts)}")
            sys.stdout.flush()
            keeping.keep(needed, kept)
    except KeyboardInterrupt:
        say("\n止めています…")  # how a demo is meant to end, so it ends with 0
    finally:
        keeping.end(kept)


def _wanted(arguments: argparse.Namespace) -> installation.Installation:
    """What the arguments ask for; where they say nothing, what the data is for already."""
    known = installation.read(arguments.data)
    role = arguments.role or (known.role if known else "municipality")
    code = arguments.municipality
    if known is not None and code in (None, known.municipality):
        return _of(role, known.municipality, known.name)
    city = MUNICIPALITIES[installation.DEFAULT_MUNICIPALITY]
    if role == "centre":
        return _of(role, code or "", "機構(架空)")
    if role == "prefecture":
        own = prefecture_code(city["code"][:2])
        return _of(role, code or own, city["prefecture"] if not code else "")
    code = code or city["code"]
    if code not in MUNICIPALITIES:
        towns = "、".join(f"{one['code']} {one['name']}" for one in MUNICIPALITIES.values())
        raise Trouble(f"架空の町は {code} にはありません。次のどれかにしてください: {towns}")
    return _of(role, code, f"{MUNICIPALITIES[code]['name']}(架空)")


def _of(role: str, code: str, name: str) -> installation.Installation:
    return installation.Installation(role, code, name, pack=packs.TRIAL)


def _listen(port: int) -> socket.socket:
    """Take the port before anything else is done, so that a taken one costs no waiting."""
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except (OSError, OverflowError):
        other = port + 1 if port < PORT_MAX else 8001
        raise Trouble(
            f"ポート {port} は使えません(ほかのプログラムが使用中か、許されない番号です)。"
            f"--port で別の番号を指定してください。例: ./daicho demo --port {other}"
        ) from None
