"""With the safety taken out, the proof of exactly-once fails: so it is a proof.

Two transactions are interleaved by hand: the row lock and the unique constraints each hold alone, and
without both a user completes an achievement twice. On PostgreSQL; SQLite refuses a second writer itself.
"""

import asyncio
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from tests.support.crashing_server import WITHOUT_LOCK
from tests.support.postgres import database_of, fresh_database, shared_cluster
from tests.support.server import Server, on_postgres
from tests.support.world import CLIENTS, World, event

from plaudit.compose import clock, new_id, running
from plaudit.config import Settings
from plaudit.model.commands import RecordEvent
from plaudit.model.ids import subject_key
from plaudit.model.outcome import Outcome
from plaudit.model.state import Identity
from plaudit.operations.record_events import record
from plaudit.operations.verify import verify
from plaudit.storage.port import Conflict
from plaudit.storage.postgres.statements import SQL
from plaudit.web.app import build_app

ENTRY = "tests.support.crashing_server:application"
CONSTRAINTS = ("events", "completions", "idempotency_keys")


class Meeting:
    """A ledger whose transactions wait for each other between reading and writing.

    Whoever waits alone goes on after a while: then the other one is held by the lock.
    """

    def __init__(self, ledger, people=2):
        self._ledger = ledger
        self._missing = people
        self._all_here = asyncio.Event()

    @asynccontextmanager
    async def transaction(self):
        async with self._ledger.transaction() as inner:
            yield _MeetingTransaction(inner, self)

    async def meet(self):
        self._missing -= 1
        if self._missing == 0:
            self._all_here.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_here.wait(), 0.5)


class _MeetingTransaction:
    def __init__(self, inner, meeting):
        self._inner = inner
        self._meeting = meeting

    def __getattr__(self, name):
        return getattr(self._inner, name)

    async def apply(self, writes):
        await self._meeting.meet()
        await self._inner.apply(writes)


async def two_at_once(dsn, key, keys):
    """Let Ada have two events of ten words at once; gives both answers, what she has, and the drifts."""
    async with running(Settings(dsn, log="off", unsafe_database=True)) as context:
        transport = httpx.ASGITransport(build_app(context))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://house", headers={"X-API-KEY": key}
        ) as http:
            metric = (await http.post("/admin/v1/metrics", json=[{"key": "words", "name": "Words"}])).json()
            goal = {"name": "Ten", "trigger": "metric", "status": "active", "metricValue": 10}
            goal["metricId"] = metric["created"][0]["id"]
            await http.post("/admin/v1/achievements", json=[goal])
            await http.post("/v1/metrics/words/event", json={"user": {"id": "ada"}, "value": 0})
            (environment,) = await context.store.catalog.environments()
            ada = Identity(subject_key(environment.number, "", "ada"), environment.number, "", "ada")
            now = clock()
            meeting = Meeting(context.store.ledger)
            answers = await asyncio.gather(
                *(
                    record(
                        meeting,
                        context.rulebooks,
                        [RecordEvent(new_id(now), ada, now, "words", 10_000_000, now, key=key)],
                    )
                    for key in keys
                ),
                return_exceptions=True,
            )
            return answers, (await verify(context.store, clock())).drifts


def drop_constraints(dsn):
    """Take the unique constraints out of a database."""
    for table in CONSTRAINTS:
        shared_cluster(fast=True).sql(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey", database_of(dsn))


@pytest.fixture
def take_out(monkeypatch):
    """A database with a world in it; takes the lock or the constraints out as asked."""

    def prepare(*, lock, constraints):
        cluster = shared_cluster(fast=True)
        dsn = fresh_database(cluster)
        server = Server(dsn)
        if not constraints:
            drop_constraints(dsn)
        if not lock:
            assert "FOR UPDATE" in SQL["lock_users"]
            monkeypatch.setitem(SQL, "lock_users", SQL["lock_users"].replace("FOR UPDATE", ""))
        count = "SELECT count(*) FROM completions"
        return dsn, server.key, lambda: int(cluster.sql(count, database_of(dsn)))

    return prepare


@pytest.mark.parametrize("constraints", [True, False])
def test_the_row_lock_alone_keeps_two_events_apart(take_out, constraints):
    dsn, key, completions = take_out(lock=True, constraints=constraints)
    answers, drifts = asyncio.run(two_at_once(dsn, key, (None, None)))
    assert all(isinstance(answer[0], Outcome) for answer in answers), answers
    assert sorted(len(answer[0].completed) for answer in answers) == [0, 1]
    assert (completions(), drifts) == (1, [])


@pytest.mark.parametrize("constraints", [True, False])
def test_the_row_lock_alone_counts_a_key_once(take_out, constraints):
    dsn, key, completions = take_out(lock=True, constraints=constraints)
    answers, drifts = asyncio.run(two_at_once(dsn, key, ("lesson-1", "lesson-1")))
    assert sorted(answer[0].replay is None for answer in answers) == [False, True]
    assert (completions(), drifts) == (1, [])


def test_without_the_lock_the_constraints_refuse_the_second_writer(take_out):
    dsn, key, completions = take_out(lock=False, constraints=True)
    answers, drifts = asyncio.run(two_at_once(dsn, key, (None, None)))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1, answers
    assert (completions(), drifts) == (1, [])


@pytest.mark.parametrize("keys", [(None, None), ("lesson-1", "lesson-1")])
def test_without_both_an_achievement_is_completed_twice_and_the_audit_says_so(take_out, keys):
    dsn, key, completions = take_out(lock=False, constraints=False)
    answers, drifts = asyncio.run(two_at_once(dsn, key, keys))
    assert [len(answer[0].completed) for answer in answers] == [1, 1]
    assert completions() == 2
    assert drifts


def test_64_clients_through_http_notice_that_the_safety_is_gone():
    """What `tests/walk/test_exactly_once.py` asserts does not hold any more."""
    server = on_postgres(workers=2, entry=ENTRY, environ={WITHOUT_LOCK: "1"})
    drop_constraints(server.database)
    with server:
        world = World(server, server.key)
        world.goal(world.metric("words"), 32)
        kept = all(counted_right(world, f"user-{turn}") for turn in range(8))
        assert not kept, "Without lock and constraints everything was counted once: the walk sees nothing."
        assert server.run("verify").returncode != 0


def counted_right(world, user):
    """Tell whether 64 events of one word at once made 64 words and one achievement."""
    world.event(0, user)
    answers = world.together([event(1, user) for _ in range(CLIENTS)])
    told = sum(len(answer.json().get("achievements", ())) for answer in answers)
    return (world.total(user), told) == (CLIENTS, 1)
