"""Clients that keep a server busy, and the oracle that knows what the server owes them.

Refuses trust: an answer that came is held against the server for ever, one that did not come may
have been either; sending it again with the same key must make it so, once.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Iterable

import httpx
from msgspec import Struct
from tests.support.server import NO_TRUST, Server
from tests.support.world import World

CLIENTS = 12
GOALS = (3, 10, 30, 90)
METRICS = ("words", "pages")
REGULARS = 2
NEWCOMERS = 5
_BATCH = 5
_READINGS = 30
_SAMPLE = 25


class Sent(Struct):
    """One keyed event; ``event_id`` is None until an answer came."""

    user: str
    metric: str
    key: str
    value: int
    batched: bool
    event_id: str | None = None
    known: bool = False
    """Whether an answer came."""


class Broken(AssertionError):
    """The server owes something: an acknowledged event is lost, or something happened twice."""


class Unsure(Exception):
    """The server could not say whether it stored what was sent: its database is gone."""


class Oracle:
    """Sends events, remembers every answer, and compares."""

    def __init__(self, server: Server, seed: int, kill: Callable[[], None] | None = None) -> None:
        self.server = server
        self.kill = kill or server.kill
        self.world = World(server, server.key)
        self.chance = random.Random(seed)
        self.sent: dict[str, Sent] = {}
        self.open: dict[str, Sent] = {}
        self.told: dict[tuple[str, str], str] = {}
        """Which event completed an achievement, by ``(user, achievement)``."""
        self.sums: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.goals: dict[str, tuple[str, int]] = {}
        self.round = 0
        self.acknowledged = 0
        self._busy = asyncio.Event()

    def prepare(self) -> None:
        """Make the metrics and the goals; the server must be running."""
        for metric in METRICS:
            made = self.world.metric(metric)
            for value in GOALS:
                self.goals[self.world.goal(made, value)] = (metric, value)
        self.top = self.world.achievement("achievement", achievementIds=list(self.goals))

    async def load_until_killed(self) -> None:
        """Keep the server busy with several clients, and kill it at a random moment."""
        self.round += 1
        self._busy = asyncio.Event()
        async with self._client() as http:
            clients = [asyncio.create_task(self._work(http, n)) for n in range(CLIENTS)]
            await asyncio.wait_for(self._busy.wait(), 30)
            await asyncio.sleep(self.chance.uniform(0, 0.3))
            await asyncio.to_thread(self.kill)
            for client in clients:
                client.cancel()
            await asyncio.gather(*clients, return_exceptions=True)

    async def settle(self) -> None:
        """Check what the restarted server holds, then make sure of every event nobody answered."""
        async with self._client() as http:
            totals = await self._totals(http)
            for place, total in totals.items():
                unsure = sum(s.value for s in self.open.values() if (s.user, s.metric) == place)
                _owe(self.sums[place] - unsure <= total <= self.sums[place], f"total of {place} is {total}")
            await self._send_again(http, list(self.open.values()))
            for place, total in (await self._totals(http)).items():
                _owe(total == self.sums[place], f"total of {place} is {total}, not {self.sums[place]}")
            known = [sent for sent in self.sent.values() if not sent.batched]
            await self._send_again(http, self.chance.sample(known, min(_SAMPLE, len(known))))
            await self._check_achievements(http)

    def forget(self) -> None:
        """Forget single events of rounds past, so that long proofs stay small; their sums are kept."""
        self.sent.clear()

    def _users(self) -> list[str]:
        regulars = [f"regular-{n}" for n in range(REGULARS)]
        return regulars + [f"round-{self.round}-user-{n}" for n in range(NEWCOMERS)]

    def _client(self) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=CLIENTS)
        headers = {"X-API-KEY": self.server.key}
        return httpx.AsyncClient(
            base_url=self.server.base, headers=headers, limits=limits, timeout=30, verify=NO_TRUST
        )

    async def _work(self, http: httpx.AsyncClient, client: int) -> None:
        number = 0
        while True:
            number += 1
            batched = client % 4 == 3
            drawn = [
                self._draw(f"{self.round}-{client}-{number}-{n}", batched=batched)
                for n in range(_BATCH if batched else 1)
            ]
            try:
                await self._send(http, drawn)
            except (httpx.TransportError, Unsure):
                return

    def _draw(self, key: str, *, batched: bool) -> Sent:
        user, metric = self.chance.choice(self._users()), self.chance.choice(METRICS)
        sent = Sent(user, metric, key, self.chance.randint(1, 3), batched)
        self.sent[key] = self.open[key] = sent
        self.sums[user, metric] += sent.value
        return sent

    async def _send(self, http: httpx.AsyncClient, sent: list[Sent]) -> None:
        answer = await (self._post_batch if sent[0].batched else self._post)(http, sent)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise Unsure(answer.text)
        for one in sent:
            self.open.pop(one.key, None)
            self.acknowledged += not one.known
            one.known = True
        self._busy.set()
        if not sent[0].batched:
            self._remember(sent[0], answer)

    async def _post(self, http: httpx.AsyncClient, sent: list[Sent]) -> httpx.Response:
        (one,) = sent
        body = {"user": {"id": one.user}, "value": one.value}
        headers = {"Idempotency-Key": one.key}
        answer = await http.post(f"/v1/metrics/{one.metric}/event", json=body, headers=headers)
        _owe(answer.status_code in {201, 202, 503}, f"{answer.status_code}: {answer.text}")
        _owe(not one.known or answer.status_code != 201, f"the key {one.key} was used a second time")
        return answer

    async def _post_batch(self, http: httpx.AsyncClient, sent: list[Sent]) -> httpx.Response:
        items = [
            {"key": s.metric, "user": {"id": s.user}, "value": s.value, "idempotencyKey": s.key} for s in sent
        ]
        answer = await http.post("/admin/v1/metrics/events", json=items)
        _owe(answer.status_code in {202, 503}, f"{answer.status_code}: {answer.text}")
        return answer

    def _remember(self, sent: Sent, answer: httpx.Response) -> None:
        told = answer.json()
        _owe(sent.event_id in {None, told["eventId"]}, f"the event of {sent.key} changed its id")
        sent.event_id = told["eventId"]
        for item in told["achievements"]:
            event = self.told.setdefault((sent.user, item["id"]), told["eventId"])
            _owe(event == told["eventId"], f"{item['name']} of {sent.user} was told for two events")

    async def _send_again(self, http: httpx.AsyncClient, all_of_them: Iterable[Sent]) -> None:
        batches: defaultdict[str, list[Sent]] = defaultdict(list)
        for sent in all_of_them:
            batches[sent.key.rpartition("-")[0]].append(sent)
        await asyncio.gather(*(self._send_surely(http, batch) for batch in batches.values()))

    async def _send_surely(self, http: httpx.AsyncClient, batch: list[Sent]) -> None:
        for left in reversed(range(_READINGS)):
            try:
                await self._send(http, batch)
            except Unsure:
                if not left:
                    raise
                await asyncio.sleep(0.1)
            else:
                return

    async def _totals(self, http: httpx.AsyncClient) -> dict[tuple[str, str], float]:
        places = [(user, metric) for user in self._users() for metric in METRICS]
        return dict(zip(places, await asyncio.gather(*(_total(http, *p) for p in places)), strict=True))

    async def _check_achievements(self, http: httpx.AsyncClient) -> None:
        """Everybody has exactly what the sums say, and the counters count exactly these."""
        for user in self._users():
            answer = await _get(http, f"/v1/users/{user}/achievements")
            earned = {i["id"] for i in answer.json()} if answer.status_code == httpx.codes.OK else set()
            due = self._due(user)
            _owe(earned == due, f"{user} has {len(earned)} achievements, not {len(due)}")
            told = {goal for who, goal in self.told if who == user}
            _owe(told <= earned, f"{user} was told of an achievement that is gone")
        counted = {i["id"]: i["completions"] for i in (await _get(http, "/v1/achievements")).json()}
        people = {user for user, _ in self.sums}
        for goal in (*self.goals, self.top):
            due_to = sum(goal in self._due(user) for user in people)
            _owe(counted[goal] == due_to, f"completions are {counted[goal]}, not {due_to}")

    def _due(self, user: str) -> set[str]:
        due = {goal for goal, (metric, value) in self.goals.items() if self.sums[user, metric] >= value}
        return due | {self.top} if len(due) == len(self.goals) else due


async def _total(http: httpx.AsyncClient, user: str, metric: str) -> float:
    answer = await _get(http, f"/v1/users/{user}/metrics/{metric}")
    return answer.json()["current"] if answer.status_code == httpx.codes.OK else 0


async def _get(http: httpx.AsyncClient, path: str) -> httpx.Response:
    """Read, again where a worker has not yet noticed that its database is back and says so (503)."""
    for _ in range(_READINGS):
        answer = await http.get(path)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            break
        await asyncio.sleep(0.1)
    _owe(answer.status_code in {200, 404}, f"{path}: {answer.status_code}: {answer.text}")
    return answer


def _owe(kept: bool, why: str) -> None:
    if not kept:
        raise Broken(why)
