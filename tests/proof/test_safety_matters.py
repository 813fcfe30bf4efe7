"""With the row lock of PostgreSQL taken out, the proof of exactly-once fails: so it is a proof.

Two transactions are interleaved by hand: the row lock and the unique constraints each keep the numbers
right alone, and without both a user completes an achievement twice. The lock of SQLite is taken out in
`test_one_writer_matters.py`, single constraints in `tests/storage/test_constraints.py`.
"""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from tests.support.crashes import ENTRY
from tests.support.crashing_server import RIVALS, WITHOUT_KEYS, WITHOUT_LOCK
from tests.support.postgres import database_of, fresh_database, shared_cluster
from tests.support.server import Server, on, on_postgres
from tests.support.unsafe import drop_constraints
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

ROUNDS = 10
SEES_NOTHING = "Everything was counted once all the same: the walk sees nothing."


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


def test_64_clients_through_http_notice_that_the_lock_is_gone_and_then_the_constraints():
    """What `tests/walk/test_exactly_once.py` asserts does not hold any more.

    Without the lock events collide. The constraints refuse the second of two and it is tried once more, so
    nothing is counted wrongly, but not everybody is answered 201; without them totals are wrong, too.
    """
    with on_postgres(workers=2, entry=ENTRY, environ={RIVALS: "1", WITHOUT_LOCK: "1"}) as server:
        world = World(server, server.key)
        world.goal(world.metric("words"), 32)
        assert not all(counted_right(world, f"user-{turn}") for turn in range(ROUNDS)), SEES_NOTHING
        assert server.run("verify").returncode == 0
        drop_constraints(server.database)
        assert not all(counted_right(world, f"person-{turn}") for turn in range(ROUNDS)), SEES_NOTHING
        assert server.run("verify").returncode != 0


def test_64_clients_through_http_notice_nothing_where_there_is_the_lock():
    """As above, and just as slowly: what failed there failed for want of the lock."""
    with on_postgres(workers=2, entry=ENTRY, environ={RIVALS: "1"}) as server:
        drop_constraints(server.database)
        world = World(server, server.key)
        world.goal(world.metric("words"), 32)
        assert counted_right(world, "ada")


def counted_right(world, user):
    """Tell whether 64 events of one word at once are all answered, and made 64 words and one achievement."""
    world.event(0, user)
    answers = world.together([event(1, user) for _ in range(CLIENTS)])
    counted = [answer for answer in answers if answer.status_code == 201]
    told = sum(len(answer.json()["achievements"]) for answer in counted)
    return (len(counted), world.total(user), told) == (CLIENTS, CLIENTS, 1)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_64_clients_of_one_key_notice_that_nobody_looks_at_used_keys(kind, tmp_path):
    """What `tests/walk/test_exactly_once.py` asserts of one key does not hold any more.

    Without the look, the constraint still keeps it counted once, but no replay is told as one.
    Without the constraint, too, it is counted several times. The key was used before the 64 come, since of
    those that travel in one group the second one sees the first without any look.
    """
    with on(kind, tmp_path, entry=ENTRY, environ={WITHOUT_KEYS: "1"}) as server:
        world = World(server, server.key)
        world.metric("words")
        statuses, total = used_key_at_once(world, "ada")
        assert statuses != {202: CLIENTS}
        assert total == 1
        assert server.run("verify").returncode == 0
        drop_constraints(server.database, ("idempotency_keys",))
        statuses, total = used_key_at_once(world, "ben")
        assert statuses != {202: CLIENTS}
        assert total > 1
        assert server.run("verify").returncode != 0


def used_key_at_once(world, user):
    """Let 64 clients use at once a key that has been used; gives the answers by status, and the total."""
    assert world.event(1, user, key="lesson-1").status_code == 201
    answers = world.together([event(1, user, key="lesson-1")] * CLIENTS)
    return Counter(answer.status_code for answer in answers), world.total(user)
