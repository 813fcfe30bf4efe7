"""Reads achievements: the ones anybody can earn, and those of one user with progress.

Refuses inactive ones, which are never listed; locked ones are listed only for those who have them.
"""

from collections.abc import Mapping

from msgspec import Struct

from plaudit.engine.progress import Standing, standings
from plaudit.engine.rulebook import AchievementRule, Rulebook, visible
from plaudit.model.state import Identity
from plaudit.operations.read_user import COMPLETIONS, read_known
from plaudit.storage.port import Ledger


class UserAchievements(Struct, frozen=True):
    """A user's achievements, and the counts that rarity follows from (users under 0)."""

    items: list[Standing]
    counts: dict[int, int]


def list_achievements(rulebook: Rulebook, attributes: Mapping[str, str] | None) -> list[AchievementRule]:
    """Give the active achievements; with ``attributes``, only what a user with them could earn."""
    return [
        rule
        for rule in rulebook.achievements.values()
        if rule.active and (attributes is None or visible(rule, attributes))
    ]


async def read_achievements(
    ledger: Ledger, rulebook: Rulebook, who: Identity, now: int, *, incomplete: bool
) -> UserAchievements:
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
    counts = await ledger.counts(who.environment, who.tenant)
    return UserAchievements(standings(rulebook, snapshot, user, now, incomplete=incomplete), counts)
