"""When a live feed ends: with its session, its key, its listener; and what a slow listener costs."""

import asyncio
import contextlib
from dataclasses import replace

import pytest
from tests.support.members import PASSWORD

from plaudit.compose import new_id
from plaudit.ingest.feeds import MOST_WAITING
from plaudit.model.actions import CONSOLE, Author
from plaudit.model.members import Role
from plaudit.operations.manage_members import invite
from plaudit.operations.sessions import IDLE
from plaudit.web import answers
from plaudit.web.admin import feed
from plaudit.web.app import build_app

SOON = 3


class Ear:
    """Follows the feed of an app in this process, without a server between; ``stuck`` takes nothing."""

    def __init__(self, app, headers):
        self.body = b""
        self.status = None
        self.stuck = False
        self._gone = asyncio.Event()
        self._asked = False
        scope = {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": "/admin/v1/feed",
            "raw_path": b"/admin/v1/feed",
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
        self.task = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self):
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")
        if self.stuck:
            await asyncio.Event().wait()

    def leave(self):
        self._gone.set()

    async def begins(self):
        async with asyncio.timeout(SOON):
            while b"retry:" not in self.body:  # noqa: ASYNC110 - the app tells nobody else
                await asyncio.sleep(0.01)
        assert self.status == 200

    async def ends(self, seconds=SOON):
        await asyncio.wait_for(asyncio.shield(self.task), seconds)


@contextlib.asynccontextmanager
async def following(app, **headers):
    ear = Ear(app, headers)
    try:
        await ear.begins()
        yield ear
    finally:
        ear.leave()
        await asyncio.wait({ear.task}, timeout=SOON)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(feed, "BEAT", 0.1)


@pytest.fixture
async def session(house):
    """The cookie of a viewer's session."""
    by = Author(CONSOLE, house.context.clock())
    made = await invite(
        house.context.store.members,
        by,
        "vi@example.com",
        "Vi",
        Role.VIEWER,
        new_id,
        lambda n: bytes(range(n)),
    )
    draft = {"token": made.token, "password": PASSWORD}
    browser = house.client("")
    del browser.headers["X-API-KEY"]
    answer = await browser.post("/admin/v1/session/accept", json=draft)
    assert answer.status_code == 201, answer.text
    browser.headers["X-CSRF-Token"] = answer.json()["csrfToken"]
    return browser


def cookies_of(browser):
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


async def test_signs_of_life_come_while_nothing_happens(house):
    async with following(house.app, **{"X-API-KEY": house.key}) as ear:
        await asyncio.sleep(0.5)
        assert ear.body.count(b": still here\n\n") >= 2
        assert not ear.task.done()


async def test_logging_out_ends_the_feed(house, session):
    async with following(house.app, Cookie=cookies_of(session)) as ear:
        await asyncio.sleep(0.3)
        assert not ear.task.done()
        assert (await session.delete("/admin/v1/session")).status_code == 204
        await ear.ends()


async def test_a_feed_keeps_no_session_alive(house, session):
    real = house.context.clock
    late = [0]
    app = build_app(replace(house.context, clock=lambda: real() + late[0]))
    async with following(app, Cookie=cookies_of(session)) as ear:
        late[0] = IDLE - 60_000
        await asyncio.sleep(0.3)
        assert not ear.task.done()
        late[0] = IDLE
        await ear.ends()


async def test_a_deleted_key_ends_the_feed(house):
    made = await house.http.post("/admin/v1/api-keys", json={"kind": "admin"})
    assert made.status_code == 201, made.text
    key = made.json()
    async with following(house.app, **{"X-API-KEY": key["key"]}) as ear:
        assert (await house.http.delete(f"/admin/v1/api-keys/{key['id']}")).status_code in {200, 204}
        await ear.ends()


async def test_whoever_leaves_is_forgotten_at_once(house):
    feeds = house.context.feeds
    async with following(house.app, **{"X-API-KEY": house.key}) as ear:
        assert feeds.heard
        ear.leave()
        await ear.ends(0.05)
        assert not feeds.heard


async def test_whoever_takes_nothing_is_let_go_and_is_told_no_more_than_waits(house, monkeypatch):
    monkeypatch.setattr(answers, "STALL_SECONDS", 0.5)
    feeds = house.context.feeds
    async with following(house.app, **{"X-API-KEY": house.key}) as ear:
        ear.stuck = True
        await asyncio.sleep(0.15)
        (held,) = feeds._feeds
        for n in range(MOST_WAITING + 50):
            await house.event(1, f"user-{n}")
        feeds.flush()
        assert len(held._waiting) <= MOST_WAITING + 1
        await ear.ends()
        assert not feeds.heard


async def test_nothing_is_noted_while_nobody_listens(house, monkeypatch):
    feeds = house.context.feeds
    noted = []
    monkeypatch.setattr(feeds, "note", lambda *group: noted.append(group))
    assert (await house.event(1)).status_code == 201
    assert noted == []
    async with following(house.app, **{"X-API-KEY": house.key}):
        assert (await house.event(1)).status_code == 201
    assert len(noted) == 1


async def test_what_cannot_be_told_hurts_no_event(house, monkeypatch, caplog):
    async with following(house.app, **{"X-API-KEY": house.key}):
        monkeypatch.setattr(house.context.feeds, "_note_one", lambda *_: 1 / 0)
        assert (await house.event(1)).status_code == 201
    assert "could not be told" in caplog.text
