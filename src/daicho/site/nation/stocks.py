"""住民票コードの到着: a town of the nation has codes to give before anybody is asked in.

They come from the centre by the lines, as everywhere; a child could not be entered before.
"""

import time
from collections.abc import Sequence

import psycopg

from daicho.network.protocol.parties import is_municipality
from daicho.site.embedded import Server
from daicho.site.nation.seats import Seat
from daicho.site.trouble import say

SECONDS_MAX = 20.0
"""待つ秒数: whoever has none by then is told so; what is asked for comes when it comes."""
_PAUSE_SECONDS = 0.1
_ANY = "SELECT EXISTS (SELECT FROM register_recordcode WHERE record_id IS NULL)"


def wait(server: Server, found: Sequence[Seat]) -> None:
    """待つ: until each town has a code to give, or it has been too long."""
    until = time.monotonic() + SECONDS_MAX
    for seat in found:
        if is_municipality(seat.member.party) and not _came(server, seat, until):
            say(
                f"{seat.member.name}に住民票コードがまだ届いていません。"
                "届くまで、出生などの記載はできません。"
            )


def _came(server: Server, seat: Seat, until: float) -> bool:
    with psycopg.connect(server.url(f"party_{seat.member.party}"), autocommit=True) as connection:
        while connection.execute(_ANY).fetchone() != (True,):
            if time.monotonic() >= until:
                return False
            time.sleep(_PAUSE_SECONDS)
    return True
