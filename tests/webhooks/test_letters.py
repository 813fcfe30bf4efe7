"""E-mails due are told once, at the right hour of each zone, and only to users who want them."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from tests.storage.people import NOON, birth, found, person, write

from plaudit.jobs.tell_letters import LetterTeller
from plaudit.model.catalog import Frequency
from plaudit.model.ids import uuid7
from plaudit.model.outcome import StreakWrite
from plaudit.model.preferences import Channel, Notification, Preferences, StreakPreferences
from plaudit.model.state import MeasureTotal, StreakState
from plaudit.model.tally import Tally
from plaudit.model.webhooks import DeliveryFilter, Webhook
from plaudit.operations.rulebooks import Rulebooks
from plaudit.webhooks.signatures import new_secret

HOUR, DAY = 3_600_000, 86_400_000
MIDNIGHT = NOON // DAY * DAY
TODAY = 719_163 + NOON // DAY
MONDAY = MIDNIGHT + (7 - (TODAY - 1) % 7) * DAY
DUE = {each: each.value for each in Notification if each is not Notification.ACHIEVEMENT_COMPLETED}
PUSH_ONLY = Preferences(dict.fromkeys(Notification, (Channel.PUSH,)))


@pytest.fixture
async def here(store):
    made = await found(store, "here")
    async with store.catalog.edit(made.number) as edit:
        number = await edit.next_number("document")
        secrets = (new_secret(b"s" * 32),)
        name = uuid7(NOON, b"w" * 10)
        await edit.put_document(Webhook(number, name, "https://example.com/", (), secrets, True, 1, 1))
    return made.number


async def settle(store, here, name="ada", **more):
    who = person(here, name)
    lasting = {"email": f"{name}@example.com", "letter_at": MIDNIGHT} | more
    streak = StreakState(3, 3, 3, TODAY - 3, NOON - 3 * DAY, TODAY - 1, NOON - DAY, MIDNIGHT + DAY)
    await write(
        store,
        users=[birth(who, Tally({1: MeasureTotal(5, NOON - DAY)}, {Frequency.DAILY: streak}), **lasting)],
        streaks=[StreakWrite(who.subject, Frequency.DAILY, streak)],
    )


async def told(store, here, now, beats=2):
    for beat in range(beats):
        at = now + beat * 900_000
        await LetterTeller(store, Rulebooks(store.catalog), lambda at=at: at).run_once()
    listed = await store.outbox.deliveries(here, DeliveryFilter(), 100, 0)
    return [(each.type, each.user_id) for each in listed]


async def test_a_streak_about_to_be_lost_is_told_once_at_eight_in_the_evening(store, here):
    await settle(store, here)
    assert await told(store, here, MIDNIGHT + 19 * HOUR) == []
    reminder = [("emails.streak_reminder_due", "ada")]
    assert await told(store, here, MIDNIGHT + 20 * HOUR, 3) == reminder
    assert await told(store, here, MIDNIGHT + 21 * HOUR) == reminder


async def test_a_recap_comes_on_monday_after_an_active_week(store, here):
    await settle(store, here)
    assert await told(store, here, MONDAY + 9 * HOUR) == [("emails.recap_due", "ada")]
    assert len(await told(store, here, MONDAY + 7 * DAY + 9 * HOUR)) == 1


@pytest.mark.parametrize(("days", "count"), [(6, 0), (7, 1), (8, 0), (14, 1), (30, 1), (31, 0)])
async def test_quiet_users_are_told_of_on_three_days(store, here, days, count):
    await settle(store, here)
    found = await told(store, here, MIDNIGHT - DAY + days * DAY + 10 * HOUR)
    found = [each for each in found if each[0] != "emails.recap_due"]
    assert found == [("emails.reactivation_due", "ada")] * count


@pytest.mark.parametrize(
    "more",
    [{"email": None}, {"subscribe_to_emails": False}, {"control": True}, {"preferences": PUSH_ONLY}],
)
async def test_nobody_is_written_to_who_does_not_want_it(store, here, more):
    await settle(store, here, **more)
    assert await told(store, here, MIDNIGHT + 20 * HOUR) == []
    assert await told(store, here, MONDAY + 9 * HOUR) == []
    assert await told(store, here, MIDNIGHT + 6 * DAY + 10 * HOUR) == []


async def test_who_has_no_streaks_is_reminded_of_none(store, here):
    await settle(store, here, preferences=Preferences(streak=StreakPreferences(enabled=False)))
    assert await told(store, here, MIDNIGHT + 20 * HOUR) == []
    both = {("emails.reactivation_due", "ada"), ("emails.recap_due", "ada")}
    assert set(await told(store, here, MIDNIGHT + 6 * DAY + 10 * HOUR)) == both


@pytest.mark.parametrize("off", list(Notification))
async def test_each_notification_is_switched_off_by_itself(store, here, off):
    await settle(store, here, preferences=Preferences({off: (Channel.PUSH,)}))
    heard = {
        Notification.STREAK_REMINDER: await told(store, here, MIDNIGHT + 20 * HOUR),
        Notification.RECAP: await told(store, here, MONDAY + 9 * HOUR),
        Notification.REACTIVATION: await told(store, here, MIDNIGHT + 13 * DAY + 10 * HOUR),
    }
    types = {name for name, _ in heard[Notification.REACTIVATION]}
    for about, name in DUE.items():
        assert (f"emails.{name}_due" in types) is (about is not off)


class Watched:
    """A ledger that tells whom it was asked about."""

    def __init__(self, ledger):
        self._ledger = ledger
        self.seen = []

    def __getattr__(self, name):
        return getattr(self._ledger, name)

    async def view(self, people, depth):
        self.seen += [who.user_id for who in people]
        return await self._ledger.view(people, depth)

    @asynccontextmanager
    async def transaction(self):
        async with self._ledger.transaction() as tx:
            yield WatchedWork(tx, self.seen)


class WatchedWork:
    def __init__(self, tx, seen):
        self._tx = tx
        self._seen = seen

    def __getattr__(self, name):
        return getattr(self._tx, name)

    async def snapshots_for(self, people, keys):
        self._seen += [who.user_id for who in people]
        return await self._tx.snapshots_for(people, keys)


async def test_only_users_to_whom_something_may_be_due_are_looked_at(store, here, monkeypatch):
    await settle(store, here, "ada")
    await settle(store, here, "ben", letter_at=MIDNIGHT + 3 * DAY)
    await settle(store, here, "cleo", letter_at=None)
    await settle(store, here, "dee", tz="Pacific/Auckland")
    watched = Watched(store.ledger)
    monkeypatch.setattr(store, "ledger", watched)
    now = [MIDNIGHT + 12 * HOUR]
    teller = LetterTeller(store, Rulebooks(store.catalog), lambda: now[0])
    await teller.run_once()
    assert sorted(watched.seen) == ["ada", "dee"]
    for beat, seen in (
        (12.25, set()),
        (19.75, set()),
        (20, {"ada", "ben", "cleo", "dee"}),
        (20.25, set()),
        (21, set()),
    ):
        watched.seen.clear()
        now[0] = MIDNIGHT + int(beat * HOUR)
        await teller.run_once()
        assert set(watched.seen) == seen, beat


async def test_what_two_processes_notice_is_told_once(store, here):
    await settle(store, here)
    at = MIDNIGHT + 6 * DAY + 10 * HOUR
    one, two = (LetterTeller(store, Rulebooks(store.catalog), lambda: at) for _ in range(2))
    await asyncio.gather(one.run_once(), two.run_once())
    listed = await store.outbox.deliveries(here, DeliveryFilter(), 100, 0)
    assert sorted(each.type for each in listed) == ["emails.reactivation_due", "emails.recap_due"]


async def test_a_message_told_before_the_plan_was_kept_does_not_come_again(store, here):
    await settle(store, here)
    at = MIDNIGHT + 6 * DAY + 10 * HOUR
    assert len(await told(store, here, at, 1)) == 2
    who = person(here, "ada")
    await write(store, letters=[(who.subject, NOON)])
    assert len(await told(store, here, at + HOUR)) == 2
    (snapshot,) = await store.ledger.view([who], None)
    assert snapshot.user.letter_at > at


async def test_a_crowd_is_told_at_once(store, here):
    people = [f"user-{number:03}" for number in range(230)]
    for name in people:
        await settle(store, here, name)
    for at, due in (
        (MIDNIGHT + 20 * HOUR, "emails.streak_reminder_due"),
        (MIDNIGHT + 6 * DAY + 10 * HOUR, "emails.reactivation_due"),
    ):
        await LetterTeller(store, Rulebooks(store.catalog), lambda at=at: at).run_once()
        listed = await store.outbox.deliveries(here, DeliveryFilter(type=due), 1000, 0)
        assert sorted(each.user_id for each in listed) == people
