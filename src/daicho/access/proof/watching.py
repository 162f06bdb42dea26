"""証明の見張り: what those who run the program are told of the proof of the trail.

| id | what |
|---|---|
| daicho.W002 | rows of the trail wait for their place |
| daicho.W003 | a witness has co-signed no head for too long |
| daicho.W004 | a witness has refused a head: the trail is not the one that it knew |
| daicho.W005 | the time-stamping authority has given no token for too long |
| daicho.W006 | the clock stands before the moment of the newest head |
| daicho.W007 | rows have their place, and no head was made over them |
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import InterfaceError, OperationalError, ProgrammingError

from daicho.access import clock
from daicho.access.models import TrailAttestation, TrailHead, TrailLeaf
from daicho.access.proof import heads, sequencing, stamping, witnessing

LATE = timedelta(minutes=5)
UNATTESTED = timedelta(minutes=15)
SET_BACK = timedelta(minutes=5)

_WHY = {
    "smaller": "立会人が知っている記録より短くなっています(古い控えが戻されたか、消されました)",
    "fork": "立会人が知っている記録と中身が違います(書き換え、または分岐)",
    "key": "署名鍵が替わっています",
    "ahead": "この計算機の時計が、立会人の時計より進んでいます",
    "earlier": "先頭の時刻が、前の先頭より前です",
}
_ASK_AUDIT = (
    "利用記録の点検担当にすぐ知らせ、データベースをこのまま保ってください。"
    "心当たりのある復元や鍵の交換なら、立会人の担当に受け入れてもらいます"
    "(docs/operating/trail.md)。"
)


def warned(**_: Any) -> list[checks.CheckMessage]:
    """Everything that is so at this moment; nothing where nobody can ask."""
    now = clock.now()
    try:
        return [*_waits(now), *_heads(now), *_witnesses(now), *_stamps(now), *_clock(now)]
    except (InterfaceError, OperationalError):  # a database that is away has its own message
        return []
    except ProgrammingError:  # nothing is migrated yet
        return []


def _told(number: int, what: str, hint: str) -> checks.CheckMessage:
    return checks.Warning(what, hint=hint, id=f"daicho.W{number:03}")


def _waits(now: datetime) -> Iterator[checks.CheckMessage]:
    found = sequencing.waiting()
    if found.oldest_at is None or now - found.oldest_at < LATE:
        return
    yield _told(
        2,
        f"利用記録 {found.row_count} 件が、改ざんを見つけるための番号を待っています。",
        "取込みなどの長い処理が終わるのを待ってください。そうでなければ、"
        "記録の trail_not_proven を見て、システム運用担当に連絡してください。",
    )


def _heads(now: datetime) -> Iterator[checks.CheckMessage]:
    """A tree with a hole and a key that cannot be read hinder a head, and nothing else."""
    last = heads.newest()
    first = TrailLeaf.objects.filter(leaf_index__gte=last.size if last else 0)
    over = first.order_by("leaf_index").first()
    if over is not None and now - over.at > LATE:
        yield _told(
            7,
            f"利用記録に、{LATE.seconds // 60}分より長く、署名された先頭ができていません。",
            "止まっていた後なら、起動から1分でできます。できなければ、"
            "記録の trail_not_proven を見てください。署名鍵が読めないなら控えから戻します。"
            f"木に欠けがある(NotWhole)なら、{_ASK_AUDIT}",
        )


def _witnesses(now: datetime) -> Iterator[checks.CheckMessage]:
    for address in settings.TRAIL_WITNESSES:
        said = TrailAttestation.objects.filter(address=address).order_by("-id").first()
        if said is not None and said.kind == witnessing.REFUSED:
            why = _WHY.get(said.said, "署名か証明が受け入れられません")
            yield _told(4, f"立会人 {address} が利用記録の先頭を拒みました: {why}。", _ASK_AUDIT)
        elif _is_late(said, now, UNATTESTED):
            yield _told(
                3,
                f"立会人 {address} の署名のない利用記録の先頭が、"
                f"{UNATTESTED.seconds // 60}分より長く続いています。",
                "立会人が動いているか、DAICHO_TRAIL_WITNESSES の宛先が正しいかを確かめてください。"
                "業務は続けられます。",
            )


def _stamps(now: datetime) -> Iterator[checks.CheckMessage]:
    if settings.TRAIL_TSA and _is_late(stamping.last(), now, 2 * stamping.every()):
        yield _told(
            5,
            "利用記録の先頭に、時刻認証局の時刻が付いていません。",
            "DAICHO_TRAIL_TSA の宛先が正しいか、通信できるかを確かめてください。"
            "業務は続けられます。",
        )


def _is_late(said: TrailAttestation | None, now: datetime, patience: timedelta) -> bool:
    """Has the first head after the one that was attested waited longer than that?"""
    after = TrailHead.objects.filter(id__gt=said.head_id if said is not None else 0)
    first = after.order_by("id").first()
    return first is not None and now - first.at > patience


def _clock(now: datetime) -> Iterator[checks.CheckMessage]:
    last = heads.newest()
    if last is not None and heads.moment_of(last) - now > SET_BACK:
        yield _told(
            6,
            "計算機の時計が、利用記録の最後の先頭の時刻より前を指しています。",
            "時計を合わせてください。それまで、新しい先頭は最後の先頭と同じ時刻になります。",
        )
