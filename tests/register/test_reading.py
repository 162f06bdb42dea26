"""Judged in blocks and by other processes, a file says what it says judged here at one go."""

import csv
import io
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

import made_up_town
import town
from daicho.access.permits import Permit
from daicho.register import importing, layout
from daicho.register.reading import csv_file, staged, workers
from daicho.register.reading.judging import Judged, Order, RowFault

ON = made_up_town.ON
SEED = bytes(32)
WRONG = {11: {"sex": "9"}, 200: {"born_on": ""}, 201: {"address_number": "?"}, 555: {"ward": "1"}}
BODY = staged.NAMES.index("body")


@cache
def _lawful_and_wrong() -> bytes:
    """A made-up town some of whose lines cannot be, with line ends and quotes in some cells."""
    rows = made_up_town.rows(made_up_town.written(300))
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(column.japanese for column in layout.COLUMNS)
    for number, row in enumerate(rows):
        odd = {"note": 'あ\n"い"\r\n\\う\tえ'} if number % 7 == 0 else {}
        said = {**row, **odd, **WRONG.get(number, {})}
        writer.writerow(said[column.name] for column in layout.COLUMNS)
    return file.getvalue().encode()


def _judged(content: bytes, *, block_chars: int, processes: int = 0) -> list[Judged]:
    file = csv_file.File(io.BytesIO(content), block_chars)
    order = Order(ward=made_up_town.KORIYAMA, on=ON, header=file.header, seed=SEED)
    return list(workers.judge(order, file.blocks(), processes))


def _rows(judged: Iterable[Judged]) -> Iterator[list[object]]:
    for one in judged:
        for row in one.rows.splitlines():
            cells: list[object] = [*row.split("\t")]
            cells[BODY] = json.loads(str(cells[BODY]).replace("\\\\", "\\"))
            yield cells


def _all(judged: list[Judged]) -> tuple[object, ...]:
    faults: list[RowFault] = [fault for one in judged for fault in one.faults]
    return (
        sum(one.lines for one in judged),
        list(_rows(judged)),
        [number for one in judged for number in one.numbers],
        faults,
        sum((one.alerts for one in judged), start=type(judged[0].alerts)()),
        all(one.fictitious for one in judged),
    )


@pytest.mark.parametrize("processes", [0, 1, 3])
def test_blocks_and_processes_change_nothing(processes: int) -> None:
    whole = _judged(_lawful_and_wrong(), block_chars=100_000_000)
    parts = _judged(_lawful_and_wrong(), block_chars=50_000, processes=processes)
    assert len(whole) == 1
    assert len(parts) > 5
    assert len(whole[0].faults) >= len(WRONG)
    assert _all(parts) == _all(whole)


@given(
    cells=st.lists(st.text(alphabet='あ,"\n\r\\\t ', max_size=8), min_size=1, max_size=12),
    block_chars=st.integers(1, 600),
)
def test_cells_with_any_signs_come_out_of_blocks_as_they_went_in(
    cells: list[str], block_chars: int
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(town.HEADER)
    for cell in cells:
        writer.writerow(town.hanako(note=cell).values())
    read = csv_file.File(io.BytesIO(file.getvalue().encode()), block_chars)
    place = list(town.line()).index("note")
    lines = [line for block in read.blocks() for line in csv_file.lines(block, read.header)]
    assert [line.cells[place] for line in lines] == cells


@pytest.mark.parametrize(
    ("content", "words", "because"),
    [
        ("1,2\n" + "\0\n", "2行目の列", "the earlier of two troubles is told"),
        ("\0\n" + "1,2\n", "2行目に文字でない", "the same the other way about"),
    ],
)
def test_the_first_trouble_of_the_file_is_told(content: str, words: str, because: str) -> None:
    header = ",".join(town.HEADER) + "\n"
    with pytest.raises(csv_file.FileTrouble, match=words):
        _judged((header + content).encode(), block_chars=1, processes=2)


def _workers_of(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    command = "daicho.register.reading.worker"
    return [
        int(one) for one in children if command in Path(f"/proc/{one}/cmdline").read_text("ascii")
    ]


@pytest.mark.django_db
def test_a_worker_that_is_killed_ends_the_import_and_nothing_is_written(
    allowed: Permit, tmp_path: Path
) -> None:
    file = tmp_path / "town.csv"
    file.write_text(made_up_town.written(made_up_town.RESIDENTS), encoding="utf-8")
    killed: list[int] = []

    def kill(_what: str, _lines: int) -> None:
        for worker in _workers_of(os.getpid()):
            os.kill(worker, signal.SIGKILL)
            killed.append(worker)

    with pytest.raises(workers.WorkerLost, match="途中で終了"):
        importing.run(
            allowed,
            file,
            ward=made_up_town.KORIYAMA,
            trial=False,
            keep_refusals=lambda _: None,
            progress=kill,
        )
    assert killed
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_recordedchange")
        assert cursor.fetchone() == (0,)


_STARTS_ONE = """
import io, sys
from datetime import date
from daicho.register.reading import csv_file, workers
from daicho.register.reading.judging import Order
file = csv_file.File(io.BytesIO(sys.stdin.buffer.read()), 100)
order = Order(ward="072036", on=date(2024, 5, 1), header=file.header, seed=bytes(32))
judged = workers.judge(order, file.blocks(), 1)
next(judged)
print("ready", flush=True)
import signal
signal.pause()
"""


def test_the_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    file = town.write(tmp_path, [town.hanako(), town.taro(), town.hanako()])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with (
        file.open("rb") as content,
        subprocess.Popen(
            [sys.executable, "-c", _STARTS_ONE],
            stdin=content,
            stdout=subprocess.PIPE,
            env=environment,
        ) as parent,
    ):
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        (worker,) = _workers_of(parent.pid)
        gone = os.pidfd_open(worker)
        parent.kill()
        ended, _, _ = select.select([gone], [], [], 20)
        os.close(gone)
    assert ended, "the worker outlived the process that started it"


def test_a_small_file_is_judged_here(tmp_path: Path) -> None:
    assert workers.count_for(town.write(tmp_path, [town.hanako()])) == 0


def test_the_day_of_the_import_is_that_of_the_order() -> None:
    content = _lawful_and_wrong()
    file = csv_file.File(io.BytesIO(content))
    order = Order(ward=made_up_town.KORIYAMA, on=date(1990, 1, 1), header=file.header, seed=SEED)
    codes = {fault.code for one in workers.judge(order, file.blocks(), 1) for fault in one.faults}
    assert "import.processed_on" in codes
