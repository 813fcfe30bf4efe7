"""Batches of the admin's calls on streaks: all of one in one transaction, or nothing of it."""

import pytest

from plaudit.operations import record_events
from plaudit.storage.port import Unavailable

FREEZES = "/admin/v1/streaks/freezes"


@pytest.fixture
async def frozen(house):
    settings = {"freezes": {"startCount": 0, "maxCount": 3}}
    assert (await house.http.patch("/admin/v1/streaks/settings", json=settings)).status_code == 200
    for user in ("ada", "ben"):
        await house.event(1, user)
    return house


async def grant(house):
    items = [{"userId": "ada"}, {"userId": "nobody"}, {"userId": "ben"}]
    return await house.http.post(FREEZES, json={"freezes": items})


async def held(house, user):
    return (await house.http.get(f"/v1/users/{user}/streak")).json()["freezes"]


async def test_a_batch_commits_once(frozen, monkeypatch):
    gathered = []
    monkeypatch.setattr(record_events, "gather", _told(gathered, record_events.gather))
    answer = await grant(frozen)
    assert answer.status_code == 201, answer.text
    assert [each["userId"] for each in answer.json()["issues"]] == ["nobody"]
    assert len(gathered) == 1


async def test_nothing_of_a_batch_is_stored_when_it_cannot_be_written(frozen, monkeypatch):
    def broken(*_):
        raise Unavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(record_events, "gather", broken)
        assert (await grant(frozen)).status_code == 503
    assert (await held(frozen, "ada"), await held(frozen, "ben")) == (0, 0)


def _told(calls, gather):
    def counted(folds):
        calls.append(1)
        return gather(folds)

    return counted
