"""The small world of the storage exam: Ada and Ben live here, Cleo elsewhere, and what they do.

Refuses to hide numbers: every default is plain, so that a test says only what it is about.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from plaudit.model.catalog import Achievement, EnvironmentSettings, Frequency, Metric, Status, Trigger
from plaudit.model.ids import derived_id, subject_key
from plaudit.model.outcome import CompletionWrite, EventWrite, StreakWrite, UserWrite, Writes
from plaudit.model.state import Completion, Depth, Event, Identity, Snapshot, StreakState, UserState
from plaudit.model.tally import Tally, tally_of
from plaudit.storage.port import Store
from plaudit.storage.rows import NO_TALLY

NOON = 1_700_000_000_000
DAY = 738_000
ALL = Depth(days_since=1, periods=True)


class Broken(Exception):
    """Something went wrong between reading and committing."""


def an_id(*parts: object) -> bytes:
    """Sixteen bytes that are the same for the same words."""
    return derived_id(repr(parts).encode(), 0)


def person(environment: int, name: str, tenant: str = "") -> Identity:
    return Identity(subject_key(environment, tenant, name), environment, tenant, name)


def state(who: Identity, **more) -> UserState:
    plain = {
        "email": None,
        "name": None,
        "tz": None,
        "sign_up_date": None,
        "device_tokens": (),
        "subscribe_to_emails": True,
        "attributes": {},
        "created": NOON,
        "updated": NOON,
        "seq": 0,
        "settled": 1,
        "anniversary_at": None,
    }
    return UserState(id=who.user_id, **(plain | more))


def birth(who: Identity, tally: Tally = NO_TALLY, **more) -> UserWrite:
    return UserWrite(who, state(who, **more), created=True, profile=True, tally=tally)


def move(who: Identity, tally: Tally = NO_TALLY, *, profile: bool = False, **more) -> UserWrite:
    return UserWrite(who, state(who, **more), created=False, profile=profile, tally=tally)


def an_event(who: Identity, seq: int = 1, **more) -> EventWrite:
    plain = {
        "id": an_id(who.user_id, seq),
        "metric": 1,
        "value": 1_000_000,
        "at": NOON,
        "recorded": NOON,
        "day": DAY,
        "attributes": {},
    }
    made = Event(seq=seq, **(plain | more))
    return EventWrite(who.subject, made, b"fingerprint" if made.key else None)


def a_completion(who: Identity, achievement: int = 1, **more) -> CompletionWrite:
    plain = {"id": an_id(who.user_id, achievement), "at": NOON, "recorded": NOON + 5, "seq": 1}
    return CompletionWrite(who, Completion(achievement, **(plain | more)))


def a_streak(days: int = 1) -> StreakState:
    return StreakState(
        days=days,
        length=days,
        longest=days,
        started=DAY,
        started_at=NOON,
        last_period=DAY + days - 1,
        extended_at=NOON + days,
        expires_at=NOON + 2 * days,
    )


def a_metric(number: int, key: str = "words", **more) -> Metric:
    plain = {"id": an_id("metric", number), "name": key.title(), "unit_type": "number", "units": key}
    return Metric(number=number, key=key, created=NOON, **(plain | more))


def an_achievement(number: int, **more) -> Achievement:
    plain = {
        "id": an_id("achievement", number),
        "name": "First thousand",
        "description": None,
        "trigger": Trigger.METRIC,
        "status": Status.ACTIVE,
        "key": None,
        "badge": None,
        "user_attributes": (),
        "event_attributes": (),
        "metric": 1,
        "metric_value": 1_000_000_000,
        "measure": 1,
        "streak_length": None,
        "anniversary_years": None,
        "achievement_ids": (),
        "created": NOON,
        "updated": NOON,
    }
    return Achievement(number=number, **(plain | more))


async def found(store: Store, key: str, settings: EnvironmentSettings | None = None):
    return await store.catalog.create_environment(
        an_id("environment", key), key, key.title(), settings or EnvironmentSettings(), NOON
    )


async def write(store: Store, **lists) -> None:
    async with store.ledger.transaction() as tx:
        named = {w.who for key in ("users", "completions") for w in lists.get(key, ())}
        await tx.snapshots_for(sorted(named, key=lambda who: who.subject), [])
        await tx.apply(Writes(**lists))


async def tamper(store: Store, who: Identity, **parts) -> None:
    """Write a user's tally, and rows of streaks, with some parts of the snapshot as they should not be."""
    async with store.ledger.transaction() as tx:
        (held,) = await tx.snapshots_for([who], [])
        wrong = replace(held, **parts)
        tally = tally_of(wrong, wrong.scores)
        users = [UserWrite(who, held.user, created=False, profile=False, tally=tally)]
        streaks = [StreakWrite(who.subject, each, it) for each, it in parts.get("streaks", {}).items()]
        await tx.apply(Writes(users=users, streaks=streaks))


async def read(store: Store, who: Identity, depth: Depth | None = ALL) -> Snapshot:
    (snapshot,) = await store.ledger.view([who], depth)
    return snapshot


async def log_of(store: Store, who: Identity) -> list[Event]:
    return [event async for event in store.ledger.history_of(who.subject)]


def in_order(people: Sequence[Identity]) -> list[Identity]:
    return sorted(people, key=lambda who: who.subject)


EVERY_FREQUENCY = (Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY)
