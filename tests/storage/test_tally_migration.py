"""The migration that made tallies: whatever stood in rows of its own before is in the tally, or where it was.

Refuses today's code for writing the rows: they are those of the schema before.
"""

import apsw
import asyncpg
import pytest
from tests.storage.people import NOON, person
from tests.support.postgres import empty_database

from plaudit.compose import open_store
from plaudit.config import Settings
from plaudit.model.catalog import Frequency
from plaudit.model.leaderboards import NewestScore, Score
from plaudit.model.points import PointsState
from plaudit.model.state import MeasureTotal, StreakState
from plaudit.storage.postgres import schema as postgres_schema
from plaudit.storage.sqlite import schema as sqlite_schema

ADA, BEN = person(1, "ada"), person(1, "ben")
STREAK = (3, 3, 5, 738000, NOON, 738002, NOON + 2, NOON + 3, 1, 2)
TOTALS = [(1, 11_500_000, NOON), (20, -4, NOON - 1)]
SCORES = [
    (7, 738000, 2**62, 5, NOON, 738001, 3),
    (7, 738030, 2**62 + 1, 9, NOON + 1, 738031, None),
    (8, 738000, None, 2, NOON + 2, None, None),
]
"""Board, run, ranking, score, reached at, day, rank: two runs of one board, and one that ranks nobody."""

USER = {"device_tokens": "[]", "subscribe_to_emails": 1, "attributes": "{}", "created": NOON, "updated": NOON}


def users(seq: bool):
    for who in (ADA, BEN):
        row = {"subject": who.subject, "environment": 1, "tenant": "", "user_id": who.user_id}
        more = {"settled": 1, "control": 0} | ({"seq": 4} if seq else {})
        yield row | USER | more


async def on_sqlite(folder):
    path, subject = folder / "plaudit.db", ADA.subject
    connection = apsw.Connection(str(path))
    sqlite_schema.migrate(connection, NOON, sqlite_schema.MIGRATIONS[:2])
    for row in users(seq=False):
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO users ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
    here = [(who.subject, 4_000_000, 1, 0, 0, 4, *[None] * 5) for who in (ADA, BEN)]
    here += [(subject, 4_000_000, 2, n, 0, total, at, *[None] * 4) for n, total, at in TOTALS]
    here += [(subject, 4_000_000, 3, 11, 0, 40, None, 9, *[None] * 3)]
    here += [(subject, 4_000_000, 4, 1, 0, 70, *[None] * 5)]
    here += [(subject, 4_000_000, 5, b, run, s, at, None, r, day, n) for b, run, r, s, at, day, n in SCORES]
    connection.executemany(f"INSERT INTO tallies VALUES ({', '.join('?' * 11)})", here)
    connection.execute(f"INSERT INTO streaks VALUES (?, 'daily', {', '.join('?' * 10)})", (subject, *STREAK))
    connection.close()
    return f"sqlite:{path}"


async def on_postgres(_folder):
    dsn, subject = empty_database(), ADA.subject
    connection = await asyncpg.connect(dsn)
    await postgres_schema.migrate(connection, NOON, postgres_schema.MIGRATIONS[:2])

    async def insert(table: str, row: dict) -> None:
        marks = ", ".join(f"${n + 1}" for n in range(len(row)))
        await connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    for row in users(seq=True):
        await insert("users", row)
    for n, total, at in TOTALS:
        await insert("totals", {"subject": subject, "measure": n, "total": total, "last_at": at})
    await insert("points", {"subject": subject, "system": 11, "total": 40, "awards": 9})
    await insert("points_marks", {"subject": subject, "measure": 1, "mark": 70})
    names = ("board", "run", "ranking", "score", "reached_at", "day", "rank")
    for score in SCORES:
        await insert("scores", {"subject": subject} | dict(zip(names, score, strict=True)))
    names = StreakState.__struct_fields__
    streak = dict(zip(names, STREAK, strict=True))
    await insert("streaks", {"subject": subject, "frequency": "daily"} | streak)
    await connection.close()
    return dsn


@pytest.mark.parametrize("made", [on_sqlite, on_postgres], ids=["sqlite", "postgres"])
async def test_every_number_of_a_user_is_kept(made, tmp_path):
    store = await open_store(Settings(await made(tmp_path), log="off", unsafe_database=True))
    ada, ben = await store.ledger.view([ADA, BEN], None)
    assert (ada.user.seq, ben.user.seq) == (4, 4)
    assert ada.totals == {n: MeasureTotal(total, at) for n, total, at in TOTALS}
    assert ada.streaks == {Frequency.DAILY: StreakState(*STREAK[:8], lost=True, bridged=2)}
    assert (ada.points, ada.marks) == ({11: PointsState(40, 9)}, {1: 70})
    newest = {(b, run): NewestScore(r, s, at, day, n, run) for b, run, r, s, at, day, n in SCORES[1:]}
    assert ada.scores == newest
    every = {(b, run): Score(r, s, at, day, n) for b, run, r, s, at, day, n in SCORES}
    assert await store.ledger.boards.scores_of(ADA.subject) == every
    assert [key.score for key, _, _ in await store.ledger.boards.page(2**62 + 1, 0, 9)] == [9]
    assert (ben.totals, ben.streaks, ben.points, ben.marks, ben.scores) == ({}, {}, {}, {}, {})
    await store.close()
