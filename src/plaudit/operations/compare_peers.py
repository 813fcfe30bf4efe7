"""Tells how a user's year compares with everybody's: the percentile ranks of weeks, months and years.

How everybody did in a span of days is read at most every ten minutes, and visits every user (100,000 with 30
active days each: 0.15 to 0.4 s of another core). Refuses to read two at a time, to keep without bound, and to
let a page wait for long: what is still being counted then is left out, and there for the next page.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.percentiles import percentile
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.wrapped import Change, Pair, Span, Year
from plaudit.model.spreads import Spread
from plaudit.operations.readings import Readings
from plaudit.storage.peers_port import Days, Peers, Place

KEPT = 600_000
"""Milliseconds for which a reading is taken as it is; then it is used until the next one is done."""

PATIENCE = 1.0
"""Seconds a page waits for what nobody has asked for yet."""

MOST_NUMBERS = 2_000_000
"""Numbers kept at once (about 40 bytes each); readings longest not asked for go first."""

Name = tuple[str, int, str, str]
Key = tuple[Place, Days, Name]
Read = Callable[[], Awaitable[list[Spread]]]


class _Known(Struct):
    at: int
    spread: Spread


class Comparer:
    """Remembers the spreads asked for last; one per process."""

    def __init__(self, most: int = MOST_NUMBERS, patience: float = PATIENCE) -> None:
        """Start empty; ``most`` bounds the memory, and ``patience`` is in seconds."""
        self._most = most
        self._patience = patience
        self._held = 0
        self._known: OrderedDict[Key, _Known] = OrderedDict()
        self._readings: Readings[Key, None] = Readings()

    async def compare(self, peers: Peers, rulebook: Rulebook, place: Place, year: Year, now: int) -> Year:
        """Give a year with percentile ranks in its busiest week and month, and in the whole of it.

        Raises:
            Unavailable: the database cannot be read.
        """
        spans = (year.week, year.month, year.whole)
        asked = [self._ask(peers, rulebook, place, span, now) for span in spans]
        waited = {task for tasks in asked for task in tasks}
        if waited:
            done, _ = await asyncio.wait(waited, timeout=self._patience)
            for task in done:
                task.result()
        week, month, whole = (self._ranked(rulebook, place, span) for span in spans)
        return replace(year, week=week, month=month, whole=whole)

    async def close(self) -> None:
        """Give up what is still being counted."""
        await self._readings.give_up()

    def _ask(
        self, peers: Peers, rulebook: Rulebook, place: Place, span: Span, now: int
    ) -> list[asyncio.Task[None]]:
        """Begin to read what is not known of a span, or too old; gives what a page has to wait for."""
        days = (span.first, span.last)
        waited = []
        for number in span.metrics:
            measure = rulebook.metrics_by_number[number].plain.number
            read = partial(_alone, peers.of_measure, place, measure, days)
            waited += self.ask([_key(place, days, "measure", measure)], read, now)
        for number in span.points:
            read = partial(_alone, peers.of_points, place, number, days)
            waited += self.ask([_key(place, days, "points", number)], read, now)
        valued = [(metric, *pair) for metric, parts in span.values.items() for pair in parts]
        valued = [each for each in valued if not self._fresh(_key(place, days, "value", *each), now)]
        if valued:
            keys = [_key(place, days, "value", *each) for each in valued]
            waited += self.ask(keys, partial(peers.of_values, place, valued, days), now)
        return waited

    def ask(self, keys: list[Key], read: Read, now: int) -> list[asyncio.Task[None]]:
        """Begin a reading, unless it is fresh or on its way; gives the tasks that bring what is not known."""
        coming = {key: self._readings.of(key) for key in keys}
        if all(self._fresh(key, now) or task is not None for key, task in coming.items()):
            return [task for key, task in coming.items() if task is not None and key not in self._known]
        task = self._readings.begin(keys, partial(self._read, keys, read, now))
        return [task] if any(key not in self._known for key in keys) else []

    async def _read(self, keys: list[Key], read: Read, now: int) -> None:
        for key, spread in zip(keys, await read(), strict=True):
            self._keep(key, spread, now)

    def _fresh(self, key: Key, now: int) -> bool:
        known = self._known.get(key)
        return known is not None and now - known.at < KEPT

    def _keep(self, key: Key, spread: Spread, now: int) -> None:
        old = self._known.pop(key, None)
        self._held += spread.size - (0 if old is None else old.spread.size)
        self._known[key] = _Known(now, spread)
        while self._held > self._most and len(self._known) > 1:
            self._held -= self._known.popitem(last=False)[1].spread.size

    def _ranked(self, rulebook: Rulebook, place: Place, span: Span) -> Span:
        def rank(moved: Change, kind: str, number: int, *pair: str) -> Change:
            key = _key(place, (span.first, span.last), kind, number, *pair)
            known = self._known.get(key)
            if known is None:
                return moved
            self._known.move_to_end(key)
            return replace(moved, percentile=percentile(known.spread, moved.change))

        measures = {number: rulebook.metrics_by_number[number].plain.number for number in span.metrics}
        values: dict[int, dict[Pair, Change]] = {
            metric: {pair: rank(moved, "value", metric, *pair) for pair, moved in parts.items()}
            for metric, parts in span.values.items()
        }
        return replace(
            span,
            metrics={n: rank(moved, "measure", measures[n]) for n, moved in span.metrics.items()},
            points={n: rank(moved, "points", n) for n, moved in span.points.items()},
            values=values,
        )


def _key(place: Place, days: Days, kind: str, number: int, attribute: str = "", value: str = "") -> Key:
    return (place, days, (kind, number, attribute, value))


async def _alone(
    read: Callable[[Place, int, Days], Awaitable[Spread]], place: Place, number: int, days: Days
) -> list[Spread]:
    return [await read(place, number, days)]
