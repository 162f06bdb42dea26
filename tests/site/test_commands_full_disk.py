"""A disk that fills up during an import: told as that, and the register stands as before."""

import json
import os
import sys
from datetime import date
from pathlib import Path

import pytest

import town
from daicho.site.demo.town import write_town
from processes import SRC, FirstStart, password_file, program

# A copy of the data on a disk of its own, nearly full; what the import says; then room again.
ON_A_SMALL_DISK = """
import json, os, shutil, subprocess, sys
from pathlib import Path
sys.path.insert(0, os.environ["SUITE"])
from processes import call
data, file, secret, disk = map(Path, sys.argv[1:])
size = sum(one.lstat().st_size for one in data.rglob("*"))
options = f"size={size + 48_000_000}"
subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=True)
subprocess.run(["cp", "-a", data, disk / "var"], check=True)
filler = disk / "filler"
with filler.open("wb") as filling:
    filling.write(bytes(shutil.disk_usage(disk).free - 3_000_000))
acting = ("--data", disk / "var", "--as", "unyo", "--password-file", secret)
full = call("import", file, *acting)
filler.unlink()
after = call("export", disk / "after", *acting)
lines = (disk / "after" / "register.csv").read_text("utf-8").count(chr(10))
print(json.dumps([full.returncode, full.stdout, full.stderr, after.returncode, lines]))
"""


def test_an_import_that_fills_the_disk_is_told_and_undone(
    first_start: FirstStart, tmp_path: Path
) -> None:
    secret = password_file(tmp_path, "unyo", first_start.accounts)
    file, disk = tmp_path / "town.csv", tmp_path / "disk"
    disk.mkdir()
    with file.open("w", encoding="utf-8", newline="") as written:
        on = date(2026, 11, 21)
        write_town(written, municipality=town.WARD, residents=600, seed=3, on=on)
    become = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    words = ["--mount", *become, "env", f"SUITE={SRC.parent / 'tests'}"]
    python = sys.executable
    places = (first_start.data, file, secret, disk)
    run = program(*words, python, "-c", ON_A_SMALL_DISK, *places, python="unshare")
    if "unshare" in run.stderr:
        pytest.skip("no mount namespace here: a small disk cannot be made")
    assert run.returncode == 0, run.stderr
    code, out, said, after, lines = json.loads(run.stdout)
    assert (code, out) == (1, ""), said
    assert "ディスクの空きがなくなりました" in said
    assert "Traceback" not in said
    assert (after, lines) == (0, 1), "the header alone: nothing is half-written"
