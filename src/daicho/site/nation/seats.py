"""団体の席: where each party of the nation has its data, its screens, its lines and its keys."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import Any

from daicho.network.keys.folders import AUTHORITY
from daicho.site import installation, roles
from daicho.site.commands.pki import DIRECTORY
from daicho.site.nation import authority
from daicho.site.nation.members import Member, members, neighbours
from daicho.site.serving import apart, line_settings
from daicho.site.trouble import Trouble

HOST = authority.HOST
SERVER, AUTHORITY_FOLDER = "server", "authority"
LINES_ABOVE = 400
"""回線の番号: so much above that of the screens."""


@dataclass
class Seat:
    """席: a party with its folder, the door to its screens and the place kept for its lines."""

    member: Member
    folder: Path
    door: socket
    line: socket
    told: Mapping[str, Any] = field(default_factory=dict, repr=False)  # by nation.preparing

    @property
    def address(self) -> str:
        """Where its screens are."""
        return f"http://{HOST}:{self.door.getsockname()[1]}"

    @property
    def line_port(self) -> int:
        """Where its neighbours reach it."""
        return int(self.line.getsockname()[1])

    def log(self, name: str) -> Path:
        """Where a process of its says what it does."""
        return self.folder / "log" / f"{name}.log"

    def card(self) -> str:
        """Its lines of what the command prints."""
        title = roles.load(self.member.role).title
        head = f"READY {self.address}  {self.member.party:<6}  {self.member.name}  {title}\n"
        return f"{head}{self.told['accounts']}"


@contextmanager
def taken(nation: Path, port: int) -> Iterator[tuple[Seat, ...]]:
    """席を取る: the ports of all, from `port` on, before anything is made; 0: any free ones."""
    opened: list[socket] = []
    try:
        found = []
        for number, one in enumerate(members()):
            opened.append(door := apart.listener(HOST, port and port + number))
            opened.append(line := apart.place(HOST, port and port + number + LINES_ABOVE))
            found.append(Seat(one, one.folder(nation), door, line))
        yield tuple(found)
    finally:
        for each in opened:
            each.close()


def furnish(nation: Path, seats: Sequence[Seat]) -> None:
    """席を整える: what each folder is for, its keys and certificates, and how to reach its
    neighbours, whose ports may be others at each start."""
    whole = nation / AUTHORITY_FOLDER
    authority.ensure(whole)
    of = {seat.member.party: seat for seat in seats}
    among = tuple(seat.member for seat in seats)
    for seat in seats:
        keys = seat.folder / "secrets" / "network"
        seat.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        wanted = seat.member.installation(f"../{SERVER}")
        if installation.read_or_make(seat.folder, wanted).server != wanted.server:
            raise Trouble(
                f"{seat.folder} は自分のデータベースを持つ設置です(控えから戻したものなど)。"
                "国の中では動かせません。別の場所へ移すか、"
                f"./daicho demo --data {seat.folder} で単独で動かしてください。"
            )
        authority.ensure_party(whole, seat.member.party, keys)
        reached = (of[one.party] for one in neighbours(seat.member, among))
        line_settings.write(
            seat.folder,
            {
                "DAICHO_PARTY": seat.member.party,
                "DAICHO_NETWORK_KEYS": str(keys),
                "DAICHO_NETWORK_AUTHORITY": str(whole / AUTHORITY),
                "DAICHO_NETWORK_DIRECTORY": str(whole / DIRECTORY),
                "DAICHO_NETWORK_LISTEN": f"{HOST}:{seat.line_port}",
                "DAICHO_NEIGHBOURS": ",".join(
                    f"{one.member.party}=https://{HOST}:{one.line_port}" for one in reached
                ),
            },
        )
