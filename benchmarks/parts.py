"""Where an event's time goes inside the act: reading, deciding, gathering, writing, committing.

`python -m benchmarks.parts DATABASE` runs groups of events through the real act, with a stopwatch of
CPU time around each verb of the port. Refuses servers: the HTTP parts are found by difference.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from random import Random
from typing import Any

from benchmarks.world import command
from plaudit.compose import open_store
from plaudit.config import Settings
from plaudit.operations import record_events
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Ledger, Transaction


class Stopwatch:
    """Adds up CPU seconds of this thread, and wall seconds, by name."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.cpu: Counter[str] = Counter()
        self.wall: Counter[str] = Counter()

    @contextmanager
    def over(self, name: str) -> Iterator[None]:
        """Count what happens inside under a name."""
        cpu, wall = time.thread_time(), time.perf_counter()
        yield
        self.cpu[name] += time.thread_time() - cpu  # type: ignore[assignment]  # seconds, not whole
        self.wall[name] += time.perf_counter() - wall  # type: ignore[assignment]  # as above

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give a plain function that is counted under a name."""

        def counted(*facts: Any) -> Any:
            with self.over(name):
                return function(*facts)

        return counted

    def awaited(self, name: str, verb: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Give a coroutine function that is counted under a name."""

        async def counted(*facts: Any) -> Any:
            with self.over(name):
                return await verb(*facts)

        return counted


class TimedTransaction:
    """A transaction whose verbs are counted."""

    def __init__(self, watch: Stopwatch, inner: Transaction) -> None:
        """Wrap every verb."""
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


async def parts(database: str, group: int, seconds: float) -> None:
    """Run groups of events of random users and print microseconds per event for each part."""
    store = await open_store(Settings(database=database, unsafe_database=True))
    watch, random, done = Stopwatch(), Random(1), 0
    # Deciding and gathering are plain functions the act calls by name, so the stopwatch goes there.
    record_events.fold = watch.around("fold", record_events.fold)
    record_events.gather = watch.around("gather", record_events.gather)
    act = partial(record_events.record, TimedLedger(watch, store.ledger), Rulebooks(store.catalog))  # type: ignore[arg-type]  # only what the act uses
    users = max(1, (await store.ledger.counts(1, "")).get(0, 1))
    began = time.process_time()
    making = 0.0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        made = time.process_time()
        commands = [command(1, random.randrange(users), random.randint(1, 10)) for _ in range(group)]
        making += time.process_time() - made
        with watch.over("whole act"):
            await act(commands)
        done += group
    whole = time.process_time() - began - making
    await store.close()
    for name in watch.wall:
        cpu, wall = watch.cpu[name] / done * 1e6, watch.wall[name] / done * 1e6
        print(f"{name:15} {cpu:7.2f} µs CPU of the loop's thread, {wall:7.2f} µs passed")
    print(f"{'process':15} {whole / done * 1e6:7.2f} µs CPU of all threads, {done:,} events in groups of {group}")


def main() -> None:
    """Read what is asked, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parts", description=__doc__)
    parser.add_argument("database", help="sqlite:PATH or postgresql://..., loaded by the benchmarks")
    parser.add_argument("--group", type=int, default=64, help="events in one transaction")
    parser.add_argument("--seconds", type=float, default=3.0)
    asked = parser.parse_args()
    asyncio.run(parts(asked.database, asked.group, asked.seconds))


if __name__ == "__main__":
    main()
