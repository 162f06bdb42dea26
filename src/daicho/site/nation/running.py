"""小さな国を動かす: one database server, and for each party its web server and its lines.

Below `var/nation/`: `server/` the cluster, `authority/` the private authority, and a data folder
for each party, named by its code. Who runs the command holds all of them.
"""

import json
import os
import sys
import tempfile
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, Any

from daicho.site import embedded
from daicho.site.nation import forked, preparing, seats, stocks
from daicho.site.nation.seats import Seat
from daicho.site.postgres import owner
from daicho.site.serving import child, keeping, lines, workers
from daicho.site.serving.child import Process
from daicho.site.serving.keeping import Kept, Needed
from daicho.site.trouble import Trouble, on_disk, say

COMMAND = "demo --network"
# of six parties each with a worker of four threads, its timetable's and its lines, and commands
SETTINGS = {"max_connections": "200"}
AT_ONCE = (os.cpu_count() or 1) + 1  # now and then each waits for the disk
_OURS = ("DAICHO_", "DATABASE_", "DJANGO_")
# Any other setting of ours would be one party's; the six of them share the environment.
_SHARED = ("DAICHO_FONTS", "DAICHO_POLICY_PACK", "DAICHO_EXTENSIONS", "DAICHO_LEAKED_PASSWORDS")


def run(data: Path, port: int, people: int) -> None:
    """動かす: until Ctrl-C; Trouble where the database ends, or a party cannot be made ready."""
    if "DATABASE_URL" in os.environ:
        raise Trouble(
            "--network は組み込みのデータベースで動きます。DATABASE_URL を外してください。"
        )
    nation = data.absolute() / "nation"
    server_folder = nation / seats.SERVER
    owner.must_be_alone(server_folder, COMMAND)
    with ExitStack() as held, on_disk(nation):
        found = held.enter_context(seats.taken(nation, port))
        server = held.enter_context(embedded.running(server_folder, COMMAND, SETTINGS))
        owner.must_be_alone(server_folder, COMMAND)  # another command may have come first
        for seat in found:
            held.enter_context(owner.alone(seat.folder, COMMAND))
        seats.furnish(nation, found)
        forked.share()
        kept = held.enter_context(_started(found, people))
        try:
            stocks.wait(server, found)
            sys.stdout.write(f"{''.join(seat.card() for seat in found)}止めるには Ctrl-C\n")
            sys.stdout.flush()
            log = server_folder / "log" / "postgres.log"
            keeping.keep([Needed("データベース", server.pid, log)], kept)
        except KeyboardInterrupt:
            say("\n止めています…")  # how a demo is meant to end, so it ends with 0


@contextmanager
def _started(found: Sequence[Seat], people: int) -> Iterator[list[Kept]]:
    """Each party's screens, begun as soon as it is prepared, and the lines of all when everybody
    is, for who is not there is asked later and later; given when all screens answer."""
    kept: list[Kept] = []
    environment = _environment()
    webs = []
    try:
        with closing(_prepared(found, people, environment)) as prepared:
            for seat in prepared:
                web, line = _kept(seat, environment | seat.told["environment"])
                kept += web, line
                web.begin()
                webs.append((seat, web, line))
        for _, _, line in reversed(webs):
            line.begin()
        for seat, web, _ in webs:
            assert web.child is not None, "it has been begun"
            workers.wait_until_ready(web.child, seat.door.getsockname()[1], web.log)
            if told := seat.told["card"]:
                say(f"{seat.member.name} {told}")
        yield kept
    finally:
        keeping.end(kept)


def _kept(seat: Seat, environment: Mapping[str, str]) -> tuple[Kept, Kept]:
    """The two processes of a party that go on."""
    name, log = seat.member.name, seat.log("web")
    return (
        Kept(
            f"{name}の画面の配信",
            log,
            lambda: workers.begin(seat.door, environment, log, workers=1, start=forked.begin),
        ),
        lines.kept(environment, seat.log("lines"), of=f"{name}の", start=forked.begin),
    )


def _prepared(
    found: Sequence[Seat], people: int, environment: Mapping[str, str]
) -> Generator[Seat, None, None]:
    """The parties, each when it is ready to be served; some are made ready at once."""
    waiting = deque(found)
    running: list[tuple[Seat, Process, IO[bytes]]] = []
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                seat = waiting.popleft()
                say(f"{seat.member.name}を用意しています…")
                running.append(_preparing(seat, people, environment))
            keeping.until_one_ends(one for _, one, _ in running)
            for each in [each for each in running if each[1].poll() is not None]:
                running.remove(each)
                yield _told(*each)
    finally:
        child.end([one for _, one, _ in running])


def _preparing(
    seat: Seat, people: int, environment: Mapping[str, str]
) -> tuple[Seat, Process, IO[bytes]]:
    # what it tells are passwords: into a file without a name
    out = tempfile.TemporaryFile()  # noqa: SIM115  closed when it was read
    begun = forked.begin(
        preparing.words(seat.folder, people),
        child.environment(environment),
        seat.log("preparing"),
        out=out.fileno(),
    )
    return seat, begun, out


def _told(seat: Seat, ended: Process, out: IO[bytes]) -> Seat:
    with out:
        out.seek(0)
        text = out.read()
    try:
        told: dict[str, Any] = json.loads(text)
    except ValueError:
        log = seat.log("preparing")
        raise Trouble(
            f"{seat.member.name}を用意できませんでした({keeping.how(ended.returncode)})。"
            f"{log} を確かめてください。"
        ) from None
    if trouble := told.get("trouble"):
        raise Trouble(f"{seat.member.name}を用意できませんでした。{trouble}")
    seat.told = told
    return seat


def _environment() -> dict[str, str]:
    """What every process of the nation is given; the rest comes from the folder of its party."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OURS) or name in _SHARED
    }
    return {"DAICHO_EXTENSIONS": "all"} | kept
