"""Reads one user as stored.

Refuses to create: an unknown user is an error here.
"""

from plaudit.model.errors import Code, PlauditError
from plaudit.model.state import Depth, Identity, Snapshot, UserState
from plaudit.storage.port import Ledger

COMPLETIONS = Depth()
"""The depth that reads what a user has completed."""


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
    (snapshot,) = await ledger.view((who,), depth)
    if snapshot.user is None:
        raise PlauditError(Code.UNKNOWN_USER, id=who.user_id)
    return snapshot, snapshot.user
