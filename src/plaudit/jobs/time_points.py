"""Awards the points that time brings, found by an indexed column of due instants; late runs catch up."""

from collections.abc import Callable
from itertools import groupby

from plaudit.operations.pass_time import award_time
from plaudit.operations.record_events import Note
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Store

STEP = 50
"""Users per transaction, so that their locks are held briefly."""


async def time_points(
    store: Store,
    rulebooks: Rulebooks,
    clock: Callable[[], int],
    new_id: Callable[[int], bytes],
    note: Note | None = None,
) -> int:
    """Award every instant that has come; gives the number of awards.

    The instant moves in the transaction of its award, under the user's lock, so it pays once. ``note``
    hears of it afterwards.
    """
    awarded = 0
    while people := await store.points.due(clock(), STEP):
        people.sort(key=lambda who: who.environment)
        for _, group in groupby(people, key=lambda who: who.environment):
            awarded += await award_time(store.ledger, rulebooks, list(group), clock(), new_id, note)
    return awarded
