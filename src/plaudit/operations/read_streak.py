"""Reads streaks: one user's with its past periods, and many users' ranked.

Refuses stored lengths that are over: a streak reads as it stands at the moment asked for.
"""

from collections.abc import Sequence

from plaudit.engine.rulebook import Rulebook
from plaudit.engine.streaks import HistoryPeriod, StreakView, current, history
from plaudit.model.state import Depth, Identity
from plaudit.operations.read_user import read_known
from plaudit.storage.port import Ledger

PERIODS = Depth(periods=True)


async def read_streak(
    ledger: Ledger, rulebook: Rulebook, who: Identity, now: int, periods: int
) -> tuple[StreakView, tuple[HistoryPeriod, ...]]:
    """Give a user's streak and its last periods, oldest first, up to the current one.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    snapshot, _ = await read_known(ledger, who, PERIODS if periods else None)
    past = history(rulebook.streaks, snapshot, now, periods) if periods else ()
    return current(rulebook.streaks, snapshot, now), past


async def rank_streaks(
    ledger: Ledger, rulebook: Rulebook, who: Sequence[Identity], now: int
) -> list[tuple[str, StreakView]]:
    """Give users with their streaks, longest first; users nobody knows have none.

    Equal streaks keep the order in which they were asked for.

    Raises:
        Unavailable: the database cannot be read.
    """
    snapshots = await ledger.view(who, None)
    streaks = [(each.who.user_id, current(rulebook.streaks, each, now)) for each in snapshots]
    return sorted(streaks, key=lambda pair: -pair[1].length)
