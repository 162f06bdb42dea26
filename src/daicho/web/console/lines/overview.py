"""回線の状況の画面: each neighbour, what waits, what was refused; nobody's data."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.operating import Warned
from daicho.access.permits import Permit
from daicho.network import watching
from daicho.network.mending import acts, arrived, listing
from daicho.network.watching import Overview
from daicho.web.asking import Request
from daicho.web.console.acts import About, Act, answer, held, permit_among
from daicho.web.console.lines.words import trouble
from daicho.web.console.person_acts import SureForm
from daicho.web.messages import party_name
from daicho.web.required import at_terminal, methods

WATCH = ("network.watch", "network.watch_prefecture", "network.watch_centre")
MEND = ("network.mend", "network.mend_prefecture", "network.mend_centre")
"""回線を見る事務と、誤りを処理する事務: of each tier one."""
LOOKS = (*WATCH, *MEND)
_FULL_LEAST = 100  # one that waits alone is no jam, and does not look like one

_CAUGHT_UP: Act[None] = Act(
    "入力し直しの完了",
    MEND[0],
    "処理を始める",
    lambda _permit, _subject, typed: SureForm(
        "控えを作った後に受け付けたものを、すべて入力し直した", typed
    ),
    lambda permit, _subject, _typed: acts.caught_up(permit),
    warning="控えから戻した後に届いた電文の処理を始めます。"
    "入力し直していない異動があると、後から入力したものが古い通知と合わなくなります。",
)

_CATCHING_UP = Warned(
    "network.catching_up",
    "控えから戻した後です。届いた通知は受けていますが、記録に反映していません。",
    "控えを作った後に受け付けたものを入力し直し、「回線の状況」で入力し直しを終えてください。",
)


@methods("GET")
@at_terminal
def lines(request: Request, actor: Actor) -> HttpResponse:
    """回線の状況: at this moment, to be seen before it is read."""
    found = watching.overview(permit_among(actor, LOOKS))
    own = held(actor)
    context = {
        "found": found,
        "rows": [(party_name(one.neighbour), one, *trouble(one.trouble)) for one in found.lines],
        "doors": [(party_name(peer), one) for peer, one in found.doors],
        "door_days": watching.DOOR_DAYS,
        "oldest": _age(found.oldest_at),
        **_steps(found),
        "may_mend": not own.isdisjoint(MEND),
        "may_watch": not own.isdisjoint(WATCH),
    }
    return render(request, "console/lines.html", context)


@methods("GET", "POST")
@at_terminal
def caught_up(request: Request, actor: Actor) -> HttpResponse:
    """入力し直した: what came since an old backup came back is carried out."""
    about = About("控えから戻した後の処理", (), reverse("console:lines"))
    return answer(request, permit_among(actor, MEND), _CAUGHT_UP, None, about)


def warned(actor: Actor, own: Collection[str]) -> list[Warned]:
    """回線の注意: on the first screen of who sees the lines: what is late, and that what comes is
    not carried out since an old backup came back."""
    purpose = next((one for one in LOOKS if one in own), None)
    if purpose is None:
        return []
    permit = permits.permit(actor, purpose, clock.today(), counts_only=True)
    late = watching.late(permit)
    found = [] if late is None else [Warned(late.code, late.what, late.remedy)]
    return [*found, *([_CATCHING_UP] if watching.is_catching_up(permit) else [])]


def waiting(actor: Actor, own: Collection[str]) -> str:
    """誤りの件数: for the link, for who may mend; blank for none."""
    count = errors_count(actor, own)
    return f"({count}件)" if count else ""


def errors_count(actor: Actor, own: Collection[str]) -> int | None:
    """誤りの件数: of those that nobody has seen to; None for who may not mend."""
    purpose = next((one for one in MEND if one in own), None)
    if purpose is None:
        return None
    return counted(permits.permit(actor, purpose, clock.today(), counts_only=True))


def counted(permit: Permit) -> int:
    """誤りの件数: of messages of ours, and in a municipality of notices for its register."""
    has_register = arrived.FUNCTION in permit.functions
    return listing.errors_count(permit) + (arrived.count(permit) if has_register else 0)


def _steps(found: Overview) -> dict[str, Any]:
    """どこで待っているか: each step, what it counts, and the width of its bar in per cent; none
    where nothing waits. `full` is the count whose bar is the whole width."""
    counted = list(_counted(found))
    most = max(count for _, count, _ in counted)
    full = max(most, _FULL_LEAST)
    # one among ten thousand is seen
    steps = [
        (name, f"{count}{unit}", max(1, 100 * count // full) if count else 0)
        for name, count, unit in counted
    ]
    return {"steps": steps if most else [], "full": full}


def _counted(found: Overview) -> Iterator[tuple[str, int, str]]:
    yield "送信待ち", found.due_count, "件"
    for one in found.lines:
        yield f"{party_name(one.neighbour)}の受領待ち", one.unreceipted_count, "件"
    yield "こちらの処理待ち", found.worked_count, "人分"


def _age(moment: datetime | None) -> str:
    if moment is None:
        return ""
    minutes = (clock.now() - moment) // timedelta(minutes=1)
    if minutes < 60:
        return f"{minutes}分" if minutes else "1分未満"
    return f"{minutes // 60}時間{minutes % 60}分"
