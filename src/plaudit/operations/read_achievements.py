"""Reads achievements: the ones anybody can earn, and those of one user with progress.

Refuses inactive ones, which are never listed; locked ones are listed only for those who have them.
"""

from collections.abc import Mapping

from plaudit.engine.progress import Standing, standings
from plaudit.engine.rulebook import AchievementRule, Rulebook, visible
from plaudit.model.state import COMPLETIONS, Identity, Stamp
from plaudit.operations.read_user import read_known
from plaudit.storage.port import Ledger


def list_achievements(rulebook: Rulebook, attributes: Mapping[str, str] | None) -> list[AchievementRule]:
    """Give the active achievements; with ``attributes``, only what a user with them could earn."""
    return [
        rule
        for rule in rulebook.achievements.values()
        if rule.active and (attributes is None or visible(rule, attributes))
    ]


async def read_achievements(
    ledger: Ledger, rulebook: Rulebook, who: Identity, now: int, *, incomplete: bool
) -> list[Standing]:
    """Give what a user has earned and, if asked, what the user can still earn.

    Args:
        ledger: where to read.
        rulebook: the definitions of the user's environment.
        who: the user.
        now: the clock reading, in Unix milliseconds; streak progress depends on it.
        incomplete: whether to list what is not earned yet.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    snapshot, user = await read_known(ledger, who, COMPLETIONS)
    return standings(rulebook, snapshot, user, now, incomplete=incomplete)


def lasts_until(stamp: Stamp, now: int) -> int | None:
    """Give when time alone next changes a standing (Unix ms): a streak lost, an anniversary come.

    A streak whose missed periods nobody has written down yet changes with any of them: nothing lasts.
    """
    if stamp.length and stamp.expires_at is not None and stamp.expires_at <= now:
        return now
    ends = [at for at in (stamp.expires_at, stamp.anniversary_at) if at is not None and at > now]
    return min(ends, default=None)
