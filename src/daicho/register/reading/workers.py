"""読取りの分担: blocks judged by processes beside this one, given back in the order of the file.

At any time each process has one block at most, so that memory does not grow with the file. A file
of a block or two is judged here: starting a process would take longer.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import daicho
from daicho.register.reading.csv_file import BLOCK_CHARS, Block, FileTrouble
from daicho.register.reading.judging import BlockReader, Judged, Order

WORKERS_MAX = 8
BLOCKS_A_WORKER = 2  # fewer are judged before it has started

Worker = subprocess.Popen[bytes]


class WorkerLost(FileTrouble):
    """A process that judged lines has ended: out of memory, or somebody ended it."""

    def __init__(self) -> None:
        super().__init__(
            "読取りの処理の一つが途中で終了しました。"
            "メモリーの不足などの原因を除いて、もう一度実行してください。"
        )


def count_for(file: Path) -> int:
    """How many processes are worth starting for `file` here; 0: judge it in this one."""
    blocks = file.stat().st_size // BLOCK_CHARS
    return min(WORKERS_MAX, len(os.sched_getaffinity(0)), blocks // BLOCKS_A_WORKER)


def judge(order: Order, blocks: Iterable[Block], workers: int) -> Iterator[Judged]:
    """Every block, judged, in order; FileTrouble at the first that is no register."""
    if workers == 0:
        reader = BlockReader(order)
        yield from map(reader.judge, blocks)
        return
    with ExitStack() as stack:
        idle = [stack.enter_context(_started(order)) for _ in range(workers)]
        asked: deque[Worker] = deque()
        for block in _until_trouble(blocks):
            if isinstance(block, FileTrouble):
                yield from map(_answer, asked)  # an earlier line may have an earlier trouble
                raise block
            if idle:
                asked.append(_ask(idle.pop(), block))
                continue
            answer = _answer(worker := asked.popleft())
            asked.append(_ask(worker, block))  # it works while the caller does
            yield answer
        yield from map(_answer, asked)


def _until_trouble(blocks: Iterable[Block]) -> Iterator[Block | FileTrouble]:
    try:
        yield from blocks
    except FileTrouble as trouble:
        yield trouble


@contextmanager
def _started(order: Order) -> Iterator[Worker]:
    """One process: a clean interpreter that is given nothing but where our modules are."""
    source = str(Path(daicho.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-m", "daicho.register.reading.worker"],
        env={"PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as worker:
        try:
            yield _ask(worker, order)
        finally:
            worker.kill()  # it has nothing to finish
            assert worker.stdin is not None
            with suppress(BrokenPipeError):  # what it has not read yet
                worker.stdin.close()


def _ask(worker: Worker, what: Block | Order) -> Worker:
    assert worker.stdin is not None
    try:
        pickle.dump(what, worker.stdin)
        worker.stdin.flush()
    except BrokenPipeError:
        raise WorkerLost from None
    return worker


def _answer(worker: Worker) -> Judged:
    assert worker.stdout is not None
    try:
        answer = pickle.load(worker.stdout)  # noqa: S301  from the process we started
    except (EOFError, pickle.UnpicklingError):
        raise WorkerLost from None
    if isinstance(answer, FileTrouble):
        raise answer
    assert isinstance(answer, Judged)
    return answer
