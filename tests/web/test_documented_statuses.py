"""Each call is asked in every way that has a refusal of its own; what it answers stands in its document.

Refuses to judge sentences: schemas and values have tests of their own.
"""

from collections.abc import Iterator

import httpx
import pytest
from msgspec import Struct
from tests.conftest import Worlds
from tests.support.world import World

from plaudit.model.catalog import EnvironmentSettings
from plaudit.web.app import documents
from plaudit.web.door import BODY_LIMIT

WAYS = {
    "no key": {"headers": {"X-API-KEY": ""}},
    "wrong key": {"headers": {"X-API-KEY": "adm_wrong.key"}},
    "no tenant": {},
    "unknown tenant": {"headers": {"Tenant-ID": "nobody's"}},
    "bad tenant": {"headers": {"Tenant-ID": "\u202e".encode()}},
    "no body": {"content": b""},
    "no JSON": {"content": b"{"},
    "wrong JSON": {"content": b"7"},
    "wrong list": {"content": b"[7]"},
    "too large": {"content": b" " * (BODY_LIMIT + 1)},
    "compressed": {"content": b"{}", "headers": {"Content-Encoding": "gzip"}},
    "bad query": {"params": dict.fromkeys(("limit", "skip", "userIds", "run", "year", "status"), "\x00")},
}


class Ask(Struct, frozen=True):
    """One call of one document."""

    method: str
    path: str
    documented: frozenset[int]


def asks() -> Iterator[Ask]:
    """Give every call with a path whose parts name nothing."""
    for document in documents().values():
        root = document["servers"][0]["url"]
        for path, operations in document["paths"].items():
            for method, told in operations.items():
                filled = path.replace("{", "no-").replace("}", "")
                yield Ask(method.upper(), root + filled, frozenset(map(int, told["responses"])))


@pytest.fixture(scope="module")
def single(sqlite_worlds: Worlds) -> Iterator[World]:
    world = sqlite_worlds.make()
    yield world
    world.close()


@pytest.fixture(scope="module")
def shared(sqlite_worlds: Worlds) -> Iterator[World]:
    world = sqlite_worlds.make(EnvironmentSettings(multi_tenancy=True))
    yield world
    world.close()


def answered(http: httpx.Client, ask: Ask, **more) -> httpx.Response:
    """Ask, and read the answer, if it has an end."""
    with http.stream(ask.method, ask.path, **more) as answer:
        if answer.headers.get("content-type") != "text/event-stream":
            answer.read()
        return answer


def undocumented(world: World, key: str | None = None, **more) -> list[str]:
    headers = {"X-API-KEY": key or world.key} | more.pop("headers", {})
    with httpx.Client(base_url=world.server.base, headers=headers, timeout=60) as http:
        answers = [(ask, answered(http, ask, **more)) for ask in asks()]
    return [
        f"{ask.method} {ask.path}: {answer.status_code} {answer.text}"
        for ask, answer in answers
        if answer.status_code not in ask.documented
    ]


@pytest.mark.parametrize("way", WAYS)
def test_each_refusal_is_documented(way: str, single: World) -> None:
    assert undocumented(single, **WAYS[way]) == []


@pytest.mark.parametrize("way", WAYS)
def test_each_refusal_where_tenants_share_is_documented(way: str, shared: World) -> None:
    assert undocumented(shared, **WAYS[way]) == []


def test_what_application_keys_are_refused_is_documented(single: World) -> None:
    assert undocumented(single, single.app_key("ada")) == []
    assert undocumented(single, single.app_key("ada"), content=b"{}") == []
