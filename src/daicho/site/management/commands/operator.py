"""manage operator add|unlock|allow|reset|end LOGIN: who may sign in, from the server's terminal."""

import getpass
import sys
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from daicho.access import staff
from daicho.law.purposes import POSTS
from daicho.law.safety.entering import KINDS
from daicho.law.safety.giving import POSTS_OF_ROLES
from daicho.site.management import OwnCommand

_DONE: Mapping[str, tuple[Callable[[str], bool | str | None], str]] = {
    "unlock": (staff.unlock, "停止を解きました。"),
    "allow": (staff.allow_registration, "認証器を一つ登録することを許可しました。"),
    "reset": (staff.reset_password, "初期パスワード: {} 本人に渡してください。"),
    "end": (staff.end, "終わらせました。"),
}


class Command(OwnCommand):
    help = (
        "操作者を登録し(add)、停止を解き(unlock)、認証器の登録を許可し(allow)、"
        "初期パスワードを発行し直し(reset)、終わらせます(end)。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            choices=("add", *_DONE),
            help="登録・停止を解く・認証器の登録の許可・初期パスワードの再発行・終わらせる",
        )
        parser.add_argument("login", help="操作者ID(サインインに使うもの)")
        parser.add_argument("--name", help="氏名(add)")
        parser.add_argument("--office", help="所属の符号(add)")
        posts = sorted(set(POSTS) - POSTS_OF_ROLES)
        parser.add_argument("--post", choices=posts, help="担当(add)")
        parser.add_argument("--kind", choices=sorted(KINDS), default="staff", help="区分(add)")

    def handle(self, *_args: Any, what: str, login: str, **options: Any) -> None:
        if what == "add":
            self._add(login, options)
            return
        act, said = _DONE[what]
        done = act(login)
        if not done:
            raise CommandError(f"{login} という操作者はいません。")
        self.stdout.write(said.format(done))

    def _add(self, login: str, options: dict[str, Any]) -> None:
        missing = [name for name in ("name", "office", "post") if not options[name]]
        if missing:
            raise CommandError("、".join(f"--{name}" for name in missing) + " を指定してください。")
        asked = "最初のパスワード: "
        password = getpass.getpass(asked) if sys.stdin.isatty() else sys.stdin.readline().strip()
        try:
            password_validation.validate_password(password)
            made = staff.ensure_operator(
                login=login,
                name=options["name"],
                office=options["office"],
                post=options["post"],
                password=password,
                kind=options["kind"],
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        except staff.NoSuchOffice:
            raise CommandError(f"所属 {options['office']} は登録されていません。") from None
        if not made:
            raise CommandError(f"{login} という操作者はもういます。")
        self.stdout.write(f"{login} を登録しました。")
