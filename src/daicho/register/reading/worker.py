"""読取りの子プロセス: judges blocks that come on standard input until it is closed.

It holds no connection and no keys. When the process that started it ends, however that happens,
its standard input ends too, and so does it.
"""

import gc
import pickle
import signal
import sys

from daicho.register.reading.csv_file import Block, FileTrouble
from daicho.register.reading.judging import BlockReader


def main() -> None:
    """Read an `Order`, then blocks; answer each with its `Judged` or the FileTrouble it has."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us is told, and closes our input
    gc.freeze()  # tables and rules stay; what a line makes has no cycles worth a search
    gc.disable()
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    reader = BlockReader(pickle.load(asked))  # noqa: S301  from the process that started us
    while True:
        try:
            block = pickle.load(asked)  # noqa: S301  as above
            pickle.dump(_judged(reader, block), answers)
            answers.flush()
        except (EOFError, BrokenPipeError):
            sys.stdout = None  # nobody listens; the interpreter would flush it once more
            return


def _judged(reader: BlockReader, block: object) -> object:
    assert isinstance(block, Block)
    try:
        return reader.judge(block)
    except FileTrouble as trouble:
        return trouble


if __name__ == "__main__":
    main()
