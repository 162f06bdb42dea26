"""manage operator add|unlock|end LOGIN: who may sign in, from the server's own terminal."""

import getpass
import sys
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from daicho.access import staff
from daicho.law.purposes import POSTS
from daicho.site.management import OwnCommand


class Command(OwnCommand):
    help = "操作者を登録し(add)、停止を解き(unlock)、終わらせます(end)。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what", choices=("add", "unlock", "end"), help="登録・停止を解く・終わらせる"
        )
        parser.add_argument("login", help="操作者ID(サインインに使うもの)")
        parser.add_argument("--name", help="氏名(add)")
        parser.add_argument("--office", help="所属の符号(add)")
        parser.add_argument("--post", choices=sorted(POSTS), help="担当(add)")

    def handle(self, *_args: Any, what: str, login: str, **options: Any) -> None:
        if what == "add":
            self._add(login, options)
            return
        done = staff.unlock(login) if what == "unlock" else staff.end(login)
        if not done:
            raise CommandError(f"{login} という操作者はいません。")
        self.stdout.write("停止を解きました。" if what == "unlock" else "終わらせました。")

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
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        except staff.NoSuchOffice:
            raise CommandError(f"所属 {options['office']} は登録されていません。") from None
        if not made:
            raise CommandError(f"{login} という操作者はもういます。")
        self.stdout.write(f"{login} を登録しました。")
