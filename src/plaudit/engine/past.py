"""A user's past: when each measure and each streak length was first reached.

Refuses decisions: it only folds rollup days and periods, each at most once.
"""

from plaudit.engine.peaks import Peaks, peaks_of
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.runs import lengths_reached
from plaudit.model.state import Completion, DayChange, Snapshot, StreakPeriod, UserState


class Past:
    """A user read with every detail: all rollup days, all periods, all completions."""

    def __init__(
        self,
        rulebook: Rulebook,
        user: UserState,
        snapshot: Snapshot,
        completions: dict[int, Completion],
        days: dict[int, dict[int, DayChange]],
        periods: tuple[StreakPeriod, ...],
        now: int,
    ) -> None:
        """Keep what was read. ``completions`` may grow while the past is settled; ``now`` is Unix ms."""
        frequency = rulebook.streaks.frequency
        rows = [row for row in periods if row.frequency is frequency]
        self.user = user
        self.completions = completions
        self.now = now
        self.lengths = lengths_reached(rows, rulebook.streaks, snapshot.streaks.get(frequency))
        self._days = days
        self._peaks: dict[int, Peaks] = {}

    def peaks(self, measure: int) -> Peaks:
        """Give when a measure first reached which total, to the day."""
        if measure not in self._peaks:
            self._peaks[measure] = peaks_of(self._days.get(measure, {}))
        return self._peaks[measure]
