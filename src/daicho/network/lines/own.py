"""この団体: which party this process is, with whom it is connected, what holds for all of it."""

from collections.abc import Collection
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from daicho.access import clock
from daicho.network.models import Own, SendingLine
from daicho.network.protocol.parties import Party, party

_ROW = 1
_FATES = 5_211_252
_SHARED = "SELECT epoch, is_catching_up FROM network_own WHERE id = %s FOR SHARE"


def this() -> Party:
    """この団体: as the settings name it."""
    return party(settings.PARTY)


def neighbours() -> Collection[Party]:
    """隣の団体: with whom this party is connected, by the settings."""
    return [party(code) for code in settings.NEIGHBOURS]


def now_ms() -> int:
    """今: in milliseconds since 1970."""
    return int(clock.now().timestamp() * 1000)


def shared() -> Own:
    """The row of this party, in the running transaction, beside others who read it."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [_ROW])
        found = cursor.fetchone()
    if found is None:
        Own.objects.get_or_create(id=_ROW, defaults={"epoch": now_ms()})
        return shared()
    return Own(id=_ROW, epoch=found[0], is_catching_up=found[1])


def alone() -> Own:
    """The row of this party, in the running transaction, for who changes it."""
    Own.objects.get_or_create(id=_ROW, defaults={"epoch": now_ms()})
    return Own.objects.select_for_update().get(pk=_ROW)


def sending_lines(of: Collection[Party]) -> dict[Party, SendingLine]:
    """送る回線: locked in the running transaction, always in the same order."""
    lines = SendingLine.objects.select_for_update().filter(neighbour__in=of).order_by("neighbour")
    found = {Party(one.neighbour): one for one in lines}
    missing = [one for one in sorted(of) if one not in found]
    if missing:
        epoch = shared().epoch
        SendingLine.objects.bulk_create(
            [SendingLine(neighbour=one, epoch=epoch) for one in missing], ignore_conflicts=True
        )
        return sending_lines(of)
    return found


def lock_fates() -> None:
    """電文の結末: who notes what became of messages is alone at it until the transaction ends.

    A receipt names them by their places, outcomes by their ids: each would wait for the other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FATES])


def own_stream() -> UUID:
    """What this party tells of messages, not of a resident, is told in an order of its own."""
    return UUID(f"00000000-0000-0000-0000-{this():0>12}")


def new_id() -> UUID:
    """電文の番号: of a new message."""
    return uuid4()
