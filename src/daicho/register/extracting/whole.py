"""標準の形式での全件: the whole register, sealed, under leave that another person gave."""

from pathlib import Path

from django.db import transaction

from daicho.access.data_exports import folders, gate
from daicho.access.data_exports.subjects import Subjects
from daicho.access.permits import Permit
from daicho.access.sealed_files import passphrases
from daicho.access.sealed_files.sealing import Sealer
from daicho.register import exporting
from daicho.register.extracting.making import MadeFile

FILE = f"{exporting.FILE}{folders.SUFFIX}"


def write(permit: Permit, request_no: int, folder: Path) -> MadeFile:
    """全件の出力: `register.csv.sealed` into `folder`, whole or not at all, counted and trailed.

    Raises NotMade (refused: nothing was made), NotThere.
    """
    exporting.demand_all(permit)
    passphrase = passphrases.made()
    with gate.trailed(permit, request_no), transaction.atomic(durable=True):
        going = gate.may_make(permit, request_no, permit.request_id, by_command=True)
        with folders.written(folder / FILE) as opened:
            sealer = Sealer(opened, passphrase, going.said)
            with Subjects() as of_whom:
                lines = exporting.copied(sealer.write, of_whom.add)
                gate.may_hold(permit, going, lines)
                digest = sealer.end(lines)
                for part in of_whom.parts():
                    gate.name_whom(permit, going, part)
            gate.count(permit, going, lines, digest, sealer.size_bytes)
    return MadeFile(going.export_id, lines, digest, passphrase, going.leave.times_left - 1)
