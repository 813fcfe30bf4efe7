"""Edge cases of order: what arrives late counts where it belongs, in a finished run of a leaderboard, too."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.world import eventually


def day(ago: int, hour: int = 12) -> str:
    """Write an hour of the day so many days ago, in UTC."""
    date = (datetime.now(UTC) - timedelta(days=ago)).date()
    return f"{date}T{hour:02}:00:00Z"


def minute(number: int) -> str:
    return f"2026-05-01T{number // 60:02}:{number % 60:02}:00Z"


def test_events_out_of_order_give_the_totals_days_and_achievements_of_their_times(world):
    goal = world.goal(world.words, 3)
    times = ("2026-05-03T10:00:00Z", "2026-05-01T10:00:00Z", "2026-05-02T10:00:00Z")
    answers = [world.event(1, timestamp=time) for time in times]
    assert [answer.json()["total"] for answer in answers] == [1, 2, 3]
    assert world.days("2026-04-30", "2026-05-04") == {"2026-05-01": 1, "2026-05-02": 1, "2026-05-03": 1}
    assert [item["id"] for item in answers[-1].json()["achievements"]] == [goal]
    # The third word was written on the third day, whichever was told last.
    assert world.earned()[goal]["achievedAt"].startswith("2026-05-03T10:00:00")


def test_a_day_told_in_reverse_is_the_same_day(world):
    goals = [world.goal(world.words, value) for value in (5, 60, 120)]
    for number in range(0, 120, 10):
        world.event(10, "ada", timestamp=minute(number))
    for number in reversed(range(0, 120, 10)):
        world.event(10, "ben", timestamp=minute(number))
    ada, ben = (
        (
            world.total(user),
            world.days("2026-04-30", "2026-05-02", user),
            {goal: item["achievedAt"][:10] for goal, item in world.earned(user).items()},
            world.streak(user)["length"],
        )
        for user in ("ada", "ben")
    )
    assert ada == ben
    assert set(ada[2]) == set(goals)


def test_a_late_event_closes_the_gap_of_a_streak(world):
    steps = {world.achievement("streak", streakLength=length): length for length in (1, 2, 3, 5)}
    for ago in (4, 3, 1):
        world.event(1, timestamp=day(ago))
    answer = world.event(1)
    assert answer.json()["currentStreak"]["length"] == 2
    late = world.event(1, timestamp=day(2))
    assert late.json()["currentStreak"]["length"] == 5
    assert world.streak()["length"] == 5
    assert [row["length"] for row in world.streak(periods=5)["streakHistory"]] == [1, 2, 3, 4, 5]
    assert {steps[goal] for goal in world.earned()} == {1, 2, 3, 5}


def test_a_late_event_revives_a_streak_that_was_shown_as_lost(world):
    world.event(1, timestamp=day(3))
    world.event(1, timestamp=day(2))
    assert world.streak()["length"] == 0
    world.event(1, timestamp=day(1))
    assert world.streak()["length"] == 3
    assert world.streak()["expires"] == str(datetime.now(UTC).date())


def test_a_late_event_before_a_run_lengthens_it_backwards(world):
    goal = world.achievement("streak", streakLength=3)
    world.event(1, timestamp="2026-05-03T10:00:00Z")
    world.event(1, timestamp="2026-05-02T10:00:00Z")
    assert goal not in world.earned()
    answer = world.event(1, timestamp="2026-05-01T10:00:00Z")
    assert [item["id"] for item in answer.json()["achievements"]] == [goal]
    assert world.earned()[goal]["achievedAt"].startswith("2026-05-03")


@pytest.mark.parametrize("order", [(5, -3, 2), (2, 5, -3), (-3, 2, 5)])
def test_a_peak_that_lies_in_the_past_counts(world, order):
    """By event time the total went 5, 2, 4; the goal of 5 was reached on the first day."""
    goal = world.goal(world.words, 5)
    days = {5: "2026-05-01T10:00:00Z", -3: "2026-05-02T10:00:00Z", 2: "2026-05-03T10:00:00Z"}
    for value in order:
        world.event(value, timestamp=days[value])
    assert world.total() == 4
    if order[0] == 5:
        assert world.earned()[goal]["achievedAt"].startswith("2026-05-01")


def test_a_late_event_counts_in_the_run_that_was_over_and_in_no_other(world):
    first, second, today = (datetime.now(UTC).date() - timedelta(days=ago) for ago in (5, 4, 0))
    runs = {"start": str(first), "runUnit": "day", "runInterval": 1}
    board = {"name": "Daily", "key": "daily", "rankBy": "metric", "metricId": world.words, "status": "active"}
    world._make("leaderboards", board | runs)
    assert eventually(lambda: all(job["status"] == "finished" for job in world.read("/admin/v1/backdates")))

    def places(run) -> list[tuple[str, int, float]]:
        rankings = world.read(f"/v1/leaderboards/daily?run={run}")["rankings"]
        return [(each["userId"], each["rank"], each["value"]) for each in rankings]

    for user, value, ago in (("ada", 5, 5), ("ben", 3, 5), ("ada", 2, 4)):
        world.event(value, user, timestamp=day(ago))
    world.event(1, "ben")
    assert places(first) == [("ada", 1, 5), ("ben", 2, 3)]
    world.event(4, "ben", key="late", timestamp=day(5))
    assert places(first) == [("ben", 1, 7), ("ada", 2, 5)]
    assert world.event(4, "ben", key="late", timestamp=day(5)).status_code == 202
    assert places(first) == [("ben", 1, 7), ("ada", 2, 5)]
    assert (places(second), places(today)) == ([("ada", 1, 2)], [("ben", 1, 1)])
