"""How long a live streak still lasts if nothing more happens: over pauses and the freezes held now.

Refuses promises: freezes not earned yet are left out, and what admins may change is taken as it is.
"""

from collections.abc import Sequence
from datetime import date

from plaudit.engine.periods import next_period, period_end, period_start
from plaudit.model.catalog import StreakSettings
from plaudit.model.state import StreakPause, UserState

_LAST = date(9990, 1, 1).toordinal()
"""No day after it is looked at."""


def last_day(settings: StreakSettings, user: UserState, pauses: Sequence[StreakPause], day: int) -> int:
    """Give the last local day (ordinal) on which a streak can still be extended.

    Args:
        settings: those that hold for the user.
        user: whose freezes count.
        pauses: of the user, as far as they were read.
        day: the last day before the next period is missed.
    """
    freezes = user.freezes if settings.freezes is not None else 0
    ahead = user.paused_until is not None and user.paused_until >= period_start(
        settings.frequency, day, settings.week_start
    )
    while (freezes > 0 or ahead) and day < _LAST:
        over = _paused(settings, pauses, day) if ahead else None
        if over is None and freezes <= 0:
            break
        freezes -= over is None
        start = period_start(settings.frequency, day if over is None else over, settings.week_start)
        day = period_end(settings.frequency, next_period(settings.frequency, start, settings.days_off))
    return day


def _paused(settings: StreakSettings, pauses: Sequence[StreakPause], end: int) -> int | None:
    """Give the last day of the pause that covers the period which ends on a day, if one does."""
    start = period_start(settings.frequency, end, settings.week_start)
    covering = (pause.last for pause in pauses if pause.first <= end and pause.last >= start)
    return max((max(end, min(last, _LAST)) for last in covering), default=None)
