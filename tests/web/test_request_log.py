"""The log of requests under load: it is bounded, it says what it left out, and it forgets."""

import asyncio
from types import SimpleNamespace

import pytest
from tests.web.conftest import build_house

from plaudit.compose import clock, running
from plaudit.config import Settings
from plaudit.model.catalog import EnvironmentSettings
from plaudit.storage.port import Unavailable
from plaudit.web.request_log import DAY, FAILURES, SUCCESSES, RequestLog


async def page(house, **params):
    await house.context.requests.flush()
    return (await house.http.get("/admin/v1/requests", params={"limit": 100} | params)).json()


async def test_more_than_so_many_a_second_are_counted_only(house):
    await house.context.requests.flush()
    for _ in range(SUCCESSES + 20):
        await house.http.get("/v1/achievements")
    for _ in range(3):
        await house.http.get("/v1/users/nobody")
    kept = (await page(house))["kept"]
    assert kept["sampled"]
    assert kept["leftOut"] >= 20
    assert len((await page(house, outcome="error"))["data"]) == 3


async def test_failures_are_bounded_too(house):
    log = RequestLog(house.context.store.requests, house.context.keyring, clock)
    scope = {"method": "GET", "path": "/x", "headers": [], "query_string": b""}
    for _ in range(FAILURES + 5):
        log.note(scope, "", None, 404, 0.0, None, ())
    assert len(log._notes) == FAILURES
    assert log._left_out == 5


@pytest.mark.parametrize(("choice", "paths"), [("errors", ["/v1/users/nobody"]), ("off", [])])
async def test_the_setting_says_what_is_kept(tmp_path, choice, paths):
    settings = Settings(database=f"sqlite:{tmp_path}/p.db", log="off", request_log=choice)
    async with running(settings) as context:
        house = await build_house(context, EnvironmentSettings())
        await house.http.get("/v1/achievements")
        await house.http.get("/v1/users/nobody")
        if context.requests is not None:
            await context.requests.flush()
        found = (await house.http.get("/admin/v1/requests")).json()
        assert [each["path"] for each in found["data"]] == paths
        assert not found["kept"]["sampled"]
        words = await house.make("metrics", name="Words", key="words")
        goal = {"name": "Ten", "trigger": "metric", "metricId": words, "metricValue": 10, "status": "active"}
        goal = await house.make("achievements", **goal)
        await house.event(3)
        told = (await house.http.get(f"/admin/v1/users/ada/achievements/{goal}/explain")).json()["repeats"]
        assert told["data"] == []
        assert {"errors": "only failures", "off": "is off"}[choice] in told["note"]


async def test_what_is_old_or_too_much_is_forgotten(house):
    for _ in range(30):
        await house.http.get("/v1/achievements")
    await house.context.requests.flush()
    store = house.context.store.requests
    few = RequestLog(store, house.context.keyring, clock, rows=10)
    assert not await few.prune()
    assert (await page(house))["kept"]["rows"] <= 12
    later = RequestLog(store, house.context.keyring, lambda: clock() + 8 * DAY)
    await later.prune()
    assert (await store.kept((house.environment, house.environment), None)).rows == 0


async def test_what_cannot_be_kept_is_counted(house):
    class Broken:
        async def add(self, *_):
            raise Unavailable("the disk is full")

    log = RequestLog(Broken(), house.context.keyring, clock)
    scope = {"method": "GET", "path": "/x", "headers": [], "query_string": b""}
    log.note(scope, "", None, 404, 0.0, None, ())
    await log.flush()
    assert (log._left_out, log._notes) == (1, [])


async def test_the_page_never_waits_for_a_write(house):
    """A reading sees the last commit while a transaction is open."""
    await house.http.get("/v1/users/nobody")
    await house.context.requests.flush()
    async with house.context.store.ledger.transaction():
        answer = await asyncio.wait_for(house.http.get("/admin/v1/requests"), 5)
        assert answer.json()["data"][0]["path"] == "/v1/users/nobody"


async def test_good_answers_to_reading_wait_for_company(house):
    kept, now = [], [1_000_000]

    class Shelf:
        async def add(self, requests, _left_out, _now):
            kept.extend(requests)

    log = RequestLog(Shelf(), house.context.keyring, lambda: now[0])

    def note(method, status):
        caller = house.context.keyring.authenticate({b"x-api-key": house.key.encode()})
        call = SimpleNamespace(caller=caller, path={}, body=b"", now=now[0])
        scope = {"method": method, "raw_path": b"/v1/x", "path": "/v1/x", "query_string": b"", "headers": []}
        log.note(scope, "/v1/x", call, status, 0.0, None, ())

    note("GET", 200)
    await log.flush_due()
    assert kept == []
    now[0] += 30_000
    await log.flush_due()
    assert len(kept) == 1
    for method, status in (("POST", 201), ("GET", 404)):
        note(method, status)
        await log.flush_due()
    assert [each.status for each in kept] == [200, 201, 404]
