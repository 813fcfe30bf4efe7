"""The exam on local midnight: the job and events, in either order, on each database."""

from msgspec.structs import replace
from tests.storage.people import ALL

from plaudit.jobs.expire_streaks import expire_streaks
from plaudit.model.actions import user_target
from plaudit.model.catalog import FreezeSettings, Measure, Metric, StreakSettings
from plaudit.model.commands import GrantFreeze, PauseStreak, RecordEvent, ResetStreak, UserPatch
from plaudit.model.ids import uuid7
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.verify import verify

DAY = 86_400_000
NOON = 1_743_595_200_000  # 2 April 2025, 12:00 UTC
TODAY = 739_343


class Ids:
    def __init__(self):
        self.count = 0

    def __call__(self, now):
        self.count += 1
        return uuid7(now, self.count.to_bytes(10, "big"))


async def counting(store, here):
    """An environment that counts words, with one freeze to start with and at most two."""
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(Metric(1, b"w" * 16, "words", "Words", "number", "", 0))
        await edit.put_measure(Measure(1, 1, (), 1))
        streaks = StreakSettings(freezes=FreezeSettings(1, 2))
        await edit.put_settings(replace(here.settings, streaks=streaks))
    return Rulebooks(store.catalog), Ids()


async def event(store, books, ids, who, now, **more):
    command = RecordEvent(ids(now), who, now, "words", 1_000_000, now, **more)
    (outcome,) = await record(store.ledger, books, [command])
    return outcome


async def seen(store, who):
    (snapshot,) = await store.ledger.view([who], ALL)
    return snapshot


async def expire(store, books, ids, now):
    return await expire_streaks(store, books, lambda: now, ids)


async def test_the_job_uses_freezes_then_notices_losses_each_once(store, here, ada):
    books, ids = await counting(store, here)
    await event(store, books, ids, ada, NOON, user=UserPatch(tz="Asia/Tokyo"))
    midnight = NOON + DAY + 3 * 3_600_000  # 4 April, 00:00 in Tokyo
    assert await expire(store, books, ids, midnight - 1) == 0
    assert await expire(store, books, ids, midnight) == 1
    assert await expire(store, books, ids, midnight) == 0
    assert (await seen(store, ada)).user.freezes == 0
    assert await expire(store, books, ids, midnight + DAY) == 1
    assert await expire(store, books, ids, midnight + DAY) == 0
    assert [row.kind for row in (await seen(store, ada)).details.periods if row.frequency == "daily"] == [
        "earned",
        "freeze",
    ]
    assert (await verify(store, midnight + DAY)).drifts == []


async def test_it_does_not_matter_whether_the_job_or_the_event_comes_first(store, here, ada, ben):
    books, ids = await counting(store, here)
    for who in (ada, ben):
        await event(store, books, ids, who, NOON)
        await event(store, books, ids, who, NOON + DAY)
    await event(store, books, ids, ada, NOON + 3 * DAY)
    await expire(store, books, ids, NOON + 3 * DAY)
    await event(store, books, ids, ben, NOON + 3 * DAY)
    first, second = await seen(store, ada), await seen(store, ben)
    assert first.streaks == second.streaks
    assert first.details.periods == second.details.periods
    assert first.user.freezes == second.user.freezes == 0
    assert (await verify(store, NOON + 3 * DAY)).drifts == []


async def test_a_group_of_commands_of_one_user_leaves_one_row_a_period(store, here, ada):
    books, ids = await counting(store, here)
    await event(store, books, ids, ada, NOON)
    now = NOON + 2 * DAY
    late = RecordEvent(ids(now), ada, now, "words", 1_000_000, NOON + DAY)
    today = RecordEvent(ids(now), ada, now, "words", 1_000_000, now)
    outcomes = await record(store.ledger, books, [today, late])
    assert [outcome.moves.consumed for outcome in outcomes] == [1, 0]
    snapshot = await seen(store, ada)
    assert (snapshot.user.freezes, snapshot.streaks["daily"].days) == (1, 3)
    assert (await verify(store, now)).drifts == []


async def test_pauses_cover_what_the_job_finds_and_resets_last(store, here, ada):
    books, ids = await counting(store, here)
    await event(store, books, ids, ada, NOON)
    (made,) = await record(store.ledger, books, [PauseStreak(ids(NOON), ada, NOON, TODAY, TODAY + 3)])
    assert (await seen(store, ada)).details.pauses == made.pauses
    later = NOON + 5 * DAY
    await expire(store, books, ids, later)
    snapshot = await seen(store, ada)
    kinds = [row.kind for row in snapshot.details.periods if row.frequency == "daily"]
    assert kinds.count("pause") >= 3
    assert (snapshot.streaks["daily"].length, snapshot.streaks["daily"].lost) == (1, 0)
    grant, reset = GrantFreeze(ids(later), ada, later), ResetStreak(ids(later), ada, later)
    await record(store.ledger, books, [grant, reset])
    snapshot = await seen(store, ada)
    assert (snapshot.streaks["daily"].days, snapshot.streaks["daily"].lost) == (0, 1)
    assert await expire(store, books, ids, later + 90 * DAY) <= 1
    assert (await verify(store, later)).drifts == []


async def test_what_an_admin_does_to_a_streak_is_kept_in_the_audit_log(store, here, ada):
    books, ids = await counting(store, here)
    await event(store, books, ids, ada, NOON)
    given = GrantFreeze(ids(NOON), ada, NOON, actor="adm_1")
    refused = GrantFreeze(ids(NOON), ada, NOON, actor="adm_1")
    await record(store.ledger, books, [given, refused, ResetStreak(ids(NOON), ada, NOON, actor="adm_1")])
    target = user_target(ada.subject)
    entries = await store.catalog.actions_before(here.number, 1_000_000, target, 10)
    assert [(each.action.actor, each.action.action) for each in entries] == [
        ("adm_1", "reset_streak"),
        ("adm_1", "grant_freeze"),
    ]
