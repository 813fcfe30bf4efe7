"""The exam of merging: dues, freezes, pauses and rankings of who goes are neither lost nor doubled."""

from itertools import count

import pytest
from msgspec.structs import replace
from tests.engine.purse import XP, hourly, system
from tests.storage.exam_boards import ALL_TIME, event
from tests.storage.people import NOON, a_metric, person, tamper

from plaudit.engine.draft import EVERYTHING
from plaudit.engine.periods import DAY_MS, EPOCH_DAY
from plaudit.jobs.time_points import time_points
from plaudit.model.catalog import FreezeSettings, Measure
from plaudit.model.commands import GrantFreeze, KeepStreak, PauseStreak
from plaudit.model.leaderboards import Leaderboard
from plaudit.model.points import PointsState
from plaudit.operations.delete_user import delete_user
from plaudit.operations.edit_batch import Editor
from plaudit.operations.merge_users import merge_users
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.settle_users import settle_users
from plaudit.operations.verify import verify

HOUR = 3_600_000
TODAY = EPOCH_DAY + NOON // DAY_MS
SETTINGS = FreezeSettings(start=1, most=4, interval=7, amount=1)
_ids = count(1)


def new_id(_now: int) -> bytes:
    return next(_ids).to_bytes(16, "big")


@pytest.fixture
async def books(store, here):
    """Words are counted, ranked, and every hour brings two points; freezes are started with one."""
    streaks = replace(here.settings.streaks, freezes=SETTINGS)
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        await edit.put_measure(Measure(1, 1, (), 0))
        await edit.put_document(system())
        await edit.put_document(hourly(20, 2))
        await edit.put_document(replace(ALL_TIME, number=30))
        await edit.put_settings(replace(here.settings, streaks=streaks))
    return Rulebooks(store.catalog)


async def merge(store, books, here, source: str, target: str, now: int, **how):
    editor = Editor(store, here.number, now, new_id)
    who = [person(here.number, name) for name in (source, target)]
    return await merge_users(editor, books, *who, **how)


async def known(store, here, name: str):
    (snapshot,) = await store.ledger.view([person(here.number, name)], EVERYTHING)
    return snapshot


async def dues(store, here, name: str) -> list[int]:
    who = person(here.number, name)
    async with store.ledger.transaction() as tx:
        await tx.snapshots_for([who], [])
        return [due for _, due in (await tx.dues_of([who.subject], 2**62))[who.subject]]


async def clean(store, now: int) -> bool:
    return (await verify(store, now)).drifts == []


async def test_the_earlier_due_instant_stays_and_pays_once(store, here, books):
    await record(store.ledger, books, [event(here, "guest", 1, 0)])
    later = event(here, "ada", 1, 1)
    await record(store.ledger, books, [replace(later, now=NOON + 1000, at=NOON + 1000)])
    await merge(store, books, here, "guest", "ada", NOON + 2000)
    assert await dues(store, here, "ada") == [NOON + HOUR]
    assert await dues(store, here, "guest") == []
    assert await time_points(store, books, lambda: NOON + 2 * HOUR, new_id) == 2
    state, _ = await store.points.standing(person(here.number, "ada").subject, XP, 1)
    assert state.total == 4
    assert await clean(store, NOON + 2 * HOUR)


async def test_who_becomes_somebody_new_keeps_everything(store, here, books):
    pause = PauseStreak(new_id(0), person(here.number, "ada"), NOON + 1, TODAY + 3, TODAY + 5)
    await record(store.ledger, books, [event(here, "ada", 1, 0), pause])
    before = await known(store, here, "ada")
    await merge(store, books, here, "ada", "nobody", NOON + 2, nameless=True)
    after = await known(store, here, "nobody")
    assert await dues(store, here, "nobody") == [NOON + HOUR]
    assert after.details.pauses == before.details.pauses
    assert (after.user.freezes, after.user.freezes_at) == (1, before.user.freezes_at)
    assert after.user.paused_until == TODAY + 5
    assert await clean(store, NOON + 3)


async def test_freezes_of_both_are_held_and_the_birth_gives_them_once(store, here, books):
    grants = [GrantFreeze(new_id(0), person(here.number, "guest"), NOON + 2) for _ in range(2)]
    await record(store.ledger, books, [event(here, "ada", 1, 0), event(here, "guest", 1, 1), *grants])
    await merge(store, books, here, "guest", "ada", NOON + 3)
    user = (await known(store, here, "ada")).user
    assert (user.freezes, user.freezes_granted) == (3, 3)
    assert user.freezes_at is not None
    assert await clean(store, NOON + 4)


async def test_used_freezes_stay_used_and_there_are_never_more_than_the_most(store, here, books):
    guest = person(here.number, "guest")
    await record(store.ledger, books, [event(here, "guest", 1, 0), event(here, "ada", 1, 1)])
    later = NOON + 2 * DAY_MS
    await record(store.ledger, books, [KeepStreak(new_id(0), guest, later)])
    assert (await known(store, here, "guest")).user.freezes == 0
    grants = [GrantFreeze(new_id(0), person(here.number, name), later) for name in ("ada", "guest") * 4]
    await record(store.ledger, books, grants)
    await merge(store, books, here, "guest", "ada", later + 1)
    merged = await known(store, here, "ada")
    used = sum(row.kind == "freeze" for row in merged.details.periods)
    assert used
    assert (merged.user.freezes, merged.user.freezes_granted) == (4, 4 + used)
    assert merged.user.freezes_at is None
    assert await clean(store, later + 2)


async def test_pauses_come_along_without_the_days_that_are_paused_already(store, here, books):
    ada, guest = (person(here.number, name) for name in ("ada", "guest"))
    asked = [
        PauseStreak(new_id(0), ada, NOON + 2, TODAY + 4, TODAY + 5),
        PauseStreak(new_id(0), guest, NOON + 2, TODAY + 2, TODAY + 8),
        PauseStreak(new_id(0), guest, NOON + 2, TODAY + 20, TODAY + 21),
    ]
    await record(store.ledger, books, [event(here, "ada", 1, 0), event(here, "guest", 1, 1), *asked])
    await merge(store, books, here, "guest", "ada", NOON + 3)
    merged = await known(store, here, "ada")
    days = [(each.first - TODAY, each.last - TODAY) for each in merged.details.pauses]
    assert days == [(2, 3), (4, 5), (6, 8), (20, 21)]
    assert len({each.id for each in merged.details.pauses}) == 4
    assert merged.user.paused_until == TODAY + 21
    owners = await store.ledger.pause_owners([each.id for each in merged.details.pauses])
    assert {who.user_id for who in owners.values()} == {"ada"}
    assert await clean(store, NOON + 4)


async def test_who_goes_leaves_deleted_boards_too(store, here, books):
    people = [event(here, name, 1, n) for n, name in enumerate(("ada", "ben", "guest"))]
    await record(store.ledger, books, people)
    async with store.catalog.edit(here.number) as edit:
        (board,) = edit.definitions.of(Leaderboard)
        await edit.put_document(replace(board, archived=True))
    await merge(store, books, here, "guest", "ada", NOON + 5)
    await delete_user(Editor(store, here.number, NOON + 6, new_id), books, person(here.number, "ben"))
    (ranking,) = await store.ledger.boards.rankings(30, TODAY - 10, "")
    assert [user for _, user, _ in await store.ledger.boards.page(ranking.number, 0, 9)] == ["ada"]
    assert await store.ledger.boards.size(ranking.number) == 1
    assert await clean(store, NOON + 7)


async def test_settling_keeps_every_number_of_a_user(store, here, books):
    """Definitions made later build what is new of a user, and leave the rest of the tally as it was."""
    await record(store.ledger, books, [event(here, "ada", 70, 1)])
    ada = person(here.number, "ada")
    await tamper(store, ada, points={XP: PointsState(15, 3)}, marks={1: 70})
    (before,) = await store.ledger.view([ada], None)
    parts = ("totals", "points", "marks", "streaks", "scores")
    assert all(getattr(before, part) for part in parts)
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(2, "pages"))
        await edit.put_measure(Measure(2, 2, (), edit.definitions.environment.version + 1))
        await edit.put_document(replace(ALL_TIME, number=31, key="later", id=b"l" * 16, since=10**6))
    book = await books.reload(here.number)
    await settle_users(store.ledger, books, [ada], NOON + 9, lambda now: now.to_bytes(16, "big"))
    (after,) = await store.ledger.view([ada], None)
    assert after.user.settled == book.version
    for part in parts:
        held, now = getattr(before, part), getattr(after, part)
        assert {key: now[key] for key in held} == held, part
