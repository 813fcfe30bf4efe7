"""Lets local midnight come for streaks: freezes used or earned, pauses applied, losses noticed.

Whoever is due is found by an indexed column. Exactly once: each user is decided under the user's lock,
and what was noticed is written in the same transaction, so a second worker finds nothing to do.
"""

from collections.abc import Callable

from plaudit.model.commands import KeepStreak
from plaudit.operations.record_events import Note, record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Store

STEP = 100
"""Users per transaction, so that ingest is never blocked for long."""


async def expire_streaks(
    store: Store,
    rulebooks: Rulebooks,
    clock: Callable[[], int],
    new_id: Callable[[int], bytes],
    note: Note | None = None,
) -> int:
    """Let the time pass for every user whose streak or freezes are due; gives how many there were.

    ``note`` hears of each group afterwards.
    """
    seen = 0
    last: set[bytes] = set()
    while people := await store.ledger.streaks_due(clock(), STEP):
        subjects = {who.subject for who in people}
        if subjects == last:
            break  # nobody moved: another beat will try again
        last = subjects
        now = clock()
        commands = [KeepStreak(new_id(now), who, now) for who in people]
        answers = await record(store.ledger, rulebooks, commands)
        if note is not None:
            note(commands, answers)
        seen += len(people)
    return seen
