"""The demo, loaded whole: what real people earned, in the time it happened, from an empty database."""

import asyncio
import secrets
import time
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from plaudit.commands.serve import wants_demo
from plaudit.compose import clock, new_id, open_store
from plaudit.config import Settings
from plaudit.demo import load
from plaudit.demo.goals import GOALS
from plaudit.model.state import Depth
from plaudit.operations.first_start import first_start
from plaudit.operations.verify import verify

pytestmark = pytest.mark.xdist_group("demo")  # one process loads it, once

LONGEST_SECONDS = 60


def _quiet(label, total):
    return nullcontext(lambda _: None)


def _run(path, work):
    async def opened():
        store = await open_store(Settings(database=f"sqlite:{path}"))
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(opened())


async def _load(store):
    demo = await load.find_demo(store)
    if demo is None:
        demo, _ = await load.make_demo(store, clock(), new_id, secrets.token_bytes)
    return await load.Loader(store, demo, clock, new_id).load(_quiet)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A database with the whole demo: its path, what the load told, and the seconds it took."""
    path = tmp_path_factory.mktemp("demo") / "plaudit.db"
    began = time.monotonic()
    loaded = _run(path, _load)
    return path, loaded, time.monotonic() - began


async def _counts(store):
    demo = await load.find_demo(store)
    definitions = await store.catalog.definitions(demo.number)
    counts = await store.ledger.counts(demo.number, "")
    return {a.key: counts.get(a.number, 0) for a in definitions.achievements}


def test_it_loads_in_a_minute(whole):
    _, loaded, seconds = whole
    assert (loaded.people, loaded.events) == (3_159, 95_099)
    assert seconds < LONGEST_SECONDS


def test_every_number_follows_from_the_log(whole):
    report = _run(whole[0], lambda store: verify(store, clock()))
    assert report.drifts == []
    assert (report.users, report.events) == (3_159, 95_099)


def test_the_completions_are_those_that_a_count_of_the_file_gives(whole):
    counts = _run(whole[0], _counts)
    assert set(counts) == {goal.key for goal in GOALS}
    expected = _expected()
    assert {key: counts[key] for key in expected} == expected
    assert all(counts.values())


def _expected():
    """Count, straight from the rows, who has reached what."""
    totals = {}
    for row in load.contributions():
        mine = totals.setdefault(row.author, {})
        for name, amount in (("commits", 1), ("lines-added", row.lines_added), ("files-touched", row.files)):
            mine[name] = mine.get(name, 0) + amount
            mine[name, row.project] = mine.get((name, row.project), 0) + amount
    reached = {}
    for goal in GOALS:
        if goal.metric:
            measure = (goal.metric, goal.project) if goal.project else goal.metric
            reached[goal.key] = sum(mine.get(measure, 0) >= goal.value for mine in totals.values())
    both = sum(("commits", "numpy") in mine and ("commits", "flask") in mine for mine in totals.values())
    return reached | {"founding": 2, "both-projects": both}


async def _first(store):
    demo = await load.find_demo(store)
    row = next(load.contributions())
    definitions = await store.catalog.definitions(demo.number)
    who = load.Loader(store, demo, clock, new_id)._identity(row.author)
    (snapshot,) = await store.ledger.view([who], Depth())
    keys = {a.number: a.key for a in definitions.achievements}
    return row, {keys[number]: done for number, done in snapshot.details.completions.items()}


def test_achievements_carry_the_time_of_what_earned_them(whole):
    row, completions = _run(whole[0], _first)
    assert completions["commits-1"].at == completions["founding"].at == row.milliseconds
    year = datetime.fromtimestamp(completions["years-1"].at / 1000, UTC).year
    assert year == row.at.year + 1


def test_a_second_load_changes_nothing(whole):
    before = _run(whole[0], _counts)
    loaded = _run(whole[0], _load)
    assert (loaded.people, loaded.events) == (3_159, 95_099)
    assert _run(whole[0], _counts) == before


def test_an_interrupted_load_goes_on_where_it_stopped(tmp_path, monkeypatch):
    rows = list(load.contributions())[:3_000]
    monkeypatch.setattr(load, "contributions", lambda: iter(rows))
    record, calls = load.record, []

    async def failing(*arguments):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return await record(*arguments)

    path = tmp_path / "plaudit.db"
    monkeypatch.setattr(load, "record", failing)
    with pytest.raises(KeyboardInterrupt):
        _run(path, _load)
    assert not _run(path, _is_loaded)
    assert _run(path, wants_demo)
    assert _run(path, _load).people == len({row.author for row in rows})
    assert _run(path, _is_loaded)
    assert _run(path, lambda store: verify(store, clock())).drifts == []


def test_serving_loads_the_demo_only_into_an_empty_database(whole, tmp_path):
    async def with_production(store):
        before = await wants_demo(store)
        await first_start(store, clock(), new_id, secrets.token_bytes)
        return before, await wants_demo(store)

    assert _run(tmp_path / "plaudit.db", with_production) == (True, False)
    assert not _run(whole[0], wants_demo)


async def _is_loaded(store):
    return await load.is_loaded(store, await load.find_demo(store))
