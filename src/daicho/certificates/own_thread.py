"""自前のスレッド: calls of pyHanko that run an event loop of their own.

Such a call fails in a thread in which a loop runs already; whoever asks for a certificate need not
know that.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_own_thread(call: Callable[[], T]) -> T:
    """What `call` returns or raises; where a loop runs here, from a thread that ends with it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(call).result()
