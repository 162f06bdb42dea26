"""manage …: Django's own commands and ours, on this installation's database."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import uuid4

from daicho.site import installation
from daicho.site.commands import data_argument
from daicho.site.trouble import Trouble

# What an operator needs, in the order of need, and nothing else: Django's own commands would write
# out residents (dumpdata), drop tables (flush, migrate to zero) or change a password
# (changepassword) without a permit and without a trail row.
SHOWN = {
    "check": "設定とデータベースを点検する(公開前は --deploy --database default)",
    "migrate": "データベースの移行(確かめるだけなら --check)",
    "grant": "移行のあとに、データベースの権限を整える",
    "rebuild": "台帳から組み直して確かめる(--check)、または作り直す",
    "office": "所属と端末を登録する",
    "terminal": "端末の登録番号を発行する(--forget で登録を取り消す)",
    "operator": "操作者の登録(add)、停止の解除(unlock)、登録の許可(allow)、終わり(end)など",
    "operators": "操作者の一覧(操作者ID・氏名・所属・担当・停止の終わり)を出す",
    "close_due": "転出予定日の到来した者を今すぐ消除する(ふだんは自動で動く)",
    "record_codes": "住民票コードの備えに加え(add)、残りを数える(left)",
    "network": "都道府県にまだ通知していない住民全員を、送信待ちに入れる(tell_all)",
    "certifier": "証明書の認証者(市区町村長・職務代理者)を登録する",
    "keys": "個人番号の最初の鍵を、鍵ファイルか装置(--hardware)に作る",
    "vault_keys": "個人番号の鍵の版を示し(show)、作り(new)、移し(change)、廃棄する(retire)",
    "backup_keys": "控え(バックアップ)の鍵を示し(show)、廃棄する(destroy)",
    "vault_disposal": "廃棄すべき個人番号を示し(show)、一覧にし、廃棄し、証明を出す",
    "record_disposal": "保存期間の過ぎた記録を示し(show)、一覧にし、廃棄し、証明を出す",
    "test_card": "架空の町の住民の試験用カードを作り、失効させる",
    "trail_key": "利用記録の先頭に署名する鍵ファイルを新しく作る",
    "provision": "自前の PostgreSQL に用意する SQL を出す",
    "reference": "資料の頁をプログラムから作り直す(--check で確かめるだけ)",
    "sbom": "プログラムの部品表(SBOM、CycloneDX)を出す",
    "makemigrations": "モデルから移行のファイルを作る(開発)",
    "shell": "Python の対話(利用記録に残る)",
}
# These read the code only: no server is started and no folder made for them.
WITHOUT_DATABASE = frozenset({"help", "keys", "provision", "reference", "sbom", "trail_key"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, metavar="命令", help="例: check --deploy"
    )


def run(arguments: argparse.Namespace) -> int:
    data, words = _data_among(arguments.words, arguments.data)
    if not words:
        lines = "".join(f"  ./daicho manage {name:<14} {text}\n" for name, text in SHOWN.items())
        sys.stdout.write(f"管理命令\n\n{lines}\n説明: ./daicho manage 命令 --help\n")
        return 0
    asks_for_help = bool({"-h", "--help"} & set(words))
    if words[0] in WITHOUT_DATABASE or asks_for_help:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.site.settings")
        _execute(words)
    else:
        with installation.opened(data, "manage"):
            _execute(words)
    return 0


def _execute(words: Sequence[str]) -> None:
    import django
    from django.core.management import execute_from_command_line, get_commands

    django.setup()  # before it, only Django's own commands are known
    if words[0] not in {"help", *SHOWN}:
        why = "使えません" if words[0] in get_commands() else "ありません"
        raise Trouble(f"「{words[0]}」という管理命令は{why}。一覧: ./daicho manage")
    if words[0] == "migrate" and any(not word.startswith("-") for word in _values_left_out(words)):
        raise Trouble("移行は前にだけ進みます。版を選んで戻すことはできません。")
    if words[0] == "migrate" and "--check" not in words:
        _must_be_prepared()
    if words[0] == "shell":
        _trail_shell()
    # Django calls itself by the last part of this
    execute_from_command_line(["./daicho manage", *words])


def _must_be_prepared() -> None:
    from django.conf import settings

    from daicho.site.database import migrating

    if "owner" in settings.DATABASES:  # nobody else can migrate
        migrating.must_be_prepared("owner")


def _trail_shell() -> None:
    """A shell can do what the program can; that one was opened is known at least."""
    from django.db import transaction

    from daicho.access import clock
    from daicho.access.permits import look, system_permit

    with transaction.atomic():
        look(system_permit("operators", clock.today(), uuid4()), "shell", "manage")


def _values_left_out(words: Sequence[str]) -> Iterator[str]:
    """The words after the command without those that are the value of an option before them."""
    takes_value = {"--database", "--verbosity", "-v", "--settings", "--pythonpath"}
    before = words[0]
    for word in words[1:]:
        if before not in takes_value:
            yield word
        before = word


def _data_among(words: Sequence[str], data: Path) -> tuple[Path, list[str]]:
    """`--data DIR` after the command's name too, as every other command of ours takes it."""
    if "--data" not in words[:-1]:
        return data, list(words)
    place = words.index("--data")
    return Path(words[place + 1]), [*words[:place], *words[place + 2 :]]
