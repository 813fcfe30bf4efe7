"""An app in this process on a new SQLite database, asked through httpx without a socket."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import pytest_asyncio

from plaudit.compose import clock, new_id, running
from plaudit.config import Settings
from plaudit.model.catalog import ApiKey, EnvironmentSettings, KeyKind
from plaudit.model.keys import RANDOM_BYTES, mint
from plaudit.web.app import build_app
from plaudit.web.context import Context


class House:
    """One environment of a running app, and how to ask it."""

    def __init__(self, context: Context, environment: int, key: str) -> None:
        self.context = context
        self.environment = environment
        self.key = key
        self.app = build_app(context)
        self.http = self.client(key)

    def client(self, key: str, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app)
        sent = {"X-API-KEY": key, **headers}
        return httpx.AsyncClient(transport=transport, base_url="http://plaudit.test", headers=sent)

    async def key_for(self, user: str, tenant: str = "") -> str:
        return await put_key(self.context, self.environment, KeyKind.APPLICATION, tenant, user)

    async def make(self, kind: str, **item: object) -> str:
        answer = await self.http.post(f"/admin/v1/{kind}", json=[item])
        assert answer.status_code == 201, answer.text
        return str(answer.json()["created"][0]["id"])

    async def event(self, value: object, user: str = "ada", **more: object) -> httpx.Response:
        body = {"user": {"id": user}, "value": value} | more
        return await self.http.post("/v1/metrics/words/event", json=body)


async def put_key(context: Context, environment: int, kind: KeyKind, tenant: str, user: str | None) -> str:
    key = mint(kind, secrets.token_bytes(RANDOM_BYTES))
    now = clock()
    stored = ApiKey(new_id(now), environment, kind, key.prefix, key.digest, tenant, user, now)
    await context.store.catalog.put_keys([stored])
    await context.keyring.refresh()
    return key.text


async def build_house(context: Context, settings: EnvironmentSettings) -> House:
    now = clock()
    name = f"house-{secrets.token_hex(4)}"
    made = await context.store.catalog.create_environment(new_id(now), name, name, settings, now)
    key = await put_key(context, made.number, KeyKind.ADMIN, "", None)
    return House(context, made.number, key)


@pytest_asyncio.fixture
async def context(tmp_path) -> AsyncIterator[Context]:
    async with running(Settings(database=f"sqlite:{tmp_path}/plaudit.db", log="off")) as opened:
        yield opened


@pytest_asyncio.fixture
async def house(context: Context) -> House:
    """A house with the metric ``words``."""
    made = await build_house(context, EnvironmentSettings())
    await made.make("metrics", name="Words", key="words")
    return made


@pytest.fixture
def another(context: Context) -> Callable[[EnvironmentSettings], Awaitable[House]]:
    """Build another environment with these settings on the same app's database."""

    async def build(settings: EnvironmentSettings) -> House:
        return await build_house(context, settings)

    return build
