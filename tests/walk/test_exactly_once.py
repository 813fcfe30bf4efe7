"""Exactly once, shown through HTTP: many clients at the same time, on both databases.

PostgreSQL is served by two processes. What is counted is what all answers together tell, and what
is read afterwards.
"""

from collections import Counter

import pytest
from tests.support.world import CLIENTS, Call, World, complete, event, eventually

GOALS = (1, 8, 16, 32, 64)


@pytest.fixture
def ladder(world: World) -> list[str]:
    """Goals up to 64 words, an achievement for having them all, and one for having that."""
    steps = [world.goal(world.words, value) for value in GOALS]
    top = world.achievement("achievement", achievementIds=steps)
    return [*steps, top, world.achievement("achievement", achievementIds=[top])]


def told(answers) -> Counter[str]:
    """Count how often each achievement was told as newly completed."""
    return Counter(item["id"] for answer in answers for item in answer.json()["achievements"])


def all_well(answers) -> None:
    assert [answer.text for answer in answers if not answer.is_success] == []


@pytest.mark.parametrize("keyed", [True, False], ids=["distinct keys", "no keys"])
def test_64_clients_of_one_user_and_metric_are_all_counted_once(world, ladder, keyed):
    answers = world.together([event(1, key=f"lesson-{n}" if keyed else None) for n in range(CLIENTS)])
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["total"] for answer in answers) == list(range(1, CLIENTS + 1))
    assert len({answer.json()["eventId"] for answer in answers}) == CLIENTS
    assert told(answers) == dict.fromkeys(ladder, 1)
    assert world.total() == CLIENTS
    assert set(world.earned()) == set(ladder)
    assert {world.completions(step) for step in ladder} == {1}


@pytest.mark.parametrize("clients", [2, 16, 64])
def test_one_key_counts_once_and_every_replay_tells_what_the_first_use_did(world, ladder, clients):
    answers = world.together([event(64, key="lesson-1")] * clients)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {201: 1, 202: clients - 1}
    first = next(answer.json() for answer in answers if answer.status_code == 201)
    assert {item["id"] for item in first["achievements"]} == set(ladder)
    for answer in answers:
        told_again = answer.json()
        assert told_again["eventId"] == first["eventId"]
        assert told_again["achievements"] == first["achievements"]
        assert told_again["total"] == 64
        if answer.status_code == 202:
            assert told_again["idempotentReplayed"] is True
            assert told_again["idempotencyKey"] == "lesson-1"
    assert world.total() == 64
    assert {world.completions(step) for step in ladder} == {1}


def test_64_clients_that_meet_a_new_user_make_one_user(world, elsewhere):
    goal = world.goal(world.words, 64)
    answers = world.together([event(1) for _ in range(CLIENTS)])
    assert {answer.status_code for answer in answers} == {201}
    listed = world.read("/v1/achievements")[0]
    assert (listed["id"], listed["completions"], listed["rarity"]) == (goal, 1, 100)
    assert elsewhere.total() is None


def test_64_users_at_once_give_an_exact_counter(world):
    goal = world.goal(world.words, 1)
    answers = world.together([event(1, f"user-{n}") for n in range(CLIENTS)])
    assert told(answers) == {goal: CLIENTS}
    world.event(0, "ben")
    listed = world.read("/v1/achievements")[0]
    assert listed["completions"] == CLIENTS
    assert listed["rarity"] == pytest.approx(100 * CLIENTS / (CLIENTS + 1), abs=0.01)


def test_64_completions_of_one_achievement_give_one_completion(world):
    goal = world.achievement("api", key="finish-onboarding")
    answers = world.together([complete("finish-onboarding")] * CLIENTS)
    all_well(answers)
    assert len({answer.json()["completionId"] for answer in answers}) == 1
    assert len({answer.json()["achievement"]["achievedAt"] for answer in answers}) == 1
    assert world.completions(goal) == 1


def test_32_grants_and_32_events_give_one_completion_with_one_id(world):
    """An admin gives by hand what the user's own events reach in the same moment."""
    goal = world.goal(world.words, 16)
    world.event(0)
    given = Call("POST", "/admin/v1/users/ada/achievements", {"achievementId": goal})
    answers = world.together([given, event(1)] * (CLIENTS // 2))
    all_well(answers)
    grants, events = answers[::2], answers[1::2]
    assert {answer.status_code for answer in events} == {201}
    gave = sum(answer.status_code == 201 for answer in grants)
    assert gave + told(events)[goal] == 1
    (one,) = {answer.json()["completionId"] for answer in [*grants, world.send(given)]}
    caused = world.read("/admin/v1/users/ada/events?limit=100")["events"]
    assert [it["completionId"] for each in caused for it in each["achievements"]] == [one] * (1 - gave)
    assert (world.completions(goal), set(world.earned())) == (1, {goal})
    assert world.total() == CLIENTS // 2


@pytest.mark.parametrize("attempt", range(5))
def test_a_composite_is_completed_once_by_whoever_comes_last_call_or_event(world, attempt):
    """An ``api`` completion and an event that crosses a threshold meet in one composite."""
    by_call = world.achievement("api", key="read-the-rules")
    by_event = world.goal(world.words, 10)
    both = world.achievement("achievement", achievementIds=[by_call, by_event])
    calls = [complete("read-the-rules"), event(10), complete("read-the-rules"), event(10)]
    answers = world.together(calls[attempt % 2 :] + calls[: attempt % 2])
    all_well(answers)
    assert told(a for a in answers if "total" in a.json())[both] <= 1
    assert set(world.earned()) == {by_call, by_event, both}
    assert world.completions(both) == 1


def test_two_achievements_cross_on_one_event(world):
    goals = {world.goal(world.words, 5), world.goal(world.words, 5), world.goal(world.words, 7)}
    answers = world.together([event(10), event(10)])
    (told_of,) = (a.json()["achievements"] for a in answers if a.json()["achievements"])
    assert {item["id"] for item in told_of} == goals
    assert {world.completions(goal) for goal in goals} == {1}


def test_one_user_feeds_two_metrics_at_the_same_time(world):
    world.metric("pages")
    goal = world.achievement("achievement", achievementIds=[
        world.goal(world.words, 32), world.goal(world.metric("chapters"), 32)
    ])  # fmt: skip
    calls = [event(1, metric=("words", "chapters")[n % 2]) for n in range(CLIENTS)]
    answers = world.together(calls)
    assert told(answers)[goal] == 1
    assert (world.total(metric="words"), world.total(metric="chapters")) == (32, 32)


def test_a_threshold_edited_during_events_is_completed_once(world):
    goal = world.goal(world.words, 40)
    # The edits come in any order, so each threshold is one that the total reaches.
    edits = [
        Call("PATCH", "/admin/v1/achievements", [{"id": goal, "metricValue": value}])
        for value in (55, 20, 50, 30, 45, 10)
    ]
    calls = [event(1) for _ in range(CLIENTS - len(edits))]
    for place, edit in enumerate(edits):
        calls.insert(place * 9, edit)
    answers = world.together(calls)
    all_well(answers)
    assert world.total() == CLIENTS - len(edits)
    assert eventually(lambda: set(world.earned()) == {goal})
    assert told(a for a in answers if "total" in a.json())[goal] <= 1
    assert world.completions(goal) == 1


def test_a_user_updated_during_events_loses_nothing(world):
    world.attribute("plan")
    world.event(0)
    updates = [Call("PATCH", "/v1/users/ada", {"attributes": {"plan": f"p{n}"}}) for n in range(16)]
    names = [Call("PUT", "/v1/users/ada", {"name": f"Ada {n}"}) for n in range(8)]
    calls = [event(1, profile={"tz": "Europe/Paris"}) for _ in range(CLIENTS - 24)]
    for place, update in enumerate(updates + names):
        calls.insert(place * 2, update)
    answers = world.together(calls)
    all_well(answers)
    assert world.total() == CLIENTS - 24
    user = world.read("/v1/users/ada")
    assert user["tz"] == "Europe/Paris"
    assert user["name"].startswith("Ada ")
    assert user["attributes"]["plan"] in {f"p{n}" for n in range(16)}


def test_a_goal_for_users_of_a_plan_is_completed_once_while_plans_change(world):
    plan = world.attribute("plan")
    goal = world.goal(world.words, 1, userAttributes=[{"attributeId": plan, "attributeValue": "pro"}])
    calls = [event(1, profile={"attributes": {"plan": ("free", "pro")[n % 2]}}) for n in range(32)]
    answers = world.together(calls)
    assert told(answers) == {goal: 1}
    assert world.completions(goal) == 1


def test_singles_and_batches_with_the_same_keys_count_once(world):
    keys = [f"lesson-{n}" for n in range(16)]
    items = [{"key": "words", "user": {"id": "ada"}, "value": 1, "idempotencyKey": key} for key in keys]
    batches = [Call("POST", "/admin/v1/metrics/events", items) for _ in range(4)]
    answers = world.together([*(event(1, key=key) for key in keys), *batches])
    all_well(answers)
    assert world.total() == len(keys)


def test_an_empty_day_and_a_full_one_extend_a_streak_once(world):
    goal = world.achievement("streak", streakLength=1)
    answers = world.together([event(1) for _ in range(CLIENTS)])
    assert told(answers) == {goal: 1}
    assert {answer.json()["currentStreak"]["length"] for answer in answers} == {1}
    assert world.streak()["length"] == 1
