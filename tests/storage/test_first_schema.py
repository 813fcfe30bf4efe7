"""A database of the first schema, with people in it, is migrated to the newest: nothing is lost or drifts.

What it holds was written by the code of that time and is kept beside this file, on both databases alike.
Refuses rows made by today's code: they would not show that old documents are still read.
"""

import json
from pathlib import Path

import apsw
import asyncpg
import httpx
import pytest
from tests.storage.people import NOON, log_of, person, read
from tests.support.postgres import empty_database

from plaudit.compose import clock, open_store, running
from plaudit.config import Settings
from plaudit.model.catalog import Frequency, KeyKind
from plaudit.model.keys import RANDOM_BYTES, mint
from plaudit.operations.verify import verify
from plaudit.storage.postgres import schema as postgres_schema
from plaudit.storage.sqlite import schema as sqlite_schema
from plaudit.web.app import build_app

TABLES = json.loads(Path(__file__).with_name("first_schema.json").read_text(encoding="utf-8"))
KEY = mint(KeyKind.ADMIN, bytes(range(RANDOM_BYTES))).text
ADA = person(1, "ada")
EARNED = {1: "Ten", 3: "Pro", 4: "Rules", 5: "Two days", 6: "All"}


def rows_of(table):
    """Give a table's columns, and its rows with their bytes."""
    given = TABLES[table]
    raw = [[bytes.fromhex(v[4:]) if str(v).startswith("hex:") else v for v in row] for row in given["rows"]]
    return ", ".join(given["columns"]), raw


def old_tables():
    """List the tables to be filled; those that the migration fills itself come empty."""
    return [table for table in TABLES if table != "migrations"]


async def on_sqlite(folder):
    path = folder / "plaudit.db"
    connection = apsw.Connection(str(path))
    sqlite_schema.migrate(connection, NOON, sqlite_schema.MIGRATIONS[:1])
    connection.execute("DELETE FROM generation")
    for table in old_tables():
        columns, rows = rows_of(table)
        marks = ", ".join("?" * len(TABLES[table]["columns"]))
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    connection.close()
    return f"sqlite:{path}"


async def on_postgres(_folder):
    dsn = empty_database()
    connection = await asyncpg.connect(dsn)
    await postgres_schema.migrate(connection, NOON, postgres_schema.MIGRATIONS[:1])
    await connection.execute("DELETE FROM generation")
    for table in old_tables():
        columns, rows = rows_of(table)
        marks = ", ".join(f"${n + 1}" for n in range(len(TABLES[table]["columns"])))
        await connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    await connection.close()
    return dsn


@pytest.fixture(params=[on_sqlite, on_postgres], ids=["sqlite", "postgres"])
async def settings(request, tmp_path):
    return Settings(await request.param(tmp_path), log="off", unsafe_database=True)


async def test_everything_the_first_schema_held_is_read_by_the_newest_store(settings):
    store = await open_store(settings)
    assert [environment.key for environment in await store.catalog.environments()] == ["here"]
    assert {(key.kind, key.user_id) for key in await store.catalog.keys()} == {
        (KeyKind.ADMIN, None),
        (KeyKind.APPLICATION, "ada"),
    }
    ada = await read(store, ADA)
    assert (ada.user.name, ada.user.tz, ada.user.attributes) == ("Ada", "Europe/Paris", {"plan": "pro"})
    assert (ada.user.seq, ada.user.freezes, ada.user.preferences) == (3, 0, None)
    assert {number: total.total for number, total in ada.totals.items()} == {1: 11_500_000, 2: 4_000_000}
    assert set(ada.details.completions) == set(EARNED)
    daily = ada.streaks[Frequency.DAILY]
    assert (daily.length, daily.longest, daily.lost, daily.bridged) == (2, 2, False, 0)
    assert [(event.value, event.key) for event in await log_of(store, ADA)] == [
        (4_000_000, "lesson-1"),
        (8_500_000, "lesson-2"),
        (-1_000_000, None),
    ]
    assert (await store.ledger.counts(1, ""))[0] == 2
    assert (await verify(store, clock())).drifts == []
    await store.close()


async def test_whoever_used_the_first_schema_goes_on_with_the_newest(settings):
    """The old key opens, the old idempotency key replays, and a new event counts on from the old total."""
    async with running(settings) as context:
        transport = httpx.ASGITransport(build_app(context))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://house", headers={"X-API-KEY": KEY}
        ) as http:

            async def lesson(key, value=8.5, course="german"):
                body = {"user": {"id": "ada"}, "value": value, "attributes": {"course": course}}
                return await http.post("/v1/metrics/words/event", json=body, headers={"Idempotency-Key": key})

            replay = await lesson("lesson-2")
            assert replay.status_code == 202, replay.text
            told = replay.json()
            (stored,) = [
                event async for event in context.store.ledger.history_of(ADA.subject) if event.seq == 2
            ]
            assert told["eventId"].replace("-", "") == stored.id.hex()
            assert {item["name"] for item in told["achievements"]} == {"Ten", "Two days"}
            assert (told["total"], told.get("idempotencyMismatch", False)) == (11.5, False)
            earned = (await http.get("/v1/users/ada/achievements")).json()
            assert {item["name"] for item in earned} == set(EARNED.values())
            (badge,) = [item["badgeUrl"] for item in earned if item["badgeUrl"]]
            assert (await http.get(badge)).headers["content-type"] == "image/png"
            new = (await lesson("lesson-3", 88.5, "french")).json()
            assert new["total"] == 100
            assert {item["name"] for item in new["achievements"]} == {"French", "Hundred"}
            assert (await http.get("/v1/users/ben/metrics/words")).json()["current"] == 2
        assert (await verify(context.store, clock())).drifts == []
