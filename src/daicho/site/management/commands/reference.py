"""manage reference: write docs/reference/ and the lists of docs/glossary.md from the code."""

from typing import Any

from django.core.management.base import CommandParser

from daicho.site import reference
from daicho.site.management import OwnCommand


class Command(OwnCommand):
    help = "資料の頁(docs/reference/ と用語集の一覧)をプログラムから作り直します。"
    requires_system_checks = ()  # it reads the code, not an installation

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="書かずに、古い頁を挙げる")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        if check:
            names = reference.stale()
            self.stdout.write("\n".join(names) or "資料は最新です。")
            raise SystemExit(1 if names else 0)
        for name in reference.write() or ("資料は最新です。",):
            self.stdout.write(name)
