"""manage provision NAME: print the SQL that makes a database and its roles on your own server."""

import re
import secrets
from typing import Any

from django.core.management.base import CommandError, CommandParser

from daicho.site.database import provisioning
from daicho.site.management import OwnCommand

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Command(OwnCommand):
    help = "自前のPostgreSQLに用意するデータベースと役割のSQLを出します(管理者が実行)。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="データベースの名前(英小文字)")

    def handle(self, *_args: Any, name: str, **_options: Any) -> None:
        if not NAME.fullmatch(name):
            raise CommandError(
                "名前は英小文字で始まる、英小文字・数字・_ の40字までにしてください。"
            )
        names = provisioning.Names(name)
        passwords = {which: secrets.token_urlsafe(24) for which in provisioning.WITH_SIGN_IN}
        # half of it done and the rest refused would be worse than nothing
        self.stdout.write("\\set ON_ERROR_STOP on")
        statements = [
            *provisioning.role_statements(names, passwords),
            *provisioning.server_statements(names),
        ]
        for statement in statements:
            self.stdout.write(statement.as_string(None) + ";")
        self.stdout.write(f"\\connect {name}")
        for statement in provisioning.database_statements(names):
            self.stdout.write(statement.as_string(None) + ";")
        for variable, which in (("DATABASE_URL", "app"), ("DATABASE_OWNER_URL", "owner")):
            login = f"{names.role(which)}:{passwords[which]}"
            self.stdout.write(f"-- {variable}=postgresql://{login}@サーバー/{name}")
