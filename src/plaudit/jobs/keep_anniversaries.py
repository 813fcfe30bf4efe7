"""Completes anniversary achievements at each user's local midnight, found by an indexed column.

Each user is decided like any other command, under the user's lock, so what an anniversary brings
(composites, points, messages) is written with it, once.
"""

from collections.abc import Callable

from plaudit.model.commands import IdentifyUser
from plaudit.operations.record_events import Note, record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Store

STEP = 50
"""Users per transaction, so that ingest is never blocked for long."""


async def keep_anniversaries(
    store: Store,
    rulebooks: Rulebooks,
    clock: Callable[[], int],
    new_id: Callable[[int], bytes],
    note: Note | None = None,
) -> int:
    """Let the anniversary of every user come whose time it is; gives how many there were.

    Deciding also moves the user's ``anniversary_at`` to the next year. ``note`` hears of it afterwards.
    """
    seen = 0
    last: set[bytes] = set()
    while people := await store.ledger.anniversaries_due(clock(), STEP):
        subjects = {who.subject for who in people}
        if subjects == last:
            break  # nobody moved: another beat will try again
        last = subjects
        now = clock()
        commands = [IdentifyUser(new_id(now), who, now, must_exist=True) for who in people]
        answers = await record(store.ledger, rulebooks, commands)
        if note is not None:
            note(commands, answers)
        seen += len(people)
    return seen
