"""The act behind time triggers of points: what fell due for some users is awarded, exactly once.

Refuses to trust the sweep that named the users: what is due is read again under their locks.
"""

from collections.abc import Callable, Sequence

from plaudit.model.commands import Command, PassTime
from plaudit.model.outcome import Outcome
from plaudit.model.state import Identity
from plaudit.operations.announce_outcomes import announce_outcomes
from plaudit.operations.record_events import Note, decide
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.warm_rankings import warmed
from plaudit.operations.writes import gather
from plaudit.storage.port import Ledger


@warmed
async def award_time(
    ledger: Ledger,
    rulebooks: Rulebooks,
    people: Sequence[Identity],
    now: int,
    new_id: Callable[[int], bytes],
    note: Note | None = None,
) -> int:
    """Award users what the time has brought by ``now`` (Unix ms); gives the number of awards.

    ``note`` hears of it after the commit.

    Raises:
        Unavailable: the database cannot be written; nothing of these users was stored.
    """
    people = sorted(people, key=lambda who: who.subject)
    async with ledger.transaction() as tx:
        await tx.snapshots_for(people, [])
        dues = await tx.dues_of([who.subject for who in people], now)
        groups: list[list[Command]] = [
            [PassTime(new_id(now), who, now, tuple(due))] for who in people if (due := dues[who.subject])
        ]
        folds = await decide(tx, rulebooks, groups) if groups else []
        lasting = [(before, [each for each in given if type(each) is Outcome]) for before, given in folds]
        writes = gather(lasting)
        told = ((before.who, outcomes, now) for before, outcomes in lasting)
        announce_outcomes(rulebooks, told, writes)
        await tx.apply(writes)
    if note is not None:
        for commands, (_, given) in zip(groups, folds, strict=True):
            note(commands, given)
    return sum(len(outcome.awards) for _, given in lasting for outcome in given)
