"""`plaudit verify` on both databases: streaks that today's settings do not explain."""

from itertools import count

import pytest
from msgspec.structs import replace
from tests.storage.people import NOON, found, person, read, tamper, write

from plaudit.engine import evaluate
from plaudit.model.catalog import (
    EnvironmentSettings,
    EvaluationMode,
    FreezeSettings,
    Frequency,
    Measure,
    Metric,
    StreakSettings,
)
from plaudit.model.commands import RecordEvent, SetPreferences
from plaudit.model.outcome import PeriodWrite, StreakWrite
from plaudit.model.preferences import PreferencesPatch, StreakPreferencesPatch
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.verify import verify

DAY_MS = 86_400_000
LAST = NOON + 9 * DAY_MS
OWN = PreferencesPatch(streak=StreakPreferencesPatch(days_off=(0, 3)))
_ids = count(1)


def new_id() -> bytes:
    return next(_ids).to_bytes(16, "big")


async def live(store, settings, change=None):
    """Ada, active on seven of ten days, with preferences of her own if there is a change."""
    here = await found(store, "shop", EnvironmentSettings(streaks=settings))
    async with store.catalog.edit(here.number) as edit:
        number = await edit.next_number("metric")
        await edit.put_metric(Metric(number, new_id(), "words", "Words", "number", "words", NOON))
        await edit.put_measure(Measure(await edit.next_number("measure"), number, (), 0))
    ada, books = person(here.number, "ada"), Rulebooks(store.catalog)
    for day in (0, 1, 2, 4, 5, 8, 9):
        if day == 4 and change is not None:
            await record(store.ledger, books, [SetPreferences(new_id(), ada, NOON + 3 * DAY_MS, change)])
        at = NOON + day * DAY_MS
        await record(store.ledger, books, [RecordEvent(new_id(), ada, at, "words", 1_000_000, at)])
    return ada


@pytest.fixture(params=["own settings", "changed settings"])
async def ada(request, store):
    freezes = FreezeSettings(1, 2)
    if request.param == "own settings":
        return await live(store, StreakSettings(customization_enabled=True, freezes=freezes), OWN)
    return await live(store, StreakSettings(changed=NOON + 4 * DAY_MS, days_off=(6,), freezes=freezes))


async def drifts(store):
    return [each for each in (await verify(store, LAST)).drifts if "streak" in each or "period" in each]


async def test_what_was_counted_is_no_drift(store, ada):
    assert await drifts(store) == []


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ({"days": 9}, "9 periods"),
        ({"length": 0}, "a length of 0"),
        ({"longest": 0}, "0 as the longest"),
        ({"last_period": 5}, "the last period 5"),
        ({"bridged": 3}, "3 bridged periods"),
    ],
)
async def test_a_corrupted_streak_is_reported(store, ada, harm, words):
    held = (await read(store, ada)).streaks
    await tamper(store, ada, streaks=held | {Frequency.DAILY: replace(held[Frequency.DAILY], **harm)})
    (drift,) = await drifts(store)
    assert drift.startswith("user ada: the daily streak is kept with") and words in drift


async def test_a_row_by_which_jobs_find_a_streak_is_what_the_tally_says(store, ada):
    held = (await read(store, ada)).streaks[Frequency.DAILY]
    later = replace(held, expires_at=held.expires_at + 1)
    await write(store, streaks=[StreakWrite(ada.subject, Frequency.DAILY, later)])
    told = "user ada: the row of the daily streak is not what the user's tally says"
    assert await drifts(store) == [told]


async def test_a_period_without_its_event_is_reported(store, ada):
    held = (await read(store, ada)).details.periods
    daily = [row for row in held if row.frequency is Frequency.DAILY and row.kind == "earned"]
    moved = replace(daily[-1], counted_at=daily[-1].counted_at + 1)
    await write(store, periods=[PeriodWrite(ada.subject, moved)])
    (drift,) = await drifts(store)
    assert "counts by an event that is not logged" in drift


async def go_on(store, ada, days, value=1_000_000):
    books = Rulebooks(store.catalog)
    for day in days:
        at = NOON + day * DAY_MS
        await record(store.ledger, books, [RecordEvent(new_id(), ada, at, "words", value, at)])


async def test_a_period_that_should_count_and_is_missing_is_reported(store, ada, monkeypatch):
    await go_on(store, ada, (10, 11))
    assert await drifts(store) == []
    monkeypatch.setattr(evaluate, "count_event", lambda *_: None)
    await go_on(store, ada, (13,))
    monkeypatch.undo()
    (drift,) = [each for each in await drifts(store) if "daily" in each]
    day = 719_163 + NOON // DAY_MS + 13
    assert drift == f"user ada: the daily period {day} met its settings, but does not count"


@pytest.mark.parametrize(("value", "count"), [(2_000_000, 0), (3_000_000, 1)])
async def test_a_threshold_of_ones_own_decides_what_is_missing(store, monkeypatch, value, count):
    needs = StreakPreferencesPatch(mode=EvaluationMode.ALL, metrics=(("words", 5_000_000),))
    settings = StreakSettings(customization_enabled=True)
    ada = await live(store, settings, PreferencesPatch(streak=needs))
    await go_on(store, ada, (10, 11), 5_000_000)
    assert await drifts(store) == []
    monkeypatch.setattr(evaluate, "count_event", lambda *_: None)
    await go_on(store, ada, (40, 40), value)
    monkeypatch.undo()
    assert len([each for each in await drifts(store) if "daily" in each]) == count
