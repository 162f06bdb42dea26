"""What is written into a trail, and what an auditor does with it on a machine of his own."""

import argparse
import base64
import json
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from uuid import uuid4

from django.db import transaction

from daicho.access import clock, permits, trail
from daicho.access.acting import actor
from daicho.access.models import Operator
from daicho.access.proof import exporting, head_key, heads, notes
from daicho.site import verify_trail


def write(count: int) -> None:
    """So many rows, committed together."""
    with transaction.atomic():
        for _ in range(count):
            trail.write("look", request_id=uuid4(), record_ids=[uuid4()], detail={"rows": 1})


def handed_over(folder: Path) -> Path:
    """What the auditor gets: the lines under the newest head, and the heads."""
    folder.mkdir()
    auditor = actor(Operator.objects.get(login="auditor"), "A951", uuid4())
    lines, kept = StringIO(), StringIO()
    exporting.write(permits.permit(auditor, "audit.trail", clock.today()), lines, kept)
    (folder / "trail.jsonl").write_text(lines.getvalue(), encoding="utf-8")
    (folder / "heads.json").write_text(kept.getvalue(), encoding="utf-8")
    return folder


def verified(folder: Path, *more: str | Path) -> tuple[int, str]:
    """The exit code of the check, and what it said."""
    taken, said = argparse.ArgumentParser(), StringIO()
    verify_trail.add_arguments(taken)
    words = [folder / "trail.jsonl", "--heads", folder / "heads.json", *more]
    with redirect_stdout(said), redirect_stderr(said):
        code = verify_trail.run(taken.parse_args(list(map(str, words))))
    return code, said.getvalue()


def signed_head(note: str) -> dict[str, object]:
    """Another head with our own key, as a file has it."""
    key = heads.key()
    mark = base64.b64encode(notes.sign(note, key.private)).decode()
    return {"note": note, "signature": mark, "key": head_key.fingerprint(key.public)}


def elsewhere(folder: Path, note: str, file: Path) -> Path:
    """A file of heads that somebody else was given."""
    content = json.loads((folder / "heads.json").read_text("utf-8"))
    file.write_text(json.dumps({**content, "heads": [signed_head(note)]}), encoding="utf-8")
    return file
