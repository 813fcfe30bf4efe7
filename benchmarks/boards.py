"""Leaderboards with a million participants: what a rank, a page and an event cost.

`python -m benchmarks.boards DATABASE [--users N]` fills an empty database with users who all stand on
three boards, and measures the verbs of the port and the act. Refuses databases that exist already.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import replace
from tests.support.postgres import Cluster, fresh_database

from benchmarks.timing import Fact
from plaudit.compose import clock, new_id, open_store
from plaudit.config import Settings
from plaudit.engine.board_runs import current_run, utc_day
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import EnvironmentSettings, Measure, Metric
from plaudit.model.commands import RecordEvent
from plaudit.model.ids import ranking_number, subject_key
from plaudit.model.leaderboards import Leaderboard, RankBy, Ranking, RunUnit, Score
from plaudit.model.outcome import ScoreWrite, UserWrite, Writes
from plaudit.model.state import Identity, UserState
from plaudit.model.tally import Tally, newest_of
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Store

USERS = 1_000_000
FEW = 50_000
PART = 20_000
HIGHEST = 5_000
BOARDS = (("all-time", None, None), ("monthly", RunUnit.MONTH, 1000), ("daily", RunUnit.DAY, 100))
"""Key, unit of a run, and most participants of each board."""


class Field(Struct, frozen=True):
    """The loaded database: its environment, its users sorted by subject, and the rankings they stand in."""

    store: Store
    environment: int
    people: list[Identity]
    rankings: list[Ranking]


def board(number: int, key: str, unit: RunUnit | None, most: int | None, now: int) -> Leaderboard:
    """Describe a live board on metric 1."""
    return Leaderboard(
        number=number,
        id=new_id(now),
        key=key,
        name=key,
        description=None,
        rank_by=RankBy.METRIC,
        metric=1,
        points_system=None,
        start=utc_day(now),
        end=None,
        start_time=None,
        end_time=None,
        max_participants=most,
        run_unit=unit,
        run_interval=None if unit is None else 1,
        breakdown=(),
        user_attributes=(),
        status="active",
        created=now,
        updated=now,
    )


async def fill(store: Store, users: int, now: int) -> Field:
    """Write the users, and put all of them on every board with a random score."""
    made = await store.catalog.create_environment(new_id(now), "boards", "Boards", EnvironmentSettings(), now)
    boards = [board(n, *each, now) for n, each in enumerate(BOARDS, 1)]
    async with store.catalog.edit(made.number) as edit:
        await edit.put_metric(Metric(1, new_id(now), "words", "Words", "number", "", now))
        await edit.put_measure(Measure(1, 1, (), 0))
        for each in boards:
            await edit.put_document(each)
    names = [f"user-{n}" for n in range(users)]
    people = [Identity(subject_key(made.number, "", name), made.number, "", name) for name in names]
    people.sort(key=lambda who: who.subject)
    rankings = [_ranking(made.number, each, now) for each in boards]
    random = Random(1)
    scores = [random.randint(1, HIGHEST) * MICRO for _ in people]
    for first in range(0, users, PART):
        await _write_people(store, people[first : first + PART], scores[first : first + PART], rankings, now)
    await _apply(store, Writes(rankings=rankings))
    return Field(store, made.number, people, rankings)


def _ranking(environment: int, it: Leaderboard, now: int) -> Ranking:
    run = current_run(it, now).start
    return Ranking(ranking_number(it.number, 0, run, "", ()), environment, "", it.number, run, ())


async def _write_people(
    store: Store, people: list[Identity], scores: list[int], rankings: list[Ranking], now: int
) -> None:
    writes = Writes()
    for who, score in zip(people, scores, strict=True):
        held = {it: Score(it.number, score, now) for it in rankings}
        tally = Tally(scores=newest_of({(it.board, it.run): one for it, one in held.items()}))
        writes.users.append(UserWrite(who, _born(who, now), created=True, profile=True, tally=tally))
        writes.scores.extend(
            ScoreWrite(who.subject, it.board, it.run, one, newest=True) for it, one in held.items()
        )
    async with store.ledger.transaction() as tx:
        await tx.snapshots_for(people, [])
        await tx.apply(writes)


def _born(who: Identity, now: int) -> UserState:
    return UserState(
        id=who.user_id,
        email=None,
        name=None,
        tz=None,
        sign_up_date=None,
        device_tokens=(),
        subscribe_to_emails=True,
        attributes={},
        created=now,
        updated=now,
        seq=0,
        settled=99,
        anniversary_at=None,
    )


async def _apply(store: Store, writes: Writes) -> None:
    async with store.ledger.transaction() as tx:
        await tx.apply(writes)


async def measure(database: str, users: int, seconds: float) -> list[Fact]:
    """Fill an empty database and measure it; times are medians of single calls."""
    store = await open_store(Settings(database=database, unsafe_database=True))
    try:
        began = time.perf_counter()
        field = await fill(store, users, clock())
        print(f"{users:,} users on three boards written in {time.perf_counter() - began:.0f} s", flush=True)
        return [*await _reads(field, seconds), *await _events(field, seconds)]
    finally:
        await store.close()


async def _reads(field: Field, seconds: float) -> list[Fact]:
    boards, top, random = field.store.ledger.boards, field.rankings[0], Random(2)

    async def rank() -> None:
        await boards.score(random.choice(field.people).subject, top.board, top.run)

    async def page(skip: int) -> None:
        await boards.page(top.number, skip, 10)

    many, middle = f"{len(field.people):,}", len(field.people) // 2
    began = time.perf_counter()
    await rank()
    return [
        Fact(f"reading a ranking of {many} into memory", (time.perf_counter() - began) * 1000, "ms"),
        Fact(f"rank of any user among {many}", await _median(rank, seconds), "ms"),
        Fact(f"first page of {many}", await _median(lambda: page(0), seconds), "ms"),
        Fact(
            f"page in the middle of {many}",
            await _median(lambda: page(middle), seconds),
            "ms",
        ),
    ]


async def _events(field: Field, seconds: float) -> list[Fact]:
    rulebooks = Rulebooks(field.store.catalog)
    facts = [
        Fact(f"event, groups of {size}, three boards", await _event_ms(field, rulebooks, size, seconds), "ms")
        for size in (1, 64)
    ]
    async with field.store.catalog.edit(field.environment) as edit:
        for it in edit.definitions.of(Leaderboard):
            await edit.put_document(replace(it, archived=True))
    return facts + [
        Fact(f"event, groups of {size}, no boards", await _event_ms(field, rulebooks, size, seconds), "ms")
        for size in (1, 64)
    ]


async def _event_ms(field: Field, rulebooks: Rulebooks, size: int, seconds: float) -> float:
    random = Random(size)

    async def act() -> None:
        now = clock()
        await record(
            field.store.ledger,
            rulebooks,
            [
                RecordEvent(new_id(now), who, now, "words", random.randint(1, 10) * MICRO, now)
                for who in random.sample(field.people, size)
            ],
        )

    await act()  # the rankings are in memory from here on
    return await _median(act, seconds) / size


async def _median(act: Callable[[], Awaitable[None]], seconds: float) -> float:
    taken: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        await act()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[len(taken) // 2] * 1000


def on_sqlite(directory: Path, *, quick: bool) -> list[Fact]:
    """Measure leaderboards on a SQLite file."""
    return _named("SQLite", f"sqlite:{directory / 'boards.db'}", quick=quick)


def on_postgres(*, quick: bool) -> list[Fact]:
    """Measure leaderboards on a PostgreSQL cluster that flushes to disk."""
    cluster = Cluster()
    try:
        return _named("PostgreSQL", fresh_database(cluster), quick=quick)
    finally:
        cluster.stop()


def _named(name: str, database: str, *, quick: bool) -> list[Fact]:
    users, seconds = (FEW, 1.0) if quick else (USERS, 5.0)
    found = asyncio.run(measure(database, users, seconds))
    return [Fact(f"{fact.name}, {name}", fact.value, fact.unit) for fact in found]


def main() -> None:
    """Read what is asked, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.boards", description=__doc__)
    parser.add_argument("database", help="sqlite:PATH or postgresql://..., empty")
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--seconds", type=float, default=3.0)
    asked = parser.parse_args()
    for fact in asyncio.run(measure(asked.database, asked.users, asked.seconds)):
        print(f"{fact.name:50}{fact.value:9.3f} {fact.unit}")


if __name__ == "__main__":
    main()
