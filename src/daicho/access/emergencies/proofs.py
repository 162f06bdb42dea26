"""緊急の利用の証し: what each step wrote, as a digest in the trail, which nobody can rewrite.

The rows of `EmergencyUse` change as the steps are taken, so that the program may rewrite them; the
trail is append-only. A row that no longer says what its steps said is told wherever it is read.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from daicho.access.models import EmergencyUse, Trail

EVENT = "emergency_changed"

ALTERED: Mapping[str, str] = {
    "asked": "求めたときの理由と違います。求めた者、所属、端末、事務又は理由が、"
    "利用記録に残る証しと合いません。",
    "decided": "決めたときの内容と違います。決めた者又は許可・不許可が、"
    "利用記録に残る証しと合いません。",
    "reviewed": "点検したときの結果と違います。点検した者、結果又は内容が、"
    "利用記録に残る証しと合いません。",
}
"""記録の食い違い: what is said of a step whose row and trail do not agree."""

STEPS: Mapping[str, str] = {
    "asked": "asked",
    "granted": "decided",
    "denied": "decided",
    "reviewed": "reviewed",
}
"""証しを残す歩み: what a trail row says was done, and the key of ALTERED it proves."""

STEPS_MOST = 400
"""点検の範囲: so many of the newest steps are compared at once; an older one where it is opened."""

Digests = Mapping[str, list[str]]


def digest(row: EmergencyUse, step: str) -> str:
    """証し: SHA-256, in hexadecimal, of what the row says of a step: a key of ALTERED."""
    said: dict[str, list[Any]] = {
        "asked": [row.operator_id, row.office_id, row.terminal, row.purpose, row.reason],
        "decided": [row.decided_by_id, row.is_granted],
        "reviewed": [row.reviewed_by_id, row.outcome, row.note],
    }
    written = json.dumps([row.pk, step, *said[step]])  # in ASCII alone
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def altered(row: EmergencyUse) -> tuple[str, ...]:
    """記録の食い違い: the keys of ALTERED that hold of a row; empty where row and trail agree."""
    own = _trailed().filter(detail__use=row.pk).order_by()
    return _compared(row, _digests(own).get(row.pk, {}))


def altered_count() -> int:
    """食い違う記録の数: of what was asked for within the newest STEPS_MOST steps.

    Those are counted too that the trail knows and that are gone, and those that it does not know.
    """
    trailed = _digests(_trailed().order_by("-id")[:STEPS_MOST])
    asked = {key: steps for key, steps in trailed.items() if "asked" in steps}
    if not asked:
        return 0
    rows = list(EmergencyUse.objects.filter(pk__gte=min(asked)).order_by())
    gone = asked.keys() - {one.pk for one in rows}
    return len(gone) + sum(bool(_compared(one, trailed.get(one.pk, {}))) for one in rows)


def _compared(row: EmergencyUse, trailed: Digests) -> tuple[str, ...]:
    taken = {
        "asked": True,
        "decided": row.decided_at is not None,
        "reviewed": row.reviewed_at is not None,
    }
    # Each step is taken once: a second trail row for it tells of a change too.
    return tuple(
        key
        for key, is_taken in taken.items()
        if trailed.get(key, []) != ([digest(row, key)] if is_taken else [])
    )


def _trailed() -> QuerySet[Trail]:
    return Trail.objects.filter(event=EVENT, detail__what__in=list(STEPS))


def _digests(rows: QuerySet[Trail]) -> Mapping[int, Digests]:
    """The digests that stand in these rows, by use and step."""
    found: defaultdict[int, dict[str, list[str]]] = defaultdict(dict)
    for one in rows.values_list("detail", flat=True):
        found[int(one["use"])].setdefault(STEPS[one["what"]], []).append(one.get("digest", ""))
    return found
