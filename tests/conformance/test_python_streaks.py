"""The published Python client drives streak care: freezes, pauses, restore, reset, preferences, settings."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.conformance.clients import call, client_for
from tests.support.world import World
from trophy import (
    NotificationPreferences,
    StreakMetricPreference,
    StreakPreferences,
    StreakSettingsMetric,
    UpdateStreakSettingsFreezes,
)
from trophy.admin.streaks import ResetStreaksRequestUsersItem, RestoreStreaksRequestUsersItem
from trophy.admin.streaks.freezes import CreateStreakFreezesRequestFreezesItem
from trophy.admin.streaks.pauses import CreateStreakPausesRequestPausesItem
from trophy.core.api_error import ApiError

TODAY = datetime.now(UTC).date()
MISSING = "550e8400-e29b-41d4-a716-446655440999"


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def on_days(world: World, *ago: int, user: str = "ada") -> None:
    for days in ago:
        at = datetime.now(UTC) - timedelta(days=days)
        assert world.event(1, user, **({"timestamp": at.isoformat()} if days else {})).status_code == 201


async def enable_freezes(client, start=1, most=2):
    return await call(
        client.admin.streaks.settings.update,
        freezes=UpdateStreakSettingsFreezes(
            start_count=start, max_count=most, auto_earn_interval=7, auto_earn_amount=1
        ),
    )


async def test_freezes_are_set_shown_and_granted(kind: str, world: World) -> None:
    client = client_for(kind, world)
    settings = await enable_freezes(client)
    assert (settings.freezes.start_count, settings.freezes.max_count) == (1, 2)
    assert (settings.freezes.auto_earn_interval, settings.freezes.auto_earn_amount) == (7, 1)
    on_days(world, 0)
    items = [CreateStreakFreezesRequestFreezesItem(user_id=user) for user in ("ada", "ada", "nobody")]
    given = await call(client.admin.streaks.freezes.create, freezes=items)
    assert [(each.user_id, each.severity, each.message) for each in given.issues] == [
        ("ada", "warning", "Would exceed maximum freeze limit"),
        ("nobody", "error", "User does not exist"),
    ]
    streak = await call(client.users.streak, "ada")
    assert (streak.freezes, streak.max_freezes) == (2, 2)
    assert (streak.freeze_auto_earn_interval, streak.freeze_auto_earn_amount) == (7, 1)
    off = await call(client.admin.streaks.settings.update, freezes=None)
    assert off.freezes is None
    assert (await call(client.users.streak, "ada")).freezes is None


async def test_a_missed_day_uses_a_freeze(kind: str, world: World) -> None:
    client = client_for(kind, world)
    await enable_freezes(client)
    on_days(world, 3, 1, 0)
    streak = await call(client.users.streak, "ada", history_periods=4)
    assert (streak.length, streak.freezes) == (3, 0)
    assert [(each.length, each.used_freeze, each.used_pause) for each in streak.streak_history] == [
        (1, False, False),
        (1, True, False),
        (2, False, False),
        (3, False, False),
    ]


async def test_pauses_are_made_shown_and_deleted(kind: str, world: World) -> None:
    client = client_for(kind, world)
    on_days(world, 0)
    start, end = TODAY + timedelta(days=2), TODAY + timedelta(days=5)
    ask = [
        ("ada", start, end),
        ("ada", end, end),
        ("ada", TODAY - timedelta(days=2), TODAY),
        ("ada", end, start),
        ("nobody", start, end),
    ]
    items = [
        CreateStreakPausesRequestPausesItem(user_id=user, start=str(first), end=str(last))
        for user, first, last in ask
    ]
    made = await call(client.admin.streaks.pauses.create, pauses=items)
    (pause,) = made.created
    assert (pause.user_id, pause.start, pause.end, pause.status) == (
        "ada",
        start.isoformat(),
        end.isoformat(),
        "active",
    )
    assert [each.user_id for each in made.issues] == ["ada", "ada", "ada", "nobody"]
    streak = await call(client.users.streak, "ada")
    assert [(each.id, each.start) for each in streak.pauses] == [(pause.id, start.isoformat())]
    gone = await call(client.admin.streaks.pauses.delete, ids=[pause.id, MISSING, "no-uuid"])
    assert [each.id for each in gone.deleted] == [pause.id]
    assert [(each.id, each.message) for each in gone.issues] == [
        (MISSING, "Streak pause not found by ID"),
        ("no-uuid", "id must be a valid UUID"),
    ]
    assert (await call(client.users.streak, "ada")).pauses == []


async def test_streaks_are_restored_and_reset(kind: str, world: World) -> None:
    client = client_for(kind, world)
    on_days(world, 9, 8, 7)
    on_days(world, 0, user="ben")
    users = [RestoreStreaksRequestUsersItem(id=user) for user in ("ada", "ben", "nobody")]
    restored = await call(client.admin.streaks.restore, users=users)
    assert restored.restored_users == ["ada"]
    assert [(each.user_id, each.severity, each.message) for each in restored.issues] == [
        ("ben", "warning", "No streak to restore"),
        ("nobody", "error", "User does not exist"),
    ]
    assert (await call(client.users.streak, "ada")).length == 3
    on_days(world, 0)
    assert (await call(client.users.streak, "ada")).length == 4
    asked = [ResetStreaksRequestUsersItem(id=user) for user in ("ada", "nobody")]
    reset = await call(client.admin.streaks.reset, users=asked)
    assert reset.reset_users == ["ada"]
    assert [each.user_id for each in reset.issues] == ["nobody"]
    streak = await call(client.users.streak, "ada", history_periods=1)
    assert (streak.length, streak.streak_history[0].reset_at is not None) == (0, True)
    on_days(world, 0)
    assert (await call(client.users.streak, "ada")).length == 1


async def test_preferences_are_read_and_changed(kind: str, world: World) -> None:
    client = client_for(kind, world)
    on_days(world, 0)
    before = await call(client.users.get_preferences, "ada")
    assert (before.notifications.recap, before.streak) == (["email", "push"], None)
    changed = await call(
        client.users.update_preferences,
        "ada",
        notifications=NotificationPreferences(streak_reminder=[], recap=["email"]),
    )
    assert (changed.notifications.streak_reminder, changed.notifications.recap) == ([], ["email"])
    assert (await call(client.users.get_preferences, "ada")) == changed
    own = StreakPreferences(
        evaluation_mode="AND", metrics=[StreakMetricPreference(key="words", threshold=500)], days_off=[0, 6]
    )
    with pytest.raises(ApiError) as refusal:
        await call(client.users.update_preferences, "ada", streak=own)
    assert refusal.value.status_code == 403
    await call(client.admin.streaks.settings.update, customization_enabled=True)
    mine = (await call(client.users.update_preferences, "ada", streak=own)).streak
    assert (mine.enabled, mine.evaluation_mode, mine.days_off) == (True, "AND", [0, 6])
    assert [(each.key, each.threshold) for each in mine.metrics] == [("words", 500)]


async def test_a_user_without_streaks_has_length_zero(kind: str, world: World) -> None:
    client = client_for(kind, world)
    on_days(world, 1, 0)
    assert (await call(client.users.streak, "ada")).length == 2
    await call(client.users.update_preferences, "ada", streak=StreakPreferences(enabled=False))
    assert (await call(client.users.streak, "ada")).length == 0
    await call(client.users.update_preferences, "ada", streak=StreakPreferences(enabled=True))
    assert (await call(client.users.streak, "ada")).length == 2


async def test_the_settings_of_a_user_decide_what_counts(kind: str, world: World) -> None:
    client = client_for(kind, world)
    metrics = [StreakSettingsMetric(key="words", threshold=1)]
    await call(client.admin.streaks.settings.update, customization_enabled=True, metrics=metrics)
    on_days(world, 0, user="ben")
    world.http.post("/v1/users", json={"id": "ada"})
    own = StreakPreferences(metrics=[StreakMetricPreference(key="words", threshold=500)])
    await call(client.users.update_preferences, "ada", streak=own)
    on_days(world, 0)
    assert (await call(client.users.streak, "ada")).length == 0
    assert (await call(client.users.streak, "ben")).length == 1
    assert world.event(499).json()["currentStreak"]["length"] == 1
