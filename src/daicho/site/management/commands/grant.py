"""manage grant: give `app` its rights and set the append-only triggers, after migrate."""

from typing import Any

from daicho.site.database import grants
from daicho.site.management import OwnCommand


class Command(OwnCommand):
    help = "権限と追記のみの仕組みを整えます(migrate のあとに、所有者の接続で)。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{grants.grant()} 表の権限を整えました。")
