"""全住民の通知 (30条の6第1項): of whom the governor was never told, as of those who lived here
before the municipality was connected.

A few at a time and in the order of record ids, each few in a transaction of their own: cut off, it
is begun again and goes on. Of whom the governor knows already what stands here nothing is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand_work, look
from daicho.network import outbox, queued
from daicho.register import ledger
from daicho.terms.changes.recorded import Recorded

AT_ONCE = 200
"""一度の人数: a change of one of them waits for so many, some hundredths of a second."""
ROUNDS = 3
"""回数: whoever was being changed, and so was passed over, is looked at again in the next."""


@dataclass
class Told:
    """通知した数: of how many residents, and how many were being changed each time."""

    count: int = 0
    left: int = 0


def tell_all(permit: Permit, progress: Callable[[int], None] = lambda _: None) -> Told:
    """全住民の通知: laid into the outbox, which the network then sends; of a 仮登録, which is no
    record yet, nothing. `progress` hears the count after each few.

    For who may (`network.tell_all`), and for a made-up town. Trailed with those it tells of.
    """
    demand_work(permit, "tell_all", "demo")
    told = Told()
    for _ in range(ROUNDS):
        told.left, last = 0, ledger.FIRST
        while some := ledger.living_after(last, AT_ONCE):
            last = max(some)
            lacking = some.keys() - queued.prefecture_told(some)
            if lacking:
                _tell(permit, sorted(lacking), told)
                progress(told.count)
        if not told.left:
            break
    return told


def _tell(permit: Permit, lacking: list[UUID], told: Told) -> None:
    with transaction.atomic(durable=True):
        standing = ledger.hold_present(lacking)
        known = _known(permit, standing)
        anew = [one for one in standing if one.touched[0].after.record_id not in known]
        outbox.put_all((one, [outbox.tell_prefecture_of_all(one)]) for one in anew)
        if anew:
            ids = [one.touched[0].after.record_id for one in anew]
            detail = {"rows": len(ids)}
            look(permit, "told_all", "recording.telling", record_ids=ids, detail=detail)
    told.count += len(anew)
    told.left += len(lacking) - len(standing)


def _known(permit: Permit, standing: list[Recorded]) -> set[UUID]:
    """Of whom nothing is to be told, asked under the lock."""
    records = [touched.after for one in standing for touched in one.touched]
    return queued.prefecture_knows(records, permit.on)
