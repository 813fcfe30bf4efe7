"""Why (not): every event that counted or did not is told, with its reason, however many there are."""

from datetime import UTC, datetime, timedelta

from tests.support.world import eventually, refused

from plaudit.model.catalog import EnvironmentSettings


def why(world, goal, user="ada", **params):
    answer = world.http.get(f"/admin/v1/users/{user}/achievements/{goal}/explain", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def french(world, value=1000):
    """An achievement that counts words in French only."""
    language = world.attribute("language", "event")
    filters = [{"attributeId": language, "attributeValue": "fr"}]
    return world.goal(world.words, value, eventAttributes=filters)


def test_everything_is_told_in_pages_with_totals(world):
    goal = french(world)
    languages = ({"language": "de"}, {"language": "fr"})
    body = [
        {"user": {"id": "ada"}, "key": "words", "value": n, "attributes": languages[n % 2]}
        for n in range(1, 241)
    ]
    assert world.batch(body).status_code == 202
    told = why(world, goal)
    assert [told["counted"]["number"], told["leftOut"]["number"]] == [120, 120]
    kinds = {"counted": lambda each: each["value"], "leftOut": lambda each: each["event"]["value"]}
    for part, of in kinds.items():
        page, values = told[part], []
        while True:
            values += [of(each) for each in page["data"]]
            assert page["number"] == 120
            if page["cursor"] is None:
                break
            assert len(page["data"]) == 50
            page = why(world, goal, cursor=page["cursor"])[part]
        assert values == sorted(values, reverse=True)
        assert len(values) == 120
    bad = world.http.get(f"/admin/v1/users/ada/achievements/{goal}/explain", params={"cursor": "x"})
    refused(bad, 422, "cursor")


def test_exactly_a_page_has_no_other(world):
    goal = french(world)
    for n in range(50):
        world.event(n, attributes={"language": "fr"})
    assert why(world, goal)["counted"]["cursor"] is None


def test_a_repeat_of_a_key_is_told_with_what_it_repeated(world):
    goal = french(world)
    world.event(3, key="e-1", attributes={"language": "fr"})
    world.event(3, key="e-1", attributes={"language": "fr"})
    body = {"metricKey": "words", "value": 4, "idempotencyKey": "e-1"}
    assert world.http.post("/admin/v1/users/ada/events", json=body).status_code == 202
    world.event(5, "ben", key="e-1")
    world.event(5, "ben", key="e-1")
    found = []

    def there():
        found[:] = why(world, goal)["repeats"]["data"]
        return len(found) >= 2

    assert eventually(there, 8)
    assert [(each["idempotencyKey"], each["first"]["value"]) for each in found] == [("e-1", 3), ("e-1", 3)]
    told = why(world, goal)
    assert told["counted"]["number"] == 1
    assert told["repeats"]["more"] is False
    assert told["repeats"]["since"] is not None
    assert "batch" in told["repeats"]["note"]


def test_events_from_before_the_achievement_count_and_are_told_apart(world):
    long_ago = (datetime.now(UTC) - timedelta(days=400)).isoformat()
    world.event(3, timestamp=long_ago)
    goal = world.goal(world.words, 10)
    world.event(4, timestamp=long_ago)
    world.event(2)
    told = why(world, goal)
    assert (told["current"], told["early"]) == (9, 2)
    assert (told["counted"]["number"], told["leftOut"]["number"]) == (3, 0)
    early = [each["timestamp"] < told["created"] for each in told["counted"]["data"]]
    assert early == [False, True, True]


def test_events_from_before_the_metric_do_not_count(world):
    """A metric that was deleted and made anew begins anew, and its name does not tell."""
    world.event(8)
    assert world.http.delete("/admin/v1/metrics", params={"ids": world.words}).status_code == 200
    goal = world.goal(world.metric("words"), 5)
    world.event(2)
    told = why(world, goal)
    assert told["current"] == 2
    assert [each["value"] for each in told["counted"]["data"]] == [2]
    (left,) = told["leftOut"]["data"]
    assert (left["event"]["value"], "older than the metric" in left["reason"]) == (8, True)


def test_repeats_of_one_tenant_are_not_told_to_another(worlds):
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.words = world.metric("words")
    world.tenants("north", "south")
    goal = world.goal(world.words, 10)
    north, south = ({"Tenant-ID": name} for name in ("north", "south"))
    for tenant in (north, north, south):
        world.event(3, key="e-1", headers=tenant)

    def repeats(tenant):
        path = f"/admin/v1/users/ada/achievements/{goal}/explain"
        return world.http.get(path, headers=tenant).json()["repeats"]["data"]

    assert eventually(lambda: len(repeats(north)) == 1, 8)
    assert repeats(south) == []
    world.close()
