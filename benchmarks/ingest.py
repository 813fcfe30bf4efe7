"""How fast events come in, through HTTP and through the act alone, beside the baselines of the same minute.

Rounds take turns, so that a noisy moment of the machine hits the server and its baselines alike.
Refuses figures of anything unproved: what was acknowledged is counted in the database afterwards.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median

from msgspec import Struct

from benchmarks.load import Measured, Plan
from benchmarks.payloads import BATCH, Payload, requests_of
from benchmarks.processes import resident_bytes
from benchmarks.raw import Raw
from benchmarks.servers import Server, capture, echo, put_load
from benchmarks.timing import BUSY, Fact, Row, row
from benchmarks.world import World, command, progress
from plaudit.compose import open_store
from plaudit.config import Settings
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks

SINGLE_FLOOR, BATCH_FLOOR, P99_MOST, RATIO_MOST, MEMORY_MOST = 6_000, 25_000, 50, 1.2, 300


PROCESSES = 2
"""Processes of a server: workers on PostgreSQL; on SQLite one that serves, and one that decides beside it."""

CONNECTIONS = 128
"""Connections for each of them: a closed loop waits for commits, and with 64 the server waits too."""


class Bench(Struct, frozen=True):
    """A server on a loaded database, and what is needed to compare it.

    ``raw`` runs the bare database loop for a number of seconds.
    """

    name: str
    world: World
    server: Server
    workers: int
    database: list[int]
    raw: Callable[[float], Raw]
    directory: Path
    quick: bool
    stored: list[int]

    def load(self, payload: Payload, **more: object) -> Measured:
        """Put a load on the server; see `Plan` for what may be said."""
        watch = {"server": [self.server.pid]} | ({"database": self.database} if self.database else {})
        given = {
            "port": self.server.port,
            "payload": payload,
            "watch": watch,
            "connections": CONNECTIONS * PROCESSES,
        }
        measured = put_load(Plan(**(given | more)))  # type: ignore[arg-type]  # names and kinds as Plan has them
        if payload.kind in {"event", "batch"}:
            self.stored.append(measured.stored)
        return measured


def single_events(bench: Bench) -> tuple[list[Row], list[Fact]]:
    """Measure single events at full load, at half of it, and with a key each."""
    payload = bench.world.payload("event", "events")
    answer = capture(bench.server, requests_of(payload)[0])
    bench.stored.append(1)
    echoes: list[Measured] = []
    raws: list[Raw] = []
    runs: list[Measured] = []
    rounds, seconds = (2, 2.0) if bench.quick else (5, 4.0)
    with echo(answer, bench.directory, bench.workers) as baseline:
        for turn in range(rounds):
            echoes.append(_load_echo(baseline, payload))
            raws.append(bench.raw(1.0 if bench.quick else 2.0))
            runs.append(bench.load(again(payload, turn), seconds=seconds))
            progress(f"single events on {bench.name}, rounds", turn + 1, rounds)
    loads = {"echo": median(e.per_second for e in echoes), "raw": median(r.per_second for r in raws)}
    rows = [row(f"single events, {bench.name}", runs, floor=SINGLE_FLOOR, **loads)]
    half = bench.load(again(payload, 50), rate=rows[0].per_second / 2, seconds=3.0 if bench.quick else 10.0)
    rows.append(row(f"single events at half of that, {bench.name}", [half]))
    rows += [] if bench.quick else _variants(bench)
    rows.append(row(f"baseline: Starlette echo, {bench.workers} process(es)", echoes))
    rows.append(
        Row(f"baseline: raw {bench.name}, one commit each", loads["raw"], cpu=median(r.cpu for r in raws))
    )
    own = median(each.own_cpu for each in echoes)
    return rows, [
        Fact(f"p99 at half of capacity, {bench.name}", half.p99, "ms", P99_MOST),
        Fact(f"CPU of the load generator per request, {bench.name}", own, "µs"),
        Fact(f"{BUSY}, {bench.name}", median(r.others for r in runs), ""),
    ]


def _variants(bench: Bench) -> list[Row]:
    keyed = bench.world.payload("event", "events", keyed=True, count=100_000, seed=60)
    morning = bench.world.payload("event", "morning", once=True, count=bench.world.users["morning"])
    return [
        row(f"single events with an idempotency key, {bench.name}", [bench.load(keyed, seconds=5.0)]),
        row(
            f"single events, each the first of its user's day, {bench.name}",
            [bench.load(morning, warmup=0.2, seconds=2.0)],
        ),
    ]


def batches(bench: Bench) -> list[Row]:
    """Measure batches of 1,000 events through HTTP: of 100 users with ten each, and of 1,000 users.

    The promise is for the first: whoever sends batches has gathered several events of each user.
    """
    name = f"batches of {BATCH:,} over HTTP, events, {bench.name}"
    return [
        row(f"{name}, ten of each user", _batch_runs(bench, each=10, seed=70), floor=BATCH_FLOOR),
        row(f"{name}, one of each user", _batch_runs(bench, each=1, seed=75)),
    ]


def _batch_runs(bench: Bench, each: int, seed: int) -> list[Measured]:
    runs = []
    rounds = 1 if bench.quick else 3
    for turn in range(rounds):
        payload = bench.world.payload("batch", "events", count=60, seed=seed + turn, each=each)
        runs.append(bench.load(payload, connections=4, seconds=2.0 if bench.quick else 4.0))
        progress(f"batches on {bench.name}, {each} of each user, rounds", turn + 1, rounds)
    return runs


def few_and_many(bench: Bench) -> list[Fact]:
    """Compare the cost of an event with 10 and with 1,000 achievements on its metric, in pairs of runs."""
    pairs = 3 if bench.quick else 8
    few: list[float] = []
    many: list[float] = []
    for turn in range(pairs):
        for land, runs in (("ten", few), ("thousand", many))[:: 1 if turn % 2 else -1]:
            payload = bench.world.payload("event", land, seed=80 + turn, largest=5)
            runs.append(_cost(bench.load(payload, warmup=0.2, seconds=1.0)))
        progress(f"10 against 1,000 achievements on {bench.name}, pairs", turn + 1, pairs)
    ratio = median(m / f for f, m in zip(few, many, strict=True))
    return [
        Fact(f"CPU per event with 10 achievements, {bench.name}", median(few), "µs"),
        Fact(f"CPU per event with 1,000 achievements, {bench.name}", median(many), "µs"),
        Fact(f"cost with 1,000 over cost with 10, {bench.name}", ratio, "x", RATIO_MOST),
    ]


def rewards(bench: Bench) -> tuple[list[Row], list[Fact]]:
    """Measure events that also bring points and move leaderboards, and what that adds to an event."""
    singles: list[Measured] = []
    plain: list[Measured] = []
    rounds, seconds = (2, 2.0) if bench.quick else (5, 4.0)
    for turn in range(rounds):
        for land, runs in (("events", plain), ("rewards", singles)):
            payload = bench.world.payload("event", land, seed=90 + turn)
            runs.append(bench.load(payload, seconds=seconds))
        progress(f"points and leaderboards on {bench.name}, rounds", turn + 1, rounds)
    batch = bench.world.payload("batch", "rewards", count=60, seed=95, each=10)
    batched = bench.load(batch, connections=4, seconds=seconds)
    name = f"two points systems and three leaderboards, {bench.name}"
    extra = median(_cost(s) - _cost(p) for s, p in zip(singles, plain, strict=True))
    return [
        row(f"single events, {name}", singles, floor=SINGLE_FLOOR),
        row(f"batches, ten events of each user, {name}", [batched], floor=BATCH_FLOOR),
    ], [Fact(f"CPU per event that they add, {bench.name}", extra, "µs")]


def memory(bench: Bench) -> Fact:
    """Give the memory the server's processes hold after all that load."""
    held = resident_bytes([bench.server.pid]) / 1e6
    return Fact(f"resident memory of the server, {bench.name}", held, "MB", MEMORY_MOST)


def direct(database: str, name: str, users: int, *, quick: bool) -> Row:
    """Measure the act alone, in this process: groups of 1,000 events, one durable commit each."""
    speed = asyncio.run(_direct(database, users, 2.0 if quick else 5.0))
    return Row(f"batches of {BATCH:,} to the act alone, events, {name}", speed)


async def _direct(database: str, users: int, seconds: float) -> float:
    store = await open_store(Settings(database=database))
    random, done = Random(1), 0
    try:
        rulebooks = Rulebooks(store.catalog)
        taken = 0.0
        while taken < seconds:
            group = [command(1, random.randrange(users), random.randint(1, 10)) for _ in range(BATCH)]
            begun = time.perf_counter()
            await record(store.ledger, rulebooks, group, atomic=True)
            taken += time.perf_counter() - begun
            done += BATCH
    finally:
        await store.close()
    return done / taken


def _load_echo(server: Server, payload: Payload) -> Measured:
    return put_load(Plan(server.port, payload, seconds=1.5, watch={"server": [server.pid]}))


def again(payload: Payload, seed: int) -> Payload:
    """Give the same kind of requests about other users."""
    return Payload(payload.kind, payload.api_key, payload.users, payload.count, seed)


def _cost(measured: Measured) -> float:
    return sum(measured.cpu.values())
