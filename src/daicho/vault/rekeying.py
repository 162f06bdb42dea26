"""鍵の変更: a new version, its numbers moved to it while people work, the old version destroyed.

`make` a version, `change` to it, `retire` the old one; each step is a command of its own, trailed,
and may be cut off anywhere and begun again: a number is always under exactly one version, whole,
and every version with numbers under it is kept.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, look
from daicho.vault import custody, sealing, versions
from daicho.vault.custody import KINDS, Keeper, Ring
from daicho.vault.keys import KeyTrouble
from daicho.vault.numbers import InvalidTag
from daicho.vault.versions import Row, Version

_logger = logging.getLogger(__name__)
ROWS_AT_ONCE = 500
JOB = "vault_keys"
_NOBODY = UUID(int=0)
Detail = dict[str, int | str]
Progress = Callable[[int], None]
"""途中経過: is told how many rows have been changed so far."""


@dataclass(frozen=True)
class Changed:
    """変更の結果: how many rows moved, which records could not be opened, what is left to do."""

    version: int
    row_count: int
    unreadable: tuple[UUID, ...] = ()
    left_count: int = 0


@dataclass(frozen=True)
class Destroyed:
    """廃棄の証明: what was destroyed, and whether its keys were here to be destroyed."""

    version: int
    keeper: str
    fingerprint: str
    were_here: bool


@dataclass
class _Work:
    permit: Permit
    ring: Ring
    progress: Progress
    row_count: int = 0
    unreadable: set[UUID] = field(default_factory=set)


def make(permit: Permit, kind: str) -> Version:
    """新しい版: make the next version's keys with a keeper of that kind; nothing changes to it yet.

    A making that was cut off before the database knew of it is completed, not repeated.
    """
    keepers = custody.keepers()
    keeper = next((one for one in keepers if one.kind == kind), None)
    if keeper is None:
        raise KeyTrouble(f"{KINDS[kind]}が設定されていません。何も作っていません。")
    known = _known()
    if known:
        custody.fitting(keepers, known)
    if made := [one.number for one in known if one.state == "made"]:
        raise KeyTrouble(
            f"鍵の版 {made[0]} がもう作られています。"
            f"./daicho manage vault_keys change で切り替えます。{_given_up(made[0])}"
        )
    number = _next(keepers, keeper, known)
    keeper.make(number)
    fingerprint = keeper.versions().get(number)
    if fingerprint is None:
        raise KeyTrouble(
            f"作った鍵の版 {number} がまだ見えません。同じ命令をもう一度実行してください。"
        )
    said: Detail = {"version": number, "keeper": kind, "fingerprint": fingerprint}
    with transaction.atomic():
        trail_id = look(permit, "vault_key_made", "vault.rekeying", detail=said)
        versions.add(trail_id, number, kind, fingerprint)
    custody.forget()
    return next(one for one in versions.registered() if one.number == number)


def change(permit: Permit, progress: Progress, size: int = ROWS_AT_ONCE) -> Changed:
    """鍵の変更: make the newest version current and move every number to it, `size` at a time.

    Rows that somebody is writing are passed over and come in the next pass. What cannot be opened
    stays as it is and is told.
    """
    promote(permit)
    ring = custody.reread()
    work = _Work(permit, ring, progress)
    while _pass(work, size):
        pass
    return Changed(ring.current, work.row_count, tuple(sorted(work.unreadable)), _left(ring))


def retire(permit: Permit, number: int, operator: str) -> Destroyed:
    """鍵の廃棄: close a version and destroy its keys, for ever; raises KeyTrouble where numbers are
    under it. Its trail row is the certificate. `operator` is the 操作者ID of who does it."""
    row = next((one for one in versions.registered() if one.number == number), None)
    if row is None or row.state == "current":
        why = "使用中です" if row else "ありません"
        raise KeyTrouble(f"鍵の版 {number} は{why}。廃棄していません。")
    said: Detail = {
        "version": number,
        "keeper": row.keeper,
        "fingerprint": row.fingerprint,
        "operator": operator,
    }
    with transaction.atomic():
        detail: Detail = {**said, "what": "closed"}
        trail_id = look(permit, "vault_key_retired", "vault.rekeying", detail=detail)
        rows = versions.retire(trail_id, number)
        if rows:
            transaction.set_rollback(True)
    if rows:
        raise KeyTrouble(
            f"鍵の版 {number} で暗号化された個人番号が {rows} 件あります。廃棄していません。"
            "先に ./daicho manage vault_keys change で新しい版に移してください。"
        )
    # from here nobody can write under it; what is cut off now is completed by the same command
    kept = [(one, one.versions().get(number, row.fingerprint)) for one in custody.keepers()]
    # also where no such version is listed: half of it, or a copy, may be left of an earlier attempt
    ours = [one for one, fingerprint in kept if row.fingerprint in ("", fingerprint)]
    destroyed = [one for one in ours if one.destroy(number)]
    missing = "gone" if row.state == "retired" else "not_here"
    with transaction.atomic():
        detail = {**said, "what": "destroyed" if destroyed else missing}
        look(permit, "vault_key_retired", "vault.rekeying", detail=detail)
    custody.forget()
    return Destroyed(number, row.keeper, row.fingerprint, bool(destroyed))


def prove(permit: Permit) -> tuple[UUID, ...]:
    """鍵の確認: the keys here are those of this database; raises KeyTrouble.

    A version from before there were fingerprints opens one of a few of its numbers, and keeps its
    fingerprint. Gives, and logs, the records of those few that it does not open: they are damaged.
    """
    ring = custody.reread()
    known = _known()
    damaged: list[UUID] = []
    for row in known:
        if row.fingerprint or row.state not in versions.IN_USE:
            continue
        fingerprint = ring.fingerprints[row.number]
        with transaction.atomic():
            detail: Detail = {"version": row.number, "fingerprint": fingerprint}
            trail_id = look(permit, "vault_key_proved", "vault.rekeying", detail=detail)
            if named := versions.sample(trail_id, row.number):
                said: Detail = {"version": row.number}
                trail_id = look(
                    permit, "vault_key_proved", "vault.rekeying", record_ids=named, detail=said
                )
                sample = versions.sealed(trail_id, "vault_key_proved")
                damaged += _must_open(ring, row.number, sample)
            versions.adopt(trail_id, row.number, fingerprint)
    for record_id in damaged:
        _logger.error("vault: the number of record %s cannot be opened", record_id)
    custody.reread()
    return tuple(damaged)


def _known() -> tuple[Version, ...]:
    """The versions that are registered; raises KeyTrouble where numbers are under none of them."""
    known = versions.registered()
    if not known and versions.counts():
        raise versions.unknown()
    return known


def _next(keepers: Sequence[Keeper], keeper: Keeper, known: Sequence[Version]) -> int:
    newest = max((one.number for one in known), default=0)
    begun = [one for one in keeper.versions() if one > newest]  # of a making that was cut off
    if known and begun:
        return max(begun)
    return max([newest, *(version for one in keepers for version in one.versions())]) + 1


def _given_up(version: int) -> str:
    return (
        f"その鍵を失ったのであれば、./daicho manage vault_keys retire {version} --by 操作者ID で"
        "閉じてから、new で作り直します。"
    )


def _left(ring: Ring) -> int:
    return sum(rows for one, rows in versions.counts().items() if one != ring.current)


def promote(permit: Permit) -> None:
    """鍵の切替え: new rows go under the version that is made, if one is; raises KeyTrouble."""
    row = next((one for one in versions.registered() if one.state == "made"), None)
    if row is None:
        return
    keepers = custody.keepers()
    custody.fitting(keepers, versions.registered())
    offered = [one.versions().get(row.number) for one in keepers]
    if row.fingerprint not in offered:
        raise KeyTrouble(
            f"鍵の版 {row.number}(指紋 {row.fingerprint})がここにありません。切り替えていません。"
            f"{_given_up(row.number)}"
        )
    with transaction.atomic():
        detail: Detail = {"version": row.number, "fingerprint": row.fingerprint}
        trail_id = look(permit, "vault_key_current", "vault.rekeying", detail=detail)
        versions.promote(trail_id, row.number)
    custody.forget()


def _pass(work: _Work, size: int) -> bool:
    """Once through the rows; whether another pass could move more."""
    after, before = _NOBODY, work.row_count
    while True:
        batch = _batch(work, after, size)
        if not batch:
            break
        after = batch[-1]
        work.progress(work.row_count)
    return work.row_count > before and _left(work.ring) > len(work.unreadable)


def _batch(work: _Work, after: UUID, size: int) -> list[UUID]:
    """Move one batch in a transaction of its own; gives the records that were looked at, which its
    trail row names."""
    current = work.ring.current
    detail: Detail = {"version": current}
    with transaction.atomic(durable=True):
        trail_id = look(work.permit, "vault_rekey", "vault.rekeying", detail=detail)
        named = versions.outdated(trail_id, after, size)
        if named:
            detail["rows"] = len(named)
            trail_id = look(
                work.permit, "vault_rekeyed", "vault.rekeying", record_ids=named, detail=detail
            )
            _renew(work, trail_id, versions.sealed(trail_id, "vault_rekeyed"))
    return named


def _renew(work: _Work, trail_id: int, rows: Sequence[Row]) -> None:
    current, opened = work.ring.current, dict(_opened(work.ring, rows))
    readable = [one for one in rows if one.record_id in opened]
    work.unreadable.update(one.record_id for one in rows if one.record_id not in opened)
    work.row_count += versions.renew(
        trail_id,
        readable,
        [sealing.encrypted(work.ring, one, number) for one, number in opened.items()],
        [sealing.blind(work.ring, current, number) for number in opened.values()],
        (current, work.ring.fingerprints[current]),
    )


def _opened(ring: Ring, rows: Sequence[Row]) -> Iterator[tuple[UUID, str]]:
    """The numbers of those rows that can be opened, in their order."""
    for row in rows:
        with suppress(InvalidTag):
            yield (
                row.record_id,
                sealing.opened(ring, row.record_id, row.ciphertext, row.key_version),
            )


def _must_open(ring: Ring, version: int, sample: Sequence[Row]) -> list[UUID]:
    """At least one opens; gives the records of those that do not."""
    opened = dict(_opened(ring, sample))
    if not opened:
        raise KeyTrouble(
            f"個人番号の鍵の版 {version}(指紋 {ring.fingerprints[version]})は、"
            "この台帳のものではありません。"
            "この台帳の鍵ファイルを置いてください。何も書き換えていません。"
        )
    return [one.record_id for one in sample if one.record_id not in opened]
