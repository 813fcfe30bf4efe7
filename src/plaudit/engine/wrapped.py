"""Wrapped: a user's year in review, from the event log, the local days of points, and the periods of streaks.

Refuses to read anything; the same arguments give the same year.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from plaudit.engine.periods import period_end, period_start
from plaudit.engine.runs import chain
from plaudit.model.catalog import Frequency, StreakSettings
from plaudit.model.state import Completion, Event, StreakPeriod, StreakState

RankDay = tuple[int, int, int, int | None, int]
"""``(board, run, day, rank, score)``: where a user stood after the last change of a local day."""

Pair = tuple[str, str]


class Change(Struct, frozen=True):
    """An amount at the end of a span of days, and how it changed in the span.

    ``percentile`` is the rank of the change among everybody's, where that was asked for.
    """

    total: int
    change: int
    percentile: float | None = None

    @property
    def percent(self) -> float:
        """The change in percent of what there was before; 100 when there was nothing."""
        before = self.total - self.change
        if before == 0:
            return 100.0 if self.change else 0.0
        return round(100 * self.change / abs(before), 1)


class Span(Struct, frozen=True):
    """What a user did from one day to another. ``values`` holds event attributes by metric, key and value.

    ``ranks`` has each board's best place: ``(run, rank, score)``.
    """

    first: int
    last: int
    metrics: dict[int, Change]
    values: dict[int, dict[Pair, Change]]
    points: dict[int, Change]
    completions: list[Completion]
    ranks: dict[int, tuple[int, int, int]]


class LongestStreak(Struct, frozen=True):
    """The longest run of the year; days are ordinals, None when there was none."""

    length: int
    started: int | None = None
    first: int | None = None
    last: int | None = None


class Year(Struct, frozen=True):
    """A user's year: how many days, weeks and months saw an event, and the busiest of each."""

    days: int
    weeks: int
    months: int
    day: Span
    week: Span
    month: Span
    whole: Span
    streak: LongestStreak


class Past(Struct, frozen=True):
    """Everything a year is told from; ``completions`` come with their local days."""

    events: Sequence[Event]
    points: Mapping[tuple[int, int], int]
    completions: Sequence[tuple[int, Completion]]
    ranks: Sequence[RankDay]
    periods: Sequence[StreakPeriod]
    streak: StreakState | None


def wrap(past: Past, year: int, settings: StreakSettings) -> Year:
    """Give a user's year. The busiest day, week and month have the most events, the first of equals."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = Counter(event.day for event in past.events if first <= event.day <= last)
    busiest, active = {}, {}
    for frequency in Frequency:
        counted: Counter[int] = Counter()
        for day, count in days.items():
            counted[period_start(frequency, day, settings.week_start)] += count
        active[frequency] = len(counted)
        start = min(counted, key=lambda each: (-counted[each], each)) if counted else first
        start = period_start(frequency, start, settings.week_start)
        busiest[frequency] = span(past, start, period_end(frequency, start))
    return Year(
        active[Frequency.DAILY],
        active[Frequency.WEEKLY],
        active[Frequency.MONTHLY],
        busiest[Frequency.DAILY],
        busiest[Frequency.WEEKLY],
        busiest[Frequency.MONTHLY],
        span(past, first, last),
        _longest(past, first, last, settings),
    )


def span(past: Past, first: int, last: int) -> Span:
    """Give what happened from one day to another, both included."""
    plain: dict[int, list[tuple[int, int]]] = defaultdict(list)
    parted: dict[tuple[int, Pair], list[tuple[int, int]]] = defaultdict(list)
    for event in past.events:
        plain[event.metric].append((event.day, event.value))
        for pair in event.attributes.items():
            parted[event.metric, pair].append((event.day, event.value))
    values: dict[int, dict[Pair, Change]] = {}
    for (metric, pair), moves in parted.items():
        if (moved := _change(moves, first, last)) is not None:
            values.setdefault(metric, {})[pair] = moved
    metrics = _changes(plain, first, last)
    points = _changes(_points(past), first, last)
    return Span(first, last, metrics, values, points, _done(past, first, last), _best(past, first, last))


def _changes(moves: Mapping[int, list[tuple[int, int]]], first: int, last: int) -> dict[int, Change]:
    found = ((number, _change(several, first, last)) for number, several in moves.items())
    return {number: moved for number, moved in found if moved is not None}


def _change(moves: Iterable[tuple[int, int]], first: int, last: int) -> Change | None:
    """Give the change in a span; None when nothing happened in it."""
    total = change = count = 0
    for day, value in moves:
        if day <= last:
            total += value
            if day >= first:
                change += value
                count += 1
    return Change(total, change) if count else None


def _points(past: Past) -> dict[int, list[tuple[int, int]]]:
    moves: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (system, day), change in past.points.items():
        moves[system].append((day, change))
    return moves


def _done(past: Past, first: int, last: int) -> list[Completion]:
    done = [each for day, each in past.completions if first <= day <= last]
    return sorted(done, key=lambda each: (each.at, each.achievement))


def _best(past: Past, first: int, last: int) -> dict[int, tuple[int, int, int]]:
    best: dict[int, tuple[int, int, int]] = {}
    for board, run, day, rank, score in past.ranks:
        if rank is not None and first <= day <= last and (board not in best or rank < best[board][1]):
            best[board] = (run, rank, score)
    return best


def _longest(past: Past, first: int, last: int, settings: StreakSettings) -> LongestStreak:
    rows = [row for row in past.periods if row.frequency is settings.frequency]
    best = LongestStreak(0)
    for link in chain(rows, settings, past.streak):
        if first <= link.row.day <= last and link.state.length > best.length:
            start = period_start(settings.frequency, link.state.started, settings.week_start)
            end = period_end(settings.frequency, link.row.period)
            best = LongestStreak(link.state.length, link.state.started, start, end)
    return best
