"""The request log: JSON lines, one per request, with no secret and no body in it."""

import io
import json
import logging

import httpx
import pytest
from tests.web.conftest import House, build_house

from plaudit.compose import running
from plaudit.config import Settings
from plaudit.model.catalog import EnvironmentSettings
from plaudit.web.log import log_to, shown


@pytest.fixture
def lines():
    """Catch what the house logs; the logging is put back afterwards."""
    house = logging.getLogger("plaudit")
    before = (house.handlers, house.propagate, house.level)
    stream = io.StringIO()
    log_to(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    house.handlers, house.propagate = before[0], before[1]
    house.setLevel(before[2])


async def house_with(level, tmp_path, ask):
    settings = Settings(database=f"sqlite:{tmp_path}/plaudit.db", log=level)
    async with running(settings) as context:
        house = await build_house(context, EnvironmentSettings())
        await ask(house)
        return house


async def ask_twice(house: House) -> None:
    await house.http.get("/v1/achievements")
    await house.http.get("/v1/users/somebody@example.com")


async def test_by_default_only_errors_are_told_with_their_sentence(lines, tmp_path):
    house = await house_with("errors", tmp_path, ask_twice)
    (line,) = [line for line in lines() if line["from"] == "plaudit.requests"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/users/{id}", 404)
    assert line["sentence"].startswith("There is no user")
    assert house.key.startswith(line["key"])
    assert line["user"] == "somebody@exa…"


async def test_on_request_every_call_is_told_and_never_a_secret(lines, tmp_path):
    house = await house_with("all", tmp_path, ask_twice)
    told = [line for line in lines() if line["from"] == "plaudit.requests"]
    assert [line["status"] for line in told] == [200, 404]
    assert house.key.partition(".")[2] not in json.dumps(lines())


async def test_off_is_off(lines, tmp_path):
    await house_with("off", tmp_path, ask_twice)
    assert [line for line in lines() if line["from"] == "plaudit.requests"] == []


async def test_a_fault_of_ours_is_a_500_and_its_traceback_one_line(lines, tmp_path, monkeypatch):
    async def ask(house):
        def broken(*_):
            raise RuntimeError("line one\nline two")

        monkeypatch.setattr(house.context.rulebooks, "get", broken)
        answer = await house.http.get("/v1/achievements")
        assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
        assert answer.json()["code"] == "unexpected"
        assert "line one" not in answer.text

    await house_with("errors", tmp_path, ask)
    (fault,) = [line for line in lines() if "traceback" in line]
    assert "line one\nline two" in fault["traceback"]


def test_a_user_id_is_cut():
    assert (shown(None), shown("ada"), shown("a" * 13)) == (None, "ada", "a" * 12 + "…")
