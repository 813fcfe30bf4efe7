"""Reads points: one user's, by day, week or month, and how all users are spread over totals and levels.

Refuses estimates: summaries count every user, beside the event loop.
"""

from msgspec import Struct

from plaudit.engine.boosts import applying
from plaudit.engine.periods import local_day, period_end, period_start, zone_of
from plaudit.engine.points_rules import BoostRule, SystemRule
from plaudit.engine.rulebook import Rulebook
from plaudit.model.catalog import Frequency
from plaudit.model.errors import Code, PlauditError
from plaudit.model.points import PointsAward, PointsLevel, PointsState
from plaudit.model.state import Identity
from plaudit.operations.read_event_summary import SummaryRow, starts_of
from plaudit.operations.read_user import read_user
from plaudit.storage.port import Store

RANGES = 10
"""Ranges of a summary beside the one of those without points."""

_NICE = (1, 2, 5)


class Standing(Struct, frozen=True):
    """A user's points in one system, the newest awards, and the user's local day."""

    state: PointsState
    awards: list[PointsAward]
    day: int


def system_of(rulebook: Rulebook, key: str) -> SystemRule:
    """Give the points system with a key.

    Raises:
        PlauditError: ``UNKNOWN_POINTS_SYSTEM``.
    """
    found = None if rulebook.points is None else rulebook.points.by_key.get(key)
    if found is None:
        raise PlauditError(Code.UNKNOWN_POINTS_SYSTEM, key=key)
    return found


async def read_points(store: Store, system: SystemRule, who: Identity, awards: int, now: int) -> Standing:
    """Give a user's points in one system, with so many of the newest awards.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    user = await read_user(store.ledger, who)
    state, given = await store.points.standing(who.subject, system.definition.number, awards)
    return Standing(state, given, local_day(now, zone_of(user.tz)))


async def read_boosts(
    store: Store, system: SystemRule, who: Identity, now: int
) -> tuple[tuple[BoostRule, ...], int]:
    """Give the boosts that apply to a user now, and the user's local day.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    user = await read_user(store.ledger, who)
    day = local_day(now, zone_of(user.tz))
    return applying(system, who, user.attributes, day), day


async def summarise_points(
    store: Store, rulebook: Rulebook, system: SystemRule, who: Identity, span: tuple[Frequency, int, int]
) -> list[SummaryRow]:
    """Give one row for each period that holds a day from first to last; amounts are points.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    await read_user(store.ledger, who)
    kind, first, last = span
    week = rulebook.streaks.week_start
    starts = starts_of(kind, first, last, week)
    number = system.definition.number
    until = period_end(kind, starts[-1])
    total, days = await store.points.day_totals(who.subject, number, starts[0], until)
    changes = dict.fromkeys(starts, 0)
    for day, change in days:
        changes[period_start(kind, day, week)] += change
    rows = []
    for start, change in changes.items():
        total += change
        rows.append(SummaryRow(start, total, change))
    return rows


def ranges_of(histogram: dict[int, int]) -> list[tuple[int, int, int]]:
    """Spread users over eleven ranges ``(from, to, users)``: no points, then ten of one round width.

    The width is the smallest 1, 2 or 5 times a power of ten with which ten ranges reach the greatest
    total.
    """
    width = _width(max(histogram, default=0))
    counts = [0] * (RANGES + 1)
    for total, users in histogram.items():
        counts[(total + width - 1) // width] += users
    spread = [((place - 1) * width + 1, place * width, counts[place]) for place in range(1, RANGES + 1)]
    return [(0, 0, counts[0]), *spread]


def _width(most: int) -> int:
    power = 1
    while True:
        for nice in _NICE:
            if nice * power * RANGES >= most:
                return nice * power
        power *= 10


def levels_of(system: SystemRule, histogram: dict[int, int]) -> list[tuple[PointsLevel, int]]:
    """Count the users at each level, the lowest level first."""
    counts = {level.number: 0 for level in system.levels}
    for total, users in histogram.items():
        level = system.level_of(total)
        if level is not None:
            counts[level.number] += users
    return [(level, counts[level.number]) for level in system.levels]
