"""Two users become one, or lose their name: nothing counts twice, nothing is lost."""

import pytest
from tests.support.world import Call, event, refused

MERGE = "/admin/v1/users/merge"


def test_keys_totals_and_achievements_join(world):
    goal, both = world.goal(world.words, 5), world.goal(world.words, 10)
    world.event(6, key="same")
    world.event(1, "guest", key="same")
    world.event(6, "guest", key="other", profile={"name": "Ada"})
    earlier = world.earned()[goal]["achievedAt"]
    answer = world.http.post(MERGE, json={"from": "guest", "to": "ada"})
    assert answer.json() == {"id": "ada", "events": 1, "duplicates": 1, "alreadyMerged": False}, answer.text
    assert world.total() == 12
    assert world.earned()[goal]["achievedAt"] == earlier
    assert both in world.earned()
    assert (world.completions(goal), world.completions(both)) == (1, 1)
    assert world.http.get("/v1/users/guest").status_code == 404
    assert world.read("/v1/users/ada")["name"] == "Ada"
    assert world.event(9, key="other").json()["idempotentReplayed"] is True
    again = world.http.post(MERGE, json={"from": "guest", "to": "ada"})
    assert again.json()["alreadyMerged"] is True
    assert world.total() == 12


def test_a_merge_needs_two_users(world):
    world.event(1)
    refused(world.http.post(MERGE, json={"from": "ada", "to": "ada"}), 422, "itself")
    refused(world.http.post(MERGE, json={"from": "ada", "to": "nobody"}), 404, "nobody")
    refused(world.http.post(MERGE, json={"from": "nobody", "to": "ada"}), 404, "nobody")


def test_merges_at_once_with_events_lose_nothing(world):
    for name in ("ada", "guest"):
        world.event(1, name)
    calls = [event(1, "ada" if n % 2 else "guest", key=f"k{n}") for n in range(30)]
    calls += [Call("POST", MERGE, {"from": "guest", "to": "ada"}) for _ in range(2)]
    answers = world.together(calls)
    assert {answer.status_code for answer in answers} == {200, 201}
    assert world.total("ada") + (world.total("guest") or 0) == 32


def test_anonymising_keeps_every_count(world):
    goal = world.goal(world.words, 2)
    world.event(3, key="mail@example.org", profile={"name": "Ada", "email": "ada@example.org"})
    new = world.http.post("/admin/v1/users/ada/anonymise").json()["id"]
    assert world.http.get("/v1/users/ada").status_code == 404
    user = world.read(f"/v1/users/{new}")
    assert (user["name"], user["email"], world.total(new)) == (None, None, 3)
    assert goal in world.earned(new)
    assert world.completions(goal) == 1
    assert "mail@" not in str(world.read(f"/admin/v1/users/{new}/export"))


def test_anonymising_gives_nothing_back_that_was_revoked(world):
    goal = world.goal(world.words, 2)
    world.event(3)
    assert world.http.delete(f"/admin/v1/users/ada/achievements/{goal}").status_code == 200
    new = world.http.post("/admin/v1/users/ada/anonymise").json()["id"]
    world.event(1, new)
    assert goal not in world.earned(new)
    assert world.read(f"/admin/v1/users/{new}/achievements/{goal}/explain")["revoked"] is True


@pytest.mark.parametrize("revoked", ["ada", "guest"])
def test_merging_gives_nothing_back_that_was_revoked(world, revoked):
    goal = world.goal(world.words, 5)
    world.event(5, revoked)
    assert world.http.delete(f"/admin/v1/users/{revoked}/achievements/{goal}").status_code == 200
    world.event(1, "ada" if revoked == "guest" else "guest")
    assert world.http.post(MERGE, json={"from": "guest", "to": "ada"}).status_code == 200
    world.event(1)
    assert (world.total(), goal in world.earned()) == (7, False)
    assert world.read(f"/admin/v1/users/ada/achievements/{goal}/explain")["revoked"] is True


def test_what_the_other_user_earned_is_kept_when_merging(world):
    goal = world.goal(world.words, 5)
    world.event(5)
    world.event(6, "guest")
    assert world.http.delete(f"/admin/v1/users/ada/achievements/{goal}").status_code == 200
    assert world.http.post(MERGE, json={"from": "guest", "to": "ada"}).status_code == 200
    assert goal in world.earned()


def test_why_or_why_not(world):
    place = world.attribute("place", "event")
    filters = [{"attributeId": place, "attributeValue": "home"}]
    goal = world.goal(world.words, 5, eventAttributes=filters)
    world.event(3, attributes={"place": "home"})
    world.event(9, attributes={"place": "work"})
    told = world.read(f"/admin/v1/users/ada/achievements/{goal}/explain")
    assert (told["achievedAt"], told["current"], told["target"]) == (None, 3, 5)
    assert [each["value"] for each in told["counted"]["data"]] == [3]
    assert [each["reason"] for each in told["leftOut"]["data"]] == ["place is work, needed is home"]
    assert [each["met"] for each in told["needs"]] == [True, False]
