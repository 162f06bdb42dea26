"""自前のスレッド: calls of pyHanko that run an event loop of their own.

Such a call fails in a thread in which a loop runs already; whoever asks for a certificate need not
know that.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_own_thread(call: Callable[[], T]) -> T:
    """What `call` returns or raises, from a thread that is made for it and ends with it."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(call).result()
