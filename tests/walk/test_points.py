"""Points through HTTP, on both databases: exact under parallel events, refused costs, time, and all calls."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from tests.support.world import World, event, eventually, refused

CLIENTS = 64


def xp(world: World, *triggers, **more):
    """Make a points system ``xp``; triggers are active."""
    active = [{"status": "active"} | each for each in triggers]
    item = {"name": "XP", "key": "xp", "triggers": active} | more
    answer = world.http.post("/admin/v1/points", json=[item])
    assert answer.status_code == 201, answer.text
    return answer.json()["created"][0]


def per(world: World, step: int, points: int, **more):
    return {"type": "metric", "points": points, "metricId": world.words, "metricThreshold": step} | more


def points(world: World, user: str = "ada", awards: int = 100):
    return world.read(f"/v1/users/{user}/points/xp?awards={awards}")


def test_parallel_events_of_one_user_award_every_multiple_once(world):
    xp(world, per(world, 10, 3))
    answers = world.together([event(5) for _ in range(CLIENTS)])
    assert {answer.status_code for answer in answers} == {201}
    assert points(world)["total"] == CLIENTS * 5 // 10 * 3
    given = [award for answer in answers for award in answer.json()["points"].get("xp", {}).get("awards", [])]
    assert len({award["id"] for award in given}) == len(given) == CLIENTS // 2
    assert sorted(award["total"] for award in given) == [3 * n for n in range(1, CLIENTS // 2 + 1)]


def test_two_metrics_that_feed_one_system_at_once_award_exactly(world):
    pages = world.metric("pages")
    xp(world, per(world, 4, 3), per(world, 8, 5, metricId=pages))
    calls = [event(2), event(3, metric="pages")] * (CLIENTS // 2)
    answers = world.together(calls)
    assert {answer.status_code for answer in answers} == {201}
    given = [award for answer in answers for award in answer.json()["points"].get("xp", {}).get("awards", [])]
    assert sorted(award["awarded"] for award in given) == [3] * 16 + [5] * 12
    assert len({award["id"] for award in given}) == 28
    total = 16 * 3 + 12 * 5
    in_order = sorted(given, key=lambda award: award["total"])
    assert [award["total"] for award in in_order] == list(accumulate(award["awarded"] for award in in_order))
    kept = points(world)
    assert (kept["total"], in_order[-1]["total"]) == (total, total)
    assert {award["id"] for award in kept["awards"]} == {award["id"] for award in given}


@pytest.mark.parametrize("known", [False, True])
def test_parallel_use_of_one_key_awards_once_and_tells_everybody(world, known):
    xp(world, per(world, 10, 3))
    if known:
        world.event(0)
    answers = world.together([event(25, key="lesson") for _ in range(16)])
    assert sorted({answer.status_code for answer in answers}) == [201, 202]
    told = [answer.json()["points"]["xp"] for answer in answers]
    assert all(each == told[0] for each in told)
    assert (told[0]["total"], told[0]["added"], len(told[0]["awards"])) == (6, 6, 2)
    assert points(world)["total"] == 6


def test_a_late_event_that_joins_two_streaks_pays_no_multiple_twice(world):
    xp(world, {"type": "streak", "points": 5, "streakLength": 2})
    now = datetime.now(UTC)
    days = {n: (now - timedelta(days=n)).isoformat() for n in range(1, 5)}
    for n in (4, 3, 1):
        world.event(1, timestamp=days[n])
    world.event(1)
    assert (points(world)["total"], world.streak()["length"]) == (10, 2)
    joined = world.event(1, timestamp=days[2]).json()
    assert (joined["currentStreak"]["length"], joined["points"]) == (5, {})
    assert points(world)["total"] == 10
    assert points(world, awards=9)["awards"][0]["total"] == 10


def test_parallel_spending_never_overdraws(world):
    world.metric("spins")
    spins = {m["key"]: m["id"] for m in world.read("/admin/v1/metrics")}["spins"]
    cost = per(world, 1, -10, metricId=spins, blockIfOutOfPoints=True)
    xp(world, per(world, 100, 100), cost)
    world.event(100)
    answers = world.together([event(1, metric="spins") for _ in range(32)])
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [422] * 22
    short = next(answer for answer in answers if answer.status_code == 422)
    refused(short, 422, "10 points", "XP")
    assert (points(world)["total"], world.total(metric="spins")) == (0, 10)


def test_completions_answer_the_points_they_bring(world):
    goal = world.achievement("api", key="finish")
    world.achievement("achievement", name="All", achievementIds=[goal])
    xp(world, {"type": "achievement", "points": 50, "achievementId": goal})
    first, again = world.complete("finish"), world.complete("finish")
    assert first.json()["points"]["xp"]["added"] == 50
    assert first.json()["points"]["xp"]["awards"][0]["trigger"]["achievementId"] == goal
    assert (again.status_code, again.json()["points"]) == (200, {})


def test_what_is_backdated_brings_no_points(world):
    world.event(100)
    goal = world.goal(world.words, 50)
    xp(world, {"type": "achievement", "points": 50, "achievementId": goal})
    assert eventually(lambda: goal in world.earned())
    later = world.goal(world.words, 60)
    assert eventually(lambda: later in world.earned())
    assert points(world)["total"] == 0


def test_a_filtered_trigger_counts_for_users_who_were_here_before(world):
    place = world.attribute("place", "event")
    world.event(95, attributes={"place": "home"})
    xp(world, per(world, 100, 7, eventAttributes=[{"attributeId": place, "attributeValue": "home"}]))
    backdates = "/admin/v1/backdates"
    assert eventually(lambda: all(b["status"] == "finished" for b in world.read(backdates)))
    assert world.event(10).json()["points"] == {}
    assert world.event(5, attributes={"place": "home"}).json()["points"]["xp"]["added"] == 7


def test_levels_ranges_and_days(world):
    system = xp(
        world,
        per(world, 1, 1),
        levels=[
            {"name": "Bronze", "key": "bronze", "points": 0},
            {"name": "Gold", "key": "gold", "points": 500, "description": "Top"},
        ],
    )
    plan = world.attribute("plan")
    assert plan
    first = world.event(500, "ada", profile={"attributes": {"plan": "pro"}}).json()["points"]["xp"]
    assert (first["level"]["key"], first["total"]) == ("gold", 500)
    second = world.event(50, "ada").json()["points"]["xp"]
    assert "level" not in second
    world.event(1, "ben")
    world.send(event(0, "cleo"))
    ranges = world.read("/v1/points/xp/summary")
    assert [(r["from"], r["to"], r["users"]) for r in ranges if r["users"]] == [
        (0, 0, 1),
        (1, 100, 1),
        (501, 600, 1),
    ]
    assert len(ranges) == 11
    pro = world.read("/v1/points/xp/summary?userAttributes=plan:pro")
    assert sum(r["users"] for r in pro) == 1
    levels = {each["level"]["key"]: each["users"] for each in world.read("/v1/points/xp/level-summary")}
    assert levels == {"bronze": 2, "gold": 1}
    assert points(world, "ben")["level"]["key"] == "bronze"
    assert [each["key"] for each in world.read("/v1/points/xp/levels")] == ["bronze", "gold"]
    today = datetime.now(UTC).date()
    span = f"startDate={today - timedelta(days=1)}&endDate={today + timedelta(days=1)}"
    rows = world.read(f"/v1/users/ada/points/xp/event-summary?aggregation=daily&{span}")
    assert (sum(row["change"] for row in rows), rows[-1]["total"]) == (550, 550)
    assert world.read("/v1/points/xp")["id"] == system["id"]


def test_boosts_are_told_and_listed(world):
    today = datetime.now(UTC).date()
    world.event(1)
    xp(
        world,
        per(world, 10, 10),
        boosts=[
            {"name": "Double", "start": str(today - timedelta(days=2)), "multiplier": 2},
            {"name": "Ada's", "start": str(today - timedelta(days=2)), "multiplier": 1.5, "userId": "ada"},
            {"name": "Soon", "start": str(today + timedelta(days=9)), "multiplier": 9},
            {"name": "Past", "start": "2020-01-01", "end": "2020-02-01", "multiplier": 9},
        ],
    )
    told = world.event(9).json()["points"]["xp"]
    assert (told["added"], [b["name"] for b in told["awards"][0]["boosts"]]) == (30, ["Double", "Ada's"])
    assert world.event(10, "ben").json()["points"]["xp"]["added"] == 20
    assert [b["name"] for b in world.read("/v1/users/ada/points/xp/boosts")] == ["Double", "Ada's"]
    listed = world.read("/v1/points/xp/boosts")
    assert [(b["name"], b["status"]) for b in listed] == [("Double", "active"), ("Soon", "scheduled")]
    everything = world.read("/v1/points/xp/boosts?includeFinished=true")
    assert [b["name"] for b in everything] == ["Double", "Soon", "Past"]


def test_bad_calls_are_refused(world):
    xp(world)
    refused(world.http.get("/v1/points/none"), 404, "points system", "none")
    refused(world.http.get("/v1/users/ada/points/xp"), 404, "ada")
    world.event(1)
    for awards in ("0", "101", "x"):
        refused(world.http.get(f"/v1/users/ada/points/xp?awards={awards}"), 422, "awards")
    refused(world.http.get("/v1/points/xp/summary?userAttributes=none:1"), 422, "none")


def test_what_points_count_on_is_kept(world):
    goal, plan = world.achievement("api", key="finish"), world.attribute("plan")
    only = [{"attributeId": plan, "attributeValue": "pro"}]
    system = xp(
        world,
        per(world, 10, 1, userAttributes=only),
        {"type": "achievement", "points": 1, "achievementId": goal},
    )
    for kind, used in (("metrics", world.words), ("achievements", goal), ("attributes", plan)):
        gone = world.http.delete(f"/admin/v1/{kind}", params={"ids": used}).json()
        assert gone["deleted"] == [] and "XP" in gone["issues"][0]["message"]
    assert world.http.delete("/admin/v1/points", params={"ids": system["id"]}).json()["deleted"]
    assert world.http.delete("/admin/v1/achievements", params={"ids": goal}).json()["deleted"]
    assert world.event(10).json()["points"] == {}
