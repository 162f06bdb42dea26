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

# A copy of the data on a disk of its own, with room for a little; `filled` leaves so many bytes.
SMALL_DISK = """
import json, os, shutil, subprocess, sys
from pathlib import Path
sys.path.insert(0, os.environ["SUITE"])
from processes import call
data, disk, *words = map(Path, sys.argv[1:])
size = sum(one.lstat().st_size for one in data.rglob("*"))
options = f"size={size + 48_000_000}"
subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=True)
subprocess.run(["cp", "-a", data, disk / "var"], check=True)
filler = disk / "filler"
"""
# What the import says on a disk that is nearly full; then room again.
IMPORTING = (
    SMALL_DISK
    + """
file, secret = words
with filler.open("wb") as filling:
    filling.write(bytes(shutil.disk_usage(disk).free - 3_000_000))
acting = ("--data", disk / "var", "--as", "unyo", "--password-file", secret)
full = call("import", file, *acting)
filler.unlink()
after = call("export", disk / "after", *acting)
lines = (disk / "after" / "register.csv").read_text("utf-8").count(chr(10))
print(json.dumps([full.returncode, full.stdout, full.stderr, after.returncode, lines]))
"""
)
LOOKING = (
    SMALL_DISK
    + """
code, secret = (one.read_text() for one in words)
own = {"FILLER": str(filler), "SECRET": secret.strip()}
run = call("manage", "--data", disk / "var", "shell", "--no-imports", "-c", code, **own)
print(run.stdout or run.stderr)
"""
)
# A clerk looks while the last room of the trail's tables goes, and once there is room again.
LOOKS = """
import json, os, shutil, uuid
from pathlib import Path
from django.db import OperationalError, transaction
from django.test import Client
from daicho.access import clock
from daicho.access.models import Trail
from daicho.access.permits import look, system_permit
def at_the_counter():
    answer = clerk.post("/inquiry/change/", {"kana": "カクウ"}, follow=True)
    return answer.status_code, answer.content.decode()
clerk = Client(headers={"host": "localhost"}, raise_request_exception=False)
clerk.post("/sign-in", {"login": "madoguchi", "password": os.environ["SECRET"]})
clerk.post("/terminal", {"terminal": "C001"})
before = at_the_counter()
filler, looked, code = Path(os.environ["FILLER"]), 0, ""
with filler.open("wb") as filling:
    filling.write(bytes(shutil.disk_usage(filler.parent).free))
permit, count = system_permit("rebuild_check", clock.today(), uuid.uuid4()), Trail.objects.count()
while not code and looked < 20_000:
    try:
        with transaction.atomic():
            look(permit, "look", "test", record_ids=[uuid.uuid4() for _ in range(50)])
        looked += 1
    except OperationalError as full:
        code = full.__cause__.sqlstate
is_whole = Trail.objects.count() == count + looked
full = next((one for one in (at_the_counter() for _ in range(40)) if one[0] != 200), ())
filler.unlink()
print(json.dumps([before[0], code, is_whole, full, at_the_counter()[0]]))
"""


def on_a_small_disk(script: str, *places: Path) -> str:
    """What a script prints that works on a small disk; skips where none can be made."""
    become = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    words = ["--mount", *become, "env", f"SUITE={SRC.parent / 'tests'}"]
    run = program(*words, sys.executable, "-c", script, *places, python="unshare")
    if "unshare" in run.stderr:
        pytest.skip("no mount namespace here: a small disk cannot be made")
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_an_import_that_fills_the_disk_is_told_and_undone(
    first_start: FirstStart, tmp_path: Path
) -> None:
    secret = password_file(tmp_path, "unyo", first_start.accounts)
    file, disk = tmp_path / "town.csv", tmp_path / "disk"
    disk.mkdir()
    with file.open("w", encoding="utf-8", newline="") as written:
        on = date(2026, 11, 21)
        write_town(written, municipality=town.WARD, residents=600, seed=3, on=on)
    told = on_a_small_disk(IMPORTING, first_start.data, disk, file, secret)
    code, out, said, after, lines = json.loads(told)
    assert (code, out) == (1, ""), said
    assert "ディスクの空きがなくなりました" in said
    assert "Traceback" not in said
    assert (after, lines) == (0, 1), "the header alone: nothing is half-written"


def test_a_look_that_cannot_be_trailed_shows_nothing_and_says_why(
    first_start: FirstStart, tmp_path: Path
) -> None:
    secret = password_file(tmp_path, "madoguchi", first_start.accounts)
    looks, disk = tmp_path / "looks.py", tmp_path / "disk"
    disk.mkdir()
    looks.write_text(LOOKS, "utf-8")
    told = on_a_small_disk(LOOKING, first_start.data, disk, looks, secret)
    before, code, is_whole, full, after = json.loads(told.strip().splitlines()[-1])
    assert (before, code, after) == (200, "53100", 200), told
    assert is_whole, "what was shown is trailed"
    status, page = full
    assert status == 503
    assert "記録する場所がいっぱいです" in page
    assert "検索結果" not in page
