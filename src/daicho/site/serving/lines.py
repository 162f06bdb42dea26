"""通信の回線: the process that talks with the neighbours, beside the one that serves people.

`python -P -m daicho.site.serving.lines`, with the environment of the web workers. It ends with
whoever started it; SIGTERM ends it in order.
"""

import gc
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from daicho.site.cli import OBJECTS_UNTIL_GARBAGE
from daicho.site.serving import child
from daicho.site.serving.child import Begin, Process
from daicho.site.serving.keeping import Kept

if TYPE_CHECKING:
    from daicho.network.running import Loop

REFILL_SECONDS = 30.0


def kept(given: Mapping[str, str], log: Path, of: str = "", start: Begin = child.begin) -> Kept:
    """回線を続ける: as it is kept running beside the web server; `of` is whose, where many are."""
    return Kept(f"{of}通信の回線", log, lambda: begin(given, log, start))


def begin(given: Mapping[str, str], log: Path, start: Begin = child.begin) -> Process:
    """回線を始める: its JSON log goes to the file `log`."""
    words = [sys.executable, "-P", "-m", "daicho.site.serving.lines"]
    return start(words, child.environment(given), log.absolute())


def main() -> None:
    """The process itself: until it is told to stop."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    gc.set_threshold(OBJECTS_UNTIL_GARBAGE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.site.settings")
    import django

    django.setup()
    _must_be_sound()
    from daicho.network import running  # its models can be imported from here on

    more = _of_the_register()
    gc.collect()
    gc.freeze()
    running.keep(stop, more)


def _of_the_register() -> "list[Loop]":
    """台帳の仕事: in a municipality, what came for the register is recorded, and what it lacks is
    asked for."""
    from django.apps import apps

    from daicho.network.running import LOOK_SECONDS, Loop

    if not apps.is_installed("daicho.register"):
        return []
    from daicho.recording import arrived

    def record() -> float:
        return 0.0 if arrived.record_due() else LOOK_SECONDS

    def refill() -> float:
        arrived.refill()
        return REFILL_SECONDS

    return [Loop("record", record), Loop("refill", refill)]


def _must_be_sound() -> None:
    """Only a sound configuration speaks with anybody."""
    from django.core import checks
    from django.db import connections

    from daicho.site.checks import SETTING

    tags = (SETTING, checks.Tags.database)
    found = checks.run_checks(tags=tags, databases=["default"])
    connections.close_all()
    if wrong := [one for one in found if one.is_serious()]:
        sys.stderr.write("".join(f"{one.id} {one.msg} {one.hint or ''}\n" for one in wrong))
        sys.exit("台帳は、この設定では通信を始めません。")


if __name__ == "__main__":
    main()
