"""Long statistics never take the event loop's own connection, which answers everybody else."""

from typing import Never

from plaudit.operations import read_distance


async def test_how_far_users_are_is_read_in_the_thread_of_statistics(house, monkeypatch):
    monkeypatch.setattr(read_distance, "PAGE", 3)
    (metric,) = (await house.http.get("/admin/v1/metrics")).json()
    goal = await house.make(
        "achievements", name="Ten", trigger="metric", metricId=metric["id"], metricValue=10, status="active"
    )
    for n in range(11):
        await house.event(n, f"user-{n}")
    reader = house.context.store.ledger._reader
    own = house.context.store.insights.people_after
    pages = []

    async def alone(*asked):
        """Forbid the loop's connection while a page is read."""

        def refuse() -> Never:
            raise AssertionError("The statistics were read by the event loop's connection.")

        with monkeypatch.context() as forbidden:
            forbidden.setattr(reader, "moment", refuse)
            forbidden.setattr(type(reader), "alone", property(lambda _: refuse()))
            found = await own(*asked)
        pages.append(len(found[0]))
        return found

    monkeypatch.setattr(house.context.store.insights, "people_after", alone)
    told = (await house.http.get(f"/admin/v1/achievements/{goal}/insights")).json()
    assert [each["users"] for each in told["progress"]] == [1] * 10
    assert pages == [3, 3, 3, 2, 0]


async def test_of_very_many_users_a_sample_tells_how_far_they_are(house, monkeypatch):
    monkeypatch.setattr(read_distance, "PAGE", 3)
    monkeypatch.setattr(read_distance, "SAMPLE", 5)
    (metric,) = (await house.http.get("/admin/v1/metrics")).json()
    goal = await house.make(
        "achievements", name="Ten", trigger="metric", metricId=metric["id"], metricValue=10, status="active"
    )
    for n in range(8):
        await house.event(4, f"user-{n}")
    told = (await house.http.get(f"/admin/v1/achievements/{goal}/insights")).json()
    assert told["progressSample"] == 6
    assert [each["users"] for each in told["progress"]] == [0, 0, 0, 0, 8, 0, 0, 0, 0, 0]
