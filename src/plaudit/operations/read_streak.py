"""Reads streaks: one user's with its past periods, and many users' ranked.

Refuses stored lengths that are over: a streak reads as it stands at the moment asked for.
"""

from collections.abc import Sequence

from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.streaks import HistoryPeriod, StreakView, current, history
from plaudit.model.state import Identity, StreakPause
from plaudit.operations.read_user import PAUSES, read_known, view_kept
from plaudit.storage.port import Ledger


async def read_streak(
    ledger: Ledger, rulebook: Rulebook, who: Identity, now: int, periods: int
) -> tuple[StreakView, tuple[HistoryPeriod, ...], tuple[StreakPause, ...]]:
    """Give a user's streak, its last periods, oldest first, up to the current one, and pauses not over yet.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    snapshot, user = await read_known(ledger, who, PAUSES if periods else None)
    past = history(rulebook.streaks, snapshot, now, periods) if periods else ()
    today = local_day(now, zone_of(user.tz))
    pauses = () if snapshot.details is None else snapshot.details.pauses
    ahead = tuple(pause for pause in pauses if pause.last >= today)
    return current(rulebook.streaks, snapshot, now), past, ahead


async def rank_streaks(
    ledger: Ledger, rulebook: Rulebook, who: Sequence[Identity], now: int
) -> list[tuple[str, StreakView]]:
    """Give users with their streaks, longest first; users nobody knows have none.

    Equal streaks keep the order in which they were asked for.

    Raises:
        Unavailable: the database cannot be read.
    """
    snapshots = await view_kept(ledger, who, None)
    streaks = [(each.who.user_id, current(rulebook.streaks, each, now)) for each in snapshots]
    return sorted(streaks, key=lambda pair: -pair[1].length)
