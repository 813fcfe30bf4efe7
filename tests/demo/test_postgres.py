"""A slice of the demo on PostgreSQL: loaded, and every number follows from the log."""

import asyncio

from tests.demo.loading import load_demo
from tests.support.postgres import fresh_database, shared_cluster

from plaudit.compose import clock
from plaudit.demo import load
from plaudit.operations.verify import verify
from plaudit.storage.postgres.store import open_postgres

SLICE = 400


def test_a_slice_of_the_demo_loads_into_postgresql(monkeypatch):
    rows = list(load.contributions())[:SLICE]
    monkeypatch.setattr(load, "contributions", lambda: iter(rows))
    loaded, report, awards = asyncio.run(_loaded(fresh_database(shared_cluster(fast=True))))
    assert loaded.people == report.users == len({row.author for row in rows})
    assert loaded.events == report.events
    assert report.completions > loaded.people
    assert (report.drifts, report.notes) == ([], [])
    assert awards > 0


async def _loaded(address):
    store = await open_postgres(address, allow_unsafe=True)
    try:
        loaded = await load_demo(store)
        (who, *_) = await store.ledger.subjects_after(None, b"", 1)
        awards = len((await store.points.of_user(who.subject)).awards)
        return loaded, await verify(store, clock()), awards
    finally:
        await store.close()
