"""Acts that need rankings which are not in memory yet: they begin anew once these are read.

Refuses to let a transaction, with all its locks, wait for a million entries.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import wraps
from typing import ParamSpec, TypeVar

from plaudit.storage.boards_port import Cold

P = ParamSpec("P")
R = TypeVar("R")


def warmed(act: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Let an act of one transaction begin anew when that ended because rankings have to be read first."""

    @wraps(act)
    async def begun_anew(*given: P.args, **named: P.kwargs) -> R:
        async with AsyncExitStack() as held:
            while True:
                try:
                    return await act(*given, **named)
                except Cold as cold:
                    await held.enter_async_context(cold.read())

    return begun_anew
