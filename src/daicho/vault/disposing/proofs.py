"""廃棄の証明: what was destroyed, by whom and why, without naming anybody whose number it was.

A record stands in it as SHA-256 over the salt of the list and its id: who has the salt and the id
can find it there, nobody else learns of whom it tells. The digest of the outcomes stands in the
trail. What is gone here still stands in backups made before, until the keys are destroyed by which
those can be read: that is asked of the keys at each look, never noted. So is whether the rows still
say what the trail says.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from daicho.access import clock
from daicho.access.disposing import proofs as of_records
from daicho.law.retention import kinds
from daicho.law.retention.disposing import OUTCOMES, REASONS, STATES
from daicho.vault import custody, versions
from daicho.vault.disposing import rows
from daicho.vault.disposing.rows import Line, Listed
from daicho.vault.versions import Version

METHOD = (
    "暗号化された番号と索引の行を、データベースから削除した。"
    "控え(バックアップ)に残る暗号文は、その鍵を写しまですべて廃棄すると誰にも読めない。"
)
"""廃棄の方法: what the certificate says of it."""
written = of_records.written


@dataclass(frozen=True)
class Backups:
    """控えに残るもの: the versions of keys that still open the destroyed numbers in old backups.

    `retire_from_on` is the first day on which, by the table of periods, no backup is needed that
    was made before the numbers were destroyed. `must_change`: one of the versions is still the
    current one, so that a new one is made first. `has_any`: of this list anything was destroyed.
    """

    versions: tuple[int, ...]
    must_change: bool
    retire_from_on: date | None
    has_any: bool = True

    @property
    def are_closed(self) -> bool:
        """鍵の廃棄まで済み: no key is kept here that opens what stands in a backup.

        Of copies of the keys that somebody keeps elsewhere the program knows nothing.
        """
        return self.has_any and not self.versions


@dataclass(frozen=True)
class Standing:
    """鍵の有様: the versions of keys that are not ended. One that the register says is ended, and
    whose key is still here, is not: its destruction was cut off."""

    open_ones: tuple[Version, ...]


def standing_now() -> Standing:
    """鍵の有様: as it is now, by the register of keys and by who keeps them; asked once for all
    lists, since a token answers slowly. Raises KeyTrouble."""
    known = versions.registered()
    here = _here(known)
    return Standing(
        tuple(one for one in known if one.state in versions.IN_USE or one.number in here)
    )


def backups(listed: Listed, now: Standing) -> Backups:
    """What of a list's numbers can still be opened in backups, by the keys as they are now."""
    if listed.key_version is None:
        return Backups((), False, None, has_any=False)
    open_ones = [one for one in now.open_ones if one.number <= listed.key_version]
    from_on = None
    if listed.finished_at is not None:
        done_on = listed.finished_at.astimezone(clock.TOKYO).date()
        period = kinds.kind("backup", done_on)
        from_on = done_on + timedelta(days=period.days + 1)
    return Backups(
        tuple(one.number for one in open_ones),
        any(one.state == "current" for one in open_ones),
        from_on,
    )


def _here(known: Sequence[Version]) -> set[int]:
    """Versions that are closed, and whose keys are still here: their destruction was cut off."""
    closed = [one for one in known if one.state not in versions.IN_USE]
    if not closed:
        return set()
    kept = [one.versions() for one in custody.keepers()]
    return {
        one.number
        for one in closed
        for its in kept
        if one.number in its and one.fingerprint in ("", its[one.number])
    }


def is_altered(listed: Listed, lines: Sequence[Line], digest: bytes) -> bool:
    """食い違い: does a list that was decided say something else than the trail? `digest` is that of
    its lines as they are."""
    if listed.state == "proposed":
        return False
    said = {"disposal_decided": digest.hex()}
    if listed.state == "done":
        said["disposal_finished"] = digest_of_outcomes(listed, lines).hex()
    return rows.told_of(listed.list_id) != said or listed.digest != digest


def marks(listed: Listed, lines: Sequence[Line]) -> tuple[str, ...]:
    """対象の印: for each destroyed number the salted digest of its record, in their own order."""
    gone = (one for one in lines if one.outcome == "destroyed")
    return tuple(sorted(sha256(listed.salt + one.record_id.bytes).hexdigest() for one in gone))


def digest_of_outcomes(listed: Listed, lines: Sequence[Line]) -> bytes:
    """結果の証し: over what became of every line; it stands in the trail when a list is closed."""
    said = [[one.record_id.hex, one.taken_off, one.outcome] for one in lines]
    return sha256(listed.salt + json.dumps(said).encode("ascii")).digest()


def certificate(listed: Listed, lines: Sequence[Line], municipality: str) -> dict[str, Any]:
    """廃棄証明: the content, as JSON can hold it; of a list that is done."""
    decided_at, finished_at, digest = listed.decided_at, listed.finished_at, listed.digest
    assert listed.state == "done", "nothing is certified before it is done"
    assert decided_at is not None, "it was decided"
    assert finished_at is not None, "it was finished"
    assert digest is not None, "of what was decided"
    destroyed = [one for one in lines if one.outcome == "destroyed"]
    reasons = Counter((one.kind, one.article) for one in destroyed)
    left = backups(listed, standing_now())
    return {
        "what": "個人番号の廃棄証明",
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
        "outcomes_sha256": digest_of_outcomes(listed, lines).hex(),
        "method": METHOD,
        "destroyed_count": len(destroyed),
        "reasons": [
            {"kind": kinds.NAMES[kind], "article": article, "count": count}
            for (kind, article), count in sorted(reasons.items())
        ],
        "not_destroyed": _not_destroyed(lines),
        "backups": _left(left),
        "marks": list(marks(listed, lines)),
    }


def _left(left: Backups) -> dict[str, Any] | None:
    if not left.has_any:
        return None
    return {
        "closed": left.are_closed,
        "key_versions_left": list(left.versions),
        "retire_from_on": left.retire_from_on.isoformat() if left.retire_from_on else None,
    }


def _not_destroyed(lines: Sequence[Line]) -> dict[str, int]:
    off = Counter(REASONS[one.taken_off] for one in lines if one.taken_off)
    others = (one for one in lines if one.outcome in ("kept", "gone", "stopped"))
    return {**off, **Counter(OUTCOMES[one.outcome] for one in others)}
