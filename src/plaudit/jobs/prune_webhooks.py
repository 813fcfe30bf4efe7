"""Clears away webhook messages that have arrived, and what is known of old deliveries.

Refuses to touch what is still on its way.
"""

from collections.abc import Callable

from plaudit.model.ids import uuid7
from plaudit.storage.port import Store

DAY = 86_400_000

ATTEMPT_DAYS = 30
"""Days for which deliveries, their attempts, and the messages of failed ones are kept."""

STEP = 500


async def prune_webhooks(store: Store, clock: Callable[[], int], message_days: int) -> int:
    """Clear away what is old in every environment; gives how many rows went.

    Args:
        store: whose outbox is cleared.
        clock: gives Unix milliseconds.
        message_days: days for which the payload of a delivered message is kept, for replays.
    """
    gone = 0
    kept = max(ATTEMPT_DAYS, message_days)
    for environment in await store.catalog.environments():
        now = clock()
        oldest = now - kept * DAY
        messages = now - message_days * DAY
        bounds = (environment.number, messages, oldest, uuid7(oldest, bytes(10)), STEP)
        while went := await store.outbox.prune(*bounds):
            gone += went
    return gone
