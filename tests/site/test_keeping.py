"""What is kept running is started again, the later the more often it ends at once."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from daicho.site.serving import child, keeping
from daicho.site.serving.keeping import Kept, Needed
from daicho.site.trouble import Trouble
from processes import wait_for_end, watched

SLEEPS = (sys.executable, "-c", "import time; print('begun', flush=True); time.sleep(600)")
ENDS = (sys.executable, "-c", "raise SystemExit(3)")
# Starts a child by itself, tells its pid and waits to be killed.
PARENT = """
import sys, time
from pathlib import Path
from daicho.site.serving import child
begun = child.begin([sys.executable, *sys.argv[2:]], child.environment({}), Path(sys.argv[1]))
print(begun.pid, flush=True)
time.sleep(600)
"""


def _kept(log: Path, words: tuple[str, ...]) -> Kept:
    return Kept("試し", log, lambda: child.begin(words, child.environment({}), log))


def _until_it_ends(one: Kept) -> None:
    assert one.child is not None
    keeping.until_one_ends([one.child])


def test_whoever_ends_again_and_again_is_waited_for_longer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = _kept(tmp_path / "log", ENDS)
    one.begin()
    pauses = []
    for _ in range(len(keeping.PAUSES) + 1):
        _until_it_ends(one)
        now = time.monotonic()
        one.mend(now)  # the first time it is started again at once
        pauses.append(one.due_in(now) or 0.0)
        if one.child is None:
            one.mend(now + pauses[-1])
    assert pauses == [*keeping.PAUSES, keeping.PAUSES[-1]]
    assert one.child is not None
    keeping.end([one])
    told = capsys.readouterr().err
    assert f"試しが止まりました(終了 3)。もう一度始めます。記録は {tmp_path}/log" in told
    assert "60 秒後にもう一度始めます" in told


def test_an_end_after_a_long_life_is_the_first_one_again(tmp_path: Path) -> None:
    one = _kept(tmp_path / "log", ENDS)
    one.begin()
    for _ in range(3):
        _until_it_ends(one)
        one.mend(time.monotonic() + keeping.WELL_AFTER + 1)
        assert one.due_in(0.0) is None, "it is started again at once"
    keeping.end([one])


def test_without_what_is_needed_nothing_goes_on(tmp_path: Path) -> None:
    needed = child.begin(SLEEPS, child.environment({}), tmp_path / "needed")
    kept = _kept(tmp_path / "kept", SLEEPS)
    kept.begin()
    needed.kill()
    with pytest.raises(Trouble, match=r"データベースが止まりました。.*needed を確かめて"):
        keeping.keep([Needed("データベース", needed.pid, tmp_path / "needed")], [kept])
    assert kept.child is not None
    assert kept.child.poll() is None, "who started it ends it"
    child.end([kept.child, needed])
    assert kept.child.poll() == -signal.SIGTERM


def test_a_child_ends_with_who_started_it(tmp_path: Path) -> None:
    words = (sys.executable, "-c", PARENT, str(tmp_path / "log"), *SLEEPS[1:])
    parent = subprocess.Popen(words, env=child.environment({}), stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    with watched([pid]) as (handle,):
        parent.kill()
        parent.communicate()
        assert wait_for_end(handle)
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600
