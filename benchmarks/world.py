"""The loaded database a server is measured on: environments, achievements and users with a past.

Everything is written by the server's own act (`operations/record_events.py`), in big groups.
Refuses existing databases: a world is made in an empty one.
"""

import asyncio
import secrets
import sys
from collections.abc import Callable, Iterator
from itertools import islice

from msgspec import Struct

from benchmarks.payloads import METRIC, Payload, user_id
from benchmarks.rewards import define_rewards
from plaudit.compose import clock, new_id, open_store
from plaudit.config import Settings
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import (
    Achievement,
    ApiKey,
    EnvironmentSettings,
    KeyKind,
    Measure,
    Metric,
    Status,
    Trigger,
)
from plaudit.model.commands import RecordEvent
from plaudit.model.ids import subject_key
from plaudit.model.keys import RANDOM_BYTES, mint
from plaudit.model.state import Identity
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import CatalogEdit, Store

GROUP = 2_000
"""Commands in one transaction while loading."""

DAY = 86_400_000


class Land(Struct, frozen=True):
    """One environment to make.

    Users begin with one event of ``start`` (its number decides which), ``age`` milliseconds ago.
    """

    name: str
    thresholds: tuple[int, ...]
    users: int
    start: Callable[[int], int]
    age: int = 0
    rewards: bool = False


def lands(*, quick: bool) -> list[Land]:
    """List the environments of the benchmarks.

    `events` is the one that speed is measured on: 100 achievements, a new one every 50 words;
    `rewards` is the same with points systems and leaderboards. `ten` and `thousand` differ only in
    achievements far from where their users are: an event crosses equally often in both. In `morning`
    every user's next event is the first of a new day.
    """
    few = 20_000 if quick else 100_000
    return [
        Land("events", tuple(range(50, 5_050, 50)), 100_000, lambda n: 1 + n * 7 % 200),
        Land("reading", tuple(range(100, 3_100, 100)), 20_000, lambda n: 1 + n * 7 % 3_000),
        Land("ten", tuple(range(49_600, 50_600, 100)), 500 if quick else 2_000, lambda _: 50_000),
        Land("thousand", tuple(range(100, 100_100, 100)), 500 if quick else 2_000, lambda _: 50_000),
        Land("rewards", tuple(range(50, 5_050, 50)), few, lambda n: 1 + n * 7 % 200, rewards=True),
        Land("morning", tuple(range(50, 5_050, 50)), 100 if quick else 50_000, lambda _: 20, DAY),
    ]


class World(Struct, frozen=True):
    """A loaded database: its address, and the admin key and number of users per environment."""

    database: str
    keys: dict[str, str]
    users: dict[str, int]

    def payload(self, kind: str, land: str, **more: object) -> Payload:
        """Describe requests to one environment; see `Payload` for what else may be said."""
        given = {
            "kind": kind,
            "api_key": self.keys[land],
            "users": self.users[land],
            "count": 20_000,
            "seed": 1,
        }
        return Payload(**(given | more))  # type: ignore[arg-type]  # names and kinds as Payload has them


def make_world(database: str, *, quick: bool) -> World:
    """Make and load a world in an empty database; shows its progress."""
    return asyncio.run(_make(database, lands(quick=quick)))


async def _make(database: str, wanted: list[Land]) -> World:
    store = await open_store(Settings(database=database, unsafe_database=False))
    try:
        keys = {land.name: await _settle_land(store, land) for land in wanted}
    finally:
        await store.close()
    return World(database, keys, {land.name: land.users for land in wanted})


async def _settle_land(store: Store, land: Land) -> str:
    now = clock()
    environment = await store.catalog.create_environment(
        new_id(now), land.name, land.name, EnvironmentSettings(), now
    )
    async with store.catalog.edit(environment.number) as edit:
        await _define(edit, land, now)
    key = mint(KeyKind.ADMIN, secrets.token_bytes(RANDOM_BYTES))
    await store.catalog.put_keys(
        [ApiKey(new_id(now), environment.number, KeyKind.ADMIN, key.prefix, key.digest, "", None, now)]
    )
    await _populate(store, land, environment.number)
    return key.text


async def _define(edit: CatalogEdit, land: Land, now: int) -> None:
    number = await edit.next_number("metric")
    metric = Metric(number, new_id(now), METRIC, "Words written", "number", "words", now)
    await edit.put_metric(metric)
    measure = Measure(await edit.next_number("measure"), number, (), edit.definitions.environment.version)
    await edit.put_measure(measure)
    numbers = [await edit.next_number("achievement") for _ in land.thresholds]
    for threshold, goal_number in zip(land.thresholds, numbers, strict=True):
        await edit.put_achievement(goal(goal_number, threshold, measure, now))
    if land.rewards:
        await define_rewards(edit, number, measure.number, numbers[0], now)


def goal(number: int, threshold: int, measure: Measure, now: int) -> Achievement:
    """Describe an achievement for reaching a threshold in whole units."""
    return Achievement(
        number=number,
        id=new_id(now),
        name=f"{threshold} words",
        description=f"You have written {threshold} words.",
        trigger=Trigger.METRIC,
        status=Status.ACTIVE,
        key=f"words-{threshold}",
        badge=None,
        user_attributes=(),
        event_attributes=(),
        metric=measure.metric,
        metric_value=threshold * MICRO,
        measure=measure.number,
        streak_length=None,
        anniversary_years=None,
        achievement_ids=(),
        created=now,
        updated=now,
    )


async def _populate(store: Store, land: Land, environment: int) -> None:
    rulebooks = Rulebooks(store.catalog)
    commands = _first_events(land, environment)
    done = 0
    # An event that earns five hundred achievements weighs as much as hundreds that earn none.
    size = GROUP if land.start(0) < 1_000 else 100
    while group := list(islice(commands, size)):
        await record(store.ledger, rulebooks, group, atomic=True)
        done += len(group)
        progress(f"loading users of '{land.name}'", done, land.users)


def _first_events(land: Land, environment: int) -> Iterator[RecordEvent]:
    return (command(environment, number, land.start(number), land.age) for number in range(land.users))


def command(environment: int, number: int, value: int, age: int = 0) -> RecordEvent:
    """Describe an event of a loaded user, as the door would."""
    person = user_id("user-", number)
    now = clock()
    who = Identity(subject_key(environment, "", person), environment, "", person)
    return RecordEvent(new_id(now), who, now - age, METRIC, value * MICRO, now - age)


def progress(what: str, done: int, total: int) -> None:
    """Show how far a long work is; on a terminal in place, else only at its end."""
    if sys.stdout.isatty():
        print(f"\r  {what}: {done:,} of {total:,}", end="\n" if done >= total else "", flush=True)
    elif done >= total:
        print(f"  {what}: {done:,}", flush=True)


def main() -> None:
    """Make a world that stays, for the measuring of parts, and print its admin keys."""
    (database,) = sys.argv[1:]
    world = make_world(database, quick=True)
    for land, key in world.keys.items():
        print(f"{land:10}{key}")


if __name__ == "__main__":
    main()
