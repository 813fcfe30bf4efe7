"""Forgets sessions and links that are over, and attempts to log in that count no more.

Refuses to end what still holds.
"""

from plaudit.operations.sessions import ABSOLUTE, IDLE
from plaudit.storage.port import Store


async def forget_sessions(store: Store, now: int) -> None:
    """Clear away what is over by ``now`` (Unix ms)."""
    async with store.members.desk() as desk:
        await desk.prune(now, now - ABSOLUTE, now - IDLE)
