"""manage rebuild [--check]: the register again from its ledger, compared or renewed."""

from typing import Any
from uuid import uuid4

from django.core.management.base import CommandError, CommandParser

from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.register import rebuilding
from daicho.site.management import OwnCommand


class Command(OwnCommand):
    help = "台帳から現在の記載と履歴を組み直して確かめます(--check)。なければ現在表を作り直します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="比べるだけで、何も変えない")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        permit = system_permit("rebuild_check", clock.today(), uuid4())
        if not check:
            rebuilding.rebuild(permit)
        found = rebuilding.check(permit)
        if found.equal:
            self.stdout.write(f"{found.persons} 人の記載は台帳のとおりです。")
            return
        for record_id in found.versions_differ[:20]:
            self.stderr.write(f"履歴が台帳と違います: {record_id}")
        raise CommandError(
            f"{found.persons} 人のうち履歴の違い {len(found.versions_differ)} 人、"
            f"現在表の違い {found.current_differ} 行、世帯表の違い {found.households_differ} 行、"
            f"検索キーの違い {found.keys_differ} 人。"
            "履歴のほかは --check なしで作り直せます。履歴の違いは改ざんの疑いがあります。"
        )
