"""廃棄の命令: what the commands of numbers and of records share; the steps are their own."""

import argparse
from abc import abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import CommandError, CommandParser

from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.site.management import OwnCommand
from daicho.site.management.signed import write_signed
from daicho.site.operating import operator_arguments, permit_of
from daicho.site.trouble import Trouble

Told = Callable[[int], None]
"""進み: how much is left, told after each piece."""


class DisposalCommand(OwnCommand):
    """show | propose | carry_out | certificate, the last three as a person with `purpose`."""

    purpose: ClassVar[str]
    counted: ClassVar[str]  # what `carry_out` counts down

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
        if what == "show":
            self.stdout.write("一覧\t状態\t行\t除外\t済\t控え")
            for row in self.rows():
                self.stdout.write("\t".join(map(str, row)))
            return
        list_id: int | None = options["list_id"]
        try:
            if what != "propose" and list_id is None:
                raise CommandError("一覧の番号を指定してください。show で確かめられます。")
            permit = permit_of(argparse.Namespace(**options), self.purpose)
            self.stdout.write(self._taken(what, permit, list_id or 0, options["out"]))
        except Refused as refused:
            said = [f"{one.what}(根拠: {one.cited}){one.remedy}" for one in refused.findings]
            raise CommandError("\n".join(said)) from None
        except NotThere:
            raise CommandError(f"一覧 {list_id} はありません。") from None
        except Trouble as trouble:
            raise CommandError(str(trouble)) from None

    def _taken(self, what: str, permit: Permit, list_id: int, out: Path | None) -> str:
        if what == "propose":
            made, count = self.propose(permit)
            return (
                f"一覧 {made} を作りました({count:,} 件)。\n"
                "作った者とは別の責任者が、画面「個人番号と記録の廃棄」で確かめて承認します。"
            )
        if what == "carry_out":
            return self.carry_out(permit, list_id, self._told)
        if out is None:
            raise CommandError("--out FILE を指定してください。")
        return write_signed(out, self.certificate(permit, list_id))

    def _told(self, left_count: int) -> None:
        self.stderr.write(f"残り {left_count:,} {self.counted}")

    @abstractmethod
    def rows(self) -> Iterator[tuple[object, ...]]:
        """一覧の行: number, state, lines, taken off, done, and what still stands in backups."""

    @abstractmethod
    def propose(self, permit: Permit) -> tuple[int, int]:
        """The number of a new list, and of how many things it is."""

    @abstractmethod
    def carry_out(self, permit: Permit, list_id: int, told: Told) -> str:
        """Carry an approved list out; gives what is told of it."""

    @abstractmethod
    def certificate(self, permit: Permit, list_id: int) -> bytes:
        """What a certificate says, as it is signed. Raises NotThere."""
