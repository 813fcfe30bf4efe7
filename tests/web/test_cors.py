"""Pages of other origins: the Application API with keys of one user, the Admin API never."""

import httpx
import pytest
import pytest_asyncio
from tests.web.conftest import build_house

from plaudit.compose import running
from plaudit.config import Settings
from plaudit.model.catalog import EnvironmentSettings
from plaudit.web.app import APPLICATION_ROUTES
from plaudit.web.application import events
from plaudit.web.door import Door

PAGE = "https://app.example.com"
ASKS = {
    "Origin": PAGE,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "x-api-key",
}
ORIGIN = "access-control-allow-origin"
EVENT = "/v1/metrics/words/event"


@pytest_asyncio.fixture
async def choosy(tmp_path):
    """A house that lets in pages of one origin."""
    settings = Settings(database=f"sqlite:{tmp_path}/plaudit.db", log="off", cors_origins=(PAGE,))
    async with running(settings) as opened:
        yield await build_house(opened, EnvironmentSettings())


@pytest_asyncio.fixture
async def closed(tmp_path):
    settings = Settings(database=f"sqlite:{tmp_path}/plaudit.db", log="off", cors_origins=("none",))
    async with running(settings) as opened:
        yield await build_house(opened, EnvironmentSettings())


@pytest.mark.parametrize("template", sorted({template for _, template, _ in APPLICATION_ROUTES}))
async def test_every_door_of_the_application_api_answers_a_preflight(house, template):
    path = template.replace("{id}", "ada").replace("{key}", "words")
    answer = await house.http.options(path, headers={"X-API-KEY": ""} | ASKS)
    assert (answer.status_code, answer.content, answer.headers[ORIGIN]) == (204, b"", "*")
    methods = {method for method, of, _ in APPLICATION_ROUTES if of == template}
    assert set(answer.headers["access-control-allow-methods"].split(", ")) == methods
    assert answer.headers["access-control-allow-headers"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


async def test_a_preflight_asks_nobody(house):
    """No key is looked up, no clock read, no database touched: the door has nothing to ask with."""
    door = Door(Deaf(house.context.settings), EVENT, {"POST": events.record})
    http = httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://plaudit.test")
    assert (await http.options(EVENT, headers=ASKS)).status_code == 204


class Deaf:
    """A context with settings and nothing else."""

    def __init__(self, settings):
        self.settings, self.requests = settings, None


async def test_a_page_reads_what_a_users_key_brings_and_why_it_was_refused(house):
    page = house.client(await house.key_for("ada"), Origin=PAGE)
    body = {"user": {"id": "ada"}, "value": 1}
    made = await page.post(EVENT, json=body)
    assert (made.status_code, made.headers[ORIGIN]) == (201, "*")
    for answer in (
        await page.get("/v1/users/ada/achievements"),
        await page.get("/v1/users/ben"),
        await page.get("/v1/users/ada", headers={"X-API-KEY": "app_wrong"}),
        await page.delete("/v1/users/ada"),
    ):
        assert answer.headers[ORIGIN] == "*", answer.text
        assert "access-control-allow-credentials" not in answer.headers


async def test_an_admin_key_brings_a_page_nothing_to_read(house):
    page = house.client(house.key, Origin=PAGE)
    answer = await page.get("/v1/achievements")
    assert answer.status_code == 200
    assert ORIGIN not in answer.headers


async def test_the_admin_api_is_never_open_to_pages(house):
    page = house.client(house.key, Origin=PAGE)
    for path in ("/admin/v1/metrics", "/admin/v1/webhooks", "/admin/v1/users/ada"):
        assert ORIGIN not in (await page.get(path)).headers
        asked = await page.options(path, headers=ASKS)
        assert asked.status_code == 405
        assert ORIGIN not in asked.headers


async def test_who_is_no_page_gets_no_more_than_before(house):
    ada = house.client(await house.key_for("ada"))
    answer = await ada.get("/v1/users/ada/streak")
    assert not [name for name in answer.headers if name.startswith("access-control") or name == "vary"]
    assert (await ada.options(EVENT)).status_code == 405


async def test_only_pages_of_the_named_origins_are_let_in(choosy):
    key = await choosy.key_for("ada")
    asked = await choosy.client(key).options(EVENT, headers=ASKS)
    assert (asked.headers[ORIGIN], asked.headers["vary"]) == (PAGE, "origin")
    assert (await choosy.client(key, Origin=PAGE).get("/v1/users/ada")).headers[ORIGIN] == PAGE
    for other in ("https://evil.example", "null", f"{PAGE}.evil.example", PAGE.upper()):
        asked = await choosy.client(key).options(EVENT, headers=ASKS | {"Origin": other})
        assert asked.status_code == 204
        assert ORIGIN not in asked.headers
        assert ORIGIN not in (await choosy.client(key, Origin=other).get("/v1/users/ada")).headers


async def test_none_closes_it_to_pages(closed):
    ada = closed.client(await closed.key_for("ada"), Origin=PAGE)
    assert (await ada.options(EVENT, headers=ASKS)).status_code == 405
    assert ORIGIN not in (await ada.get("/v1/achievements")).headers
