"""廃棄の証明: what was deleted, by whom and why; it names nobody, not even by an id.

A line stands in it as kind, month, count and the SHA-256 over the ids that it stood for. The digest
of the outcomes stands in the trail. What is gone here still stands in backups made before, until
the keys are destroyed under which those are sealed: that is asked of the keys and of the trail at
each look, never noted.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from daicho.access import clock
from daicho.access.backup_keys import steps
from daicho.access.backup_keys.standing import Standing, standing
from daicho.access.disposing import lists
from daicho.access.disposing.lists import Line, Listed
from daicho.law.retention import kinds
from daicho.law.retention.disposing import OUTCOMES, REASONS, STATES

METHOD = (
    "行をデータベースから削除し、その表と索引のファイルを書き直した。"
    "削除した行が書き直した後のファイルにないことは、データベースの記録で確かめた。"
)
"""廃棄の方法: what the certificate says of it."""


@dataclass(frozen=True)
class Backups:
    """控えに残るもの: backups that were made before the list was finished hold the rows.

    `until_on` is the last day on which, by the table of periods, such a backup may be kept; None
    where nothing was deleted, or the list is not finished. Of `key_count` of them the keys are
    here, the newest made at `newest_at`; how `unknown_count` ended nobody has told: they were not
    sealed, or their keys are elsewhere.
    """

    until_on: date | None
    key_count: int = 0
    newest_at: datetime | None = None
    unknown_count: int = 0

    @property
    def has_any(self) -> bool:
        """Was anything of this list deleted?"""
        return self.until_on is not None

    @property
    def are_closed(self) -> bool:
        """鍵の廃棄まで済み: no key is here that opens such a backup, and the trail tells of none
        whose end it does not know, unless the last day has gone by.

        Of copies of keys, of what was opened, and of backups that were made in another way the
        program knows nothing.
        """
        return self.has_any and not self.key_count and (not self.unknown_count or self.is_over)

    @property
    def is_over(self) -> bool:
        """期間まで済み: has the last day gone by?"""
        return self.until_on is not None and self.until_on < clock.today()


def standing_now() -> Standing:
    """控えの有様: as it is now, by the keys here and the trail."""
    return standing(steps.folder())


def backups(listed: Listed, its: Sequence[Line], now: Standing) -> Backups:
    """What of a list's records still stands in backups, by the keys as they are now."""
    if listed.finished_at is None or not any(one.done_count for one in its):
        return Backups(None)
    done_on = listed.finished_at.astimezone(clock.TOKYO).date()
    left = now.until(listed.finished_at)
    return Backups(
        done_on + timedelta(days=kinds.kind("backup", done_on).days),
        left.here_count,
        left.newest_at,
        left.unknown_count,
    )


def is_altered(listed: Listed, its: Sequence[Line], digest: bytes) -> bool:
    """食い違い: does a list that was decided say something else than the trail? `digest` is that of
    its lines as they are."""
    if listed.state == "proposed":
        return False
    said = {"retention_decided": digest.hex()}
    if listed.state == "done":
        said["retention_finished"] = digest_of_outcomes(listed, its).hex()
    return lists.told_of(listed.list_id) != said or listed.digest != digest


def digest_of_outcomes(listed: Listed, its: Sequence[Line]) -> bytes:
    """結果の証し: over what became of every line; it stands in the trail when a list is closed."""
    said = [[one.line_id, one.taken_off, one.outcome, one.done_count] for one in its]
    return sha256(listed.salt + json.dumps(said).encode("ascii")).digest()


def certificate(listed: Listed, its: Sequence[Line], municipality: str) -> Mapping[str, Any]:
    """廃棄証明: the content, as JSON can hold it; of a list that is done."""
    decided_at, finished_at, digest = listed.decided_at, listed.finished_at, listed.digest
    assert listed.state == "done", "nothing is certified before it is done"
    assert decided_at is not None, "it was decided"
    assert finished_at is not None, "it was finished"
    assert digest is not None, "of what was decided"
    left = backups(listed, its, standing_now())
    return {
        "what": "保存期間の過ぎた記録の廃棄証明",
        "v": 1,
        "municipality": municipality,
        "as_of": clock.now().isoformat(),
        "list": listed.list_id,
        "state": STATES[listed.state],
        "proposed_at": listed.proposed_at.isoformat(),
        "proposed_by": listed.proposed_by,
        "decided_at": decided_at.isoformat(),
        "decided_by": listed.decided_by,
        "finished_at": finished_at.isoformat(),
        "approved_sha256": digest.hex(),
        "outcomes_sha256": digest_of_outcomes(listed, its).hex(),
        "method": METHOD,
        "destroyed_count": sum(one.done_count for one in its),
        "destroyed": [_destroyed(one) for one in its if one.outcome == "destroyed"],
        "not_destroyed": dict(Counter(_why_not(one) for one in its if one.outcome != "destroyed")),
        "backups_until_on": left.until_on.isoformat() if left.until_on else None,
        "backups": _left(left),
    }


def _left(left: Backups) -> dict[str, Any] | None:
    if not left.has_any:
        return None
    return {
        "closed": left.are_closed,
        "keys_left": left.key_count,
        "newest_at": left.newest_at.isoformat() if left.newest_at else None,
        "end_unknown": left.unknown_count,
    }


def _destroyed(line: Line) -> dict[str, Any]:
    return {
        "kind": kinds.NAMES[line.kind],
        "article": line.article,
        "month": line.month.isoformat()[:7],
        "due_on": line.due_on.isoformat(),
        "count": line.done_count,
        "ids_sha256": line.digest.hex(),
    }


def _why_not(line: Line) -> str:
    return REASONS[line.taken_off] if line.taken_off else OUTCOMES[line.outcome]


def written(content: Mapping[str, Any]) -> bytes:
    """証明の文字列: the bytes that are signed and digested: sorted, in UTF-8, with a last line
    end."""
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
