"""The Application API answers field for field; values are those of the small world."""

from datetime import UTC, datetime, timedelta

import pytest

from plaudit.compose import clock, new_id
from plaudit.model.catalog import Measure, Metric

TODAY = datetime.now(UTC).date()


def ago(days):
    return (TODAY - timedelta(days=days)).isoformat()


async def goals(house):
    """One achievement of each kind that these tests look at."""
    words = (await house.http.get("/admin/v1/metrics")).json()[0]["id"]
    return {
        "ten": await house.make(
            "achievements",
            name="Ten words",
            trigger="metric",
            status="active",
            key="ten",
            metricId=words,
            metricValue=10,
            description='Say "ten".',
        ),
        "much": await house.make(
            "achievements", name="Much", trigger="metric", status="active", metricId=words, metricValue=1000.5
        ),
        "hello": await house.make("achievements", name="Hello", trigger="api", status="active", key="hello"),
    }


async def test_an_event_answers_every_published_field_and_nothing_else(house):
    made = await goals(house)
    answer = await house.event(12.5)
    body = answer.json()
    assert answer.status_code == 201
    assert list(body) == [
        "eventId", "metricId", "total", "achievements", "currentStreak", "points", "leaderboards"
    ]  # fmt: skip
    assert (body["total"], body["points"], body["leaderboards"]) == (12.5, {}, {})
    (done,) = body["achievements"]
    at = done.pop("achievedAt")
    assert datetime.fromisoformat(at) - datetime.now(UTC) < timedelta(seconds=10)
    assert done == {
        "id": made["ten"],
        "name": "Ten words",
        "trigger": "metric",
        "description": 'Say "ten".',
        "badgeUrl": None,
        "key": "ten",
        "metricId": body["metricId"],
        "metricValue": 10,
        "metricName": "Words",
        "userAttributes": [],
        "eventAttributes": [],
    }
    assert body["currentStreak"] == {
        "length": 1,
        "frequency": "daily",
        "started": ago(0),
        "periodStart": ago(0),
        "periodEnd": ago(0),
        "expires": ago(-1),
        "extended": True,
    }


async def test_totals_are_written_exactly(house):
    for _ in range(10):
        answer = await house.event(0.1)
    assert '"total":1,' in answer.text
    answer = await house.event(0.000001)
    assert '"total":1.000001,' in answer.text


async def test_a_replay_answers_202_with_the_first_completions(house):
    await goals(house)
    url, body = "/v1/metrics/words/event", {"user": {"id": "ada"}, "value": 10}
    first = await house.http.post(url, json=body, headers={"Idempotency-Key": "k"})
    await house.event(5)
    again = await house.http.post(url, json=body, headers={"Idempotency-Key": '"k"'})
    other = await house.http.post(url, json=body | {"value": 11}, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 202, 202)
    assert "idempotentReplayed" not in first.json()
    assert first.json()["idempotencyKey"] == "k"
    assert again.json()["idempotentReplayed"] is True
    assert again.json()["eventId"] == first.json()["eventId"]
    assert again.json()["achievements"] == first.json()["achievements"]
    assert again.json()["total"] == 15
    assert again.json()["currentStreak"]["extended"] is False
    assert "idempotencyMismatch" not in again.json()
    assert other.json()["idempotencyMismatch"] is True


async def test_an_achievement_completes_once_and_answers_the_same_twice(house):
    made = await goals(house)
    url, body = "/v1/achievements/hello/complete", {"user": {"id": "ada"}}
    first, again = await house.http.post(url, json=body), await house.http.post(url, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert list(first.json()) == ["completionId", "achievement", "points"]
    assert first.json()["achievement"]["id"] == made["hello"]
    assert "metricId" not in first.json()["achievement"]
    assert "eventAttributes" not in first.json()["achievement"]


async def test_a_users_achievements_tell_progress_completions_and_rarity(house):
    made = await goals(house)
    await house.event(250.125)
    await house.event(1, "ben")
    earned = (await house.http.get("/v1/users/ada/achievements")).json()
    assert [(it["id"], it["completions"], it["rarity"]) for it in earned] == [(made["ten"], 1, 50)]
    listed = (await house.http.get("/v1/users/ada/achievements?includeIncomplete=true")).json()
    by_id = {it["id"]: it for it in listed}
    assert by_id[made["much"]]["achievedAt"] is None
    assert by_id[made["much"]]["progress"] == {"current": 250.125, "target": 1000.5, "percent": 25.0}
    assert by_id[made["ten"]]["progress"] == {"current": 250.125, "target": 10, "percent": 100}
    assert by_id[made["hello"]]["progress"] == {"current": 0, "target": 1, "percent": 0}
    other = (await house.http.get("/v1/users/ada/achievements?includeIncomplete=yes")).json()
    assert other == earned


async def test_rarity_follows_every_commit(house):
    await goals(house)
    seen = []
    for user in ("ada", "ben", "cleo"):
        await house.event(10 if user != "cleo" else 1, user)
        (item,) = (await house.http.get("/v1/users/ada/achievements")).json()
        seen.append((item["completions"], item["rarity"]))
    assert seen == [(1, 100), (2, 100), (2, pytest.approx(200 / 3))]


async def test_achievements_are_listed_for_given_user_attributes(house):
    plan = await house.make("attributes", name="Plan", key="plan", type="user")
    pro = await house.make(
        "achievements",
        name="Pro",
        trigger="api",
        key="pro",
        status="active",
        userAttributes=[{"attributeId": plan, "attributeValue": "pro"}],
    )
    all_ = (await house.http.get("/v1/achievements")).json()
    assert [it["id"] for it in all_] == [pro]
    assert all_[0]["userAttributes"] == [{"key": "plan", "value": "pro"}]
    assert (await house.http.get("/v1/achievements?userAttributes=plan:free")).json() == []
    assert (await house.http.get("/v1/achievements?userAttributes=plan:pro")).json() == all_
    for wrong in ("plan", ":pro", "shoe:left", "plan:a&userAttributes=plan:b"):
        answer = await house.http.get(f"/v1/achievements?userAttributes={wrong}")
        assert answer.status_code == 422, wrong


async def test_a_user_is_created_identified_and_updated(house):
    await house.make("attributes", name="Plan", key="plan", type="user")
    sent = {
        "id": "ada",
        "email": "ada@example.com",
        "name": "Ada",
        "tz": "Europe/London",
        "signUpDate": "2020-02-29",
        "deviceTokens": ["t"],
        "attributes": {"plan": "pro"},
    }
    made = await house.http.post("/v1/users", json=sent)
    assert made.status_code == 201
    body = made.json()
    assert sent.items() <= body.items()
    assert set(body) - set(sent) == {"subscribeToEmails", "control", "created", "updated"}
    assert (body["subscribeToEmails"], body["control"]) == (True, False)
    changed = await house.http.patch("/v1/users/ada", json={"name": None})
    assert (changed.json()["name"], changed.json()["email"]) == (None, "ada@example.com")
    assert (await house.http.get("/v1/users/ada")).json() == changed.json()
    assert (await house.http.put("/v1/users/ben", json={})).status_code == 200
    assert (await house.http.patch("/v1/users/dora", json={})).status_code == 404


async def test_metrics_tell_totals_and_what_they_lead_to(house):
    made = await goals(house)
    await house.event(20)
    (metric,) = (await house.http.get("/v1/users/ada/metrics")).json()
    assert (metric["key"], metric["name"], metric["status"], metric["current"]) == (
        "words", "Words", "active", 20
    )  # fmt: skip
    achieved = {it["id"]: it["achievedAt"] is not None for it in metric["achievements"]}
    assert achieved == {made["ten"]: True, made["much"]: False}
    assert (await house.http.get("/v1/users/ada/metrics/words")).json() == metric


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("daily", [("2026-08-30", 0, 0), ("2026-08-31", 5, 5), ("2026-09-01", 12, 7), ("2026-09-02", 12, 0)]),
        ("weekly", [("2026-08-24", 0, 0), ("2026-08-31", 12, 12)]),
        ("monthly", [("2026-08-01", 5, 5), ("2026-09-01", 12, 7)]),
    ],
)
async def test_a_summary_has_one_row_per_period(house, kind, rows):
    await house.event(5, timestamp="2026-08-31T12:00:00Z")
    await house.event(7, timestamp="2026-09-01T12:00:00Z")
    answer = await house.http.get(
        "/v1/users/ada/metrics/words/event-summary",
        params={"aggregation": kind, "startDate": "2026-08-30", "endDate": "2026-09-02"},
    )
    assert [(it["date"], it["total"], it["change"]) for it in answer.json()] == rows


@pytest.mark.parametrize(("days", "status"), [(0, 422), (1, 200), (400, 200), (401, 422)])
async def test_a_summary_spans_one_to_400_days(house, days, status):
    await house.event(1)
    answer = await house.http.get(
        "/v1/users/ada/metrics/words/event-summary",
        params={"aggregation": "daily", "startDate": ago(days), "endDate": ago(0)},
    )
    assert answer.status_code == status


async def test_a_streak_tells_its_past_periods(house):
    for days in (3, 1, 0):
        await house.event(1, timestamp=f"{ago(days)}T00:00:00Z")
    streak = (await house.http.get("/v1/users/ada/streak?historyPeriods=4")).json()
    assert (streak["length"], streak["started"], streak["expires"]) == (2, ago(1), ago(-1))
    assert [(it["periodStart"], it["length"]) for it in streak["streakHistory"]] == [
        (ago(3), 1), (ago(2), 0), (ago(1), 1), (ago(0), 2)
    ]  # fmt: skip
    assert [it["usedPause"] for it in streak["streakHistory"]] == [False] * 4
    assert streak["pauses"] == []
    assert len((await house.http.get("/v1/users/ada/streak")).json()["streakHistory"]) == 7
    assert (await house.http.get("/v1/users/ada/streak?historyPeriods=0")).json()["streakHistory"] == []


@pytest.mark.parametrize(
    "query",
    [
        "userIds=ben&userIds=ada&userIds=dora",
        "userIds=ben,ada,dora",
        "userIds[]=ben&userIds[]=ada&userIds[]=dora",
        'userIds=["ben","ada","dora"]',
        "userIds=ben,ada&userIds=dora,ben",
    ],
)
async def test_streaks_are_ranked_longest_first_and_strangers_have_none(house, query):
    await house.event(1, "ada", timestamp=f"{ago(1)}T00:00:00Z")
    await house.event(1, "ada")
    await house.event(1, "ben")
    answer = (await house.http.get(f"/v1/streaks?{query}")).json()
    assert [(it["userId"], it["streakLength"]) for it in answer] == [("ada", 2), ("ben", 1), ("dora", 0)]
    assert answer[2]["extended"] is None


async def test_a_badge_url_of_ones_own_is_answered_as_it_is(house):
    await house.make(
        "achievements",
        name="Own",
        trigger="api",
        key="own",
        status="active",
        badge={"url": "https://a.b/c.png"},
    )
    (item,) = (await house.http.get("/v1/achievements")).json()
    assert item["badgeUrl"] == "https://a.b/c.png"


async def test_what_another_process_made_a_moment_ago_is_read(house):
    """Changes are noticed a few times a second; whoever asks sooner for what is new waits for that once."""
    await house.event(1, "ada")
    assert (await house.http.get("/v1/users/ada/metrics/pages")).json()["code"] == "unknown_metric"
    catalog, now = house.context.store.catalog, clock()
    async with catalog.edit(house.environment) as edit:
        number = await edit.next_number("metric")
        await edit.put_metric(Metric(number, new_id(now), "pages", "Pages", "number", "", now))
        version = edit.definitions.environment.version
        await edit.put_measure(Measure(await edit.next_number("measure"), number, (), version))
    answer = await house.http.get("/v1/users/ada/metrics/pages")
    assert (answer.status_code, answer.json()["current"]) == (200, 0)
