"""How long the engine alone takes to decide one event, with few and with many achievements on the metric.

The user stands in the middle of the thresholds. Refuses storage and HTTP: everything is in memory.
"""

import time
from collections.abc import Sequence
from random import Random
from statistics import median

from msgspec import Struct

from benchmarks.payloads import METRIC
from benchmarks.world import command, goal, progress
from plaudit.engine.evaluate import evaluate
from plaudit.engine.rulebook import Rulebook, compile_rulebook
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Definitions, Environment, Measure, Metric
from plaudit.model.commands import RecordEvent
from plaudit.model.outcome import NeedsDepth, Outcome
from plaudit.model.state import Completion, DayChange, Details, Snapshot

COUNTS = (10, 100, 1_000, 10_000)
"""Numbers of achievements on the metric."""

STEP = 100
"""Whole units from one threshold to the next; events are of 1 to 5."""


class Decided(Struct, frozen=True):
    """Microseconds for one event: one that crosses nothing, and one that completes something."""

    achievements: int
    plain: float
    crossing: float


def measure(*, quick: bool) -> list[Decided]:
    """Measure every number of achievements, in turns so that none has the quieter moments; medians."""
    benches = [Bench(count) for count in COUNTS]
    rounds = 5 if quick else 15
    taken: dict[int, list[tuple[float, float]]] = {count: [] for count in COUNTS}
    for turn in range(rounds):
        for bench in benches:
            taken[bench.count].append((bench.plain(), bench.crossing()))
        progress("deciding", turn + 1, rounds)
    return [
        Decided(count, median(plain for plain, _ in runs), median(crossing for _, crossing in runs))
        for count, runs in taken.items()
    ]


class Bench:
    """A rulebook with a number of achievements, and a user halfway through them."""

    def __init__(self, count: int) -> None:
        """Compile the rulebook and make the user's snapshot."""
        self.count = count
        self.book = rulebook(count)
        first = command(1, 0, 1)
        self._halfway = STEP * (count // 2)
        born = evaluate(self.book, Snapshot(first.who, None, {}, {}, {}), first)
        if isinstance(born, NeedsDepth):
            born = evaluate(
                self.book, Snapshot(first.who, None, {}, {}, {}, Details({}, {}, ()), born.depth), first
            )
        if not isinstance(born, Outcome):
            raise TypeError(f"The engine answered {born} to a first event.")
        self._born = born.after
        self._random = Random(1)

    def plain(self, events: int = 1_000) -> float:
        """Time events that cross nothing; microseconds each."""
        snapshot = self._at(self._halfway + 10)
        commands = [command(1, 0, self._random.randint(1, 5)) for _ in range(events)]
        return self._time([snapshot] * events, commands)

    def crossing(self, events: int = 200) -> float:
        """Time events that complete one achievement, the deeper reading given; microseconds each."""
        snapshot = self._at(self._halfway + STEP - 1)
        commands = [command(1, 0, self._random.randint(1, 5)) for _ in range(events)]
        asked = evaluate(self.book, snapshot, commands[0])
        if isinstance(asked, NeedsDepth):
            snapshot = self._deepen(snapshot, asked)
        return self._time([snapshot] * events, commands)

    def _at(self, total: int) -> Snapshot:
        totals = {n: type(t)(total * MICRO, t.last_at) for n, t in self._born.totals.items()}
        user = self._born.user
        return Snapshot(self._born.who, user, totals, self._born.streaks, {})

    def _deepen(self, snapshot: Snapshot, asked: NeedsDepth) -> Snapshot:
        at = command(1, 0, 1).now
        done = {
            n: Completion(n, bytes(16), at, at, 1)
            for n, rule in self.book.achievements.items()
            if (rule.definition.metric_value or 0) <= self._halfway * MICRO
        }
        days = {
            n: {at // 86_400_000 + 719_163: DayChange(t.total, t.last_at)} for n, t in snapshot.totals.items()
        }
        return Snapshot(
            snapshot.who,
            snapshot.user,
            snapshot.totals,
            snapshot.streaks,
            {},
            Details(done, days, ()),
            asked.depth,
        )

    def _time(self, snapshots: Sequence[Snapshot], commands: Sequence[RecordEvent]) -> float:
        book = self.book
        begun = time.perf_counter()
        for snapshot, each in zip(snapshots, commands, strict=True):
            answer = evaluate(book, snapshot, each)
        taken = time.perf_counter() - begun
        if not isinstance(answer, Outcome):
            raise TypeError(f"The engine answered {answer}.")
        return taken / len(commands) * 1e6


def rulebook(count: int) -> Rulebook:
    """Compile a rulebook with a number of achievements on its one metric."""
    measure = Measure(1, 1, (), 1)
    return compile_rulebook(
        Definitions(
            environment=Environment(1, bytes(16), "bench", "Bench", 1, 1, 0),
            metrics=(Metric(1, bytes(16), METRIC, "Words written", "number", "words", 0),),
            attributes=(),
            measures=(measure,),
            achievements=tuple(goal(n, n * STEP, measure, n) for n in range(1, count + 1)),
        )
    )
