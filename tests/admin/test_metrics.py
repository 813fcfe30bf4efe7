"""Metrics over the Admin API: created, listed, changed and archived, each item on its own."""

from uuid import uuid4

from tests.support.world import Call, refused


def create(world, *items):
    return world.http.post("/admin/v1/metrics", json=list(items))


def test_a_metric_is_created_with_its_defaults(world):
    answer = create(world, {"name": "Invites sent", "key": "invites-sent"})
    assert answer.status_code == 201
    (made,) = answer.json()["created"]
    assert made == {
        "id": made["id"],
        "name": "Invites sent",
        "key": "invites-sent",
        "unitType": "number",
        "units": "",
    }


def test_a_bad_item_becomes_an_issue_and_its_neighbours_are_created(world):
    answer = create(
        world,
        {"name": 7, "key": "a"},
        {"name": "Good", "key": "good"},
        {"name": "Again", "key": "words"},
        {"name": "Twice", "key": "good"},
        {"key": "nameless"},
        "nothing",
        {"name": "Bad key", "key": "bad key"},
        {"name": "Money", "key": "money", "unitType": "currency", "units": "US"},
        {"name": " ", "key": "blank"},
        {"name": "Euros", "key": "euros", "unitType": "currency", "units": "EUR"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert [made["key"] for made in answer.json()["created"]] == ["good", "euros"]
    issues = {issue["index"]: issue["message"] for issue in answer.json()["issues"]}
    assert issues == {
        0: "name must be a string, not a whole number",
        2: "Key already in use by another metric",
        3: "Key already in use by another metric",
        4: "name is missing",
        5: "The item must be an object, not a string",
        6: "key must be 1 to 255 characters long, only letters, digits, hyphens and underscores",
        7: "units must be a currency code such as USD when unitType is currency",
        8: "name must be 1 to 255 characters long",
    }
    assert {issue["severity"] for issue in answer.json()["issues"]} == {"error"}


def test_only_bad_items_answer_200_with_nothing_created(world):
    answer = create(world, {"name": "Words", "key": "words"})
    assert answer.status_code == 200
    assert answer.json()["created"] == []


def test_a_field_that_is_none_of_ours_is_named_in_a_warning(world):
    answer = create(world, {"name": "Steps", "key": "steps", "unit": "km"})
    assert answer.status_code == 201
    assert answer.json()["issues"] == [
        {"severity": "warning", "message": "'unit' is no field of this call and was ignored", "index": 0}
    ]


def test_requests_that_hold_no_list_of_1_to_100_items_are_refused_whole(world):
    refused(world.http.post("/admin/v1/metrics", json={"name": "x"}), 422, "must be a list, not an object")
    refused(create(world), 422, "1 to 100 items")
    refused(create(world, *({"name": f"m{n}", "key": f"m{n}"} for n in range(101))), 422, "101")
    refused(world.http.post("/admin/v1/metrics", content=b"[{"), 400, "not valid JSON")
    assert len(world.read("/admin/v1/metrics?limit=100")) == 1


def test_text_that_no_database_can_keep_is_an_issue(world):
    answer = create(world, {"name": "a\0b", "key": "nul"})
    assert answer.json()["issues"][0]["message"] == "name must not contain the character NUL"
    answer = world.http.post("/admin/v1/metrics", content=rb'[{"name": "\ud800", "key": "half"}]')
    refused(answer, 400, "not valid JSON")
    refused(world.http.post("/admin/v1/metrics", content=b'[{"name": "\xff", "key": "x"}]'), 400, "UTF-8")
    answer = world.http.post(
        "/admin/v1/metrics", content=rb'[{"name": "\udc00 \ud83d\ude00", "key": "half"}]'
    )
    assert answer.status_code < 500


def test_metrics_are_listed_oldest_first_in_pages(world):
    create(world, *({"name": f"M {n}", "key": f"m-{n}"} for n in range(14)))
    keys = ["words", *(f"m-{n}" for n in range(14))]
    assert [m["key"] for m in world.read("/admin/v1/metrics")] == keys[:10]
    assert [m["key"] for m in world.read("/admin/v1/metrics?limit=3&skip=13")] == keys[13:]
    for bad in ("limit=0", "limit=101", "limit=x", "skip=-1", "limit=1&limit=2"):
        refused(world.http.get(f"/admin/v1/metrics?{bad}"), 422)


def test_a_metric_is_renamed_and_its_units_change(world):
    answer = world.http.patch(
        "/admin/v1/metrics",
        json=[
            {"id": world.words, "name": "Words written", "units": "words"},
            {"id": world.words, "unitType": "currency"},
            {"id": str(uuid4()), "name": "x"},
            {"id": "seven"},
            {"name": "no id"},
            {"id": world.words, "name": None},
        ],
    )
    assert answer.status_code == 200
    assert answer.json()["updated"] == [
        {"id": world.words, "name": "Words written", "key": "words", "unitType": "number", "units": "words"}
    ]
    assert [issue["message"] for issue in answer.json()["issues"]] == [
        "units must be a currency code such as USD when unitType is currency",
        "Metric not found by ID",
        "id must be a valid UUID",
        "id is missing",
        "name must be a string, not null",
    ]
    assert answer.json()["issues"][3]["index"] == 4
    assert answer.json()["issues"][0]["id"] == world.words


def test_a_deleted_metric_is_gone_and_its_key_is_free(world):
    other = world.metric("pages")
    answer = world.http.delete(f"/admin/v1/metrics?ids={other},not-a-uuid&ids={uuid4()}")
    assert answer.json()["deleted"] == [{"id": other}]
    assert [i["message"] for i in answer.json()["issues"]] == [
        "id must be a valid UUID",
        "Metric not found by ID",
    ]
    refused(world.http.get(f"/admin/v1/metrics/{other}"), 404, "no metric", other)
    refused(world.event(1, metric="pages"), 404, "pages")
    assert world.metric("pages") != other
    assert world.event(1, metric="pages").json()["total"] == 1


def test_a_metric_in_use_is_kept_and_the_issue_names_what_uses_it(world):
    goal = world.goal(world.words, 5, name="Five words")
    answer = world.http.delete("/admin/v1/metrics", params={"ids": [world.words]})
    assert answer.json()["deleted"] == []
    assert "'Five words'" in answer.json()["issues"][0]["message"]
    world.http.delete("/admin/v1/achievements", params={"ids": goal})
    world.http.patch("/admin/v1/streaks/settings", json={"metrics": [{"key": "words", "threshold": 1}]})
    answer = world.http.delete("/admin/v1/metrics", params={"ids": world.words})
    assert "streak settings" in answer.json()["issues"][0]["message"]
    world.http.patch("/admin/v1/streaks/settings", json={"metrics": []})
    assert world.http.delete("/admin/v1/metrics", params={"ids": world.words}).json()["issues"] == []


def test_deleting_needs_1_to_100_ids(world):
    refused(world.http.delete("/admin/v1/metrics"), 422, "ids")
    refused(world.http.delete("/admin/v1/metrics", params={"ids": ",".join(str(n) for n in range(101))}), 422)


def test_another_environment_sees_and_reaches_nothing(world, elsewhere):
    assert world.words not in {m["id"] for m in elsewhere.read("/admin/v1/metrics")}
    refused(elsewhere.http.get(f"/admin/v1/metrics/{world.words}"), 404)
    answer = elsewhere.http.patch("/admin/v1/metrics", json=[{"id": world.words, "name": "Mine"}])
    assert answer.json()["issues"][0]["message"] == "Metric not found by ID"
    answer = elsewhere.http.delete("/admin/v1/metrics", params={"ids": world.words})
    assert answer.json()["deleted"] == []


def test_application_keys_open_no_admin_door(world):
    key = world.app_key("ada")
    answer = world.http.get("/admin/v1/metrics", headers={"X-API-KEY": key})
    refused(answer, 403, "admin key")


def test_of_sixteen_that_create_the_same_key_at_once_one_wins(world):
    item = {"name": "Steps", "key": "steps"}
    answers = world.together([Call("POST", "/admin/v1/metrics", [item])] * 16)
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert [metric["key"] for metric in world.read("/admin/v1/metrics")] == ["words", "steps"]


def test_edits_at_once_all_happen(world):
    calls = [Call("POST", "/admin/v1/metrics", [{"name": f"M {n}", "key": f"m-{n}"}]) for n in range(16)]
    assert {answer.status_code for answer in world.together(calls)} == {201}
    assert len(world.read("/admin/v1/metrics?limit=100")) == 17
    assert all(world.event(1, metric=f"m-{n}").status_code == 201 for n in range(16))
