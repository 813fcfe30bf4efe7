"""The migrations that made tallies and put history beside them: whatever was there before is read as before.

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
from plaudit.model.points import PointsAward, PointsState
from plaudit.model.state import DayChange, Depth, Event, EventFilter, MeasureTotal, NewestDay, StreakState
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

DAYS = [(1, 738000, 4, NOON - 2), (1, 738002, 9, NOON), (20, 737000, -4, NOON - 1)]
"""Measure, local day, change, and when last."""

POINTS_DAYS = [(11, 738001, 30), (11, 738002, 10), (12, 738001, 9)]
"""System, local day, change."""

EVENTS = [
    (1, b"e" * 16, 5, 11_000_000, NOON, NOON + 1, 738002, '{"course":"german"}', None),
    (2, b"f" * 16, 5, 500_000, NOON - 9, NOON + 2, 738002, None, "lesson-2"),
    (12, b"g" * 16, 5, -4, NOON + 3, NOON + 3, 738002, None, None),
]
"""Number, id, metric, value, when it happened and was recorded, local day, attributes, idempotency key."""

AWARDS = [(11, n, bytes([n]) * 16, 3, 4, 4 * n, NOON + n, 738002, None, None) for n in range(1, 12)]
AWARDS += [(12, 1, b"x" * 16, 6, 9, 9, NOON, 738001, 2, "[1]")]
"""System, number, id, trigger, awarded, total, instant, local day, number of the event, boosts."""

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
    here += [(subject, day, 6, n, 0, change, at, *[None] * 4) for n, day, change, at in DAYS]
    here += [(subject, day, 7, n, 0, change, *[None] * 5) for n, day, change in POINTS_DAYS]
    connection.executemany(f"INSERT INTO tallies VALUES ({', '.join('?' * 11)})", here)
    connection.execute(f"INSERT INTO streaks VALUES (?, 'daily', {', '.join('?' * 10)})", (subject, *STREAK))
    for table, rows in (("events", EVENTS), ("points_awards", AWARDS)):
        marks = ", ".join("?" * (1 + len(rows[0])))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", [(subject, *row) for row in rows])
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
    for n, day, change, at in DAYS:
        row = {"measure": n, "day": day, "change": change, "last_at": at}
        await insert("rollups", {"subject": subject} | row)
    for n, day, change in POINTS_DAYS:
        await insert("points_days", {"subject": subject, "system": n, "day": day, "change": change})
    names = ("seq", "id", "metric", "value", "at", "recorded", "day", "attributes", "key")
    for event in EVENTS:
        await insert("events", {"subject": subject} | dict(zip(names, event, strict=True)))
    names = ("system", "n", "id", "trigger", "awarded", "total", "at", "day", "seq", "boosts")
    for award in AWARDS:
        await insert("points_awards", {"subject": subject} | dict(zip(names, award, strict=True)))
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


@pytest.mark.parametrize("made", [on_sqlite, on_postgres], ids=["sqlite", "postgres"])
async def test_every_event_and_award_is_read_in_its_order(made, tmp_path):
    store = await open_store(Settings(await made(tmp_path), log="off", unsafe_database=True))
    events = [Event(*row[:7], {} if row[7] is None else {"course": "german"}, row[8]) for row in EVENTS]
    assert [event async for event in store.ledger.history_of(ADA.subject)] == events
    newest = await store.ledger.events_before(ADA.subject, EventFilter(), 12, 1)
    assert newest == [events[1]]
    awards = [PointsAward(*row[:9], (1,) if row[9] else ()) for row in AWARDS]
    assert (await store.points.standing(ADA.subject, 11, 3))[1] == [awards[10], awards[9], awards[8]]
    assert (await store.points.standing(ADA.subject, 12, 3))[1] == [awards[11]]
    assert list((await store.points.of_user(ADA.subject)).awards) == awards
    assert [event async for event in store.ledger.history_of(BEN.subject)] == []
    await store.close()


@pytest.mark.parametrize("made", [on_sqlite, on_postgres], ids=["sqlite", "postgres"])
async def test_every_day_is_a_row_or_the_newest(made, tmp_path):
    store = await open_store(Settings(await made(tmp_path), log="off", unsafe_database=True))
    (ada,) = await store.ledger.view([ADA], Depth(days_since=1))
    assert ada.days == {1: NewestDay(738002, 9, NOON), 20: NewestDay(737000, -4, NOON - 1)}
    assert ada.points_days == {11: NewestDay(738002, 10), 12: NewestDay(738001, 9)}
    assert ada.details.days == {
        1: {738000: DayChange(4, NOON - 2), 738002: DayChange(9, NOON)},
        20: {737000: DayChange(-4, NOON - 1)},
    }
    held = await store.points.of_user(ADA.subject)
    assert held.days == {(system, day): change for system, day, change in POINTS_DAYS}
    assert (await store.ledger.view([BEN], Depth(days_since=1)))[0].details.days == {}
    await store.close()
