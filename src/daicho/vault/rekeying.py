"""鍵の変更: a new version, its numbers moved to it while people work, the old version destroyed.

`make` a version, `change` to it, `retire` the old one; each step is a command of its own, trailed,
and may be cut off anywhere and begun again: a number is always under exactly one version, whole,
and every version with numbers under it is kept.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, look
from daicho.vault import custody, numbers, versions
from daicho.vault.custody import KINDS, Keeper, Ring
from daicho.vault.keys import KeyTrouble
from daicho.vault.numbers import InvalidTag
from daicho.vault.versions import Row, Version

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
    known = versions.registered()
    if known:
        custody.fitting(keepers, known)
    if made := [one.number for one in known if one.state == "made"]:
        raise KeyTrouble(
            f"鍵の版 {made[0]} がもう作られています。"
            "./daicho manage vault_keys change で切り替えます。"
        )
    number = _next(keepers, keeper, known)
    keeper.make(number)
    fingerprint = keeper.versions()[number]
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
    left = sum(rows for one, rows in versions.counts().items() if one != ring.current)
    return Changed(ring.current, work.row_count, tuple(sorted(work.unreadable)), left)


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
    keepers = [one for one in custody.keepers() if number in one.versions()]
    alike = [one for one in keepers if row.fingerprint in ("", one.versions()[number])]
    for keeper in alike:
        keeper.destroy(number)
    with transaction.atomic():
        detail = {**said, "what": "destroyed" if alike else "not_here"}
        look(permit, "vault_key_retired", "vault.rekeying", detail=detail)
    custody.forget()
    return Destroyed(number, row.keeper, row.fingerprint, bool(alike))


def prove(permit: Permit) -> None:
    """鍵の確認: the keys here are those of this database; raises KeyTrouble.

    A version from before there were fingerprints opens one number of it, and keeps its fingerprint.
    """
    ring = custody.reread()
    for row in versions.registered():
        if row.fingerprint or row.state not in versions.IN_USE:
            continue
        fingerprint = ring.fingerprints[row.number]
        with transaction.atomic():
            detail: Detail = {"version": row.number, "fingerprint": fingerprint}
            trail_id = look(permit, "vault_key_proved", "vault.rekeying", detail=detail)
            sample = versions.sample(trail_id, row.number)
            if sample is not None:
                _must_open(ring, sample, fingerprint)
                named = [sample.record_id]
                look(
                    permit,
                    "vault_key_proved",
                    "vault.rekeying",
                    record_ids=named,
                    detail={"version": row.number},
                )
            versions.adopt(trail_id, row.number, fingerprint)
    custody.reread()


def _next(keepers: Sequence[Keeper], keeper: Keeper, known: Sequence[Version]) -> int:
    begun = [one for one, who in custody.unused(keepers, known) if who is keeper]
    if known and begun:
        return max(begun)
    kept = [version for one in keepers for version in one.versions()]
    return max([*kept, *(one.number for one in known)], default=0) + 1


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
        after = batch[-1].record_id
        work.progress(work.row_count)
    left = sum(rows for one, rows in versions.counts().items() if one != work.ring.current)
    return work.row_count > before and left > len(work.unreadable)


def _batch(work: _Work, after: UUID, size: int) -> list[Row]:
    """Move one batch in a transaction of its own; gives the rows that were looked at."""
    current = work.ring.current
    detail: Detail = {"version": current}
    with transaction.atomic(durable=True):
        trail_id = look(work.permit, "vault_rekey", "vault.rekeying", detail=detail)
        rows = versions.outdated(trail_id, after, size)
        renewed = list(_sealed_anew(work, rows))
        if renewed:
            before = [one for one, _ in renewed]
            sealed = [one for _, one in renewed]
            named = [one.record_id for one in before]
            detail["rows"] = len(named)
            trail_id = look(
                work.permit, "vault_rekeyed", "vault.rekeying", record_ids=named, detail=detail
            )
            indexes = [numbers.sealed_as(one.blind_index)[current] for one in sealed]
            work.row_count += versions.renew(
                trail_id,
                before,
                [one.ciphertext for one in sealed],
                indexes,
                (current, work.ring.fingerprints[current]),
            )
    return rows


def _sealed_anew(work: _Work, rows: Sequence[Row]) -> Iterator[tuple[Row, numbers.Sealed]]:
    for row in rows:
        try:
            number = numbers.opened(work.ring, row.record_id, row.ciphertext, row.key_version)
        except InvalidTag:
            work.unreadable.add(row.record_id)
        else:
            yield row, numbers.seal(row.record_id, number)


def _must_open(ring: Ring, sample: Row, fingerprint: str) -> None:
    try:
        numbers.opened(ring, sample.record_id, sample.ciphertext, sample.key_version)
    except InvalidTag:
        raise KeyTrouble(
            f"個人番号の鍵の版 {sample.key_version}(指紋 {fingerprint})は、"
            "この台帳のものではありません。"
            "この台帳の鍵ファイルを置いてください。何も書き換えていません。"
        ) from None
