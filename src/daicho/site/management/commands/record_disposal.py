"""manage record_disposal show | propose | carry_out | certificate: records kept long enough."""

from collections.abc import Iterator

from django.conf import settings

from daicho.access.disposing import carrying_out, lists, proofs, proposing, queries
from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.law.retention.disposing import STATES
from daicho.site.management.disposing import DisposalCommand, Told


class Command(DisposalCommand):
    help = (
        "保存期間の過ぎた記録の一覧を示し(show)、作り(propose)、承認された一覧を廃棄し(carry_out)、"
        "署名した廃棄証明を出します(certificate)。承認は画面で、別の責任者が行います。"
    )
    purpose = "retention.work"
    counted = "行"

    def rows(self) -> Iterator[tuple[object, ...]]:
        found, now = lists.lists(), proofs.standing_now()
        its = lists.lines_of([one.list_id for one in found])
        for one in found:
            left = proofs.backups(one, its.get(one.list_id, ()), now)
            counts = (one.line_count, one.off_count, one.done_count)
            yield one.list_id, STATES[one.state], *counts, _where(left)

    def propose(self, permit: Permit) -> tuple[int, int]:
        list_id = proposing.propose(permit)
        return list_id, sum(one.row_count for one in lists.lines(list_id))

    def carry_out(self, permit: Permit, list_id: int, told: Told) -> str:
        done = carrying_out.carry_out(permit, list_id, told)
        return (
            f"{done.destroyed_count:,} 件を廃棄し、表のファイルを書き直しました。"
            f"承認されたときと違う、又は差し止められた {done.kept_count} 行は残しました。\n"
            "廃棄の前の控え(バックアップ)に残るかどうかと期限は、show で確かめてください。"
        )

    def certificate(self, permit: Permit, list_id: int) -> bytes:
        whole = queries.whole(permit, list_id)
        if whole is None:
            raise NotThere(list_id)
        return proofs.written(queries.certified(permit, whole, settings.MUNICIPALITY))


def _where(left: proofs.Backups) -> str:
    """控えに残るもの: in a few words."""
    if not left.has_any:
        return "—"
    until = "期間は過ぎた" if left.is_over else f"期間は {left.until_on} まで"
    if left.are_closed:
        return f"鍵の廃棄まで済み({until})"
    unknown = f"、終わりの分からない控え {left.unknown_count}" if left.unknown_count else ""
    return f"残る(鍵 {left.key_count}{unknown}、{until})"
