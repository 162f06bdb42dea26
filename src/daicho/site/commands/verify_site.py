"""verify-site: the verification page as a process of its own, with published certificates only."""

import argparse
import os
import sys
from datetime import date

from daicho.certificates.verify_site import server
from daicho.certificates.verify_site.app import Application
from daicho.law.extensions import UnknownExtension, extensions_on
from daicho.law.safety.watching.arrivals import Arrivals
from daicho.law.safety.watching.ceilings import ceilings
from daicho.site.commands import count, data_argument
from daicho.site.commands.verify import key_argument, published
from daicho.site.logs import WebServerLog
from daicho.site.serving import apart
from daicho.site.trouble import Trouble

DEFAULT_PORT = 8010


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    key_argument(parser)
    parser.add_argument("--port", type=count, default=DEFAULT_PORT, metavar="番号", help="待ち受け")
    parser.add_argument("--host", default="127.0.0.1", metavar="宛先", help="待ち受けるアドレス")
    parser.add_argument(
        "--address-header",
        default="",
        metavar="ヘッダー",
        help="同じ計算機の配信サーバーが、相手の宛先を入れるヘッダー(既定は、何も信じない)",
    )


def run(arguments: argparse.Namespace) -> int:
    _must_be_switched_on()
    apart.must_know_no_secret("検証ページ")
    certificates = published(arguments)
    listener = apart.listener(arguments.host, arguments.port)
    address = f"http://{arguments.host}:{listener.getsockname()[1]}"

    def ready() -> None:
        sys.stdout.write(f"READY {address}\n止めるには Ctrl-C\n")
        sys.stdout.flush()

    held = ceilings(date.max)  # the newest figures: this process knows no clock
    arrivals = Arrivals(held.checks_minute, held.checks_at_once)
    application = Application(certificates, arrivals, arguments.address_header)
    server.serve(application, listener, WebServerLog, ready)
    return 0


def _must_be_switched_on() -> None:
    try:
        is_on = "verification_page" in extensions_on(os.environ.get("DAICHO_EXTENSIONS", ""))
    except UnknownExtension as unknown:
        raise Trouble(f"DAICHO_EXTENSIONS: {unknown}") from None
    if not is_on:
        raise Trouble(
            "検証ページは標準にない機能で、DAICHO_EXTENSIONS で切られています。"
            "動かすには verification-page を加えてください。"
        )
