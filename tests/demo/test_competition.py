"""The demo's points, freezes and leaderboards: what a count of the file gives, in the time it happened."""

from collections import Counter
from datetime import date

import pytest
from tests.demo.loading import run

from plaudit.compose import clock
from plaudit.demo.contributions import contributions
from plaudit.demo.load import find_demo
from plaudit.demo.people import people_of
from plaudit.demo.rewards import LEVELS, XP
from plaudit.engine.periods import zone_of
from plaudit.model.amounts import MICRO
from plaudit.model.ids import subject_key
from plaudit.model.state import Depth, Identity
from plaudit.operations.read_leaderboards import board_of, read_places, run_of
from plaudit.operations.read_points import levels_of, system_of
from plaudit.operations.rulebooks import Rulebooks

pytestmark = pytest.mark.xdist_group("demo")  # one process loads it, once

ROWS = list(contributions())
PEOPLE = people_of(ROWS)
EVERYBODY = 5_000


async def _book(store):
    demo = await find_demo(store)
    return demo, await Rulebooks(store.catalog).get(demo.number)


def _board(path, key, *, day=None, group=()):
    async def read(store):
        demo, book = await _book(store)
        rule = board_of(book, key)
        chosen = run_of(rule, day, clock())
        return await read_places(store.ledger, rule, chosen, (demo.number, ""), group, None, 0, EVERYBODY)

    return {place.user_id: place.value for place in run(path, read)}


def _day(row):
    return row.at.astimezone(zone_of(PEOPLE[row.author].zone)).date()


def test_the_board_of_all_time_counts_every_commit(whole):
    assert _board(whole[0], "commits-ever") == Counter(row.author for row in ROWS)


@pytest.mark.parametrize("year", [2006, 2015, 2026])
def test_each_year_has_its_own_run_with_its_own_hundred(whole, year):
    lines = Counter()
    for row in ROWS:
        if _day(row).year == year:
            lines[row.author] += row.lines_added
    best = sorted((n for n in lines.values() if n), reverse=True)[:100]
    found = _board(whole[0], "lines-of-the-year", day=date(year, 6, 1).toordinal())
    assert list(found.values()) == best
    assert all(lines[author] == value for author, value in found.items())


def test_xp_is_ranked_among_those_who_began_in_the_same_project(whole):
    groups = {project: _board(whole[0], "xp-by-origin", group=(project,)) for project in ("numpy", "flask")}
    for project, group in groups.items():
        assert set(group) == {person.id for person in PEOPLE.values() if person.first_project == project}
    commits = Counter(row.author for row in ROWS)
    assert all(value >= 10 * commits[author] for group in groups.values() for author, value in group.items())


def test_everybody_has_a_level_and_every_level_somebody(whole):
    async def count(store):
        demo, book = await _book(store)
        system = system_of(book, XP)
        totals = await store.points.histogram(demo.number, "", system.definition.number, {})
        return levels_of(system, totals)

    levels = run(whole[0], count)
    assert [level.key for level, _ in levels] == [key for key, *_ in LEVELS]
    assert all(users for _, users in levels)
    assert sum(users for _, users in levels) == len(PEOPLE)
    assert all(level.badge is not None for level, _ in levels)


SPRINT = range(date(2020, 12, 1).toordinal(), date(2021, 1, 1).toordinal())
AROUND = range(date(2020, 11, 1).toordinal(), date(2021, 2, 1).toordinal())


def test_a_boost_multiplies_in_its_own_days_only(whole):
    authors = {row.author for row in ROWS if _day(row).toordinal() in AROUND}
    awards = [
        award for award in run(whole[0], lambda store: _commit_awards(store, authors)) if award.day in AROUND
    ]
    assert len(awards) == sum(_day(row).toordinal() in AROUND for row in ROWS)
    assert all(award.awarded == (20 if award.day in SPRINT else 10) for award in awards)


async def _commit_awards(store, authors):
    """Read what the trigger on every commit awarded."""
    demo, book = await _book(store)
    rules = [rule for found in book.points.by_measure.values() for rule in found]
    (rule,) = (rule for rule in rules if rule.definition.metric_threshold == MICRO)
    async with store.ledger.transaction() as tx:
        awards = [await tx.boards.awards_of(subject_key(demo.number, "", author)) for author in authors]
    return [award for each in awards for award in each if award.trigger == rule.definition.number]


def test_freezes_bridged_days_in_the_time_of_the_commits(whole):
    async def read(store):
        demo = await find_demo(store)
        who = [Identity(subject_key(demo.number, "", author), demo.number, "", author) for author in PEOPLE]
        who.sort(key=lambda each: each.subject)
        return await store.ledger.view(who, Depth(periods=True))

    snapshots = run(whole[0], read)
    bridged = [row for each in snapshots for row in each.details.periods if row.kind == "freeze"]
    years = {date.fromordinal(row.period).year for row in bridged}
    assert years >= set(range(2007, 2027))
    assert all(row.lost for each in snapshots for row in each.streaks.values() if row.expires_at < clock())
