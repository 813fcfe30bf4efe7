"""The act of an audit: every user's derived numbers rebuilt from the event log, and the counters summed.

Refuses to repair and to lock: it reads beside a serving process.
"""

from collections import Counter
from collections.abc import Callable, Mapping

from msgspec import Struct

from plaudit.engine.audit import audit
from plaudit.engine.board_audit import audit_scores
from plaudit.engine.draft import EVERYTHING
from plaudit.engine.points_audit import audit_points
from plaudit.engine.rulebook import Rulebook
from plaudit.model.catalog import Frequency
from plaudit.model.state import Event, Identity, Snapshot, StreakState
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.verify_actions import verify_actions
from plaudit.storage.port import Ledger, Store

PAGE = 200
TRIES = 5
"""Readings of a user who keeps moving, before the audit gives up on that user."""

Counted = Counter[tuple[int, str, int]]
"""``(environment, tenant, achievement)`` to users; achievement 0 counts users."""


class Report(Struct, frozen=True):
    """What an audit saw. ``drifts`` is empty when every number follows from the log.

    ``notes`` names what could not be judged, such as users that kept moving.
    """

    users: int
    events: int
    completions: int
    drifts: list[str]
    notes: list[str]


async def verify(store: Store, now: int, progress: Callable[[int], None] = lambda _: None) -> Report:
    """Audit every user of every environment.

    Args:
        store: the opened database; it may be serving.
        now: Unix milliseconds.
        progress: called with the number of users done since the last call.
    """
    rulebooks = Rulebooks(store.catalog)
    before = await _kept(store)
    counted: Counted = Counter()
    drifts: list[str] = []
    notes: list[str] = []
    events, cursor = 0, b""
    while people := await store.ledger.subjects_after(None, cursor, PAGE):
        cursor = people[-1].subject
        for who in people:
            book = (await rulebooks.get(who.environment)).seen_by(who.tenant)
            events += await _verify_user(store, book, who, now, (drifts, notes, counted))
        progress(len(people))
    drifts += await _count_drifts(store, before, counted, notes)
    drifts += await verify_actions(store.catalog)
    users = sum(count for key, count in counted.items() if key[2] == 0)
    return Report(users, events, counted.total() - users, drifts, notes)


async def _verify_user(
    store: Store, book: Rulebook, who: Identity, now: int, found: tuple[list[str], list[str], Counted]
) -> int:
    drifts, notes, counted = found
    points = await store.points.of_user(who.subject)  # first: every event its awards name is read after it
    read = await _read_still(store.ledger, who)
    if read is None:
        notes.append(f"user {who.user_id} kept moving and was not judged")
        return 0
    snapshot, events = read
    drifts += audit(book, snapshot, events, now)
    rows = await store.ledger.streak_rows(who.subject)
    if snapshot.user is not None:
        drifts += audit_points(snapshot.user, points.states, points.awards, points.days, len(events))
        scores = await store.ledger.boards.scores_of(who.subject)
        found_scores = audit_scores(book, snapshot, events, points.awards, scores, now)
        (again,) = await store.ledger.view([who], None)
        drifts += found_scores if again.user == snapshot.user else []
        drifts += _row_drifts(snapshot, rows) if again.streaks == snapshot.streaks else []
    counted[who.environment, who.tenant, 0] += 1
    for number in snapshot.details.completions if snapshot.details else ():
        counted[who.environment, who.tenant, number] += 1
    return len(events)


def _row_drifts(snapshot: Snapshot, rows: Mapping[Frequency, StreakState]) -> list[str]:
    """Tell which rows, by which jobs find who is due, are not what the tally says."""
    return [
        f"user {snapshot.who.user_id}: the row of the {frequency} streak is not what the user's tally says"
        for frequency in Frequency
        if rows.get(frequency) != snapshot.streaks.get(frequency)
    ]


async def _read_still(ledger: Ledger, who: Identity) -> tuple[Snapshot, list[Event]] | None:
    """Read a user and its log from one moment: again, as long as an event comes between."""
    for _ in range(TRIES):
        (snapshot,) = await ledger.view([who], EVERYTHING)
        events = [event async for event in ledger.history_of(who.subject)]
        if snapshot.user is not None and snapshot.user.seq == len(events):
            return snapshot, events
        (again,) = await ledger.view([who], None)
        if again.user == snapshot.user:
            return snapshot, events  # still, and really different: the audit will say so
    return None


async def _kept(store: Store) -> Counted:
    kept: Counted = Counter()
    tenants: set[tuple[int, str]] = set()
    cursor = b""
    while people := await store.ledger.subjects_after(None, cursor, PAGE * 5):
        tenants.update((who.environment, who.tenant) for who in people)
        cursor = people[-1].subject
    for environment, tenant in tenants:
        for number, count in (await store.ledger.counts(environment, tenant)).items():
            kept[environment, tenant, number] = count
    return kept


async def _count_drifts(store: Store, before: Counted, counted: Counted, notes: list[str]) -> list[str]:
    kept = await _kept(store)
    if kept != before:
        notes.append("users or completions were added meanwhile, so the counters were not judged")
        return []
    return [
        f"environment {key[0]}, tenant '{key[1]}': counter {key[2]} is kept as {kept[key]}, but there are "
        f"{counted[key]}"
        for key in sorted(kept.keys() | counted.keys())
        if kept[key] != counted[key]
    ]
