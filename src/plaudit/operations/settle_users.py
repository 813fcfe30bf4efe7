"""The act behind backdating: complete, silently and at the time it was met, what users already meet.

Refuses to hurry: a few users per transaction, so that ingest is never blocked for long.
"""

from collections.abc import Callable, Sequence

from plaudit.engine.history import Settled, needs_log, settle
from plaudit.engine.points import first_dues
from plaudit.engine.rulebook import Rulebook
from plaudit.model.outcome import CompletionWrite, UserWrite, Writes
from plaudit.model.state import Depth, Identity, Snapshot, UserState
from plaudit.model.tally import tally_of
from plaudit.operations.announce_outcomes import announce_anniversaries
from plaudit.operations.board_writes import Scores
from plaudit.operations.day_writes import moves_of, put_days
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.settle_scores import settle_scores
from plaudit.operations.warm_rankings import warmed
from plaudit.storage.port import Ledger, Transaction

WHOLE = Depth(days_since=1, periods=True)
"""Everything known about a user: settling looks at the whole past."""


@warmed
async def settle_users(
    ledger: Ledger,
    rulebooks: Rulebooks,
    people: Sequence[Identity],
    now: int,
    new_id: Callable[[int], bytes],
) -> int:
    """Settle users of one environment to its newest version; gives the number of completions.

    Raises:
        Unavailable: the database cannot be written; nothing of these users was stored.
    """
    if not people:
        return 0
    people = sorted(people, key=lambda who: who.subject)
    environment = people[0].environment
    writes = Writes()
    async with ledger.transaction() as tx:
        shallow = await tx.snapshots_for(people, [])
        versions = await tx.versions([environment])
        shared = await rulebooks.at(environment, versions[environment])
        deep = await tx.deepen([(snapshot, WHOLE) for snapshot in shallow if snapshot.user is not None])
        for snapshot in deep:
            book = shared.seen_by(snapshot.who.tenant)
            settled = await _settle_one(tx, book, snapshot, now, new_id(now), writes)
            if settled is not None:
                done, after, base_url = settled.completions, settled.after, rulebooks.base_url
                announce_anniversaries(book, snapshot, done, after, now, base_url, writes)
                scores = await settle_scores(tx, book, snapshot, now, writes)
                _write_user(snapshot, settled, scores, writes)
        await tx.apply(writes)
    return len(writes.completions)


async def _settle_one(
    tx: Transaction, book: Rulebook, snapshot: Snapshot, now: int, cause: bytes, writes: Writes
) -> Settled | None:
    if snapshot.user is None:
        return None
    subject = snapshot.who.subject
    events = await tx.events_of(subject) if needs_log(book, snapshot.user) else None
    settled = settle(book, snapshot, events, now, cause)
    writes.completions.extend(CompletionWrite(snapshot.who, done) for done in settled.completions)
    if snapshot.user.settled != book.version:
        writes.settled.append((subject, book.version))
        dues = first_dues(book.points, snapshot.user, now)
        writes.new_dues.extend((subject, trigger, due) for trigger, due in dues)
    return settled


def _write_user(before: Snapshot, settled: Settled, scores: Scores, writes: Writes) -> None:
    old, new = before.user, settled.after.user
    if old is None or new is None:
        return
    planned = _planned(new) != _planned(old)
    newest = put_days(before.who.subject, before.days, moves_of(settled.days), writes)
    if planned or settled.totals or settled.days or scores is not before.scores:
        tally = tally_of(settled.after, scores, newest)
        writes.users.append(UserWrite(before.who, new, created=False, profile=planned, tally=tally))


def _planned(user: UserState) -> tuple[int | None, int | None]:
    return user.anniversary_at, user.freezes_at
