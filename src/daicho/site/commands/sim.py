"""sim: a small nation under a seed: all goes wrong, then heals; what must hold is asked."""

import argparse
import sys
from pathlib import Path
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

    real = parser.add_argument_group("実際の処理を、くり返し止めながら動かす")
    real.add_argument("--real", action="store_true", help="通信する国を実際に動かす(遅い)")
    real.add_argument(
        "--changes", type=count, default=20_000, metavar="N", help="異動の数(既定: 20000)"
    )
    real.add_argument("--data", type=Path, metavar="DIR", help="空のフォルダー(--real に要ります)")
    real.add_argument(
        "--residents", type=count, default=60, metavar="N", help="一つの市の住民の数(既定: 60)"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.real:
        return _really(arguments)
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


def _really(arguments: argparse.Namespace) -> int:
    from daicho.site.sim.real import killing  # the nation's parts, which the rest does not need

    if arguments.data is None or arguments.changes < 1:
        raise Trouble("--real には --data で空のフォルダーを、--changes で1以上の数を指定します。")
    found = killing.run(arguments.data, arguments.changes, arguments.residents, arguments.seed)
    for sentence in found.broken:
        sys.stdout.write(f"{sentence}\n")
    sys.stdout.write(
        f"異動 {found.changes:,} 件、止めた処理 {found.kills:,}、国の始まり {found.starts:,} 回。"
        f"知らせた住民 {found.told:,} 人、静まるまで {found.rest_seconds:,.0f} 秒。"
        f"{'破れた条件があります' if found.broken else 'すべての階層が一致しました'}。\n"
    )
    return 1 if found.broken else 0


def _told(found: Ran, arguments: argparse.Namespace) -> bool:
    """Say what does not hold, and how to see it again."""
    for sentence in found.broken:
        sys.stdout.write(f"種 {found.seed}: {sentence}\n")
    if found.broken:
        again = f"--seed {found.seed} --steps {arguments.steps} --towns {arguments.towns}"
        sys.stdout.write(f"もう一度: ./daicho sim {again}\n")
    return bool(found.broken)
