"""Where SQLite's work should run: on the event loop with only COMMIT aside, or whole in a thread.

Clients on the loop burn the CPU of an HTTP request, then wait for their group's commit. Prints the
events per second of each placement, in turns, so that the machine's drift hits all alike.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw

CLIENTS = 64
SECONDS = 1.5
ROUNDS = 5
REQUEST_SECONDS = 40e-6
USERS = 100_000

Commit = Callable[[list[int]], Awaitable[None]]


def open_database(path: Path) -> apsw.Connection:
    """Open a database with the durability the server uses and the tables of a plain event."""
    db = apsw.Connection(str(path))
    db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000")
    db.execute("CREATE TABLE totals (subject BLOB PRIMARY KEY, total INTEGER) WITHOUT ROWID")
    db.execute(
        "CREATE TABLE events (subject BLOB, seq INTEGER, value INTEGER, PRIMARY KEY (subject, seq)) "
        "WITHOUT ROWID"
    )
    return db


def write(db: apsw.Connection, group: list[int]) -> None:
    """Write one group: read each total, add to it, append the event."""
    for number in group:
        subject = (number * 2654435761 % 2**32).to_bytes(16, "big")
        row = db.execute("SELECT total FROM totals WHERE subject = ?", (subject,)).get
        total = (row or 0) + 1
        db.execute(
            "INSERT INTO totals VALUES (?, ?) ON CONFLICT DO UPDATE SET total = excluded.total",
            (subject, total),
        )
        db.execute("INSERT INTO events VALUES (?, ?, ?)", (subject, total, 1))


def aside(db: apsw.Connection, pool: ThreadPoolExecutor) -> Commit:
    """Run SQL on the loop, COMMIT in a thread."""

    async def commit(group: list[int]) -> None:
        db.execute("BEGIN IMMEDIATE")
        write(db, group)
        await asyncio.get_running_loop().run_in_executor(pool, db.execute, "COMMIT")

    return commit


def threaded(db: apsw.Connection, pool: ThreadPoolExecutor) -> Commit:
    """Run the whole transaction in a thread."""

    def whole(group: list[int]) -> None:
        db.execute("BEGIN IMMEDIATE")
        write(db, group)
        db.execute("COMMIT")

    async def commit(group: list[int]) -> None:
        await asyncio.get_running_loop().run_in_executor(pool, whole, group)

    return commit


def hopping(db: apsw.Connection, pool: ThreadPoolExecutor) -> Commit:
    """Run every verb of the port (begin and read, write, commit) in a thread, each a hop of its own."""

    async def commit(group: list[int]) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(pool, db.execute, "BEGIN IMMEDIATE")
        half = len(group) // 2
        await loop.run_in_executor(pool, write, db, group[:half])
        await loop.run_in_executor(pool, write, db, group[half:])
        await loop.run_in_executor(pool, db.execute, "COMMIT")

    return commit


def inline(db: apsw.Connection, pool: ThreadPoolExecutor) -> Commit:
    """Run everything on the loop, the fsync included."""
    del pool

    async def commit(group: list[int]) -> None:
        db.execute("BEGIN IMMEDIATE")
        write(db, group)
        db.execute("COMMIT")

    return commit


async def drive(commit: Commit) -> float:
    """Let the clients work for a while; gives events per second."""
    loop = asyncio.get_running_loop()
    queue: list[tuple[int, asyncio.Future[None]]] = []
    arrived = asyncio.Event()
    done = 0
    until = time.perf_counter() + SECONDS

    async def client(number: int) -> None:
        nonlocal done
        while time.perf_counter() < until:
            busy = time.perf_counter() + REQUEST_SECONDS
            while time.perf_counter() < busy:
                pass
            future = loop.create_future()
            queue.append(((number + done * 7919) % USERS, future))
            arrived.set()
            await future
            done += 1
            await asyncio.sleep(0)

    async def committer() -> None:
        while True:
            await arrived.wait()
            arrived.clear()
            while queue:
                taken, queue[:] = queue[:], []
                await commit([number for number, _ in taken])
                for _, future in taken:
                    future.set_result(None)

    task = asyncio.create_task(committer())
    began = time.perf_counter()
    await asyncio.gather(*(client(number * 1009) for number in range(CLIENTS)))
    task.cancel()
    return done / (time.perf_counter() - began)


def main() -> None:
    """Measure the placements in turns and print medians and ratios."""
    rates: dict[str, list[float]] = {
        "commit aside": [],
        "whole in a thread": [],
        "verb by verb": [],
        "all on the loop": [],
    }
    makers = dict(zip(rates, (aside, threaded, hopping, inline), strict=True))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        dbs = {name: open_database(Path(folder) / f"{place}.db") for place, name in enumerate(rates)}
        for _ in range(ROUNDS):
            for name, make in makers.items():
                rates[name].append(asyncio.run(drive(make(dbs[name], pool))))
    base = statistics.median(rates["whole in a thread"])
    sys.stdout.write(f"{CLIENTS} clients, {os.cpu_count()} cores, medians of {ROUNDS}\n")
    for name, measured in rates.items():
        middle = statistics.median(measured)
        sys.stdout.write(f"{name:20} {middle:8.0f} events/s  {middle / base:5.2f} x\n")


if __name__ == "__main__":
    main()
