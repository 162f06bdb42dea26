"""manage network tell_all --as LOGIN: the governor is told of all who live here (30条の6第1項)."""

import argparse
import sys
import time
from typing import Any

from django.core.management.base import CommandError, CommandParser

from daicho.site.management import OwnCommand
from daicho.site.operating import operator_arguments, permit_of
from daicho.site.trouble import Trouble

PURPOSE = "network.tell_all"


class Command(OwnCommand):
    help = (
        "都道府県知事にまだ通知していない住民全員の本人確認情報を、送信待ちに入れます(tell_all)。"
        "初めて接続したときに1度使います。途中で止まっても、もう一度使えば続きから入れます。"
        "通知済みの住民は、重ねて入れません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("tell_all",), help="tell_all 全住民を通知する")
        operator_arguments(parser)

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        del what  # there is one
        from django.apps import apps

        if not apps.is_installed("daicho.register"):
            raise CommandError("住民を通知するのは市区町村だけです。ここには住民票がありません。")
        from daicho.recording import telling

        try:
            permit = permit_of(argparse.Namespace(**options), PURPOSE)
        except Trouble as trouble:
            raise CommandError(f"{trouble}何も入れていません。") from None
        told = telling.tell_all(permit, _Progress())
        self.stdout.write(f"{told.count:,} 人の本人確認情報を送信待ちに入れました。")
        if told.left:
            raise CommandError(
                f"窓口で異動を記載している {told.left:,} 人は入れていません。"
                "もう一度実行してください。"
            )


class _Progress:
    """途中経過: how many and since when, on standard error, every second at the most."""

    def __init__(self) -> None:
        self._began = self._told = time.monotonic()

    def __call__(self, count: int) -> None:
        now = time.monotonic()
        if now - self._told < 1:
            return
        self._told = now
        sys.stderr.write(f"{count:,} 人 {now - self._began:.0f} 秒\n")
        sys.stderr.flush()
