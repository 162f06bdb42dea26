"""manage close_due: close the records of those whose day of moving out has come."""

from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError

from daicho import recording
from daicho.access import clock
from daicho.access.permits import system_permit


class Command(BaseCommand):
    help = (
        "転出予定日の到来した者を消除します。毎日（休日も）動かし、動かなかった日の分も消除します。"
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        on = clock.today()
        closed = recording.close_due(system_permit("daily_closing", on, uuid4()), on)
        self.stdout.write(f"{closed.person_count} 人を消除しました。")
        if closed.refused:
            for findings in closed.refused:
                codes = ", ".join(dict.fromkeys(one.code for one in findings if one.refuses))
                self.stderr.write(f"消除できない世帯: {codes}")
            raise CommandError(
                f"{len(closed.refused)} 世帯を消除できませんでした。"
                "記載を直してから、もう一度動かしてください。"
            )
