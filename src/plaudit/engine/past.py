"""A user's past: when each measure and each streak length was first reached.

Refuses decisions: it only folds rollup days and periods, each at most once.
"""

from collections.abc import Mapping
from functools import cached_property

from plaudit.engine.peaks import Peaks, peaks_of
from plaudit.engine.preferences import settings_for
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.runs import lengths_reached
from plaudit.model.catalog import Frequency
from plaudit.model.state import Completion, DayChange, Details, MeasureTotal, StreakState, UserState


class Past:
    """A user read with every detail. ``completions`` grows while the past is settled; ``now`` is Unix ms."""

    def __init__(
        self,
        rulebook: Rulebook,
        user: UserState,
        totals: dict[int, MeasureTotal],
        days: dict[int, dict[int, DayChange]],
        streaks: Mapping[Frequency, StreakState],
        details: Details,
        now: int,
    ) -> None:
        """Keep what was read."""
        self.user = user
        self.totals = totals
        self.days = days
        self.now = now
        self.completions: dict[int, Completion] = dict(details.completions)
        self.revoked = details.revoked
        self._settings = settings_for(rulebook.streaks, user)
        self._streak = streaks.get(rulebook.streaks.frequency)
        self._periods = details.periods
        self._peaks: dict[int, Peaks] = {}

    def peaks(self, measure: int) -> Peaks:
        """Give when a measure first reached which total, to the day."""
        if measure not in self._peaks:
            self._peaks[measure] = peaks_of(self.days.get(measure, {}))
        return self._peaks[measure]

    @cached_property
    def lengths(self) -> Peaks:
        """When each streak length was first reached, at the settings' frequency."""
        rows = [row for row in self._periods if row.frequency is self._settings.frequency]
        return lengths_reached(rows, self._settings, self._streak)
