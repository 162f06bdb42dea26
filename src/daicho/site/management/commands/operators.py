"""manage operators: who may sign in, with office, post and lock, from the server's own terminal."""

from typing import Any
from uuid import uuid4

from daicho.access import clock
from daicho.access.people import queries
from daicho.access.permits import system_permit
from daicho.site.management import OwnCommand

HEAD = ("操作者ID", "氏名", "所属", "担当", "停止の終わり")
ENDED = "終わり"


class Command(OwnCommand):
    help = "操作者の一覧を、タブ区切りで出します(操作者ID・氏名・所属・担当・停止の終わり)。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        permit = system_permit("operators", clock.today(), uuid4())
        self.stdout.write("\t".join(HEAD))
        for one in queries.operators(permit):
            self.stdout.write("\t".join(_row(one)))


def _row(one: queries.Listed) -> tuple[str, ...]:
    until = one.locked_until.astimezone(clock.TOKYO) if one.locked_until else None
    locked = f"{until:%Y-%m-%d %H:%M}" if until else ""
    return (
        one.login,
        one.name,
        f"{one.office_code} {one.office}",
        "、".join(one.posts),
        ENDED if one.state == "ended" else locked,
    )
