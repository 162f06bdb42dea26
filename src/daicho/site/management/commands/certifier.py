"""manage certifier: who certifies from which day (認証者, 標準仕様書 1.3.9), from the terminal."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from daicho.certificates import certifiers
from daicho.site.management import OwnCommand


class Command(OwnCommand):
    help = "証明書の認証者(職名・氏名・電子公印)を登録します。前の登録は残ります。"

    def add_arguments(self, parser: CommandParser) -> None:
        names = "、".join(f"{code} {name}" for code, name in certifiers.KINDS.items())
        parser.add_argument("kind", choices=sorted(certifiers.KINDS), help=names)
        parser.add_argument("--title", required=True, help="職名(例 福島県郡山市長)")
        parser.add_argument("--name", required=True, help="氏名")
        parser.add_argument("--seal", required=True, help="電子公印の文字(例 郡山市長之印)")
        parser.add_argument("--seal-svg", type=Path, metavar="FILE", help="実際の公印の図(SVG)")
        parser.add_argument("--from", dest="from_on", type=_day, required=True, help="最初の日")
        parser.add_argument("--until", dest="until_on", type=_day, help="最後の日")

    def handle(self, *_args: Any, seal_svg: Path | None, **options: Any) -> None:
        if not options["title"].strip() or not options["name"].strip():
            raise CommandError("職名と氏名は、空欄にできません。")
        drawn = seal_svg.read_text("utf-8") if seal_svg else ""
        certifiers.register(
            options["kind"],
            title=options["title"],
            name=options["name"],
            seal=options["seal"],
            from_on=options["from_on"],
            until_on=options["until_on"],
            seal_svg=drawn,
        )
        self.stdout.write("認証者を登録しました。")


def _day(text: str) -> date:
    return date.fromisoformat(text)
