"""Sessions in time: they end unused, they end in any case, and asking by itself keeps none alive.

Also what https changes. On a clock of the tests' own.
"""

from dataclasses import replace

import httpx
import pytest
from msgspec.structs import replace as changed
from tests.support.members import PASSWORD

from plaudit.compose import new_id
from plaudit.model.actions import CONSOLE, Author
from plaudit.model.members import Role
from plaudit.operations.manage_members import INVITED, invite
from plaudit.operations.sessions import ABSOLUTE, BY_EMAIL, IDLE
from plaudit.web.app import build_app

MINUTE = 60_000


class Clock:
    """Gives the time that a test has set."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(house):
    return Clock(house.context.clock())


@pytest.fixture
def browser(house, clock):
    app = build_app(replace(house.context, clock=clock))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://plaudit.test")


async def token(house, clock, email="ada@example.com"):
    members, by = house.context.store.members, Author(CONSOLE, clock())
    return (await invite(members, by, email, "Ada", Role.OWNER, new_id, bytes)).token


async def enter(browser, house, clock):
    draft = {"token": await token(house, clock), "password": PASSWORD}
    answer = await browser.post("/admin/v1/session/accept", json=draft)
    assert answer.status_code == 201, answer.text
    return answer


async def status(browser, **headers):
    return (await browser.get("/admin/v1/metrics", headers=headers)).status_code


async def test_a_session_ends_when_it_is_not_used(browser, house, clock):
    await enter(browser, house, clock)
    for _ in range(5):
        clock.now += IDLE - MINUTE
        assert await status(browser) == 200
    clock.now += IDLE
    assert await status(browser) == 401
    assert (await browser.get("/admin/v1/session")).json()["member"] is None


async def test_what_a_page_asks_by_itself_keeps_no_session_alive(browser, house, clock):
    await enter(browser, house, clock)
    for _ in range(3):
        clock.now += IDLE // 3
        last = await status(browser, Background="true")
    assert last == 401


async def test_a_session_ends_in_any_case(browser, house, clock):
    await enter(browser, house, clock)
    began = clock.now
    while clock.now < began + ABSOLUTE - 20 * MINUTE:
        clock.now += 20 * MINUTE
        assert await status(browser) in {200, 401}
    clock.now = began + ABSOLUTE
    assert await status(browser) == 401


async def test_an_invitation_ends(browser, house, clock):
    draft = {"token": await token(house, clock), "password": PASSWORD}
    clock.now += INVITED
    assert (await browser.post("/admin/v1/session/accept", json=draft)).status_code == 422


async def test_ten_thousand_guesses_get_nowhere(browser, house, clock):
    """In an hour of guessing as fast as it goes, about one guess in thirty seconds is looked at."""
    await enter(browser, house, clock)
    looked_at = 0
    for _ in range(10_000 // 20):
        clock.now += 20 * 360  # 10,000 guesses in an hour, of which only every 20th is sent here
        draft = {"email": "ada@example.com", "password": "x"}
        answer = await browser.post("/admin/v1/session", json=draft)
        looked_at += answer.status_code == 401
    assert looked_at <= BY_EMAIL.burst + 3_600_000 // BY_EMAIL.every


@pytest.mark.parametrize("how", ["scheme", "base_url"])
async def test_over_https_the_cookie_is_bound_to_the_host(house, clock, how):
    settings = house.context.settings
    scheme = "https" if how == "scheme" else "http"
    if how == "base_url":
        settings = changed(settings, base_url="https://plaudit.example.com")
    context = replace(house.context, clock=clock, settings=settings)
    transport = httpx.ASGITransport(build_app(context))
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://plaudit.test") as browser:
        draft = {"token": await token(house, clock), "password": PASSWORD}
        origin = {"Origin": "https://plaudit.example.com" if how == "base_url" else "https://plaudit.test"}
        answer = await browser.post("/admin/v1/session/accept", json=draft, headers=origin)
        assert answer.status_code == 201, answer.text
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-plaudit_session=")
        assert {"Secure", "Path=/", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
        value = cookie.split(";")[0]
        plain = value.replace("__Host-", "")
        assert await status(browser, Cookie=value) == 200
        assert await status(browser, Cookie=plain) == 401
