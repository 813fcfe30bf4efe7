"""E-mails due are told once, at the right hour of each zone, and only to users who want them."""

import pytest
from tests.storage.people import NOON, birth, found, person, write

from plaudit.jobs.tell_letters import LetterTeller
from plaudit.model.catalog import Frequency
from plaudit.model.ids import uuid7
from plaudit.model.outcome import StreakWrite, TotalWrite
from plaudit.model.preferences import Channel, Notification, Preferences, StreakPreferences
from plaudit.model.state import StreakState
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
    lasting = {"email": f"{name}@example.com"} | more
    write_user = birth(who, **lasting)
    streak = StreakState(3, 3, 3, TODAY - 3, NOON - 3 * DAY, TODAY - 1, NOON - DAY, MIDNIGHT + DAY)
    await write(
        store,
        users=[write_user],
        totals=[TotalWrite(who.subject, 1, 5, NOON - DAY)],
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
    assert await told(store, here, MIDNIGHT + 6 * DAY + 10 * HOUR) == [("emails.reactivation_due", "ada")]


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
