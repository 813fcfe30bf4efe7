"""Puts messages into the outbox that no command caused: about an environment, or found due by a job.

Refuses to tell the same thing twice by itself; its callers keep a row that says what was told.
"""

from collections.abc import Sequence

from plaudit.model.outcome import Writes
from plaudit.model.state import Identity
from plaudit.model.webhooks import Posting
from plaudit.storage.port import Ledger


async def post_messages(ledger: Ledger, who: Identity, postings: Sequence[Posting]) -> None:
    """Put messages about one subject into the outbox, in order, in a transaction of their own.

    Raises:
        Unavailable: the database cannot be written; nothing was put.
    """
    async with ledger.transaction() as tx:
        await tx.snapshots_for([who], [])
        await tx.apply(Writes(outbox=list(postings)))
