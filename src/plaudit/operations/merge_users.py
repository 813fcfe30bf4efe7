"""The acts of merging one user into another, and of taking a user's name away: each one transaction.

Refuses to do half: a crash leaves both users as they were, and a merge asked for again is told it is done.
"""

import json

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.draft import EVERYTHING
from plaudit.engine.history import settle
from plaudit.engine.merge import Life, Merged, merge
from plaudit.engine.rulebook import Rulebook
from plaudit.model.actions import Action, user_target
from plaudit.model.errors import Code, PlauditError
from plaudit.model.outcome import (
    CompletionWrite,
    Erasure,
    EventWrite,
    MergeWrite,
    PauseWrite,
    PeriodWrite,
    Scope,
    StreakWrite,
    UserWrite,
    Writes,
)
from plaudit.model.points import PointsState
from plaudit.model.state import Identity, NewestDay, Snapshot
from plaudit.model.tally import tally_of
from plaudit.operations.day_writes import moves_of, put_days
from plaudit.operations.edit_batch import Editor
from plaudit.operations.leave_boards import Staying, leave_boards
from plaudit.operations.points_writes import put_awards
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.warm_rankings import warmed
from plaudit.storage.port import Transaction

FOREVER = 2**62
"""An instant (Unix ms) after every other."""


class MergeResult(Struct, frozen=True):
    """What a merge came to; ``already``: it was done before, and nothing was done now."""

    events: int = 0
    duplicates: int = 0
    achievements: int = 0
    already: bool = False


@warmed
async def merge_users(
    editor: Editor, rulebooks: Rulebooks, source: Identity, target: Identity, *, nameless: bool = False
) -> MergeResult:
    """Let ``source`` become part of ``target``, in one transaction.

    Args:
        editor: who asks, and when.
        rulebooks: the definitions.
        source: the user who goes.
        target: the user who stays; it must exist, unless ``nameless``.
        nameless: take everything away that names the user, its idempotency keys included.

    Raises:
        PlauditError: ``SAME_USER``, or ``UNKNOWN_USER`` for either of them.
        Unavailable: the database cannot be written; nothing was changed.
    """
    if source.subject == target.subject:
        raise PlauditError(Code.SAME_USER)
    ordered = sorted((source, target), key=lambda who: who.subject)
    async with editor.store.ledger.transaction() as tx:
        found = {s.who: s for s in await tx.snapshots_for(ordered, [])}
        versions = await tx.versions([source.environment])
        book = await rulebooks.at(source.environment, versions[source.environment])
        rulebook = book.seen_by(target.tenant)
        if found[source].user is None and await tx.merge_of(source.subject) == target.subject:
            return MergeResult(already=True)
        for who in (source,) if nameless else (source, target):
            if found[who].user is None:
                raise PlauditError(Code.UNKNOWN_USER, id=who.user_id)
        into, other = [await _life(editor, tx, found[who]) for who in (target, source)]
        merged = merge(rulebook, into, _nameless(other) if nameless else other, editor.now)
        writes = Writes()
        await _write(editor, tx, rulebook, merged, (into, other), writes)
        writes.revocations.extend(await _still_revoked(tx, merged, source, target))
        scope = Scope.EVERYTHING if nameless else Scope.RECORDS
        writes.erased.append(Erasure(source, _held(other), scope))
        if into.snapshot.user is not None:
            writes.erased.append(Erasure(target, _held(into), Scope.CORE))
        if not nameless:
            writes.merged.append(MergeWrite(source.subject, target.subject, editor.now))
        result = MergeResult(
            len(other.events) - merged.duplicates, merged.duplicates, len(writes.completions)
        )
        writes.actions.append(_action(editor, source, target, result, nameless=nameless))
        await tx.apply(writes)
    return result


async def _life(editor: Editor, tx: Transaction, shallow: Snapshot) -> Life:
    """Read everything of a user that is locked, so that what other connections see is what there is."""
    if shallow.user is None:
        return Life(shallow, (), {}, ())
    (snapshot,) = await tx.deepen([(shallow, EVERYTHING)])
    subject = shallow.who.subject
    awards = (await editor.store.points.of_user(subject)).awards
    return Life(snapshot, await tx.events_of(subject), await tx.keys_of(subject), awards)


def _nameless(life: Life) -> Life:
    user = life.snapshot.user
    assert user is not None  # noqa: S101 - checked by the caller
    user = replace(user, email=None, name=None, device_tokens=(), subscribe_to_emails=False)
    events = [replace(event, key=None) for event in life.events]
    return Life(replace(life.snapshot, user=user), events, {}, life.awards)


def _held(life: Life) -> tuple[int, ...]:
    return tuple(life.snapshot.details.completions) if life.snapshot.details else ()


async def _write(
    editor: Editor,
    tx: Transaction,
    rulebook: Rulebook,
    merged: Merged,
    lives: tuple[Life, Life],
    writes: Writes,
) -> None:
    """Write the one user anew, with what it newly meets, silently, as by back-dating."""
    _, other = lives
    settled = settle(rulebook, merged.snapshot, None, editor.now, editor.new_id(editor.now))
    after = settled.after
    staying = Staying(after, merged.events, merged.awards)
    scores = await leave_boards(tx, rulebook, [other.snapshot.who], staying, editor.now, writes)
    who, details = merged.snapshot.who, after.details
    assert after.user is not None and details is not None  # noqa: S101, PT018 - both were made just now
    subject = who.subject
    points, points_days = _points(subject, merged, writes)
    newest = put_days(subject, {}, moves_of(details.days), writes)
    tally = tally_of(replace(after, points=points), scores, newest, points_days)
    writes.users.append(UserWrite(who, after.user, created=True, profile=True, tally=tally))
    writes.streaks.extend(StreakWrite(subject, frequency, it) for frequency, it in after.streaks.items())
    writes.periods.extend(PeriodWrite(subject, row) for row in details.periods)
    writes.events.extend(EventWrite(subject, e, merged.fingerprints.get(e.seq)) for e in merged.events)
    writes.completions.extend(CompletionWrite(who, done) for done in details.completions.values())
    writes.pauses.extend(PauseWrite(subject, pause) for pause in merged.pauses)
    dues = await tx.dues_of([other.snapshot.who.subject], FOREVER)
    writes.new_dues.extend((subject, *due) for due in dues[other.snapshot.who.subject])


async def _still_revoked(
    tx: Transaction, merged: Merged, source: Identity, target: Identity
) -> list[tuple[bytes, int, bytes, int]]:
    """Give what was taken back from either and not earned by the other: an administrator's word stays."""
    details = merged.snapshot.details
    if details is None or not details.revoked:
        return []
    known = await tx.revocations_of(source.subject) | await tx.revocations_of(target.subject)
    return [(target.subject, number, *known[number]) for number in sorted(details.revoked)]


def _points(
    subject: bytes, merged: Merged, writes: Writes
) -> tuple[dict[int, PointsState], dict[int, NewestDay]]:
    """Write the awards, and give the points they lead to and the newest day of each system."""
    states = {award.system: PointsState(award.total, award.n) for award in merged.awards}
    return states, put_awards(subject, merged.awards, {}, writes)


def _action(
    editor: Editor, source: Identity, target: Identity, result: MergeResult, *, nameless: bool
) -> Action:
    told: dict[str, object] = {"events": result.events, "duplicates": result.duplicates}
    if not nameless:
        told["into"] = user_target(target.subject)
    verb = "anonymise" if nameless else "merge"
    where = user_target(source.subject)
    return Action(source.environment, editor.now, editor.actor, verb, where, json.dumps(told))


__all__ = ["MergeResult", "merge_users"]
