"""manage vault_disposal show | propose | carry_out | certificate: numbers that nobody needs."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.law.retention.disposing import STATES
from daicho.site.management.disposing import DisposalCommand, Told
from daicho.vault.disposing import carrying_out, proofs, proposing, queries, rows
from daicho.vault.disposing.rows import Listed
from daicho.vault.disposing.sources import NoSource


class Command(DisposalCommand):
    help = (
        "廃棄すべき個人番号の一覧を示し(show)、作り(propose)、承認された一覧を廃棄し(carry_out)、"
        "署名した廃棄証明を出します(certificate)。承認は画面で、別の責任者が行います。"
    )
    purpose = "disposal.work"
    counted = "件"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            super().handle(*args, **options)
        except NoSource as none:
            raise CommandError(str(none)) from None

    def rows(self) -> Iterator[tuple[object, ...]]:
        now = proofs.standing_now()
        for one in rows.lists():
            counts = (one.line_count, one.off_count, one.done_count)
            yield one.list_id, STATES[one.state], *counts, _backups(one, now)

    def propose(self, permit: Permit) -> tuple[int, int]:
        list_id = proposing.propose(permit)
        listed = rows.listed(list_id)
        assert listed is not None, "it has just been made"
        return list_id, listed.line_count

    def carry_out(self, permit: Permit, list_id: int, told: Told) -> str:
        done = carrying_out.carry_out(permit, list_id, told)
        return (
            f"{done.destroyed_count} 件を廃棄し、"
            f"また必要になった {done.kept_count} 件は残しました。\n"
            "控え(バックアップ)の暗号文は、鍵を廃棄するまで残ります。show で確かめてください。"
        )

    def certificate(self, permit: Permit, list_id: int) -> bytes:
        whole = queries.whole(permit, list_id)
        if whole is None:
            raise NotThere(list_id)
        return proofs.written(queries.certified(permit, whole, settings.MUNICIPALITY))


def _backups(one: Listed, now: proofs.Standing) -> str:
    left = proofs.backups(one, now)
    if one.state != "done":
        return "—"
    if not left.has_any:
        return "廃棄した番号なし"
    versions = "、".join(map(str, left.versions))
    return "鍵の廃棄まで済み" if left.are_closed else f"残る(鍵の版 {versions})"
