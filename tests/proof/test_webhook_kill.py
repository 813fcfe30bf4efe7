"""SIGKILL of a process that is sending: every message arrives, under an id that a repeat keeps.

The receiver is slow on purpose, so that a kill finds messages that were heard and not yet kept as
delivered: these come again, and a receiver that drops repeated ids sees each message exactly once.
"""

import asyncio
import json
import os
import random

import httpx
import pytest
from tests.support.crashing_server import ARMED, CLOCK, CODE, SENDING
from tests.support.server import NO_TRUST, on
from tests.support.world import World, eventually
from tests.webhooks.receiver import OK, Ear

from plaudit.jobs.deliver_webhooks import LEASE

KILLS = max(6, int(os.environ.get("PROOF_KILLS") or 0) // 20)
CLIENTS = 6
GOALS = 20
ENTRY = "tests.support.hurried_server:application"
FRAGILE = "tests.support.crashing_server:application"
DELIVERIES = "/admin/v1/webhooks/deliveries"
TYPES = ["achievement.completed", "streak.started"]


def servers(kind, folder, ear):
    return on(kind, folder, entry=ENTRY, environ=ear.environ)


def fragile(kind, folder, ear):
    """Give a server that can be told to end before it sends, and what time it is."""
    environ = ear.environ | {ARMED: str(folder / "point"), CLOCK: str(folder / "clock")}
    (folder / "clock").write_text("0")
    return on(kind, folder, workers=1, entry=FRAGILE, environ=environ)


class Sending:
    """Clients whose every event has a message, a receiver, and what must have arrived."""

    def __init__(self, server, ear):
        self.server, self.ear = server, ear
        self.chance = random.Random(20261124)
        self.world = World(server, server.key)
        self.users = set()
        self.unanswered = 0

    async def slowly(self, _):
        """Hear a message and wait: who is killed now cannot know that it was heard."""
        self.unanswered += 1
        await asyncio.sleep(0.05)
        self.unanswered -= 1
        return OK

    def prepare(self):
        words = self.world.metric("words")
        for value in range(1, GOALS + 1):
            self.world.goal(words, value)
        hook = {"url": self.ear.receiver.url, "eventTypes": TYPES}
        assert self.world.http.post("/admin/v1/webhooks", json=[hook]).status_code == 201

    async def load_until_killed(self, number):
        """Kill once this round's messages are on their way, at a moment of chance."""
        before = len(self.ear.receiver.heard)
        async with httpx.AsyncClient(
            base_url=self.server.base, headers={"X-API-KEY": self.server.key}, timeout=30, verify=NO_TRUST
        ) as http:
            clients = [asyncio.create_task(self._work(http, f"{number}-{n}")) for n in range(CLIENTS)]
            assert await asyncio.to_thread(eventually, lambda: len(self.ear.receiver.heard) > before + 5, 30)
            await asyncio.sleep(self.chance.uniform(0, 0.3))
            await asyncio.to_thread(eventually, lambda: self.unanswered > 0, 5)
            await asyncio.to_thread(self.server.kill)
            for client in clients:
                client.cancel()
            await asyncio.gather(*clients, return_exceptions=True)

    async def _work(self, http, name):
        for turn in range(10_000):
            user = f"user-{name}-{turn // GOALS}"
            self.users.add(user)
            body = {"user": {"id": user}, "value": 1}
            await http.post("/v1/metrics/words/event", json=body)
            await asyncio.sleep(0.04)

    def deliveries(self, status=""):
        """Read every delivery there is (or that stands so), page by page."""
        found, limit = [], 100
        while page := self.world.read(f"{DELIVERIES}?limit={limit}&skip={len(found)}{status}"):
            found += page
        return found

    def all_delivered(self):
        return not self.world.read(f"{DELIVERIES}?limit=1&status=pending")

    def check(self):
        """Compare what was written, what arrived, and what the users have."""
        rows, heard = self.deliveries(), list(self.ear.receiver.heard)
        assert {row["status"] for row in rows} == {"delivered"}
        assert {row["messageId"] for row in rows} == {each.id for each in heard}
        bodies = {}
        for each in heard:
            assert bodies.setdefault(each.id, each.body) == each.body, "an id was used for two messages"
        told = [json.loads(body) for body in bodies.values()]
        completed = [(it["user"]["id"], it["achievement"]["id"]) for it in told if "achievement" in it]
        started = [it["user"]["id"] for it in told if it["type"] == "streak.started"]
        people = [user for user in sorted(self.users) if self.world.total(user) is not None]
        assert sorted(completed) == sorted((who, goal) for who in people for goal in self.world.earned(who))
        assert sorted(started) == people
        return len(heard) - len(bodies)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_sender_killed_while_sending_loses_nothing_and_repeats_only_ids_it_has_used(kind, tmp_path):
    with Ear() as ear:
        server = servers(kind, tmp_path, ear)
        server.start()
        sending = Sending(server, ear)
        ear.receiver.behaviour = sending.slowly
        sending.prepare()
        for number in range(KILLS):
            asyncio.run(sending.load_until_killed(number))
            server.start()
        ear.receiver.behaviour = lambda _: OK
        assert eventually(sending.all_delivered, 90), sending.deliveries("&status=pending")[:3]
        repeated = sending.check()
        server.stop()
    assert repeated > 0, "No kill came between hearing and keeping. Kill later."


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_crash_between_the_answer_and_the_webhook_sends_it_once_after_the_start(kind, tmp_path):
    """The message lies in the outbox with the event; once the dead one's lease ends, it is sent."""
    with Ear() as ear, fragile(kind, tmp_path, ear) as server:
        world = World(server, server.key)
        goal = world.goal(world.metric("words"), 10)
        hook = {"url": ear.receiver.url, "eventTypes": ["achievement.completed"]}
        assert world.http.post("/admin/v1/webhooks", json=[hook]).status_code == 201
        (tmp_path / "point").write_text(SENDING)
        answer = world.event(10, key="lesson-1")
        assert [item["id"] for item in answer.json()["achievements"]] == [goal]
        assert server.wait() == CODE
        assert ear.receiver.heard == []
        (tmp_path / "clock").write_text(str(LEASE))
        server.start()
        world = World(server, server.key)
        assert world.event(10, key="lesson-1").status_code == 202
        delivered = f"{DELIVERIES}?status=delivered"
        assert eventually(lambda: len(world.read(delivered)) == 1)
        (sent,) = world.read(DELIVERIES)
        assert [each.id for each in ear.receiver.heard] == [sent["messageId"]]
        assert [each["achievement"]["id"] for each in ear.heard()] == [goal]
