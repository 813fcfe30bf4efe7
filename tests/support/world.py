"""A small world over HTTP: one environment by its admin key, with one line per thing that is made.

Refuses to hide answers: calls that tests are about give the whole response.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Literal

import httpx
from msgspec import Struct
from tests.support.server import NO_TRUST, Server

CLIENTS = 64
Json = Any
_names = count(1)


class Call(Struct, frozen=True):
    """One request that is to be sent together with others."""

    method: str
    path: str
    json: Json = None
    headers: dict[str, str] = {}


class World:
    """One environment. Ada and Ben live in it; Cleo lives in another one."""

    def __init__(self, server: Server, key: str) -> None:
        self.server = server
        self.key = key
        self.words = ""
        """Id of the metric ``words``, once somebody has made it."""
        self.http = httpx.Client(
            base_url=server.base, headers={"X-API-KEY": key}, timeout=60, verify=NO_TRUST
        )

    # What a team makes.

    def metric(self, key: str = "words", **more: Json) -> str:
        """Make a metric and give its id."""
        return str(self._make("metrics", {"name": key.title(), "key": key} | more)["id"])

    def attribute(self, key: str, type: Literal["user", "event"] = "user") -> str:
        """Declare an attribute and give its id."""
        return str(self._make("attributes", {"name": key.title(), "key": key, "type": type})["id"])

    def achievement(self, trigger: str, name: str | None = None, **more: Json) -> str:
        """Make an active achievement and give its id."""
        item = {"name": name or f"Goal {next(_names)}", "trigger": trigger, "status": "active"} | more
        return str(self._make("achievements", item)["id"])

    def goal(self, metric: str, value: float, **more: Json) -> str:
        """Make an achievement for reaching ``value`` of the metric with this id; give its id."""
        return self.achievement("metric", metricId=metric, metricValue=value, **more)

    def app_key(self, user: str = "ada", **headers: str) -> str:
        """Make an application key that acts for one user."""
        return str(self._make("application-api-keys", {"userId": user}, headers)["key"])

    def tenants(self, *ids: str) -> list[str]:
        """Make tenants with these customer ids, each let in from now on; give their ids."""
        return [str(self._make("tenants", {"customerId": each, "name": each.title()})["id"]) for each in ids]

    # What an app does.

    def event(
        self,
        value: Json,
        user: str = "ada",
        *,
        metric: str = "words",
        key: str | None = None,
        headers: dict[str, str] | None = None,
        profile: Json = None,
        **more: Json,
    ) -> httpx.Response:
        """Send an event; ``profile`` holds further user fields, ``more`` further fields of the body."""
        return self.send(event(value, user, metric=metric, key=key, headers=headers, profile=profile, **more))

    def complete(self, key: str, user: str = "ada") -> httpx.Response:
        """Complete an ``api`` achievement."""
        return self.send(complete(key, user))

    def batch(self, items: Sequence[Json]) -> httpx.Response:
        """Send a batch of events."""
        return self.send(Call("POST", "/admin/v1/metrics/events", list(items)))

    def send(self, call: Call) -> httpx.Response:
        """Send one call."""
        return self.http.request(call.method, call.path, json=call.json, headers=call.headers)

    def together(self, calls: Sequence[Call]) -> list[httpx.Response]:
        """Send calls at the same time, each on a connection of its own; answers in their order."""
        return asyncio.run(self._together(calls))

    # What is there afterwards.

    def total(self, user: str = "ada", metric: str = "words") -> float | None:
        """Give a user's total, or None if there is no such user."""
        answer = self.http.get(f"/v1/users/{user}/metrics/{metric}")
        return None if answer.status_code == httpx.codes.NOT_FOUND else answer.json()["current"]

    def earned(self, user: str = "ada") -> dict[str, Json]:
        """Give the achievements a user has, by id."""
        return {item["id"]: item for item in self.read(f"/v1/users/{user}/achievements")}

    def completions(self, achievement: str) -> int:
        """Give how many users have completed an achievement, as everybody sees it."""
        listed = {item["id"]: item for item in self.read("/v1/achievements")}
        return int(listed[achievement]["completions"])

    def days(self, first: str, last: str, user: str = "ada", metric: str = "words") -> dict[str, float]:
        """Give the change of each local day that has one."""
        rows = self.read(
            f"/v1/users/{user}/metrics/{metric}/event-summary"
            f"?aggregation=daily&startDate={first}&endDate={last}"
        )
        return {row["date"]: row["change"] for row in rows if row["change"]}

    def streak(self, user: str = "ada", periods: int = 7) -> Json:
        """Give a user's streak."""
        return self.read(f"/v1/users/{user}/streak?historyPeriods={periods}")

    def read(self, path: str) -> Json:
        """Read something that must be there."""
        answer = self.http.get(path)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def _make(self, kind: str, item: Json, headers: dict[str, str] | None = None) -> Json:
        answer = self.http.post(f"/admin/v1/{kind}", json=[item], headers=headers)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return answer.json()["created"][0]

    async def _together(self, calls: Sequence[Call]) -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
        async with httpx.AsyncClient(
            base_url=self.server.base,
            headers={"X-API-KEY": self.key},
            limits=limits,
            timeout=60,
            verify=NO_TRUST,
        ) as http:
            return await asyncio.gather(
                *(http.request(c.method, c.path, json=c.json, headers=c.headers) for c in calls)
            )


def event(
    value: Json,
    user: str = "ada",
    *,
    metric: str = "words",
    key: str | None = None,
    headers: dict[str, str] | None = None,
    profile: Json = None,
    **more: Json,
) -> Call:
    """Describe an event of a user."""
    sent = (headers or {}) | ({"Idempotency-Key": key} if key is not None else {})
    body = {"user": {"id": user} | (profile or {}), "value": value} | more
    return Call("POST", f"/v1/metrics/{metric}/event", body, sent)


def complete(key: str, user: str = "ada") -> Call:
    """Describe the completion of an ``api`` achievement."""
    return Call("POST", f"/v1/achievements/{key}/complete", {"user": {"id": user}})


def refused(answer: httpx.Response, status: int, *words: str) -> str:
    """Check that a call was refused with this status and a sentence with these words; give the sentence."""
    assert answer.status_code == status, f"{answer.status_code} instead of {status}: {answer.text}"
    sentence = answer.json()["error"]
    assert sentence[0].isupper() or sentence.startswith(("/", "value", "events[")), sentence
    assert sentence.endswith("."), sentence
    for word in words:
        assert word in sentence, f"{word!r} is not in {sentence!r}"
    return str(sentence)


def eventually(happened: Callable[[], bool], seconds: float = 15) -> bool:
    """Wait for what a background job does, such as back-dating after an edit; tell whether it came."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.1)
    return False
