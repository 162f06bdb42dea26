"""manage close_due: close the records of those whose day of moving out has come."""

from typing import Any
from uuid import uuid4

from django.core.management.base import CommandError

from daicho import recording
from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.site.management import OwnCommand


class Command(OwnCommand):
    help = (
        "転出予定日の到来した者を消除します。毎日（休日も）動かし、動かなかった日の分も消除します。"
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        on = clock.today()
        closed = recording.close_due(system_permit("daily_closing", on, uuid4()), on)
        self.stdout.write(f"{closed.person_count} 人を消除しました。")
        for findings in closed.refused:
            codes = ", ".join(dict.fromkeys(one.code for one in findings if one.refuses))
            self.stderr.write(f"消除できない世帯: {codes}")
        if closed.failed_count:
            self.stderr.write(f"誤りで止まった世帯: {closed.failed_count}")
        if closed.refused or closed.failed_count:
            raise CommandError(
                f"{len(closed.refused) + closed.failed_count} 世帯を消除できませんでした。"
                "窓口の「消除できなかった転出予定者」で理由を確かめてから、もう一度動かしてください。"
            )
