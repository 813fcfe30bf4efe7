"""The exam, third part: environments, definitions, keys and badges."""

import asyncio

import pytest
from msgspec.structs import replace
from tests.storage.people import NOON, Broken, a_metric, an_achievement, an_event, an_id, birth, found, write

from plaudit.model.badges import Badge
from plaudit.model.catalog import (
    ApiKey,
    Attribute,
    AttributeType,
    EnvironmentSettings,
    EvaluationMode,
    Frequency,
    KeyKind,
    Measure,
    Status,
    StreakMetric,
    StreakSettings,
    Trigger,
)
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Conflict

RICH_SETTINGS = EnvironmentSettings(
    StreakSettings(
        Frequency.WEEKLY, EvaluationMode.ALL, (StreakMetric(1, 5),), (0, 6), 7, customization_enabled=True
    ),
    strict_idempotency=True,
    multi_tenancy=True,
)


def a_key(environment: int, prefix: str, kind: KeyKind = KeyKind.APPLICATION) -> ApiKey:
    user = "ada" if kind is KeyKind.APPLICATION else None
    return ApiKey(an_id("key", prefix), environment, kind, prefix, b"d" * 32, "acme", user, NOON)


async def test_environments_are_numbered_in_the_order_they_are_made(store):
    made = [await found(store, "live"), await found(store, "test", RICH_SETTINGS)]
    assert await store.catalog.environments() == made
    assert [e.number for e in made] == [1, 2]
    assert made[0].priority < made[1].priority
    assert (made[1].id, made[1].key, made[1].name) == (an_id("environment", "test"), "test", "Test")
    assert (made[1].version, made[1].created, made[1].settings) == (1, NOON, RICH_SETTINGS)


async def test_an_environment_key_is_used_once(store, here):
    with pytest.raises(Conflict):
        await store.catalog.create_environment(an_id("other"), "here", "Again", EnvironmentSettings(), NOON)
    assert await store.catalog.environments() == [here]


async def test_definitions_read_back_as_they_were_put(store, here, elsewhere):
    user_attribute = Attribute(an_id("plan"), "plan", "Plan", AttributeType.USER, NOON)
    event_attribute = Attribute(an_id("project"), "project", "Project", AttributeType.EVENT, NOON + 1)
    measure = Measure(1, 1, (("project", "brülé"), ("size", "l")), 2)
    rich = an_achievement(
        1,
        description="Ten 'quoted' words",
        badge=Badge(hash="abc"),
        user_attributes=((user_attribute.id, "pro"),),
        event_attributes=((event_attribute.id, "plaudit"),),
        achievement_ids=(an_id("one"), an_id("two")),
    )
    lean = an_achievement(
        2, trigger=Trigger.API, status=Status.LOCKED, key="finish", metric=None, archived=True
    )
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        await edit.put_attribute(user_attribute)
        await edit.put_attribute(event_attribute)
        await edit.put_measure(measure)
        await edit.put_achievement(rich)
        await edit.put_achievement(lean)
        await edit.put_settings(RICH_SETTINGS)
    read = await store.catalog.definitions(here.number)
    assert read.environment == replace(here, version=2, settings=RICH_SETTINGS)
    assert (read.metrics, read.attributes) == ((a_metric(1),), (user_attribute, event_attribute))
    assert (read.measures, read.achievements) == ((measure,), (rich, lean))
    other = await store.catalog.definitions(elsewhere.number)
    assert (other.metrics, other.attributes, other.measures, other.achievements) == ((), (), (), ())
    assert other.environment == elsewhere


async def test_putting_again_changes_what_was_put(store, here):
    renamed = a_metric(1, name="Pages", key="pages", units="pages")
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        await edit.put_achievement(an_achievement(1))
        await edit.put_measure(Measure(1, 1, (), 2))
    async with store.catalog.edit(here.number) as edit:
        assert edit.definitions.metrics == (a_metric(1),)
        await edit.put_metric(renamed)
        await edit.put_achievement(an_achievement(1, name="Changed", status=Status.INACTIVE))
        await edit.put_measure(Measure(1, 1, (), 3))
    read = await store.catalog.definitions(here.number)
    assert read.metrics == (renamed,) and read.measures == (Measure(1, 1, (), 3),)
    assert read.achievements == (an_achievement(1, name="Changed", status=Status.INACTIVE),)
    assert read.environment.version == 3


async def test_a_live_key_is_unique_and_an_archived_one_is_free(store, here, elsewhere):
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
    with pytest.raises(Conflict):
        async with store.catalog.edit(here.number) as edit:
            await edit.put_metric(a_metric(2))
    async with store.catalog.edit(elsewhere.number) as edit:
        await edit.put_metric(a_metric(3))
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1, archived=True))
        await edit.put_metric(a_metric(4))
    read = await store.catalog.definitions(here.number)
    assert read.metrics == (a_metric(1, archived=True), a_metric(4))
    assert read.environment.version == 3


async def test_an_edit_that_puts_nothing_changes_no_version(store, here):
    before = await store.catalog.generation()
    async with store.catalog.edit(here.number) as edit:
        assert edit.definitions.environment == here
    assert (await store.catalog.definitions(here.number)).environment.version == 1
    assert await store.catalog.generation() == before


async def test_an_edit_that_fails_leaves_nothing(store, here):
    before = await store.catalog.generation()

    async def break_off() -> None:
        async with store.catalog.edit(here.number) as edit:
            await edit.put_metric(a_metric(1))
            raise Broken

    with pytest.raises(Broken):
        await break_off()
    read = await store.catalog.definitions(here.number)
    assert (read.metrics, read.environment.version) == ((), 1)
    assert await store.catalog.generation() == before


async def test_an_unknown_environment_has_nothing_to_read_or_edit(store):
    with pytest.raises(LookupError):
        await store.catalog.definitions(99)
    with pytest.raises(LookupError):
        async with store.catalog.edit(99):
            pass


async def test_numbers_are_given_once_per_database(store, here, elsewhere):
    async with store.catalog.edit(here.number) as edit:
        numbers = [await edit.next_number("metric") for _ in range(3)]
        assert numbers == [1, 2, 3]
        assert [await edit.next_number(kind) for kind in ("measure", "achievement")] == [1, 1]
        for number in numbers:
            await edit.put_metric(a_metric(number, key=f"metric-{number}"))
    async with store.catalog.edit(elsewhere.number) as edit:
        assert await edit.next_number("metric") == 4


async def test_edits_wait_for_each_other(store, here):
    async def add(key: str) -> None:
        async with store.catalog.edit(here.number) as edit:
            number = await edit.next_number("metric")
            await asyncio.sleep(0)
            await edit.put_metric(a_metric(number, key=key))

    await asyncio.gather(*(add(f"metric-{n}") for n in range(6)))
    read = await store.catalog.definitions(here.number)
    assert [metric.number for metric in read.metrics] == [1, 2, 3, 4, 5, 6]
    assert read.environment.version == 7


async def test_the_generation_grows_with_definitions_keys_and_environments_only(store, here, ada):
    seen = [await store.catalog.generation()]

    async def has_grown() -> bool:
        seen.append(await store.catalog.generation())
        return seen[-1] > seen[-2]

    async with store.catalog.edit(here.number) as edit:
        await edit.put_settings(RICH_SETTINGS)
    assert await has_grown()
    await store.catalog.put_keys([a_key(here.number, "one")])
    assert await has_grown()
    await store.catalog.delete_keys(here.number, [an_id("key", "one")])
    assert await has_grown()
    await found(store, "another")
    assert await has_grown()
    await write(store, users=[birth(ada)], events=[an_event(ada)])
    assert not await has_grown()


async def test_keys_read_back_as_written(store, here, elsewhere):
    keys = [a_key(here.number, "one"), a_key(elsewhere.number, "two", KeyKind.ADMIN)]
    await store.catalog.put_keys(keys)
    assert sorted(await store.catalog.keys(), key=lambda key: key.prefix) == keys
    with pytest.raises(Conflict):
        await store.catalog.put_keys([replace(keys[0], id=an_id("other"))])
    assert len(await store.catalog.keys()) == 2


async def test_only_application_keys_of_the_environment_are_deleted(store, here, elsewhere):
    mine, admin = a_key(here.number, "mine"), a_key(here.number, "admin", KeyKind.ADMIN)
    theirs = a_key(elsewhere.number, "theirs")
    await store.catalog.put_keys([mine, admin, theirs])
    asked = [theirs.id, mine.id, admin.id, an_id("unknown")]
    assert await store.catalog.delete_keys(here.number, asked) == [mine.id]
    assert await store.catalog.delete_keys(here.number, [mine.id]) == []
    assert {key.prefix for key in await store.catalog.keys()} == {"admin", "theirs"}


async def test_a_badge_is_kept_once_under_its_hash(store):
    assert await store.catalog.badge("abc") is None
    await store.catalog.put_badge("abc", "image/png", b"\0\1\2", NOON)
    await store.catalog.put_badge("abc", "image/png", b"\0\1\2", NOON + 1)
    assert await store.catalog.badge("abc") == ("image/png", b"\0\1\2")


class Slow:
    """A catalog that reads no definitions until it is let go."""

    def __init__(self, catalog):
        self._catalog = catalog
        self.go_on = asyncio.Event()
        self.asked = []

    async def generation(self):
        return await self._catalog.generation()

    async def environments(self):
        return await self._catalog.environments()

    async def definitions(self, environment):
        await self.go_on.wait()
        self.asked.append(environment)
        return await self._catalog.definitions(environment)


async def test_whoever_looks_for_changes_while_another_does_knows_them_too(store, here):
    slow = Slow(store.catalog)
    slow.go_on.set()
    books = Rulebooks(slow)
    await books.get(here.number)
    await books.refresh()
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        await edit.put_measure(Measure(1, 1, (), 2))
    slow.go_on.clear()
    first, second = [asyncio.create_task(books.refresh()) for _ in range(2)]
    await asyncio.sleep(0.05)
    assert not second.done()
    slow.go_on.set()
    assert await asyncio.gather(first, second) == [True, True]
    assert "words" in books.known(here.number).metrics
    assert not await books.refresh()


async def test_a_change_lets_no_other_environment_be_read_again(store, here):
    catalog = Slow(store.catalog)
    catalog.go_on.set()
    other = await store.catalog.create_environment(
        an_id("other"), "other", "Other", EnvironmentSettings(), NOON
    )
    books = Rulebooks(catalog)
    for each in (here, other):
        await books.get(each.number)
    await books.refresh()
    catalog.asked.clear()
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        await edit.put_measure(Measure(1, 1, (), 2))
    assert await books.refresh()
    assert catalog.asked == [here.number]
