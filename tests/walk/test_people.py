"""What admins do to people: lists, revoking, deleting, exporting, and the log of it all."""

from collections import Counter
from hashlib import sha256

from tests.support.world import Call, event, refused

from plaudit.model.actions import FIRST, Action, link


def test_a_revoked_completion_comes_back_by_a_new_crossing_only(world):
    goal = world.goal(world.words, 10)
    both = world.achievement("achievement", achievementIds=[goal, world.achievement("api", key="hello")])
    world.complete("hello")
    world.event(12)
    assert {goal, both} <= set(world.earned())
    path = f"/admin/v1/users/ada/achievements/{goal}"
    answer = world.http.delete(path)
    assert answer.status_code == 200, answer.text
    assert [each["id"] for each in answer.json()["revoked"]] == [goal, both]
    assert world.http.delete(path).json() == {"revoked": [], "alreadyRevoked": True}
    assert world.completions(goal) == 0
    world.event(1)
    assert goal not in world.earned()
    world.event(-5)
    again = world.event(5).json()["achievements"]
    assert {each["id"] for each in again} == {goal, both}
    assert world.completions(goal) == world.completions(both) == 1


def test_what_was_not_completed_cannot_be_revoked(world):
    goal = world.goal(world.words, 10)
    path = f"/admin/v1/users/ada/achievements/{goal}"
    refused(world.http.delete(path), 404, "ada")
    world.event(1)
    refused(world.http.delete(path), 404, "not completed")
    refused(world.http.delete("/admin/v1/users/ada/achievements/x"), 422, "achievementId")


def test_a_deleted_user_begins_anew(world):
    goal = world.goal(world.words, 5)
    world.event(7, key="k")
    world.event(7, "ben")
    assert world.http.delete("/admin/v1/users/ada").json() == {"id": "ada", "deleted": True}
    assert world.http.delete("/admin/v1/users/ada").json() == {"id": "ada", "deleted": False}
    assert world.http.get("/v1/users/ada").status_code == 404
    assert world.completions(goal) == 1
    answer = world.event(6, key="k")
    assert (answer.status_code, answer.json()["total"]) == (201, 6)
    assert world.completions(goal) == 2


def test_deletes_at_once_with_events_leave_what_came_after(world):
    """Each life counts from 1 and completes once; every life but the last one was ended by a deletion."""
    goal = world.goal(world.words, 1)
    calls = [event(1) if n % 4 else Call("DELETE", "/admin/v1/users/ada") for n in range(40)]
    answers = [world.event(1).json(), *(answer.json() for answer in world.together(calls))]
    totals = Counter(answer["total"] for answer in answers if "total" in answer)
    ended = sum(answer.get("deleted", False) for answer in answers)
    assert totals.total() == 31
    lives = totals[1]
    assert sum(bool(answer.get("achievements")) for answer in answers) == lives
    left = world.total() or 0
    assert lives == ended + (left > 0)
    assert [totals[n] for n in sorted(totals)] == sorted(totals.values(), reverse=True)
    assert world.event(1).json()["total"] == left + 1
    assert len(world.read("/admin/v1/users/ada/events?limit=100")["events"]) == left + 1
    (shown,) = world.read("/v1/achievements")
    assert (shown["id"], shown["completions"], shown["rarity"]) == (goal, 1, 100)


def test_users_are_listed_by_id_in_pages(world):
    for name in ("ada", "adam", "ben"):
        world.event(1, name)
    page = world.read("/admin/v1/users?limit=2")
    assert ([each["id"] for each in page["users"]], page["cursor"]) == (["ada", "adam"], "adam")
    page = world.read("/admin/v1/users?limit=2&cursor=adam")
    assert ([each["id"] for each in page["users"]], page["cursor"]) == (["ben"], None)
    assert [each["id"] for each in world.read("/admin/v1/users?search=ad")["users"]] == ["ada", "adam"]


def test_users_are_found_by_a_part_of_their_id_name_or_address_whatever_its_case(world):
    people = {
        "u-1": {"name": "Ada Lovelace", "email": "ada@example.org"},
        "u-2": {"name": "Émile Zola", "email": "EMILE@example.org"},
        "u-3": {"name": "100% sure_thing"},
        "Grace-4": None,
    }
    for user, profile in people.items():
        world.event(1, user, profile=profile)

    def found(text, **more):
        answer = world.http.get("/admin/v1/users", params={"search": text} | more)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["users"]]

    assert found("LOVE") == found("ada l") == found("ADA@") == ["u-1"]
    assert found("éMILE z") == found("ÉMI") == found("emile@") == ["u-2"]
    assert found("grace") == ["Grace-4"]
    assert found("U-") == ["u-1", "u-2", "u-3"]
    assert found("0%") == found("e_t") == ["u-3"]
    assert found("a%e") == found("ada_lovelace") == found("nobody") == []
    assert found("example", limit=1) == ["u-1"]
    assert found("example", limit=1, cursor="u-1") == ["u-2"]
    world.http.patch("/v1/users/u-1", json={"name": "Countess"})
    assert (found("lovelace"), found("countess")) == ([], ["u-1"])


def test_events_are_listed_with_what_they_caused(world):
    goal = world.goal(world.words, 2)
    world.event(1, key="one")
    world.event(1, key="two")
    world.metric("lines")
    world.event(1, metric="lines")
    page = world.read("/admin/v1/users/ada/events?metric=words&limit=1")
    (last,) = page["events"]
    assert (last["idempotencyKey"], [each["id"] for each in last["achievements"]]) == ("two", [goal])
    rest = world.read(f"/admin/v1/users/ada/events?metric=words&cursor={page['cursor']}")
    assert [each["idempotencyKey"] for each in rest["events"]] == ["one"]
    assert len(world.read("/admin/v1/users/ada/events?key=one")["events"]) == 1
    assert world.read("/admin/v1/users/ada/events?to=2001-01-01T00:00:00Z")["events"] == []
    refused(world.http.get("/admin/v1/users/ada/events?metric=none"), 404, "none")


def test_an_export_holds_everything(world):
    goal = world.goal(world.words, 2)
    for n in range(3):
        world.event(1, key=f"k{n}", profile={"name": "Ada"})
    told = world.read("/admin/v1/users/ada/export")
    assert (told["user"]["name"], told["metrics"]) == ("Ada", {"words": 3})
    assert [each["id"] for each in told["achievements"]] == [goal]
    assert [each["idempotencyKey"] for each in told["events"]] == ["k0", "k1", "k2"]
    assert told["records"]["streaks"]


def test_the_audit_log_is_a_chain_of_who_did_what(world):
    goal = world.goal(world.words, 2)
    world.event(3)
    world.http.delete(f"/admin/v1/users/ada/achievements/{goal}")
    world.http.delete("/admin/v1/users/ada")
    page = world.read("/admin/v1/audit?limit=2")
    assert [each["action"] for each in page["entries"]] == ["delete", "revoke"]
    assert page["entries"] == world.read("/admin/v1/audit?user=ada")["entries"]
    assert "'ada'" not in str(page)  # a hash may have these letters
    rest = world.read(f"/admin/v1/audit?cursor={page['cursor']}")["entries"]
    assert [(each["action"], each["target"].split(":")[0]) for each in rest] == [
        ("create", "achievement"),
        ("create", "metric"),
    ]
    assert rest[0]["detail"]["after"]["metric_value"] == 2_000_000
    assert all(each["actor"] == rest[0]["actor"] for each in page["entries"])
    assert len({each["hash"] for each in (*page["entries"], *rest)}) == 4


def test_a_link_depends_on_all_that_is_said():
    first = Action(1, 2, "key", "create", "metric:x")
    assert link(FIRST, 1, first) != link(FIRST, 1, Action(1, 2, "key", "create", "metric:y"))
    assert link(FIRST, 1, first) != link(sha256(b"").digest(), 1, first)


def test_a_user_may_be_called_like_a_verb(world):
    for name in ("merge", "events", "export"):
        assert world.event(1, name).status_code == 201
        assert world.read(f"/admin/v1/users/{name}/events")["events"]
        assert world.http.delete(f"/admin/v1/users/{name}").json() == {"id": name, "deleted": True}
        assert world.total(name) is None
    assert world.http.get("/admin/v1/users/merge").status_code == 404
    refused(world.http.patch("/admin/v1/users/merge"), 405, "POST")
