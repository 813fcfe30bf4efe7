"""Power cuts, which SIGKILL cannot show: what is acknowledged survives whatever the disk had not flushed.

The real server's transactions are recorded below SQLite, and the power is cut at random steps. The
controls must lose rows, or the proof would prove nothing.
"""

import asyncio
import os
import random

import apsw
import httpx
import pytest
from tests.support.power import PLAIN, Acknowledged, cuts, recorded
from tests.support.server import Server

import plaudit.storage.sqlite.store as sqlite_store
import plaudit.storage.sqlite.writer as sqlite_writer
from plaudit.compose import open_store, running
from plaudit.config import Settings
from plaudit.model.ids import uuid_text
from plaudit.operations.verify import verify
from plaudit.web.app import build_app

CUTS = int(os.environ.get("PROOF_CUTS") or 10 * int(os.environ.get("PLAUDIT_PROOF") or 40))
SEED = int(os.environ.get("PROOF_SEED", "20261124"))
EVENTS = 160
AUDIT_EVERY = 40


@pytest.fixture
def small_steps(monkeypatch):
    """Checkpoints come often, and the log is emptied now and then, so that cuts fall into both."""
    monkeypatch.setattr(sqlite_writer, "CHECKPOINT_PAGES", 30)
    monkeypatch.setattr(sqlite_writer, "TRUNCATE_PAGES", 90)


def record(folder, monkeypatch, synchronous="FULL"):
    """Let a real application take events; gives the steps of its disk and where the load began."""
    open_writer = sqlite_store.open_writer

    def careless(path):
        connection = open_writer(path)
        connection.pragma("synchronous", synchronous)
        return connection

    monkeypatch.setattr(sqlite_store, "open_writer", careless)
    with recorded() as steps:
        server = Server(f"sqlite:{folder / 'plaudit.db'}")
        began = asyncio.run(_load(Settings(server.database, log="off"), server.key, steps))
    return steps, began


async def _load(settings, key, steps):
    async with running(settings) as context:
        transport = httpx.ASGITransport(build_app(context))
        headers = {"X-API-KEY": key}
        async with httpx.AsyncClient(transport=transport, base_url="http://house", headers=headers) as http:
            metric = await _make(http, "metrics", {"key": "words", "name": "Words"})
            for value in (5, 20, 60):
                goal = {"name": "Goal", "trigger": "metric", "metricId": metric, "metricValue": value}
                await _make(http, "achievements", goal | {"status": "active"})
            began = len(steps)
            clients = [_client(http, number, steps) for number in range(6)]
            await asyncio.gather(*clients)
    return began


async def _make(http, kind, item):
    answer = await http.post(f"/admin/v1/{kind}", json=[item])
    return answer.json()["created"][0]["id"]


async def _client(http, number, steps):
    for turn in range(EVENTS // 6):
        body = {"user": {"id": f"user-{(number + turn) % 9}"}, "value": turn % 3 + 1}
        headers = {"Idempotency-Key": f"{number}-{turn}"}
        answer = await http.post("/v1/metrics/words/event", json=body, headers=headers)
        steps.append(Acknowledged(answer.json()["eventId"]))


def kept(folder, files):
    """Start SQLite on what is left; gives the events it holds, or None when the file is corrupt."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    for name in {"plaudit.db-wal", "plaudit.db-shm"} - set(files):
        (folder / name).unlink(missing_ok=True)
    connection = apsw.Connection(str(folder / "plaudit.db"), vfs=PLAIN)
    try:
        if connection.pragma("integrity_check") != "ok":
            return None
        return [uuid_text(event) for (event,) in connection.execute("SELECT id FROM events")]
    except apsw.Error:
        return None
    finally:
        connection.close()


def cut_power(folder, steps, began, number, *, audit=False):
    """Cut the power again and again; gives how many cuts lost something, and how many corrupted the file."""
    folder.mkdir()
    lost = corrupt = 0
    for turn, (files, known) in enumerate(cuts(steps, number, random.Random(SEED), first=began)):
        held = kept(folder, files)
        corrupt += held is None
        lost += held is not None and not known <= set(held)
        assert held is None or len(set(held)) == len(held)
        if audit and turn % AUDIT_EVERY == 0:
            assert asyncio.run(_drifts(Settings(f"sqlite:{folder / 'plaudit.db'}"))) == []
    return lost, corrupt


async def _drifts(settings):
    store = await open_store(settings)
    try:
        return (await verify(store, 0)).drifts
    finally:
        await store.close()


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path, monkeypatch, small_steps):
    steps, began = record(tmp_path, monkeypatch)
    assert cut_power(tmp_path / "after", steps, began, CUTS, audit=True) == (0, 0)


@pytest.mark.parametrize("careless", ["NORMAL", "OFF"])
def test_the_proof_sees_a_server_that_does_not_flush(tmp_path, monkeypatch, small_steps, careless):
    steps, began = record(tmp_path, monkeypatch, careless)
    lost, corrupt = cut_power(tmp_path / "after", steps, began, 60)
    assert lost + corrupt > 10, "A server that does not flush lost nothing: this proof sees nothing."
