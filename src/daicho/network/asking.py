"""空きコードの求め (30条の2): a municipality asks the centre for codes before it has none."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from daicho.access import clock
from daicho.network.lines import own
from daicho.network.messages.record_codes_request import AT_ONCE_MAX, RecordCodesRequest
from daicho.network.models import CodesAsked, Unsent
from daicho.network.protocol.parties import CENTRE, next_hop

OPEN_FOR = timedelta(days=1)
"""待つ間: what was asked longer ago is asked for again; too many codes do no harm."""
_LOCK = 5_211_255


def codes_asked() -> int:
    """求めている数: of codes that have not come yet."""
    rows = CodesAsked.objects.filter(answered_at=None, asked_at__gt=clock.now() - OPEN_FOR)
    return int(rows.aggregate(count=Sum("count"))["count"] or 0)


def ask_for_codes(count: int) -> bool:
    """空きコードを求める: unless somebody has asked meanwhile, or nobody is there to be asked."""
    if not settings.NEIGHBOURS:
        return False
    said, message_id = RecordCodesRequest(min(count, AT_ONCE_MAX)), own.new_id()
    with transaction.atomic():
        if not _alone() or codes_asked():
            return False
        Unsent.objects.create(
            neighbour=next_hop(own.this(), CENTRE),
            message_id=message_id,
            to=CENTRE,
            resident=own.own_stream(),
            kind=said.KIND,
            v=said.V,
            article=said.ARTICLE,
            body=said.written(),
        )
        CodesAsked.objects.create(message_id=message_id, count=said.count, asked_at=clock.now())
    return True


def codes_came(request: UUID) -> None:
    """空きコードが届いた: in the running transaction."""
    CodesAsked.objects.filter(pk=request, answered_at=None).update(answered_at=clock.now())


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        (mine,) = cursor.fetchone()
    return bool(mine)
