"""Where an event's time goes inside the act: reading, deciding, gathering, writing, committing.

`python -m benchmarks.parts DATABASE` runs groups of events through the real act, with a stopwatch
around each verb of the port. Refuses servers: see `doors` for what stands before the act.
"""

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from random import Random
from typing import ParamSpec, TypeVar
from unittest.mock import patch

from benchmarks.world import command
from plaudit.compose import open_store
from plaudit.config import Settings
from plaudit.model.commands import RecordEvent
from plaudit.operations import record_events
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Ledger, Transaction

P = ParamSpec("P")
R = TypeVar("R")


class Stopwatch:
    """Adds up CPU seconds of this thread, and seconds passed, by name."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.cpu: dict[str, float] = defaultdict(float)
        self.passed: dict[str, float] = defaultdict(float)

    @contextmanager
    def over(self, name: str) -> Iterator[None]:
        """Count what happens inside under a name."""
        cpu, wall = time.thread_time(), time.perf_counter()
        yield
        self.cpu[name] += time.thread_time() - cpu
        self.passed[name] += time.perf_counter() - wall

    def around(self, name: str, function: Callable[P, R]) -> Callable[P, R]:
        """Give a plain function that is counted under a name."""

        def counted(*args: P.args, **kwargs: P.kwargs) -> R:
            with self.over(name):
                return function(*args, **kwargs)

        return counted

    def awaited(self, name: str, verb: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        """Give a coroutine function that is counted under a name."""

        async def counted(*args: P.args, **kwargs: P.kwargs) -> R:
            with self.over(name):
                return await verb(*args, **kwargs)

        return counted


class TimedTransaction:
    """A transaction whose verbs are counted."""

    def __init__(self, watch: Stopwatch, inner: Transaction) -> None:
        """Wrap every verb."""
        self.boards = inner.boards
        for verb in ("snapshots_for", "versions", "deepen", "events_of", "apply"):
            setattr(self, verb, watch.awaited(verb, getattr(inner, verb)))


class TimedLedger:
    """A ledger whose transactions are counted, beginnings and commits included."""

    def __init__(self, watch: Stopwatch, inner: Ledger) -> None:
        """Keep what is wrapped."""
        self._watch = watch
        self._inner = inner

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[TimedTransaction]:
        """Open a counted transaction."""
        manager = self._inner.transaction()
        with self._watch.over("begin"):
            inner = await manager.__aenter__()
        try:
            yield TimedTransaction(self._watch, inner)
        except BaseException as error:
            await manager.__aexit__(type(error), error, error.__traceback__)
            raise
        with self._watch.over("commit"):
            await manager.__aexit__(None, None, None)


async def measure(database: str, group: int, seconds: float) -> None:
    """Run groups of events of random users and print microseconds per event for each part."""
    store = await open_store(Settings(database=database))
    watch = Stopwatch()
    try:
        users = max(1, (await store.ledger.counts(1, "")).get(0, 1))
        timed = TimedLedger(watch, store.ledger)
        act = partial(record_events.record, timed, Rulebooks(store.catalog))  # type: ignore[arg-type]  # what the act uses of a ledger
        # Deciding and gathering are plain functions that the act calls by name.
        fold, gather = (watch.around(name, getattr(record_events, name)) for name in ("fold", "gather"))
        with patch.object(record_events, "fold", fold), patch.object(record_events, "gather", gather):
            done = await _run(partial(act), watch, users, group, seconds)
    finally:
        await store.close()
    for name, passed in watch.passed.items():
        cpu = watch.cpu[name] / done * 1e6
        print(f"{name:15}{cpu:8.2f} µs CPU of the loop's thread,{passed / done * 1e6:8.2f} µs passed")
    print(f"{done:,} events in groups of {group}, µs per event; 'process' counts every thread")


async def _run(
    act: Callable[[list[RecordEvent]], Awaitable[object]],
    watch: Stopwatch,
    users: int,
    group: int,
    seconds: float,
) -> int:
    random, done = Random(1), 0
    while watch.passed["whole act"] < seconds:
        commands = [command(1, random.randrange(users), random.randint(1, 10)) for _ in range(group)]
        began = time.process_time()
        with watch.over("whole act"):
            await act(commands)
        watch.cpu["process"] += time.process_time() - began
        done += group
    watch.passed["process"] = watch.passed["whole act"]
    return done


def main() -> None:
    """Read what is asked, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parts", description=__doc__)
    parser.add_argument("database", help="sqlite:PATH or postgresql://..., loaded by the benchmarks")
    parser.add_argument("--group", type=int, default=64, help="events in one transaction")
    parser.add_argument("--seconds", type=float, default=3.0)
    asked = parser.parse_args()
    asyncio.run(measure(asked.database, asked.group, asked.seconds))


if __name__ == "__main__":
    main()
