"""The baselines of storage: a bare loop that does the same writes as an event, one commit each.

The event row, the user's sequence with the tally, and the day's rollup, on the very schema, as
durable as the server's. Refuses every decision: nothing is read, compared or answered.
"""

import asyncio
import os
import time
from pathlib import Path
from random import Random

import apsw
import asyncpg
from msgspec import Struct

from benchmarks.payloads import user_id
from benchmarks.processes import cpu_seconds
from plaudit.model.catalog import Frequency
from plaudit.model.ids import subject_key
from plaudit.model.state import MeasureTotal, StreakState
from plaudit.model.tally import Tally
from plaudit.storage.rows import to_json

CONNECTIONS = 16
"""Connections the loop on PostgreSQL keeps busy; on one alone it would measure the wire."""

_BIG = 1_000_000
"""First sequence number of the loop's events, beyond any the world holds."""

_SQLITE = (
    (
        """UPDATE tallies SET value = value + 1, tally = ?2
           WHERE subject = ?1 AND day = 4000000 AND kind = 1 AND number = 0 AND run = 0""",
        2,
    ),
    (
        """INSERT INTO tallies (subject, day, kind, number, run, value, at)
           VALUES (?1, ?4, 6, 1, 0, 3, ?3)
           ON CONFLICT DO UPDATE SET value = value + 3, at = ?3""",
        4,
    ),
    (
        """INSERT INTO tallies (subject, day, kind, number, run, id, metric, value, at, recorded, local_day)
           VALUES (?1, 4000001, 8, ?5, 0, ?6, 1, 3, ?3, ?3, ?4)""",
        6,
    ),
)
"""Each statement, and how many of a row's facts it takes."""

_POSTGRES = """
WITH moved AS (UPDATE users SET seq = seq + 1, tally = $2 WHERE subject = $1),
     rolled AS (INSERT INTO rollups VALUES ($1, 1, $4, 3, $3)
                ON CONFLICT (subject, measure, day) DO UPDATE SET change = rollups.change + 3, last_at = $3)
INSERT INTO events VALUES ($1, $5, $6, 1, 3, $3, $3, $4, NULL, NULL)
"""


class Raw(Struct, frozen=True):
    """Writes a second of the bare loop, and CPU microseconds per event of the database and the loop."""

    per_second: float
    cpu: float


def sqlite_loop(path: Path, users: int, seconds: float) -> Raw:
    """Write events of random users into a database file, one durable commit each."""
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    random = Random(1)
    begun, spent, done = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() < begun + seconds:
        row = _row(random, users, _BIG + done)
        with connection:
            for statement, facts in _SQLITE:
                connection.execute(statement, row[:facts])
        done += 1
    taken, used = time.perf_counter() - begun, time.process_time() - spent
    connection.execute("DELETE FROM tallies WHERE day = 4000001 AND kind = 8 AND number >= ?", (_BIG,))
    connection.close()
    return Raw(done / taken, used / done * 1e6)


def postgres_loop(dsn: str, postmaster: int, users: int, seconds: float) -> Raw:
    """Write events of random users over several connections, one statement and one commit each."""
    return asyncio.run(_postgres_loop(dsn, postmaster, users, seconds))


async def _postgres_loop(dsn: str, postmaster: int, users: int, seconds: float) -> Raw:
    pool = await asyncpg.create_pool(dsn, min_size=CONNECTIONS, max_size=CONNECTIONS)
    watched = [postmaster, os.getpid()]
    numbers = iter(range(_BIG, 2**40))
    begun, spent = time.perf_counter(), cpu_seconds(watched)
    end = begun + seconds

    async def write(seed: int) -> int:
        random, done = Random(seed), 0
        async with pool.acquire() as connection:
            statement = await connection.prepare(_POSTGRES)
            while time.perf_counter() < end:
                await statement.fetch(*_row(random, users, next(numbers)))
                done += 1
        return done

    done = sum(await asyncio.gather(*map(write, range(CONNECTIONS))))
    taken, used = time.perf_counter() - begun, cpu_seconds(watched) - spent
    await pool.execute("DELETE FROM events WHERE seq >= $1", _BIG)
    await pool.close()
    return Raw(done / taken, used / done * 1e6)


def _row(random: Random, users: int, seq: int) -> tuple[bytes, str, int, int, int, bytes]:
    """Give the facts of one event of a random user of environment 1."""
    subject = subject_key(1, "", user_id("user-", random.randrange(users)))
    now = time.time_ns() // 1_000_000
    day = now // 86_400_000 + 719_163
    return subject, _tally(now, day), now, day, seq, random.randbytes(16)


def _tally(now: int, day: int) -> str:
    """Give a tally as long as one of the world's: a total and three streaks."""
    streak = StreakState(1, 1, 1, day, now, day, now, now)
    return to_json(Tally({1: MeasureTotal(3, now)}, dict.fromkeys(Frequency, streak)))
