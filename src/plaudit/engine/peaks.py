"""Peaks: when a running value first reached a level, found by bisection.

Refuses to know whether the value is a total or a streak length.
"""

from bisect import bisect_left
from collections.abc import Mapping

from msgspec import Struct

from plaudit.model.state import DayChange


class Peaks(Struct, frozen=True):
    """The instants (Unix ms) at which a running value first reached a new high, ascending."""

    levels: list[int]
    ats: list[int]

    def reached(self, level: int) -> int | None:
        """Give the instant at which the value first was ``level`` or more, if it ever was."""
        place = bisect_left(self.levels, level)
        return self.ats[place] if place < len(self.ats) else None


def peaks_of(days: Mapping[int, DayChange], start: int = 0) -> Peaks:
    """Walk the days of a measure from a value, noting each new high with its day's last event time."""
    total, levels, ats = start, [start], [0]
    for day in sorted(days):
        total += days[day].change
        if total > levels[-1]:
            levels.append(total)
            ats.append(days[day].last_at)
    return Peaks(levels[1:], ats[1:])
