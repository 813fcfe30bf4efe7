"""Completes anniversary achievements at each user's local midnight, found by an indexed column."""

from collections.abc import Callable
from itertools import groupby

from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.settle_users import settle_users
from plaudit.storage.port import Store

STEP = 50


async def keep_anniversaries(
    store: Store, rulebooks: Rulebooks, clock: Callable[[], int], new_id: Callable[[int], bytes]
) -> int:
    """Settle every user whose anniversary has come; gives how many there were.

    Settling also moves the user's ``anniversary_at`` to the next year.
    """
    seen = 0
    while people := await store.ledger.anniversaries_due(clock(), STEP):
        people.sort(key=lambda who: who.environment)
        for _, group in groupby(people, key=lambda who: who.environment):
            await settle_users(store.ledger, rulebooks, list(group), clock(), new_id)
        seen += len(people)
    return seen
