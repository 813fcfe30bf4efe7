"""Reads statistics of an environment and tenant: over time, who leads, and how users stay.

Refuses deleted achievements; a day is a date in UTC.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from plaudit.engine.board_runs import utc_day
from plaudit.engine.periods import DAY_MS, EPOCH_DAY
from plaudit.engine.rulebook import AchievementRule, Rulebook
from plaudit.operations.paced_insights import PacedInsights
from plaudit.storage.insights_port import Where
from plaudit.storage.port import Ledger

WEEK = 7
LONGEST_DAILY = 400
"""Days told one by one; longer times are told by weeks."""

WEEKS = 13
"""Weeks of retention, the one of the first event included."""

LEADERS = 10
RAREST = 5

Step = Literal["day", "week"]


class Point(Struct, frozen=True):
    """A day, or the first day of a week."""

    day: int
    events: int
    active: int
    completions: int


class Overview(Struct, frozen=True):
    """Totals, and what happened over time, without gaps; ``now`` is when it was read (Unix ms)."""

    users: int
    events: int
    completions: int
    points: list[Point]
    step: Step
    now: int


class Newest(Struct, frozen=True):
    """A completion."""

    rule: AchievementRule
    user_id: str
    name: str | None
    at: int


class Leader(Struct, frozen=True):
    """A user with many completions."""

    user_id: str
    name: str | None
    completions: int
    events: int


class Highlights(Struct, frozen=True):
    """The rarest achievements with their completions, the newest completions, the users with most."""

    rarest: list[tuple[AchievementRule, int]]
    newest: list[Newest]
    leaders: list[Leader]
    users: int


class Retention(Struct, frozen=True):
    """Shares of users with an event in each week after their first, of those for whom it is over."""

    completers: list[float | None]
    others: list[float | None]
    completers_count: int
    others_count: int


async def read_overview(
    ledger: Ledger, paced: PacedInsights, rulebook: Rulebook, where: Where, days: int | None, now: int
) -> Overview:
    """Give what happened in the last ``days`` (None: since the first event), the current one included.

    Raises:
        Unavailable: the database cannot be read.
    """
    first, step = await _span(paced, where, days, now)
    since = (first - EPOCH_DAY) * DAY_MS
    users, events = await paced.users_and_events(where)
    happened = {row[0]: row for row in await paced.event_days(where, since, step)}
    done = await _completions(paced, where, list(rulebook.achievements), since, step)
    counts = await ledger.counts(*where)
    points = []
    for day in range(first, utc_day(now) + 1, step):
        _, n, active = happened.get(day, (day, 0, 0))
        points.append(Point(day, n, active, done.get(day, 0)))
    completions = sum(counts.get(number, 0) for number in rulebook.achievements)
    return Overview(users, events, completions, points, _named(step), now)


def _named(step: int) -> Step:
    return "day" if step == 1 else "week"


async def _span(paced: PacedInsights, where: Where, days: int | None, now: int) -> tuple[int, int]:
    """Give the first day and the step in days; weeks begin on Mondays."""
    last = utc_day(now)
    if days is not None:
        return last - days + 1, 1
    began = await paced.first_event(where)
    first = last if began is None else min(last, utc_day(began))
    if last - first < LONGEST_DAILY:
        return first, 1
    return (first - 1) // WEEK * WEEK + 1, WEEK


async def _completions(
    paced: PacedInsights, where: Where, numbers: Sequence[int], since: int, step: int
) -> dict[int, int]:
    found: dict[int, int] = {}
    for day, count in await paced.completion_days(where, numbers, since):
        start = (day - 1) // step * step + 1
        found[start] = found.get(start, 0) + count
    return found


async def read_highlights(
    ledger: Ledger, paced: PacedInsights, rulebook: Rulebook, where: Where
) -> Highlights:
    """Give who and what stands out.

    Raises:
        Unavailable: the database cannot be read.
    """
    rules, counts = rulebook.achievements, await ledger.counts(*where)
    earned = [(rule, counts[number]) for number, rule in rules.items() if rule.active and counts.get(number)]
    earned.sort(key=lambda each: each[1])
    newest = await paced.newest_completions(where, list(rules), LEADERS)
    leaders = await paced.top_users(where, list(rules), LEADERS)
    return Highlights(
        earned[:RAREST],
        [Newest(rules[number], user_id, name, at) for number, user_id, name, at, _ in newest],
        [Leader(*row) for row in leaders],
        counts.get(0, 0),
    )


async def read_completion_days(
    paced: PacedInsights, where: Where, achievement: int, now: int
) -> tuple[list[tuple[int, int]], Step]:
    """Give an achievement's completions over time: from its first one on, without gaps."""
    found = await paced.completion_days(where, [achievement], -(2**53))
    last = utc_day(now)
    first = min([day for day, _ in found], default=last)
    step = 1 if last - first < LONGEST_DAILY else WEEK
    merged: dict[int, int] = {}
    for day, count in found:
        start = (day - 1) // step * step + 1
        merged[start] = merged.get(start, 0) + count
    begin = (first - 1) // step * step + 1
    return [(day, merged.get(day, 0)) for day in range(begin, last + 1, step)], _named(step)


async def read_retention(paced: PacedInsights, where: Where, achievement: int, now: int) -> Retention:
    """Compare how long users stay: those who had it within a day of their first event, and the others."""
    lasted, active = await paced.retention(where, achievement, now)
    shares: list[list[float | None]] = []
    for early in (True, False):
        line: list[float | None] = []
        for week in range(WEEKS):
            over = sum(n for is_early, weeks, n in lasted if bool(is_early) is early and weeks > week)
            came = sum(n for is_early, then, n in active if bool(is_early) is early and then == week)
            line.append(round(came / over, 4) if over else None)
        shares.append(line)
    sizes = [sum(n for is_early, _, n in lasted if bool(is_early) is early) for early in (True, False)]
    return Retention(shares[0], shares[1], sizes[0], sizes[1])
