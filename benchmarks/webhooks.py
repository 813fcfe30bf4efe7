"""What an endpoint costs an event: none there, one that wants other types, and one that is told each time.

`python -m benchmarks.webhooks [sqlite:PATH | postgresql://...]` runs groups of events, each of which
completes an achievement, through the real act. Refuses sending: it is work of another moment.
"""

import argparse
import asyncio
import secrets
import tempfile
import time
from collections import defaultdict
from functools import partial
from random import Random
from statistics import median

from benchmarks.payloads import METRIC, user_id
from benchmarks.world import goal
from plaudit.compose import clock, new_id, open_store
from plaudit.config import Settings
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import EnvironmentSettings, Measure, Metric
from plaudit.model.commands import RecordEvent
from plaudit.model.ids import subject_key
from plaudit.model.state import Identity
from plaudit.model.webhooks import EventType, Webhook
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import CatalogEdit, Store
from plaudit.webhooks.signatures import new_secret

WANTED = {
    "no endpoint": None,
    "other types": EventType.LEADERBOARD_FINISHED,
    "told each time": EventType.ACHIEVEMENT_COMPLETED,
}
"""What the endpoint of each environment listens for."""

USERS = 2_000
GROUP = 64
GROUPS_A_TURN = 20


async def measure(database: str, turns: int) -> dict[str, tuple[float, float]]:
    """Run the environments in turns; gives microseconds of CPU and passed per event, medians, by name."""
    store = await open_store(Settings(database=database))
    try:
        lands = {name: await _settle(store, name, wanted) for name, wanted in WANTED.items()}
        act = partial(record, store.ledger, Rulebooks(store.catalog))
        taken: dict[str, list[tuple[float, float]]] = defaultdict(list)
        random = Random(1)
        for _ in range(turns):
            for name, environment in lands.items():
                cpu, passed = time.process_time(), time.perf_counter()
                for _ in range(GROUPS_A_TURN):
                    await act([_command(environment, random.randrange(USERS)) for _ in range(GROUP)])
                spent = time.process_time() - cpu, time.perf_counter() - passed
                taken[name].append((spent[0], spent[1]))
    finally:
        await store.close()
    each = 1e6 / (GROUP * GROUPS_A_TURN)
    return {
        name: (median(c for c, _ in runs) * each, median(p for _, p in runs) * each)
        for name, runs in taken.items()
    }


def _command(environment: int, number: int) -> RecordEvent:
    now, person = clock(), user_id("user-", number)
    who = Identity(subject_key(environment, "", person), environment, "", person)
    return RecordEvent(new_id(now), who, now, METRIC, MICRO, now)


async def _settle(store: Store, name: str, wanted: EventType | None) -> int:
    now, key = clock(), f"bench-{secrets.token_hex(4)}"
    made = await store.catalog.create_environment(new_id(now), key, name, EnvironmentSettings(), now)
    async with store.catalog.edit(made.number) as edit:
        await _define(edit, now)
        if wanted is not None:
            number = await edit.next_number("document")
            secret = new_secret(secrets.token_bytes(32))
            hook = Webhook(
                number=number,
                id=new_id(now),
                url="https://example.com/",
                types=(wanted.value,),
                secrets=(secret,),
                active=True,
                created=now,
                updated=now,
            )
            await edit.put_document(hook)
    return made.number


async def _define(edit: CatalogEdit, now: int) -> None:
    number = await edit.next_number("metric")
    await edit.put_metric(Metric(number, new_id(now), METRIC, "Words written", "number", "words", now))
    measure = Measure(await edit.next_number("measure"), number, (), edit.definitions.environment.version)
    await edit.put_measure(measure)
    for threshold in range(1, 301):
        await edit.put_achievement(goal(await edit.next_number("achievement"), threshold, measure, now))


def main() -> None:
    """Read what is asked, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.webhooks", description=__doc__)
    parser.add_argument("database", nargs="?", help="an empty database (default: a SQLite file for the run)")
    parser.add_argument("--turns", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plaudit-bench-") as folder:
        found = asyncio.run(measure(asked.database or f"sqlite:{folder}/plaudit.db", asked.turns))
    cpu, passed = found["no endpoint"]
    for name, (more_cpu, more_passed) in found.items():
        print(
            f"{name:16}{more_cpu:8.2f} µs CPU ({more_cpu - cpu:+.2f}),"
            f"{more_passed:8.2f} µs passed ({more_passed - passed:+.2f})"
        )


if __name__ == "__main__":
    main()
