"""manage vault_disposal show | propose | carry_out | certificate: numbers that nobody needs."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law.retention.disposing import STATES
from daicho.site.management import OwnCommand
from daicho.site.operating import operator_arguments, permit_of
from daicho.site.trouble import Trouble, reason
from daicho.vault.disposing import carrying_out, proofs, proposing, queries, rows
from daicho.vault.disposing.sources import NoSource

PURPOSE = "disposal.work"


class Command(OwnCommand):
    help = (
        "廃棄すべき個人番号の一覧を示し(show)、作り(propose)、承認された一覧を廃棄し(carry_out)、"
        "署名した廃棄証明を出します(certificate)。承認は画面で、別の責任者が行います。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            choices=("show", "propose", "carry_out", "certificate"),
            help="show 示す、propose 探して一覧を作る、carry_out 廃棄する、certificate 証明を出す",
        )
        parser.add_argument("list_id", type=int, nargs="?", metavar="一覧", help="一覧の番号")
        parser.add_argument(
            "--out", type=Path, metavar="FILE", help="証明を書くファイル(署名は FILE.sig)"
        )
        operator_arguments(parser)

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        steps: dict[str, Callable[..., None]] = {
            "propose": self._propose,
            "carry_out": self._carry_out,
            "certificate": self._certificate,
        }
        if what == "show":
            self._show()
            return
        try:
            if what != "propose" and options["list_id"] is None:
                raise CommandError("一覧の番号を指定してください。show で確かめられます。")
            steps[what](permit_of(argparse.Namespace(**options), PURPOSE), **options)
        except Refused as refused:
            said = [f"{one.what}(根拠: {one.cited}){one.remedy}" for one in refused.findings]
            raise CommandError("\n".join(said)) from None
        except NotThere:
            raise CommandError(f"一覧 {options['list_id']} はありません。") from None
        except (Trouble, NoSource) as trouble:
            raise CommandError(str(trouble)) from None

    def _show(self) -> None:
        self.stdout.write("一覧\t状態\t行\t除外\t済\t控え")
        for one in rows.lists():
            left = proofs.backups(one)
            where = "—"
            if one.state == "done":
                versions = "、".join(map(str, left.versions))
                where = "鍵の廃棄まで済み" if left.are_closed else f"残る(鍵の版 {versions})"
                where = where if left.has_any else "廃棄した番号なし"
            counts = f"{one.line_count}\t{one.off_count}\t{one.done_count}"
            self.stdout.write(f"{one.list_id}\t{STATES[one.state]}\t{counts}\t{where}")

    def _propose(self, permit: Permit, **_: Any) -> None:
        list_id = proposing.propose(permit)
        listed = rows.listed(list_id)
        assert listed is not None, "it has just been made"
        self.stdout.write(
            f"一覧 {list_id} を作りました({listed.line_count} 件)。\n"
            "作った者とは別の責任者が、画面「個人番号の廃棄」で確かめて承認します。"
        )

    def _carry_out(self, permit: Permit, *, list_id: int, **_: Any) -> None:
        def told(left_count: int) -> None:
            self.stderr.write(f"残り {left_count:,} 件")

        done = carrying_out.carry_out(permit, list_id, told)
        self.stdout.write(
            f"{done.destroyed_count} 件を廃棄し、"
            f"また必要になった {done.kept_count} 件は残しました。\n"
            "控え(バックアップ)の暗号文は、鍵を廃棄するまで残ります。show で確かめてください。"
        )

    def _certificate(self, permit: Permit, *, list_id: int, out: Path | None, **_: Any) -> None:
        if out is None:
            raise CommandError("--out FILE を指定してください。")
        whole = queries.whole(permit, list_id)
        if whole is None:
            raise NotThere(list_id)
        content = queries.certified(permit, whole, settings.MUNICIPALITY)
        written = proofs.written(content)
        signature = _signature(written)
        _write(out, written)
        _write(out.with_name(f"{out.name}.sig"), signature)
        self.stdout.write(
            f"{out} と、その署名 {out.name}.sig(ECDSA P-256、SHA-256)を書きました。\n"
            "公開している証明書の公開鍵で、openssl dgst -sha256 -verify などで確かめられます。"
        )


def _signature(content: bytes) -> bytes:
    from daicho.certificates import keys  # a second of loading, for who signs alone

    try:
        key = keys.load(Path(settings.SIGNING_KEY_FILE), Path(settings.SIGNING_CHAIN_FILE))
    except keys.KeyTrouble as trouble:
        raise CommandError(str(trouble)) from None
    return key.private.sign(content, ec.ECDSA(hashes.SHA256()))


def _write(file: Path, content: bytes) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
    except OSError as trouble:
        raise CommandError(f"{file} に書けません({reason(trouble)})。") from None
