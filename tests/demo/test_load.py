"""The demo, loaded whole: what real people earned, in the time it happened, from an empty database."""

import secrets
from datetime import UTC, datetime

import pytest
from tests.demo.loading import load_demo, run

from plaudit.commands.serve import wants_demo
from plaudit.compose import clock, new_id
from plaudit.demo import load
from plaudit.demo.goals import GOALS
from plaudit.model.state import Depth
from plaudit.operations.first_start import first_start
from plaudit.operations.verify import verify

pytestmark = pytest.mark.xdist_group("demo")  # one process loads it, once

LONGEST_SECONDS = 60


async def _counts(store):
    demo = await load.find_demo(store)
    definitions = await store.catalog.definitions(demo.number)
    counts = await store.ledger.counts(demo.number, "")
    return {a.key: counts.get(a.number, 0) for a in definitions.achievements}


def test_it_loads_in_a_minute(whole):
    _, loaded, seconds, _ = whole
    assert (loaded.people, loaded.events) == (3_159, 95_099)
    assert seconds < LONGEST_SECONDS


def test_every_part_of_the_load_tells_how_far_it_is(whole):
    bars = dict(whole[3])
    whole_ones = ("Loading the demo", "Completing what was met before", "Letting streaks expire")
    assert all(bars[label][0] == bars[label][1] > 0 for label in whole_ones), bars
    # Who has had every anniversary while loading has none left to keep, unless one comes at this midnight.
    total, done = bars.pop("Keeping anniversaries")
    assert 0 <= done <= total
    assert set(bars) == set(whole_ones)


def test_every_number_follows_from_the_log(whole):
    report = run(whole[0], lambda store: verify(store, clock()))
    assert report.drifts == []
    assert (report.users, report.events) == (3_159, 95_099)


def test_the_completions_are_those_that_a_count_of_the_file_gives(whole):
    counts = run(whole[0], _counts)
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
    row, completions = run(whole[0], _first)
    assert completions["commits-1"].at == completions["founding"].at == row.milliseconds
    year = datetime.fromtimestamp(completions["years-1"].at / 1000, UTC).year
    assert year == row.at.year + 1


def test_a_second_load_changes_nothing(whole):
    before = run(whole[0], _counts)
    loaded = run(whole[0], load_demo)
    assert (loaded.people, loaded.events) == (3_159, 95_099)
    assert run(whole[0], _counts) == before


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
        run(path, load_demo)
    assert not run(path, _is_loaded)
    assert run(path, wants_demo)
    assert run(path, load_demo).people == len({row.author for row in rows})
    assert run(path, _is_loaded)
    assert run(path, lambda store: verify(store, clock())).drifts == []


def test_serving_loads_the_demo_only_into_an_empty_database(whole, tmp_path):
    async def with_production(store):
        before = await wants_demo(store)
        await first_start(store, clock(), new_id, secrets.token_bytes)
        return before, await wants_demo(store)

    assert run(tmp_path / "plaudit.db", with_production) == (True, False)
    assert not run(whole[0], wants_demo)


async def _is_loaded(store):
    return await load.is_loaded(store, await load.find_demo(store))
