"""manage provision NAME: print the SQL that makes a database and its roles on your own server."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from daicho.site.database import provisioning


class Command(BaseCommand):
    help = "自前のPostgreSQLに用意するデータベースと役割のSQLを出します(管理者が実行)。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="データベースの名前(英小文字)")

    def handle(self, *_args: Any, name: str, **_options: Any) -> None:
        names = provisioning.Names(name)
        passwords = {which: secrets.token_urlsafe(24) for which in provisioning.WITH_SIGN_IN}
        statements = [
            *provisioning.role_statements(names, passwords),
            *provisioning.server_statements(names),
        ]
        for statement in statements:
            self.stdout.write(statement.as_string(None) + ";")
        self.stdout.write(f"\\connect {name}")
        for statement in provisioning.database_statements(names):
            self.stdout.write(statement.as_string(None) + ";")
