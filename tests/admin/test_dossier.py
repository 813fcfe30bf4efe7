"""One user's page, test events and grants, as a team does them from the dashboard."""

from typing import Any

from tests.support.world import Call, World, refused


def grant(world: World, achievement: str, user: str = "ada") -> Any:
    return world.http.post(f"/admin/v1/users/{user}/achievements", json={"achievementId": achievement})


def test_a_page_tells_what_the_calls_of_an_app_tell(world: World) -> None:
    world.goal(world.words, 5)
    world.goal(world.words, 50)
    world.event(7, profile={"name": "Ada", "tz": "Europe/Berlin"})
    page = world.read("/admin/v1/users/ada")
    assert page["user"] == world.read("/v1/users/ada") | {"freezes": 0}
    assert page["metrics"] == world.read("/v1/users/ada/metrics")
    assert page["achievements"] == world.read("/v1/users/ada/achievements?includeIncomplete=true")
    assert page["streak"] == world.streak(periods=365)
    assert (page["points"], page["leaderboards"]) == ([], [])
    refused(world.http.get("/admin/v1/users/nobody"), 404, "nobody")


def test_a_page_tells_points_and_places(world: World) -> None:
    trigger = {
        "type": "metric",
        "metricId": world.words,
        "metricThreshold": 2,
        "points": 3,
        "status": "active",
    }
    made = world.http.post("/admin/v1/points", json=[{"name": "XP", "key": "xp", "triggers": [trigger]}])
    assert made.status_code == 201, made.text
    board = {"name": "B", "key": "b", "rankBy": "metric", "metricId": world.words, "status": "active"}
    assert world.http.post("/admin/v1/leaderboards", json=[board]).status_code == 201
    world.event(4)
    page = world.read("/admin/v1/users/ada")
    assert page["points"] == [world.read("/v1/users/ada/points/xp")]
    assert page["points"][0]["total"] == 6
    place = world.read("/v1/users/ada/leaderboards/b")
    del place["history"]
    assert page["leaderboards"] == [place]


def test_a_grant_is_given_once_whatever_the_trigger_says(world: World) -> None:
    far = world.goal(world.words, 1000)
    both = world.achievement("achievement", achievementIds=[far])
    refused(grant(world, far), 404, "ada")
    world.event(1)
    first = grant(world, far)
    assert first.status_code == 201, first.text
    assert set(world.earned()) == {far, both}
    again = grant(world, far)
    assert (again.status_code, again.json()["completionId"]) == (200, first.json()["completionId"])
    assert world.completions(far) == 1
    log = world.read("/admin/v1/audit?limit=1")["entries"][0]
    assert (log["action"], log["detail"]) == ("grant", {"achievement": far})


def test_a_grant_can_be_taken_back_and_given_again(world: World) -> None:
    far = world.goal(world.words, 1000)
    world.event(1)
    assert grant(world, far).status_code == 201
    assert world.http.delete(f"/admin/v1/users/ada/achievements/{far}").status_code == 200
    assert world.earned() == {}
    assert grant(world, far).status_code == 201
    assert set(world.earned()) == {far}


def test_nobody_is_given_what_nobody_may_have(world: World) -> None:
    plan = world.attribute("plan")
    world.event(1)
    off = world.goal(world.words, 9, status="inactive", name="Off")
    locked = world.goal(world.words, 9, status="locked", name="Locked")
    pro = world.goal(world.words, 9, userAttributes=[{"attributeId": plan, "attributeValue": "pro"}])
    refused(grant(world, off), 422, "Off", "inactive")
    refused(grant(world, locked), 422, "Locked", "locked")
    refused(grant(world, pro), 422, "plan=pro")
    refused(grant(world, "nonsense"), 422, "achievementId")
    refused(grant(world, world.words), 404, "achievement")


def test_a_test_event_counts_like_any_other_and_tells_what_it_caused(world: World) -> None:
    goal = world.goal(world.words, 5, name="Five")
    body = {"metricKey": "words", "value": 6, "idempotencyKey": "once"}
    first = world.http.post("/admin/v1/users/ada/events", json=body)
    assert (first.status_code, first.json()["total"]) == (201, 6)
    assert [it["id"] for it in first.json()["achievements"]] == [goal]
    again = world.http.post("/admin/v1/users/ada/events", json=body)
    assert (again.status_code, again.json()["idempotentReplayed"]) == (202, True)
    (told,) = world.read("/admin/v1/users/ada/events")["events"]
    assert [it["name"] for it in told["achievements"]] == ["Five"]
    bad = {"metricKey": "nope", "value": 1}
    refused(world.http.post("/admin/v1/users/ada/events", json=bad), 404, "nope")


def test_what_one_process_made_a_moment_ago_another_can_grant_explain_and_revoke(world: World) -> None:
    """Each call may be answered by another process, which notices an edit within half a second only."""
    world.event(1)
    for _ in range(4):
        goal = world.goal(world.words, 50)
        path = f"/admin/v1/users/ada/achievements/{goal}"
        given = Call("POST", "/admin/v1/users/ada/achievements", {"achievementId": goal})
        answers = world.together([given, Call("GET", f"{path}/explain")] * 8)
        assert {answer.status_code for answer in answers[1::2]} == {200}
        assert sorted({answer.status_code for answer in answers[::2]}) == [200, 201]
        assert world.http.delete(path).status_code == 200
