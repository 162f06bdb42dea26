"""sim: a small nation under a seed: all goes wrong, then heals; what must hold is asked."""

import argparse
import sys
from time import perf_counter

from daicho.site.commands import count
from daicho.site.sim.running import Ran, ran
from daicho.site.trouble import Trouble

_TOWNS_MAX = 50
_TOLD_EVERY = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=count, default=1, metavar="N", help="最初の種(既定: 1)")
    parser.add_argument("--seeds", type=count, default=1, metavar="K", help="種の数(既定: 1)")
    parser.add_argument("--steps", type=count, default=400, metavar="M", help="歩数(既定: 400)")
    parser.add_argument("--towns", type=count, default=4, metavar="T", help="市区町村の数(既定: 4)")


def run(arguments: argparse.Namespace) -> int:
    if not 2 <= arguments.towns <= _TOWNS_MAX:
        raise Trouble(f"市区町村の数は2から{_TOWNS_MAX}までにしてください。")
    if arguments.steps < 1 or arguments.seeds < 1:
        raise Trouble("歩数と種の数は1以上にしてください。")
    began, message_count, wrong = perf_counter(), 0, 0
    for place in range(arguments.seeds):
        found = ran(arguments.seed + place, arguments.steps, arguments.towns)
        message_count += found.message_count
        wrong += _told(found, arguments)
        if (place + 1) % _TOLD_EVERY == 0:
            sys.stderr.write(f"模擬 {place + 1:,}/{arguments.seeds:,} 種\n")
    step_count = arguments.steps * arguments.seeds
    rate = step_count / (perf_counter() - began)
    sys.stdout.write(
        f"{arguments.seeds:,} 種、{step_count:,} 歩(毎秒 {rate:,.0f} 歩)、"
        f"処理した電文 {message_count:,} 通。条件の破れた種: {wrong:,}\n"
    )
    return 1 if wrong else 0


def _told(found: Ran, arguments: argparse.Namespace) -> bool:
    """Say what does not hold, and how to see it again."""
    for sentence in found.broken:
        sys.stdout.write(f"種 {found.seed}: {sentence}\n")
    if found.broken:
        again = f"--seed {found.seed} --steps {arguments.steps} --towns {arguments.towns}"
        sys.stdout.write(f"もう一度: ./daicho sim {again}\n")
    return bool(found.broken)
