"""Edits that let somebody newly meet an achievement are back-dated, silently and with visible progress."""

import pytest
from tests.support.world import eventually

CROWD, GLIMPSES, ATTEMPTS = 5000, 3, 5


def update(world, goal, **fields):
    answer = world.http.patch("/admin/v1/achievements", json=[{"id": goal} | fields])
    assert answer.json()["issues"] == [], answer.text
    return answer.json()["updated"][0]


def backdates(world):
    return world.read("/admin/v1/backdates")


def settled(world):
    return eventually(lambda: all(one["status"] == "finished" for one in backdates(world)))


def test_what_ada_already_meets_she_has_after_its_creation(world):
    world.event(12)
    goal = world.goal(world.words, 10)
    assert eventually(lambda: goal in world.earned())
    assert settled(world)
    (shown,) = backdates(world)
    assert (shown["done"], shown["total"], shown["percent"], shown["completions"]) == (1, 1, 100, 1)
    assert shown["created"] <= shown["finished"]


def test_an_inactive_achievement_is_back_dated_when_it_is_activated(world):
    world.event(12)
    goal = world.goal(world.words, 10, status="inactive")
    assert backdates(world) == []
    update(world, goal, status="active")
    assert eventually(lambda: goal in world.earned())


def test_a_filtered_total_is_built_from_the_log(world):
    place = world.attribute("place", "event")
    for value, where in ((4, "home"), (5, "abroad"), (6, "abroad")):
        world.event(value, attributes={"place": where})
    pair = {"attributeId": place, "attributeValue": "abroad"}
    goal = world.goal(world.words, 11, eventAttributes=[pair])
    too_much = world.goal(world.words, 12, eventAttributes=[pair])
    assert eventually(lambda: goal in world.earned())
    assert settled(world)
    assert too_much not in world.earned()
    world.event(1, attributes={"place": "abroad"})
    assert too_much in world.earned()


@pytest.mark.parametrize("before", [{"metricValue": 100}, {"status": "locked", "metricValue": 5}])
def test_a_lower_threshold_or_an_unlocked_achievement_is_back_dated(world, before):
    goal = world.achievement("metric", metricId=world.words, **before)
    world.event(12)
    assert settled(world)
    assert goal not in world.earned()
    update(world, goal, metricValue=10, status="active")
    assert eventually(lambda: goal in world.earned())


def test_fewer_prerequisites_complete_a_composite(world):
    done = world.achievement("api", key="done")
    open_ = world.achievement("api", key="open")
    both = world.achievement("achievement", achievementIds=[done, open_])
    world.complete("done")
    update(world, both, achievementIds=[done])
    assert eventually(lambda: both in world.earned())


def test_another_trigger_is_back_dated(world):
    goal = world.achievement("api", key="by-hand")
    world.event(3)
    assert backdates(world) == []
    update(world, goal, trigger="metric", metricId=world.words, metricValue=3)
    assert eventually(lambda: goal in world.earned())


def test_what_only_describes_an_achievement_asks_for_no_backdating(world):
    goal = world.goal(world.words, 10)
    update(
        world, goal, name="Ten", description="Ten words", key="ten", badge={"url": "https://x.example/a.png"}
    )
    update(world, goal, status="locked")
    update(world, goal, status="inactive")
    assert len(backdates(world)) == 1


def test_another_streak_frequency_is_back_dated_when_a_streak_can_be_earned(world):
    world.achievement("streak", streakLength=2)
    before = len(backdates(world))
    world.http.patch("/admin/v1/streaks/settings", json={"customizationEnabled": True})
    assert len(backdates(world)) == before
    world.http.patch("/admin/v1/streaks/settings", json={"frequency": "weekly"})
    assert len(backdates(world)) == before + 1


def test_back_datings_are_listed_newest_first_for_their_environment_only(world, elsewhere):
    world.goal(world.words, 1)
    world.goal(world.words, 2)
    versions = [one["version"] for one in backdates(world)]
    assert versions == sorted(versions, reverse=True)
    assert len(world.read("/admin/v1/backdates?limit=1")) == 1
    assert backdates(elsewhere) == []


def test_events_are_answered_while_thousands_are_back_dated(world):
    """The job goes on between two events, also those of users it is about to settle."""
    items = [{"key": "words", "user": {"id": f"user-{n}"}, "value": 1} for n in range(CROWD)]
    for first in range(0, CROWD, 1000):
        assert world.batch(items[first : first + 1000]).status_code == 202
    sent, under_way = 0, []
    # A test that is not given a core for a while misses the job: it looks again, at the next one.
    for attempt in range(ATTEMPTS):
        goal, seen = world.goal(world.words, 1, name=f"First word, {attempt}"), []
        while not seen or seen[-1]["status"] != "finished":
            assert world.event(1, f"user-{sent % 10}").status_code == 201
            sent += 1
            seen.append(backdates(world)[0])
        assert (seen[-1]["done"], seen[-1]["completions"]) == (CROWD, CROWD)
        assert world.completions(goal) == CROWD
        under_way = [one["done"] for one in seen if 0 < one["done"] < CROWD]
        assert under_way == sorted(under_way)
        if len(set(under_way)) >= GLIMPSES:
            break
    assert len(set(under_way)) >= GLIMPSES, f"{sent} events saw the job at {under_way}."
    assert sum(world.total(f"user-{n}") for n in range(10)) == 10 + sent
