"""Reads one user as stored.

Refuses to create: an unknown user is an error here.
"""

from collections.abc import Sequence

from plaudit.model.errors import Code, PlauditError
from plaudit.model.state import Depth, Identity, Snapshot, UserState
from plaudit.storage.port import Ledger

PAUSES = Depth(periods=True)
"""The depth that reads streak pauses, and the periods they bridged."""


async def read_user(ledger: Ledger, who: Identity) -> UserState:
    """Give a user's row.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    _, user = await read_known(ledger, who, None)
    return user


async def read_known(ledger: Ledger, who: Identity, depth: Depth | None) -> tuple[Snapshot, UserState]:
    """Read the snapshot of a user that must exist, and the user in it.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    (snapshot,) = await view_kept(ledger, (who,), depth)
    if snapshot.user is None:
        raise PlauditError(Code.UNKNOWN_USER, id=who.user_id)
    return snapshot, snapshot.user


async def view_kept(ledger: Ledger, who: Sequence[Identity], depth: Depth | None) -> list[Snapshot]:
    """Read snapshots, deep enough that the streaks of users who have pauses read right.

    Raises:
        Unavailable: the database cannot be read.
    """
    found = await ledger.view(who, depth)
    if depth is not None and depth.periods:
        return found
    deeper = PAUSES if depth is None else depth.join(PAUSES)
    paused = [each.who for each in found if each.user is not None and each.user.paused_until is not None]
    again = {each.who.subject: each for each in await ledger.view(paused, deeper)} if paused else {}
    return [again.get(each.who.subject, each) for each in found]
